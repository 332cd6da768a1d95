using System.Globalization;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Whether the result of a run is skill or may be luck, after costs.</summary>
/// <remarks>
/// The run is cut into equally long blocks, 128 to 255 of them (<see cref="GrowthState"/>). Skill is claimed if, at a level of
/// 2 % and one-sided, luck explains neither the returns of the blocks nor those over buying and holding: by the stationary
/// bootstrap, by the probabilistic Sharpe ratio and, with more than one trial, by the deflated one.
/// </remarks>
/// <param name="Finding">Whether there is evidence, or why there is none.</param>
/// <param name="Steps">Number of steps of the run.</param>
/// <param name="Blocks">Number of blocks.</param>
/// <param name="StepsPerBlock">Number of steps of each block; later steps than those of the newest block are not judged.</param>
/// <param name="ActiveBlocks">Number of blocks in which equity changed.</param>
/// <param name="Trials">Number of trials of which this may be the best, at least 1: runs of all agents and seeds, passes of a
/// warm-up, cycles of a retraining.</param>
/// <param name="OverFlat">Returns over staying out of the market; null below <see cref="FewestBlocks"/> blocks.</param>
/// <param name="OverBuyAndHold">Returns over buying and holding; null below <see cref="FewestBlocks"/> blocks.</param>
public sealed record SkillVerdict(
    SkillFinding Finding,
    long Steps,
    int Blocks,
    long StepsPerBlock,
    int ActiveBlocks,
    int Trials,
    ExcessReturn? OverFlat,
    ExcessReturn? OverBuyAndHold
)
{
    /// <summary>Level of each of its tests, one-sided: how often one of them mistakes luck for skill.</summary>
    public const double Level = 0.02;

    /// <summary>Number of blocks below which nothing is said.</summary>
    public const int FewestBlocks = GrowthBlocks.Capacity / 2;

    /// <summary>Number of blocks in which equity has to change.</summary>
    public const int FewestActive = 20;

    /// <summary>Whether buying and selling cost the run nothing: its result says nothing of a market that has costs.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether there is evidence of skill.</summary>
    public bool IsEvidence => Finding == SkillFinding.Evidence;

    /// <summary>Judges a run that is the only one known.</summary>
    /// <param name="growth">Its blocks; null if they were not recorded.</param>
    /// <param name="statistics">Its statistics.</param>
    /// <param name="seed">Seed of the bootstrap: the same seed gives the same verdict.</param>
    /// <param name="trials">Number of trials, this run among them, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial.</exception>
    public static SkillVerdict Of(GrowthState? growth, RunStatistics statistics, long seed, int trials = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        var returns = BlockReturns.Of(growth, statistics.InitialEquity);
        return Of(returns, statistics.Steps, seed, new TrialSpread(trials));
    }

    /// <summary>Judges a run among all that were tried.</summary>
    /// <param name="run">Returns of its blocks; null if they were not recorded.</param>
    /// <param name="steps">Number of its steps.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="trials">All trials.</param>
    /// <param name="isInSample">Whether candles of the run were known to the agent before.</param>
    /// <param name="isFree">Whether buying and selling cost nothing.</param>
    internal static SkillVerdict Of(
        BlockReturns? run,
        long steps,
        long seed,
        TrialSpread trials,
        bool isInSample = false,
        bool isFree = false
    )
    {
        var none = new SkillVerdict(
            run is null ? SkillFinding.NotRecorded : SkillFinding.TooShort,
            steps,
            run?.Count ?? 0,
            run?.StepsPerBlock ?? 1,
            run?.Active ?? 0,
            trials.Count,
            null,
            null
        )
        {
            IsFree = isFree,
        };
        if (run is null || run.Count < FewestBlocks)
            return none;
        var flat = ExcessReturn.Of(run.OverFlat, seed, trials.Count, trials.OverFlat);
        var held = ExcessReturn.Of(run.OverBuyAndHold, seed, trials.Count, trials.OverBuyAndHold);
        return none with
        {
            OverFlat = flat,
            OverBuyAndHold = held,
            Finding =
                isInSample ? SkillFinding.InSample
                : run.Active < FewestActive ? SkillFinding.TooIdle
                : !flat.IsAboveLuck ? SkillFinding.OverFlat
                : !held.IsAboveLuck ? SkillFinding.OverBuyAndHold
                : flat.IsAboveLuckOfTrials && held.IsAboveLuckOfTrials ? SkillFinding.Evidence
                : SkillFinding.Trials,
        };
    }

    /// <summary>Judges the mean of runs on the same candles, block by block; null without a run.</summary>
    /// <param name="runs">Returns of the blocks, number of steps and seed of each run; the seed of the first is that of the
    /// bootstrap.</param>
    /// <param name="trials">All trials.</param>
    /// <param name="isInSample">Whether candles of the runs were known to the agent before.</param>
    /// <param name="isFree">Whether buying and selling cost nothing.</param>
    internal static SkillVerdict? OfMean(
        IReadOnlyList<(BlockReturns? Returns, long Steps, long Seed)> runs,
        TrialSpread trials,
        bool isInSample = false,
        bool isFree = false
    ) =>
        runs.Count == 0
            ? null
            : Of(
                BlockReturns.Mean([.. runs.Select(run => run.Returns).OfType<BlockReturns>()]),
                runs[0].Steps,
                runs[0].Seed,
                trials,
                isInSample,
                isFree
            );

    /// <summary>Returns the verdict as one plain sentence.</summary>
    public override string ToString() =>
        Finding switch
        {
            SkillFinding.Evidence => Sentence(
                "Evidence",
                $"luck explains neither {Percent(OverFlat!.Sum)} over flat nor {Percent(OverBuyAndHold!.Sum)} over buy-and-hold"
            ),
            SkillFinding.NotRecorded => None("the run was begun by a version that did not record its growth"),
            SkillFinding.InSample => None("the agent knew some of these candles before"),
            SkillFinding.TooShort => None(
                $"{Count(Steps, "step")} {(Steps == 1 ? "is" : "are")} too few, at least {FewestBlocks} are needed"
            ),
            SkillFinding.TooIdle when ActiveBlocks == 0 => None("equity never changed"),
            SkillFinding.TooIdle => None(
                $"equity changed in {ActiveBlocks} of {Blocks} blocks, at least {FewestActive} are needed"
            ),
            SkillFinding.OverFlat => None(May(OverFlat!.Sum, "flat")),
            SkillFinding.OverBuyAndHold => None(May(OverBuyAndHold!.Sum, "buy-and-hold")),
            _ => None(
                $"the best of so many trials may reach {Percent(OverFlat!.Sum)} over flat and {Percent(OverBuyAndHold!.Sum)} over buy-and-hold by luck"
            ),
        };

    private string None(string reason) => Sentence("No evidence", reason);

    private string Sentence(string finding, string reason) =>
        $"{finding} of skill after costs: {reason} (level 2 %, {Count(Trials, "trial")}{(IsFree ? ", costs of 0" : "")}).";

    private static string May(double sum, string other) =>
        sum > 0 ? $"{Percent(sum)} over {other} may be luck" : $"{Percent(sum)} over {other} is no gain";

    // A number that is rounded to zero has no sign.
    private static string Percent(double fraction) =>
        (100.0 * fraction).ToString("+#,0.0;-#,0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static string Count(long number, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {thing}{(number == 1 ? "" : "s")}");
}

namespace BtcBandit.Engine.Evaluation;

/// <summary>What a run is judged by, at one moment. Taking it is cheap, the verdict takes some milliseconds.</summary>
/// <param name="Growth">Its blocks; null if they were not recorded.</param>
/// <param name="Statistics">Its statistics.</param>
/// <param name="Seed">Seed of its draws, and of the bootstrap.</param>
/// <param name="Trials">Number of trials, this run among them.</param>
public sealed record RunGrowth(GrowthState? Growth, RunStatistics Statistics, long Seed, int Trials)
{
    /// <summary>Whether buying and selling cost the run nothing.</summary>
    public bool IsFree { get; init; }

    /// <summary>Judges whether the result is skill or may be luck.</summary>
    public SkillVerdict Judge() => SkillVerdict.Of(Growth, Statistics, Seed, Trials) with { IsFree = IsFree };
}

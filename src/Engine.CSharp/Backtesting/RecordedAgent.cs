using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The runs of one agent of a comparison, and what follows each of them.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Recorders">What follows them, in the same order.</param>
internal sealed record RecordedAgent(IReadOnlyList<BacktestRun> Runs, IReadOnlyList<RunRecorder> Recorders)
{
    /// <summary>Returns what came of the runs.</summary>
    /// <param name="results">Their results, in the same order.</param>
    public ComparedAgent Compared(IReadOnlyList<BacktestResult> results) =>
        new(
            Runs[0].Plan.Header.Parameters.Agent,
            [
                .. results
                    .Zip(Recorders)
                    .Where(run => run.First.State is not null)
                    .Select(run => new ComparedRun(SeedOf(run.First), run.First.Summary!, run.Second.Path.ToPath())
                    {
                        Returns = BlockReturns.Of(run.First.State!.Growth, run.First.State.Statistics.InitialEquity),
                    }),
            ],
            [
                .. results
                    .Where(result => result.Error is not null)
                    .Select(result => new FailedRun(SeedOf(result), result.Error!)),
            ]
        )
        {
            IsFrozen = Runs[0].IsFrozen,
        };

    /// <summary>The steps in sample of the first run that did not fail; null if there is none.</summary>
    /// <param name="results">Results of the runs, in the same order.</param>
    public InSampleSteps? InSample(IReadOnlyList<BacktestResult> results) =>
        results.Zip(Recorders).FirstOrDefault(run => run.First.State is not null).Second?.InSample;

    private static long SeedOf(BacktestResult result) => result.Plan.Header.Parameters.Seed;
}

/// <summary>Follows a run of a comparison. Not thread-safe.</summary>
/// <param name="learnedThrough">Open time of the newest candle from which the agent had learned before, ms UTC; null if there is
/// none.</param>
internal sealed class RunRecorder(long? learnedThrough)
{
    private long inSample;
    private long newestInSample;

    /// <summary>What happened on the way.</summary>
    public PathRecorder Path { get; } = new();

    /// <summary>The steps in sample so far; null if there is none.</summary>
    public InSampleSteps? InSample => inSample > 0 ? new InSampleSteps(inSample, newestInSample) : null;

    /// <summary>Takes the next step of the run.</summary>
    public void Next(Step step)
    {
        Path.Next(step);
        if (learnedThrough >= step.Candle.OpenTime)
            (inSample, newestInSample) = (inSample + 1, step.Candle.OpenTime);
    }
}

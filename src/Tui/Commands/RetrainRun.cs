using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>One call of <c>btcbandit retrain</c>.</summary>
/// <param name="options">The flags.</param>
/// <param name="host">The console and the clock.</param>
/// <param name="signals">End the command.</param>
/// <param name="progress">Shows how far it is.</param>
internal sealed class RetrainRun(RetrainOptions options, ConsoleHost host, StopSignals signals, CandleProgress progress)
{
    /// <summary>Name of the command in messages.</summary>
    public const string Name = "btcbandit retrain";

    // A background thread: a read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    /// <summary>Locks the folder, fetches the candles, makes the cycles and concludes.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        if (Planned(options.Run, new RunParts()) is not { } asked)
            return ExitCode.WrongUsage;
        // Before anything is fetched: whether the result could be saved.
        using var folder = new RetrainFolder(asked, options.DataDir);
        var rules = await ExchangeLimits
            .AskAsync(options.Source, host.Clock, host.Log, signals.Token)
            .ConfigureAwait(false);
        // A run keeps the limits with which it began.
        if (Planned(options.Run with { Rules = folder.Rules }, new RunParts { Rules = rules }) is not { } plan)
            return ExitCode.WrongUsage;
        if (await WindowAsync(plan, folder).ConfigureAwait(false) is not { } window)
        {
            host.Log(RetrainText.StoppedBefore);
            return signals.ExitCode ?? ExitCode.Failed;
        }

        var retraining = new Retraining(plan, window) { Terms = options.Terms, OnProgress = Show };
        var result = await Task.Run(() => retraining.Make(signals.Token), CancellationToken.None).ConfigureAwait(false);
        progress.Clear();
        return Conclude(result, retraining, folder);
    }

    private RunPlan? Planned(RunParameters parameters, RunParts parts)
    {
        var planned = RunPlan.Create(options.Source.Market, parameters, parts);
        if (planned is PlanResult.Refused refused)
            host.Log($"{Name}: {FaultText.Of(refused.Fault)}");
        return (planned as PlanResult.Ready)?.Plan;
    }

    // Null if it was stopped. The run has yet to trade the candles after its newest one, so no agent of it learns from them.
    private async Task<RetrainWindow?> WindowAsync(RunPlan plan, RetrainFolder folder)
    {
        var runEnds = folder.NewestCandle;
        var keep = CandlesNeeded(plan);
        var market = options.Source.Market;
        var feed = options.Source.Open(background, () => StartOf(keep ?? 0, runEnds, market.Timeframe), host.Clock);
        var isCut = false;
        if (runEnds is { } newest)
            feed = feed with { Candles = feed.Candles.TakeWhile(candle => !(isCut = candle.OpenTime > newest)) };
        else if (options.Source is CandleSource.Synthetic)
            feed = feed with { Candles = feed.Candles.Take(keep!.Value) };
        var candles = await ClosedCandles
            .TakeAsync(feed, market, keep, host.Clock, Tell, Show, signals.Token)
            .ConfigureAwait(false);
        progress.Clear();
        if (candles is null)
            return null;
        foreach (var line in feed.Report.Lines())
            host.Log(line);
        folder.RequireSameMarket(candles);
        if (keep is { } length && candles.Count > length)
            candles.RemoveRange(0, candles.Count - length);
        if (isCut)
            host.Log(RetrainText.LeftOut(runEnds!.Value, options.DataDir));
        else if (runEnds > (candles.Count > 0 ? candles[^1].OpenTime : runEnds))
            host.Log(RetrainText.EndsEarly(candles[^1].OpenTime, runEnds.Value, options.DataDir));
        return RetrainWindow.TrySplit(candles, plan, options.Split, out var window, out var needed)
            ? window
            : throw new FeedException(new FeedFault.TooFewToRetrain(candles.Count, needed, isCut ? runEnds : null));

        // Files and synthetic markets have no connection to lose.
        void Tell(string line)
        {
            if (options.Source is CandleSource.Live)
                host.Log(line);
        }

        void Show(long count)
        {
            var all = options.Source is CandleSource.Files ? null : keep;
            progress.Show(
                0,
                "reading",
                count,
                all is { } total ? Math.Min(1.0, (double)count / total) : feed.Report.FractionRead
            );
        }
    }

    // With a day to spare, as an outage has no candles.
    private static FeedStart StartOf(int keep, long? runEnds, Timeframe timeframe) =>
        runEnds is { } end
            ? new FeedStart(end - (keep - 1L + RetrainSplit.CandlesInDay(timeframe)) * timeframe.Milliseconds, 0)
            : new FeedStart(null, keep);

    // Null for files of which all candles are used.
    private int? CandlesNeeded(RunPlan plan)
    {
        var timeframe = plan.Header.Source.Timeframe;
        var isAll = options.Source is CandleSource.Files;
        var steps =
            options.Split.StatedSteps
            ?? (
                isAll ? null : (int)Math.Max(2, RetrainOptions.DefaultWindow.TotalMilliseconds / timeframe.Milliseconds)
            );
        return steps + plan.FeatureSet.WarmUp + RetrainSplit.CandlesInDay(timeframe);
    }

    private void Show(RetrainProgress made)
    {
        var part = made.Slice switch
        {
            RetrainPart.Train => "train",
            RetrainPart.Validation => "validate",
            _ => "last day",
        };
        progress.Show(
            1,
            FormattableString.Invariant($"cycle {made.Cycle} of {made.MaxCycles}, {part}"),
            made.Candles,
            made.Fraction
        );
    }

    // What was learned is saved before anything is printed: a reader that has gone must not undo it.
    private int Conclude(RetrainResult result, Retraining retraining, RetrainFolder folder)
    {
        var isWritten =
            result.Learned is { } learned && folder.Save(learned, retraining.Window.LastOpenTime, result.Cycles.Count);
        if (result.IsStopped)
            host.Log(RetrainText.Stopped(result));
        if (options.Json)
            host.Out.WriteLine(RetrainJson.Of(result, retraining, isWritten ? folder.File : null));
        else if (result.Cycles.Count > 0)
            host.Out.WriteLine(RetrainText.Of(result, retraining, folder, options.DataDir, isWritten));
        host.Out.Flush();
        return result.Learned is not null ? ExitCode.Done
            : result.IsStopped ? signals.ExitCode ?? ExitCode.Failed
            : ExitCode.GateNotPassed;
    }
}

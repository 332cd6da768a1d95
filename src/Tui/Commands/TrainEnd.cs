using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What the main command says at its end.</summary>
/// <param name="options">The flags.</param>
/// <param name="host">The terminal.</param>
/// <param name="signals">How it was ended.</param>
internal sealed class TrainEnd(TrainOptions options, ConsoleHost host, StopSignals signals)
{
    /// <summary>Reports how the session ended, and prints the summary.</summary>
    /// <param name="result">The result.</param>
    /// <param name="plan">The session.</param>
    /// <param name="feed">Its feed.</param>
    /// <param name="health">The health of a live feed; null for others.</param>
    /// <param name="check">What was found out about its candles; null if nothing was.</param>
    /// <returns>The exit code.</returns>
    public int Conclude(SessionResult result, SessionPlan plan, CandleFeed feed, FeedHealth? health, LiveCheck? check)
    {
        // A stream repeats candles by design: what matters of that is in the line of the feed.
        foreach (
            var line in (health is null ? feed.Report.Lines() : LiveText.Gaps(feed.Report)).Concat(Live(health, check))
        )
            host.Log(line);
        // A synthetic market always starts again and skips what the run has seen, and a live feed begins with the run's newest
        // candle, so there is nothing to report.
        var expected = health is null ? 0 : 1;
        if (result.CandlesSkipped > expected && options.Source is not CandleSource.Synthetic)
        {
            foreach (var line in SkippedText.Of(result))
                host.Log(line);
        }
        if (result.Error is { } error)
        {
            if (error is FeedException && result.StepsMade > 0)
                host.Log(SavedBeforeFault(result.StepsMade));
            return TrainRun.Fail(host, FaultText.Of(error));
        }

        if (result.StepsMade == 0 && options.Duration is { } duration && signals.IsTimeOver)
        {
            var line = FormattableString.Invariant(
                $"no step was made: --duration {duration.TotalSeconds} ended first, after {Counted.Of(result.CandlesRead, "candle")}"
            );
            if (result.Run is null)
                return TrainRun.Fail(host, $"{line}; nothing was changed");
            host.Log(line);
        }

        if (result.StepsMade == 0 && (signals.IsAsked || signals.ExitCode is not null))
            host.Log($"stopped before the first step, after {Counted.Of(result.CandlesRead, "candle")}");
        if (result.Run is null)
        {
            if (signals.IsAsked)
                return ExitCode.Done;
            return signals.ExitCode
                ?? TrainRun.Fail(
                    host,
                    $"no step was made: the source gave {Counted.Of(result.CandlesRead, "candle")}, {Unused(result, plan)}; nothing was changed"
                );
        }

        var summary = result.Run.Summarise(result.CandlesPerSecond);
        // A pace that was asked for is not a speed.
        var shown = plan.Delay > TimeSpan.Zero ? summary with { CandlesPerSecond = null } : summary;
        var skill = result.Run.Judge();
        if (options.Json)
        {
            var root = RunJson.Of(summary, skill);
            if (health is not null)
                LiveText.AddTo(root, health, check?.Replay, check?.Look);
            host.Out.WriteLine(RunJson.TextOf(root));
        }
        else
        {
            host.Out.WriteLine(SummaryText.Of(shown, result.Run.Header, skill));
        }

        host.Out.Flush();
        return signals.ExitCode ?? (check?.Replay is ReplayResult.Differs ? ExitCode.Failed : ExitCode.Done);
    }

    private static IEnumerable<string> Live(FeedHealth? health, LiveCheck? check)
    {
        if (health is not null)
            yield return LiveText.Of(health);
        if (check?.Problem is { } problem)
            yield return $"not replayed: {problem}";
        if (check?.Replay is not { } replay)
            yield break;
        yield return LiveText.Of(replay);
        yield return LiveText.Of(check.Look);
    }

    private static string Unused(SessionResult result, SessionPlan plan)
    {
        var before = FormattableString.Invariant($"history and warm-up take {plan.Run.CandlesBeforeFirstStep}");
        return result.LearnedThrough is { } through
            ? $"{before}, and none up to {StepLine.Time(through)} UTC is traded, the newest that the agent has learned from"
            : before;
    }

    private static string SavedBeforeFault(long steps) =>
        steps == 1 ? "the step before the fault is saved" : $"the {steps} steps before the fault are saved";
}

using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Execution;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>The main job: candles through the whole loop, watched or not, to a summary.</summary>
public static class TrainCommand
{
    private static readonly TimeSpan viewPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs a session.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TrainOptions options, Surroundings surroundings)
    {
        if (!options.Offline && options.Data.Count == 0)
            return Fail(surroundings, "live candles are not built yet: pass --offline or --data PATH");
        using var signals = new StopSignals(options.Duration, surroundings.Clock);
        // While a screen is drawn on, a line on stderr would tear it: it is in the log, and told when the screen is gone.
        using var log = new HeldLines(surroundings, Dashboards.HasScreen(options, surroundings));
        try
        {
            var market = Market.Open(options);
            var plan = Plan(options, market, surroundings.Clock);
            Rehearsal.Begin(plan);
            using var session = new Session(plan, surroundings.Clock, log.Tell, signals.Token);
            var result = await WatchAsync(session, plan, market, options, surroundings, signals, log)
                .ConfigureAwait(false);
            log.Release();
            return Conclude(result, plan, market, options, surroundings, signals);
        }
        catch (UsageException error)
        {
            Fail(surroundings, error.Message);
            return ExitCode.WrongUsage;
        }
        catch (Exception error) when (error is FeedException or JournalException)
        {
            return Fail(surroundings, error.Message);
        }
    }

    private static SessionPlan Plan(TrainOptions options, Market market, TimeProvider clock)
    {
        if (options.Agent.Horizon is null && AgentCatalogue.NeedsHorizon(options.Agent))
            throw new UsageException(
                $"--horizon auto: several horizons need --model shared, --feedback full and an agent with a posterior ({string.Join(' ', AgentNames.WithPosterior)}); pass a number of candles"
            );
        if (AgentCatalogue.HasOneModelOnly(options.Agent))
            throw new UsageException($"--model per-action: agent {options.Agent.Agent} has one model, shared");
        var least = new Exchange(0, 0).MinimumNotional;
        if (options.InitialCash * options.Agent.PositionFraction < least)
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--position-fraction {options.Agent.PositionFraction} of --initial-cash {options.InitialCash} is {options.InitialCash * options.Agent.PositionFraction}: the exchange takes no order below {least}"
                )
            );
        var context = Context.Of(options.Indicators);
        var parameters = options.Agent with
        {
            Seed = options.Seed,
            History = options.History ?? (options.Offline ? TrainOptions.OfflineHistory : 0),
            FeeBps = options.FeeBps,
            SlippageBps = options.SlippageBps,
            InitialCash = options.InitialCash,
        };
        var delay = options.Delay ?? TimeSpan.FromSeconds(options.Dashboard ? 1 : 0);
        var steps = options.Steps ?? (options.Offline ? TrainOptions.OfflineSteps : null);
        return new SessionPlan
        {
            Header = RunHeader.For(market.Source, context, parameters),
            Context = context,
            Candles = market.Candles,
            DataDir = options.DataDir,
            Steps = options.Duration is null ? steps : null,
            Delay = delay,
            Pace = new PaceControl(delay, clock),
            StepsToCheckpoint = options.CheckpointEvery,
            Fresh = options.Fresh,
            KeepLearning = options.KeepLearning,
        };
    }

    private static async Task<SessionResult> WatchAsync(
        Session session,
        SessionPlan plan,
        Market market,
        TrainOptions options,
        Surroundings surroundings,
        StopSignals signals,
        HeldLines log
    )
    {
        if (!options.Dashboard)
            return await session.RunAsync().ConfigureAwait(false);

        using var view = Dashboards.Open(session, plan, market, options, surroundings, signals, log);
        var result = await session.RunAsync().ConfigureAwait(false);
        // A terminal that no longer takes anything must not keep the program from ending.
        await Task.WhenAny(view.Seen, Task.Delay(viewPatience, surroundings.Clock)).ConfigureAwait(false);
        if (view.Failure is { } failure)
            log.Tell($"the dashboard failed and was left out: {failure.Message}");
        return result;
    }

    private static int Conclude(
        SessionResult result,
        SessionPlan plan,
        Market market,
        TrainOptions options,
        Surroundings surroundings,
        StopSignals signals
    )
    {
        foreach (var line in market.Report.Lines())
            surroundings.Tell(line);
        // A synthetic market always begins anew and is wound forward: that says nothing.
        if (result.CandlesSkipped > 0 && !options.Offline)
            surroundings.Tell(Skipped(result));
        switch (result.Error)
        {
            case null:
                break;
            case FeedException:
                if (result.StepsMade > 0)
                    surroundings.Tell($"the {result.StepsMade} steps before the fault are saved");
                return Fail(surroundings, result.Error.Message);
            case JournalException:
                return Fail(surroundings, result.Error.Message);
            default:
                return Fail(surroundings, $"internal error: {result.Error.GetType().Name}: {result.Error.Message}");
        }

        if (result.Run is null)
        {
            return signals.ExitCode
                ?? Fail(
                    surroundings,
                    $"no step was made: the source gave {result.CandlesRead} candles, history and warm-up take {plan.FirstStep}; nothing was changed"
                );
        }

        var summary = RunSummary.Of(result.Run, result.CandlesPerSecond);
        // The pace that was asked for is no speed.
        var shown = plan.Delay > TimeSpan.Zero ? summary with { CandlesPerSecond = null } : summary;
        surroundings.Out.WriteLine(options.Json ? summary.ToJson() : SummaryText.Of(shown, result.Run.Header));
        surroundings.Out.Flush();
        return signals.ExitCode ?? ExitCode.Done;
    }

    private static string Skipped(SessionResult result)
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(result.Run!.LastCandle.OpenTime);
        var what =
            result.StepsMade == 0
                ? "nothing is new: later candles continue it, --fresh starts anew"
                : "the rest is new";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.CandlesSkipped} of {result.CandlesRead} candles were already in the run and skipped ({what}); it is at {until:yyyy-MM-dd HH:mm} UTC"
        );
    }

    private static int Fail(Surroundings surroundings, string line)
    {
        surroundings.Tell($"btcbandit: {line}");
        return ExitCode.Failed;
    }
}

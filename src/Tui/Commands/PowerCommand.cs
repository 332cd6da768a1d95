using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Report;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Measures how large an edge must be for the agent and the verdict to see it.</summary>
public static class PowerCommand
{
    internal const string Name = "btcbandit power";

    /// <summary>Measures and prints the result.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(PowerOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <summary>Measures until signals of the caller's stop it.</summary>
    internal static async Task<int> RunAsync(PowerOptions options, ConsoleHost host, StopSignals signals)
    {
        var plan = options.Plan;
        var source = new MarketSource.Synthetic(plan.Pair, plan.Timeframe, plan.World, plan.Run.Seed);
        if (RunPlan.Create(source, plan.Run) is PlanResult.Refused refused)
        {
            host.Log($"{Name}: {FaultText.Of(refused.Fault)}");
            return ExitCode.WrongUsage;
        }

        try
        {
            using var chart = options.Svg is { } file ? Try(file, () => AtomicFile.Create(file)) : null;
            using var progress = new CandleProgress(host);
            var result = await plan.RunAsync(
                    (taken, all) => progress.Show(0, "runs", taken, (double)taken / all),
                    signals.Token
                )
                .ConfigureAwait(false);
            progress.Clear();
            if (chart is not null && !result.IsStopped)
                Draw(options.Svg!, chart, result);
            if (result.IsStopped)
                host.Log(PowerText.Stopped(result, options.Svg));
            if (result.Edges.Any(edge => edge.Worlds > 0))
                host.Out.WriteLine(options.Json ? result.ToJson() : PowerText.Of(result));
            host.Out.Flush();
            return result.IsStopped ? signals.ExitCode ?? ExitCode.Failed : ExitCode.Done;
        }
        catch (ReportException error)
        {
            host.Log($"{Name}: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static void Draw(string path, AtomicFile file, PowerResult result) =>
        Try(
            path,
            () =>
            {
                file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(PowerChart.Of(result)));
                file.Commit();
                return path;
            },
            isBegun: true
        );

    private static TResult Try<TResult>(string path, Func<TResult> act, bool isBegun = false)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw new ReportException(
                $"--svg {path} cannot be written: {ReportFile.Reason(path, error, isBegun)}",
                error
            );
        }
    }
}

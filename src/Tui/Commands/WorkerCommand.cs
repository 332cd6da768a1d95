using BtcBandit.Sweep.Distribution;
using BtcBandit.Sweep.Nats;
using BtcBandit.Sweep.Runs;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Makes the runs of sweeps that others begin.</summary>
public static class WorkerCommand
{
    private const string Name = "btcbandit worker";

    /// <summary>Works until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WorkerOptions options, ConsoleHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var signals = new StopSignals(null, host.Clock);
        try
        {
            Directory.CreateDirectory(options.Cache);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            host.Log($"{Name}: --cache {options.Cache} cannot be used: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
        var code = RunCode.Hash;
        var worker = new UnitWorker(code);
        try
        {
            var done = await NatsWorker
                .RunAsync(
                    options.Cluster,
                    code,
                    options.Cores,
                    options.Cache,
                    (unit, pathOf, stop) => Task.Run(() => worker.Run(unit, pathOf, stop), CancellationToken.None),
                    progress =>
                    {
                        if (progress.Message is { } message)
                            host.Log($"{Name}: {message}");
                    },
                    signals.Token,
                    options.UntilIdle
                )
                .ConfigureAwait(false);
            host.Out.WriteLine(SweepText.WorkerEnd(done));
            host.Out.Flush();
            if (done.Differing > 0)
                host.Log($"{Name}: {SweepText.WorkerDiffers(done)}");
            return ExitOf(done, signals.ExitCode);
        }
        catch (NatsFaultException error)
        {
            host.Log($"{Name}: {error.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The exit code of a worker.</summary>
    /// <param name="done">What it did.</param>
    /// <param name="stopped">The code of the signal that stopped it, or null.</param>
    internal static int ExitOf(WorkerProgress done, int? stopped) =>
        done.Differing > 0 ? ExitCode.Failed : stopped ?? ExitCode.Done;
}

using System.Runtime.InteropServices;

namespace BtcBandit.Tui.Commands;

/// <summary>Turns Ctrl-C, SIGTERM, SIGHUP and the end of a duration into one token.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals(TimeSpan? duration, TimeProvider clock)
    {
        stop = duration is { } limit
            ? new CancellationTokenSource(limit, clock)
            : new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        registrations = [On(PosixSignal.SIGINT, 130), On(PosixSignal.SIGTERM, 143), On(PosixSignal.SIGHUP, 129)];
    }

    /// <summary>Cancelled when the session is to end.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>The exit code of the signal that came first; null when none came.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>What is done before a second signal ends the process at once: it does not come back from there.</summary>
    public Action LastAct { get; set; } = static () => { };

    /// <summary>Ends the session as asked by a user, not by a signal.</summary>
    public void Stop() => stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        stop.Dispose();
    }

    private PosixSignalRegistration On(PosixSignal signal, int exitCode) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel = Take(exitCode));

    /// <summary>Takes a signal.</summary>
    /// <returns>Whether the process goes on: the first time it does, and the run is saved; asked twice, it ends at once.</returns>
    internal bool Take(int exitCode)
    {
        if (ExitCode is not null && stop.IsCancellationRequested)
        {
            LastAct();
            return false;
        }

        ExitCode ??= exitCode;
        stop.Cancel();
        return true;
    }
}

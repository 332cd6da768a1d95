using System.Runtime.InteropServices;

namespace BtcBandit.Tui.Commands;

/// <summary>Turns Ctrl-C, SIGTERM, SIGHUP and the end of a duration into one cancellation token.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly PosixSignalRegistration[] registrations;
    private readonly TaskCompletionSource given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isAsked;

    public StopSignals(TimeSpan? duration, TimeProvider clock)
    {
        stop = duration is { } limit
            ? new CancellationTokenSource(limit, clock)
            : new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        registrations =
        [
            On(PosixSignal.SIGINT, Commands.ExitCode.Interrupted),
            On(PosixSignal.SIGTERM, 143),
            On(PosixSignal.SIGHUP, 129),
        ];
    }

    /// <summary>The token, cancelled when the session is to end.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Completes at the first signal.</summary>
    public Task Given => given.Task;

    /// <summary>Exit code of the first signal; null while there was none.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Called before a second signal ends the process at once.</summary>
    public Action LastAct { get; set; } = static () => { };

    /// <summary>Whether the session ends at the user's request, without a signal.</summary>
    public bool IsAsked => isAsked;

    /// <summary>Whether the session ends because its duration is over, and nobody asked for it.</summary>
    public bool IsTimeOver => stop.IsCancellationRequested && !isAsked && ExitCode is null;

    /// <summary>Ends the session at the user's request, without a signal's exit code.</summary>
    public void Stop()
    {
        isAsked = true;
        stop.Cancel();
    }

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
    /// <returns>Whether the process goes on: after the first signal it saves the run, after the second it ends at once.</returns>
    internal bool Take(int exitCode)
    {
        if (ExitCode is not null && stop.IsCancellationRequested)
        {
            LastAct();
            return false;
        }

        ExitCode ??= exitCode;
        stop.Cancel();
        given.TrySetResult();
        return true;
    }
}

using System.Reactive;
using System.Reactive.Concurrency;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Pipeline;

namespace BtcBandit.Tui.Dashboard;

/// <summary>One plain line per step, where there is no screen.</summary>
internal sealed class LinesView : IDashboard
{
    private const int Kept = 10_000;

    private readonly IDisposable subscription;
    private readonly EventLoopScheduler scheduler = new();

    /// <summary>Begins; when the reader is slower than the run, the oldest lines are left out and counted.</summary>
    public LinesView(IObservable<Step> steps, TextWriter output)
    {
        long? before = null;
        (subscription, Seen) = steps.ShowTo(
            Observer.Create<Step>(Write, _ => output.Flush(), () => output.Flush()),
            Kept,
            scheduler,
            error => Failure = error
        );

        void Write(Step step)
        {
            if (before is { } last && step.Number > last + 1)
                output.WriteLine(FormattableString.Invariant($"({step.Number - last - 1} steps not shown)"));
            before = step.Number;
            output.WriteLine(StepLine.Of(step));
        }
    }

    /// <inheritdoc/>
    public Task Seen { get; }

    /// <inheritdoc/>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        subscription.Dispose();
        scheduler.Dispose();
    }
}

/// <summary>A dashboard at work on a run.</summary>
internal interface IDashboard : IDisposable
{
    /// <summary>Ends when the view has shown the end of the run, or failed.</summary>
    Task Seen { get; }

    /// <summary>What the view threw; the run went on without it.</summary>
    Exception? Failure { get; }
}

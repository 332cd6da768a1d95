using System.Reactive;
using System.Reactive.Concurrency;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard;

/// <summary>Writes one plain line per step, where there is no terminal to draw on.</summary>
internal sealed class LinesView : IDashboard
{
    private const int Kept = 10_000;

    private readonly Watch watch;
    private readonly EventLoopScheduler scheduler = new();

    /// <summary>Begins to write. When the reader is slower than the run, the oldest lines are left out and counted.</summary>
    /// <param name="steps">The steps of the run.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="whenGone">Called with the reason when they can no longer be written.</param>
    public LinesView(IObservable<Step> steps, TextWriter output, Action<Exception> whenGone)
    {
        long? before = null;
        watch = steps
            .Conflate(Kept, scheduler)
            .Watch(Observer.Create<Step>(Write, _ => output.Flush(), output.Flush), whenGone);

        void Write(Step step)
        {
            if (before is { } last && step.Number > last + 1)
                output.WriteLine($"({Counted.Of(step.Number - last - 1, "step")} not shown)");
            before = step.Number;
            output.WriteLine(StepLine.Of(step));
        }
    }

    /// <inheritdoc/>
    public Task Seen => watch.Seen;

    /// <inheritdoc/>
    public Task Left => Task.CompletedTask;

    /// <inheritdoc/>
    public bool IsStuck => false;

    /// <inheritdoc/>
    public void Announce(Observation observation) { }

    /// <inheritdoc/>
    public void Conclude(string line) { }

    /// <inheritdoc/>
    public void Close() { }

    /// <inheritdoc/>
    public void Dispose()
    {
        watch.Dispose();
        scheduler.Dispose();
    }
}

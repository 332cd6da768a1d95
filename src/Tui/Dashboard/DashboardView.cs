using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Text;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Tui.Commands;
using Spectre.Console;

namespace BtcBandit.Tui.Dashboard;

/// <summary>A dashboard at work on a run; disposing restores the terminal.</summary>
internal sealed class DashboardView : IDisposable
{
    private static readonly TimeSpan frameTime = TimeSpan.FromMilliseconds(100);

    private readonly CompositeDisposable resources = [];

    private DashboardView() { }

    /// <summary>Ends when the view has shown the end of the run, or failed.</summary>
    public Task Seen { get; private set; } = Task.CompletedTask;

    /// <summary>What the view threw; the run went on without it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Draws on a terminal, on its alternate screen.</summary>
    public static DashboardView Screen(
        IObservable<Step> steps,
        TextWriter output,
        Surroundings surroundings,
        IScheduler scheduler
    )
    {
        var view = new DashboardView();
        var memory = new DashboardMemory();
        var frames = new FrameWriter(output, surroundings);
        view.resources.Add(Disposable.Create(frames.Close));
        view.resources.Add(steps.Subscribe(memory));
        // Sample alone would make the run wait for the screen: its timer holds a gate while it draws.
        view.Watch(
            steps.Sample(frameTime, scheduler),
            Observer.Create<Step>(
                _ => frames.Show(memory.Now),
                _ => frames.Show(memory.Now),
                () => frames.Show(memory.Now)
            ),
            capacity: 1,
            new EventLoopScheduler()
        );
        return view;
    }

    /// <summary>Writes one plain line per step; when the reader is slower than the run, the oldest are left out and counted.</summary>
    public static DashboardView Lines(IObservable<Step> steps, TextWriter output, IScheduler scheduler)
    {
        var view = new DashboardView();
        long? before = null;
        view.Watch(
            steps,
            Observer.Create<Step>(Write, _ => output.Flush(), () => output.Flush()),
            capacity: 10_000,
            scheduler
        );
        return view;

        void Write(Step step)
        {
            if (before is { } last && step.Number > last + 1)
                output.WriteLine(FormattableString.Invariant($"({step.Number - last - 1} steps not shown)"));
            before = step.Number;
            output.WriteLine(StepLine.Of(step));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => resources.Dispose();

    private void Watch(IObservable<Step> steps, IObserver<Step> view, int capacity, IScheduler scheduler)
    {
        var (subscription, seen) = steps.ShowTo(view, capacity, scheduler, error => Failure = error);
        Seen = seen;
        resources.Add(subscription);
        if (scheduler is IDisposable disposable)
            resources.Add(disposable);
    }

    /// <summary>One write per frame, inside a synchronised update, on the alternate screen.</summary>
    private sealed class FrameWriter(TextWriter output, Surroundings surroundings)
    {
        private const string Open = "\e[?1049h\e[?25l";
        private const string Restore = "\e[?25h\e[?1049l";
        private const string BeginFrame = "\e[?2026h\e[H";
        private const string EndFrame = "\e[J\e[?2026l";

        private readonly Lock gate = new();
        private bool open;
        private bool closed;

        public void Show(DashboardModel? model)
        {
            if (model is null)
                return;
            var (columns, rows) = surroundings.ScreenSize();
            var lines = DashboardScreen.Draw(model, columns, rows, Colours());
            var frame = new StringBuilder(BeginFrame);
            for (var i = 0; i < lines.Length; i++)
                frame.Append(i == 0 ? "" : "\r\n").Append(lines[i]).Append("\e[K");
            frame.Append(EndFrame);
            lock (gate)
            {
                if (closed)
                    return;
                output.Write(open ? "" : Open);
                open = true;
                output.Write(frame);
                output.Flush();
            }
        }

        public void Close()
        {
            lock (gate)
            {
                closed = true;
                if (!open)
                    return;
                output.Write(Restore);
                output.Flush();
            }
        }

        private ColorSystemSupport Colours() =>
            string.IsNullOrEmpty(surroundings.Environment("NO_COLOR"))
                ? ColorSystemSupport.Standard
                : ColorSystemSupport.NoColors;
    }
}

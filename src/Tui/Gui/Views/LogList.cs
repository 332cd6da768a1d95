using System.Collections;
using System.Collections.Specialized;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Wording;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>Which lines of the log a list shows.</summary>
internal enum LogFilter
{
    /// <summary>All lines.</summary>
    All,

    /// <summary>Only warnings.</summary>
    Warnings,

    /// <summary>Only orders, filled and refused.</summary>
    Orders,

    /// <summary>All lines but those of orders.</summary>
    Run,
}

/// <summary>What happened to the run, newest first; warnings carry a mark.</summary>
internal sealed class LogList : ListView
{
    private readonly Lines lines = new();
    private readonly Looks looks;
    private IReadOnlyList<LogLine> all = [];
    private LogFilter filter;
    private long readUpTo;

    /// <summary>Makes an empty list.</summary>
    public LogList(Looks looks)
    {
        this.looks = looks;
        Source = lines;
        // Searching as one types would take the letters of all commands.
        KeystrokeNavigator = null;
        // All keys are commands of the window.
        KeyBindings.Clear();
        ViewportSettings |= ViewportSettingsFlags.HasVerticalScrollBar;
        RowRender += Colour;
        Title = "Log: nothing to report yet, newest first";
    }

    /// <summary>The selected line as text, the first one if none is selected; null without lines.</summary>
    public string? SelectedText =>
        (SelectedItem ?? 0) is var item && item < lines.Count ? NoteText.Of(lines.At(item)) : null;

    /// <summary>Shows the lines up to a moment.</summary>
    public void Show(ViewModel model)
    {
        if (readUpTo != model.Ui.ReadUpTo)
        {
            readUpTo = model.Ui.ReadUpTo;
            SetNeedsDraw();
        }

        all = model.LogAtMoment;
        Refresh();
    }

    /// <summary>Moves the selection down, or up if negative, by so many lines.</summary>
    public void Move(int by)
    {
        if (lines.Count == 0)
            return;
        SelectedItem = Math.Clamp((SelectedItem ?? 0) + by, 0, lines.Count - 1);
        EnsureSelectedItemVisible();
    }

    /// <summary>Selects the newest line.</summary>
    public void SelectFirst() => Move(-lines.Count);

    /// <summary>Switches to the next filter: all, warnings, orders, run.</summary>
    public void NextFilter()
    {
        filter = (LogFilter)(((int)filter + 1) % Enum.GetValues<LogFilter>().Length);
        Refresh();
        SelectFirst();
    }

    /// <inheritdoc/>
    // The library takes all letters, to search as one types; they are commands here.
    protected override bool OnKeyDownNotHandled(Key key) => false;

    private void Refresh()
    {
        var stands = SelectedItem is > 0 and var item && item < lines.Count ? lines.At(item).Number : 0;
        lines.Measure(all);
        if (!lines.Show([.. all.Where(IsShown).Reverse()]))
            return;
        Title =
            filter == LogFilter.All
                ? $"Log: {Counted.Of(lines.Count, "line")}, newest first"
                : $"Log: {filter.ToString().ToLowerInvariant()} only, {Counted.Of(lines.Count, "line")}";
        if (stands > 0 && lines.RowOf(stands) is { } row)
        {
            SelectedItem = row;
            EnsureSelectedItemVisible();
        }

        SetNeedsDraw();
        SuperView?.SetNeedsDraw();
    }

    private bool IsShown(LogLine line) =>
        filter switch
        {
            LogFilter.Warnings => line.IsWarning,
            LogFilter.Orders => line.Note is RunNote.Filled or RunNote.NotFilled,
            LogFilter.Run => line.Note is not (RunNote.Filled or RunNote.NotFilled),
            _ => true,
        };

    private void Colour(object? sender, ListViewRowEventArgs row)
    {
        if (row.Row >= lines.Count || row.Row == SelectedItem)
            return;
        var line = lines.At(row.Row);
        row.RowAttribute = looks.Of(
            line.IsWarning && line.Number > readUpTo ? Dashboard.Drawing.Style.Warning : Dashboard.Drawing.Style.Plain
        );
    }

    /// <summary>A snapshot of lines as the library wants them.</summary>
    /// <remarks>Replaces ListWrapper of Terminal.Gui 2.5.0, which measures every line at every change. Delete it when ListWrapper
    /// measures only lines that are new.</remarks>
    private sealed class Lines : IListDataSource
    {
        private IReadOnlyList<LogLine> shown = [];
        private long measured;

        public event NotifyCollectionChangedEventHandler? CollectionChanged;

        public int Count => shown.Count;

        // The longest line so far, whether it is shown or not.
        public int MaxItemLength { get; private set; }

        public bool SuspendCollectionChangedEvent { get; set; }

        public LogLine At(int item) => shown[item];

        public int? RowOf(long number)
        {
            for (var i = 0; i < shown.Count; i++)
            {
                if (shown[i].Number == number)
                    return i;
            }

            return null;
        }

        public void Measure(IReadOnlyList<LogLine> all)
        {
            for (var i = all.Count - 1; i >= 0 && all[i].Number > measured; i--)
                MaxItemLength = Math.Max(MaxItemLength, Text(all[i]).Length);
            if (all.Count > 0)
                measured = Math.Max(measured, all[^1].Number);
        }

        public bool Show(IReadOnlyList<LogLine> next)
        {
            if (next.Count == shown.Count && (next.Count == 0 || (next[0], next[^1]) == (shown[0], shown[^1])))
                return false;
            shown = next;
            if (!SuspendCollectionChangedEvent)
                CollectionChanged?.Invoke(this, new(NotifyCollectionChangedAction.Reset));
            return true;
        }

        public bool IsMarked(int item) => false;

        public void SetMark(int item, bool value) { }

        public IList ToList() => shown.Select(Text).ToList();

        public void Dispose() { }

        public void Render(ListView view, bool selected, int item, int col, int row, int width, int viewportX = 0)
        {
            var text = Text(shown[item]);
            var visible = viewportX < text.Length ? text[viewportX..] : "";
            view.AddStr(visible.Length > width ? visible[..Math.Max(width, 0)] : visible.PadRight(Math.Max(width, 0)));
        }

        private static string Text(LogLine line) => $"{(line.IsWarning ? '!' : ' ')} {NoteText.Of(line)}";
    }
}

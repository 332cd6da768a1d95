using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Gui.Dialogs;
using BtcBandit.Tui.Gui.Input;
using BtcBandit.Tui.Gui.Output;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Gui.Views;
using BtcBandit.Tui.Wording;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui;

/// <content>What the commands do.</content>
internal sealed partial class DashboardWindow : IDashboardActions
{
    /// <inheritdoc/>
    public void TogglePause() => run.Controls.TogglePause();

    /// <inheritdoc/>
    public void StepOnce() => run.Controls.StepOnce();

    /// <inheritdoc/>
    public void Faster() => run.Controls.Faster();

    /// <inheritdoc/>
    public void Slower() => run.Controls.Slower();

    /// <inheritdoc/>
    public void Save() => run.Controls.Save();

    /// <inheritdoc/>
    public void Quit()
    {
        if (model?.Run.IsOver ?? false)
        {
            host.Leave();
            return;
        }

        var asks = run.Mode is RunMode.Live;
        if (asks && MessageBox.Query(App!, "Quit", "Save the run and quit?", "_No", "_Yes") != 1)
            return;
        run.Controls.Quit();
        host.Leave();
    }

    /// <inheritdoc/>
    public void Interrupt() => host.Interrupt();

    /// <inheritdoc/>
    public void WalkTrades(int direction)
    {
        if (model is not { } shown)
            return;
        var at = State.At ?? shown.Recall.Newest.Number;
        var steps = run.Recall(null, 1)!.Trades.Select(trade => trade.Step).Where(step => step >= State.Range.Oldest);
        var next =
            direction < 0
                ? steps.Where(step => step < at).Select(step => (long?)step).LastOrDefault()
                : steps.Where(step => step > at).Select(step => (long?)step).FirstOrDefault();
        if (next is { } found)
            State = State.Looking(found);
        else
            Notice =
                direction < 0
                    ? "There is no trade before this moment that is kept."
                    : "There is no trade after this moment.";
    }

    /// <inheritdoc/>
    public void ShowNewest()
    {
        State = State.Newest();
        if (FindView<TradesTable>() is { } table)
            table.SelectFirst();
        if (FindView<LogList>() is { } list)
            list.SelectFirst();
    }

    /// <inheritdoc/>
    public void ToggleCrossHair() =>
        State = State with
        {
            CrossHair = null,
            Pinned =
                State.Pinned is null && FindView<ChartView>() is { } chart
                    ? State.CrossHair
                        ?? new ChartPoint(
                            Math.Max(CandleChart.Columns(chart.Columns) * 2 / 3, 0),
                            Math.Max(chart.Viewport.Height / 3, 0)
                        )
                    : null,
        };

    /// <inheritdoc/>
    public void MoveRows(int by)
    {
        if (FindView<TradesTable>() is { } table)
            table.Move(by);
        else if (FindView<LogList>() is { } list)
            list.Move(by);
        else
            State = State.Zoomed(Math.Sign(by));
    }

    /// <inheritdoc/>
    public void MoveTime(int columns) =>
        State =
            State.Pinned is not null && FindView<ChartView>() is { } chart
                ? State with
                {
                    Pinned = Shifted(chart.Columns, -columns),
                }
                : State.Back(columns);

    /// <inheritdoc/>
    public void OrderTrades(bool isOtherWay) => FindView<TradesTable>()?.Reorder(isOtherWay);

    /// <inheritdoc/>
    public void Filter()
    {
        FindView<TradesTable>()?.NextFilter();
        FindView<LogList>()?.NextFilter();
    }

    /// <inheritdoc/>
    public void OpenTrade()
    {
        if (model is not { } shown)
            return;
        if (State.Pinned is not null && FindView<ChartView>() is { } chart)
        {
            LookAt(Shifted(chart.Columns, 0)!.Value);
            return;
        }

        if (FindView<LogList>()?.SelectedText is { } line)
        {
            Open("Line of the log", [("", line)]);
            return;
        }

        var last = shown.Recall.Trades is [.., var newest] ? newest : null;
        if ((FindView<TradesTable>()?.Selected ?? last) is not { } trade)
            return;
        var ordered = shown.Step.Header.Parameters.Fill == FillMoment.Close ? trade.Step : trade.Step - 1;
        var decided = run.Recall(ordered, 1)?.Step is { } step && step.Number == ordered ? step : null;
        // What a trade has brought is told even if that came after the moment that is looked at.
        var trades = run.Recall(null, 1)?.Trades ?? shown.Recall.Trades;
        Open("Trade", TradeDetail.Rows(trade, trades, shown.Step, decided));
    }

    /// <inheritdoc/>
    public void Copy()
    {
        if (model is not { } shown)
            return;
        var text =
            FindView<TradesTable>()?.Selected is { } trade ? Copies.Of(trade)
            : FindView<LogList>()?.SelectedText is { } line ? line
            : Copies.Of(shown.Step);
        if (host.Copy is { } copy)
            copy(text);
        else
            App!.Driver!.WriteRaw(Clipboard.Sequence(text));
        Notice = $"Copied: {text}";
    }

    /// <inheritdoc/>
    public void UseTheme(string? name)
    {
        var next = Theme.Of(name) ?? Theme.All[(IndexOf(looks.Theme) + 1) % Theme.All.Count];
        Theme = next;
        if (writer is not null)
            writer.Charset = Charset;
        if (host.Kept.Write(next) is { } fault)
            run.Log.Add(new RunNote.Remark($"the theme is not kept: {fault}"));
        Notice = $"Theme {next.Name}.";
        Redraw();

        static int IndexOf(Theme theme) => Theme.All.ToList().IndexOf(theme);
    }

    /// <inheritdoc/>
    public void OpenPalette()
    {
        using var palette = new CommandPalette();
        App!.Run(palette, UnreadInput.Is);
        if (palette.Chosen is { } command)
            Do(command);
    }

    /// <inheritdoc/>
    public void OpenHelp() =>
        Open(
            "Keys",
            [
                .. CommandTable
                    .All.Where(command => command.Keys.Count > 0)
                    .Select(command => (command.KeyText, command.Title)),
            ]
        );

    /// <inheritdoc/>
    public void OpenMenu() => OpenMenu(0);

    /// <inheritdoc/>
    public void Redraw() => App!.ClearScreenNextIteration = true;

    /// <inheritdoc/>
    public void Suspend()
    {
        if (Suspension.Stop(App!.Driver!))
            Redraw();
        else
            Notice = "There is no shell here to go back to.";
    }

    /// <inheritdoc/>
    public string ThemeName => looks.Theme.Name;

    private void LookAt(ChartPoint place)
    {
        if (
            model is { } shown
            && FindView<ChartView>() is { } chart
            && CandleChart.BarAt(chart.Columns, shown.Recall, shown.Ui, place.Column) is { } bar
        )
            State = State.Looking(bar.Number) with { CrossHair = null, Pinned = null };
    }

    // The cross-hair moves from the column where it is seen, and stops at the edges of the chart.
    private ChartPoint? Shifted(int width, int by) =>
        CandleChart.CrossHair(width, State) is { } seen
            ? CandleChart.CrossHair(width, State with { Pinned = seen with { Column = seen.Column + by } })
            : null;

    private void Open(string title, IReadOnlyList<(string, string)> rows)
    {
        using var dialog = new TextDialog(title, rows, looks);
        App!.Run(dialog, UnreadInput.Is);
    }

    private T? FindView<T>()
        where T : View =>
        Page
            .SubViews.Where(view => view.Visible)
            .Select(view => (view as FramedView)?.Inner ?? view)
            .OfType<T>()
            .FirstOrDefault();
}

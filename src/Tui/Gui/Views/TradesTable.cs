using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>The trades, of which one is selected; a click on the head of a column orders by it.</summary>
internal sealed class TradesTable : TableView
{
    private readonly TradesSource source = new();
    private readonly Looks looks;
    private readonly Action open;
    private long made;

    /// <summary>Makes an empty table.</summary>
    /// <param name="looks">Colours of the theme that is used.</param>
    /// <param name="open">Called for a double click on a trade.</param>
    public TradesTable(Looks looks, Action open)
    {
        (this.looks, this.open) = (looks, open);
        Table = source;
        FullRowSelect = true;
        MultiSelect = false;
        // Searching as one types would take the letters of all commands.
        CollectionNavigator = null;
        // All keys are commands of the window.
        KeyBindings.Clear();
        Style.ShowVerticalCellLines = Style.ShowVerticalHeaderLines = false;
        Style.ShowHorizontalHeaderOverline = Style.ShowHorizontalHeaderUnderline = false;
        Style.AlwaysShowHeaders = true;
        Style.ExpandLastColumn = false;
        for (var i = 0; i < TradesPane.Columns.Count; i++)
            Shape(i);
        Headline();
        ViewportSettings |= ViewportSettingsFlags.HasVerticalScrollBar;
    }

    /// <summary>The selected trade; null if there is none.</summary>
    public TradeRow? Selected => source.Rows > 0 && Row < source.Rows ? source.At(Row) : null;

    private int Row => Value?.SelectedCell.Y ?? 0;

    /// <summary>Shows the trades of a moment. The selected trade stays selected; only a selection of the first row follows the newest
    /// trade.</summary>
    public void Show(ViewModel model)
    {
        var (stands, offset) = (Row > 0 ? Selected : null, RowOffset);
        var before = stands is null ? 0 : Row;
        made = model.Step.Statistics.Trades;
        if (!source.Show(model.Recall.Trades))
            return;
        Update();
        if (stands is not null && source.RowOf(stands.Step) is { } row)
            Stand(row, Math.Max(offset + row - before, 0));
        Headline();
    }

    /// <summary>Selects the newest trade, in the order of the table.</summary>
    public void SelectFirst()
    {
        if (source.Rows > 0)
            Stand(0, 0);
    }

    /// <summary>Moves the selection down, or up if negative, by so many rows.</summary>
    public void Move(int by)
    {
        if (source.Rows == 0)
            return;
        SetSelection(0, Math.Clamp(Row + by, 0, source.Rows - 1), false);
        EnsureCursorIsVisible();
        SetNeedsDraw();
    }

    /// <summary>Switches to the next filter: all, buys, sells, won, lost.</summary>
    public void NextFilter() => Change(source.NextFilter);

    /// <summary>Orders by the next column, or by the same column the other way round.</summary>
    public void Reorder(bool isOtherWay) =>
        Change(() => source.OrderBy(isOtherWay ? source.Order : (source.Order + 1) % (source.Columns - 1)));

    /// <inheritdoc/>
    // The library takes all letters, to search as one types; they are commands here.
    protected override bool OnKeyDownNotHandled(Key key) => false;

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        var isDouble = mouse.Flags.HasFlag(MouseFlags.LeftButtonDoubleClicked);
        if (mouse.Position is { } at && (isDouble || mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked)))
        {
            var cell = ScreenToCell(at.X, at.Y, out var head);
            if (head is { } column)
                Change(() => source.OrderBy(column));
            else if (isDouble && cell is not null)
                open();
            if (head is not null || isDouble)
                return true;
        }

        return base.OnMouseEvent(mouse);
    }

    private void Change(Action change)
    {
        change();
        Update();
        SelectFirst();
        Headline();
        SetNeedsDraw();
    }

    private void Stand(int row, int offset)
    {
        SetSelection(0, row, false);
        RowOffset = Math.Clamp(offset, 0, Math.Max(source.Rows - 1, 0));
        EnsureCursorIsVisible();
    }

    private void Headline()
    {
        var kind = source.Filter == TradeFilter.All ? "" : $", {source.Filter.ToString().ToLowerInvariant()} only";
        // Older trades are no longer kept.
        var last = made > source.Kept ? $"last {source.Kept:N0} of {made:N0}" : "";
        Title =
            source.Rows == 0 ? $"Trades: none yet{kind}"
            : last.Length == 0 ? $"Trades: {Wording.Counted.Of(source.Rows, "row")}{kind}"
            : kind.Length == 0 ? $"Trades: {last}"
            : $"Trades: {Wording.Counted.Of(source.Rows, "row")}{kind}, {last}";
        SuperView?.SetNeedsDraw();
    }

    private void Shape(int place)
    {
        var column = TradesPane.Columns[place];
        var style = Style.GetOrCreateColumnStyle(place);
        style.MinWidth = column.Width;
        style.MinAcceptableWidth = column.Width;
        style.Alignment = column.IsRight ? Alignment.End : Alignment.Start;
        style.ColorGetter = cell =>
        {
            var scheme = GetScheme();
            var ink = column.Style(source.At(cell.RowIndex));
            return new Scheme(scheme) { Normal = looks.Of(ink, scheme.Normal.Background) };
        };
    }
}

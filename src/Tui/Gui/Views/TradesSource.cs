using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Screens;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>Which trades a table shows.</summary>
internal enum TradeFilter
{
    /// <summary>All trades.</summary>
    All,

    /// <summary>Only buys.</summary>
    Buys,

    /// <summary>Only sells.</summary>
    Sells,

    /// <summary>Only sells that brought a profit after costs.</summary>
    Won,

    /// <summary>Only sells that brought no profit after costs.</summary>
    Lost,
}

/// <summary>Trades as a table: filtered, and ordered by any column; the newest first unless something else is asked for.</summary>
internal sealed class TradesSource : ITableSource
{
    private static readonly Func<TradeRow, double>[] orders =
    [
        row => row.Step,
        row => row.Fill.Side == TradeAction.Buy ? 1 : 0,
        row => row.Fill.Price,
        row => row.Fill.Quantity,
        row => row.Fill.Profit ?? double.NegativeInfinity,
        row => row.Fill.Fee,
        row => row.Fill.Slippage,
        row => row.Equity,
        row => row.Step,
    ];

    private IReadOnlyList<TradeRow> trades = [];
    private TradeRow[] shown = [];

    /// <summary>Number of trades to choose from.</summary>
    public int Kept => trades.Count;

    /// <summary>Which trades are shown.</summary>
    public TradeFilter Filter { get; private set; }

    /// <summary>Place of the column that the trades are ordered by.</summary>
    public int Order { get; private set; }

    /// <summary>Whether the trades with the largest values come first.</summary>
    public bool IsDescending { get; private set; } = true;

    /// <inheritdoc/>
    public string[] ColumnNames =>
        [
            .. TradesPane.Columns.Select(
                (column, i) =>
                    i == Order && (i > 0 || !IsDescending) ? column.Name + (IsDescending ? "▼" : "▲") : column.Name
            ),
        ];

    /// <inheritdoc/>
    public int Columns => TradesPane.Columns.Count;

    /// <inheritdoc/>
    public int Rows => shown.Length;

    /// <inheritdoc/>
    public object this[int row, int col] => TradesPane.Columns[col].Text(shown[row]);

    /// <summary>The trade of a row.</summary>
    public TradeRow At(int row) => shown[row];

    /// <summary>The row of a step's trade; null if it is not shown.</summary>
    public int? RowOf(long step) => Array.FindIndex(shown, row => row.Step == step) is >= 0 and var row ? row : null;

    /// <summary>Replaces the trades, filtered and ordered as before.</summary>
    /// <returns>Whether the trades have changed.</returns>
    public bool Show(IReadOnlyList<TradeRow> next)
    {
        var isSame =
            next.Count == trades.Count
            && (next.Count == 0 || (ReferenceEquals(next[^1], trades[^1]) && ReferenceEquals(next[0], trades[0])));
        trades = next;
        if (!isSame)
            Arrange();
        return !isSame;
    }

    /// <summary>Switches to the next filter; after the last one comes the first.</summary>
    public void NextFilter()
    {
        Filter = (TradeFilter)(((int)Filter + 1) % Enum.GetValues<TradeFilter>().Length);
        Arrange();
    }

    /// <summary>Orders by a column, largest first; by the same column the other way round.</summary>
    public void OrderBy(int column)
    {
        (Order, IsDescending) = (column, column != Order || !IsDescending);
        Arrange();
    }

    private void Arrange()
    {
        var chosen = trades.Where(IsShown);
        var key = orders[Order];
        // Sorting is stable, so that among equal values the newest trade comes first.
        shown = [.. IsDescending ? chosen.Reverse().OrderByDescending(key) : chosen.OrderBy(key)];
    }

    private bool IsShown(TradeRow row) =>
        Filter switch
        {
            TradeFilter.Buys => row.Fill.Side == TradeAction.Buy,
            TradeFilter.Sells => row.Fill.Side == TradeAction.Sell,
            TradeFilter.Won => row.Fill.Profit > 0,
            TradeFilter.Lost => row.Fill.Profit <= 0,
            _ => true,
        };
}

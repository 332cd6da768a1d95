using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The last executions, newest first.</summary>
internal static class TradesPane
{
    internal sealed record Column(string Name, int Width, bool IsRight, Func<TradeRow, string> Text)
    {
        public Func<TradeRow, Style> Style { get; init; } = _ => Drawing.Style.Plain;
    }

    /// <summary>The columns, most important first.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("TIME (UTC)", 16, false, row => Figures.Utc(row.Fill.OpenTime)),
        new("SIDE", 4, false, row => Figures.Name(row.Fill.Side)) { Style = row => Figures.Style(row.Fill.Side) },
        new("PRICE", 12, true, row => Figures.Price(row.Fill.Price)),
        new("QUANTITY", 11, true, row => Figures.Quantity(row.Fill.Quantity)),
        new("PROFIT", 10, true, row => row.Fill.Profit is { } profit ? Figures.Signed(profit) : ""),
        new("FEE", 8, true, row => Figures.Money(row.Fill.Fee)),
        new("SLIPPAGE", 8, true, row => Figures.Money(row.Fill.Slippage)),
        new("EQUITY", 12, true, row => Figures.Money(row.Equity)),
        new("STEP", 11, true, row => $"{row.Step:N0}"),
    ];

    /// <summary>What the numbers of the columns are counted in.</summary>
    public static string Units(ViewModel model) =>
        $"quantity in {model.Step.Header.Source.Pair.Base}, money in {model.Step.Header.Source.Pair.Quote}";

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var statistics = model.Step.Statistics;
        var trades = model.Recall.Trades;
        var note = $"{Units(model)}; newest first";
        // A box leaves eight cells around its title and its note free.
        var title = Wrapped.First(
            canvas.Width - note.Length - 10,
            $"Trades {statistics.Trades:N0}, sales {statistics.RoundTrips:N0}, won {statistics.Wins:N0}",
            $"Trades {statistics.Trades:N0}"
        );
        var inner = canvas.Box(title, note);
        var shown = Fitting(inner.Width);
        // A single row is for a trade, not for the titles of its columns.
        var head = inner.Height > 1 ? 1 : 0;
        if (head > 0)
            Row(inner, 0, shown, column => (column.Name, Style.Muted));
        if (trades.Count == 0)
            inner.Text(0, head, "none yet", Style.Muted);
        for (var y = head; y < inner.Height && trades.Count - 1 - (y - head) >= 0; y++)
        {
            var trade = trades[trades.Count - 1 - (y - head)];
            Row(inner, y, shown, column => (column.Text(trade), column.Style(trade)));
        }
    }

    private static List<Column> Fitting(int width)
    {
        var shown = new List<Column>();
        foreach (var column in Columns)
        {
            width -= column.Width + (shown.Count > 0 ? 2 : 0);
            if (width < 0)
                break;
            shown.Add(column);
        }

        return shown;
    }

    private static void Row(Canvas canvas, int y, List<Column> shown, Func<Column, (string Text, Style Style)> content)
    {
        var x = 0;
        foreach (var column in shown)
        {
            var (text, style) = content(column);
            var cell = canvas.Part(x, y, column.Width, 1);
            if (column.IsRight)
                cell.Right(cell.Width, 0, text, style);
            else
                cell.Text(0, 0, text, style);
            x += column.Width + 2;
        }
    }
}

using System.Globalization;
using System.Text;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Journal;

/// <summary>A row of <c>trades.csv</c>, read back. Fields without a value are null.</summary>
internal readonly record struct TradeRow
{
    /// <summary>Open time of the candle, ms UTC.</summary>
    public required long OpenTime { get; init; }

    /// <summary>Number of the step, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Action chosen at the close.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>Price of the execution in this candle, after slippage.</summary>
    public required double? FillPrice { get; init; }

    /// <summary>Quantity of that execution.</summary>
    public required double? FillQuantity { get; init; }

    /// <summary>Fee of that execution.</summary>
    public required double? Fee { get; init; }

    /// <summary>Slippage of that execution.</summary>
    public required double? Slippage { get; init; }

    /// <summary>Reward of the decision that matured with this candle, a fraction of equity.</summary>
    public required double? Reward { get; init; }

    /// <summary>Cash after the execution.</summary>
    public required double Cash { get; init; }

    /// <summary>Position after the execution.</summary>
    public required double Position { get; init; }

    /// <summary>Equity at the close.</summary>
    public required double Equity { get; init; }

    /// <summary>Expected values of sell, hold and buy.</summary>
    public required (double Sell, double Hold, double Buy) Values { get; init; }

    /// <summary>Why the action was chosen.</summary>
    public required string Reason { get; init; }

    /// <summary>Reads a row.</summary>
    /// <param name="line">The line without its end, in UTF-8; the columns are those of <see cref="TradeRows.Header"/>.</param>
    /// <param name="row">The row.</param>
    /// <returns>Whether the line is a row.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out TradeRow row)
    {
        var fields = new Fields(line);
        row = new TradeRow
        {
            OpenTime = fields.Whole(),
            Step = fields.Whole(),
            Action = fields.Action(),
            FillPrice = fields.Number(),
            FillQuantity = fields.Number(),
            Fee = fields.Number(),
            Slippage = fields.Number(),
            Reward = fields.Number(),
            Cash = fields.Known(),
            Position = fields.Known(),
            Equity = fields.Known(),
            Values = (fields.Known(), fields.Known(), fields.Known()),
            Reason = fields.Text(),
        };
        return fields.AreComplete;
    }

    // Takes one field after the other; the first one that is not what it should be spoils the row.
    private ref struct Fields(ReadOnlySpan<byte> line)
    {
        // The end of year 9999, in ms UTC; there are never as many steps.
        private const long LastTime = 253_402_300_799_999;

        private ReadOnlySpan<byte> rest = line;
        private bool isDone;
        private bool isWrong;

        public readonly bool AreComplete => isDone && !isWrong;

        public long Whole() =>
            long.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= LastTime
                ? value
                : (long)Wrong();

        public double? Number()
        {
            var field = Next();
            return field.IsEmpty ? null : Parse(field);
        }

        public double Known() => Parse(Next());

        public TradeAction Action()
        {
            var field = Next();
            if (field.SequenceEqual("sell"u8))
                return TradeAction.Sell;
            if (field.SequenceEqual("buy"u8))
                return TradeAction.Buy;
            if (!field.SequenceEqual("hold"u8))
                Wrong();
            return TradeAction.Hold;
        }

        public string Text() => Encoding.UTF8.GetString(Next());

        private double Parse(ReadOnlySpan<byte> field) =>
            double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
                ? value
                : Wrong();

        private double Wrong()
        {
            isWrong = true;
            return 0;
        }

        private ReadOnlySpan<byte> Next()
        {
            if (isDone)
                isWrong = true;
            var comma = rest.IndexOf((byte)',');
            var field = comma < 0 ? rest : rest[..comma];
            isDone = comma < 0;
            rest = isDone ? [] : rest[(comma + 1)..];
            return field;
        }
    }
}

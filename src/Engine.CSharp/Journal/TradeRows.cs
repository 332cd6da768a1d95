using System.Runtime.CompilerServices;
using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Formats steps as rows of <c>trades.csv</c>. Not thread-safe.</summary>
internal sealed class TradeRows
{
    private static readonly string[] names = NamesOfColumns();

    private byte[] buffer = [];
    private int used;
    private string? reason;
    private byte[] reasonText = [];
    private Written cash = new(0, []);
    private Written position = new(0, []);

    /// <summary>The column names, separated by commas.</summary>
    public static string Header { get; } = string.Join(',', names);

    /// <summary>Room that <see cref="Write"/> may need, in bytes: each field as the longest number, and the reason.</summary>
    public static int LongestRow { get; } = names.Length * FixedPoint.MaximumLength + 1_024;

    // One line per column: its name, and how its field is written. Replaces a table of names and delegates, which costs
    // 35 ns per row; delete it when such a table is as fast.
    private static void Columns<TWanted>(TWanted wanted, TradeRows row, MadeStep step)
        where TWanted : struct, IWanted
    {
        if (wanted.Value("open_time"))
            row.Whole(step.Candle.OpenTime);
        if (wanted.Value("step"))
            row.Whole(step.Number);
        if (wanted.Value("action"))
            row.Action(step.Decision.Action);
        if (wanted.Value("fill_price"))
            row.Number(step.Fill?.Price);
        if (wanted.Value("fill_quantity"))
            row.Number(step.Fill?.Quantity);
        if (wanted.Value("fee"))
            row.Number(step.Fill?.Fee);
        if (wanted.Value("slippage"))
            row.Number(step.Fill?.Slippage);
        if (wanted.Value("reward"))
            row.Number(step.Reward);
        if (wanted.Value("cash"))
            row.Number(step.Portfolio.Cash, ref row.cash);
        if (wanted.Value("position"))
            row.Number(step.Portfolio.Position, ref row.position);
        if (wanted.Value("equity"))
            row.Equity(step);
        if (wanted.Value("q_sell"))
            row.Number(step.Decision.Sell.Mean);
        if (wanted.Value("q_hold"))
            row.Number(step.Decision.Hold.Mean);
        if (wanted.Value("q_buy"))
            row.Number(step.Decision.Buy.Mean);
        if (wanted.Value("reason"))
            row.Reason(step.Reason);
    }

    /// <summary>Writes the row of a step, with its line end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="target">Where to write; needs room for <see cref="LongestRow"/>.</param>
    /// <param name="start">Where the row starts in it.</param>
    /// <returns>Where the row ends.</returns>
    public int Write(MadeStep step, byte[] target, int start)
    {
        (buffer, used) = (target, start);
        Columns(new Values(), this, step);
        // The comma after the last field becomes the line end.
        buffer[used - 1] = (byte)'\n';
        return used;
    }

    /// <summary>Returns whether a line can be the row of a run's newest step: what the state knows of it is the same.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="run">State of the run after that step.</param>
    public static bool IsRowOf(string line, RunState run)
    {
        var fields = line.Split(',');
        (string Column, string Text)[] known =
        [
            ("open_time", FormattableString.Invariant($"{run.LastCandle.OpenTime}")),
            ("step", FormattableString.Invariant($"{run.Statistics.Steps}")),
            ("action", NameOf(run.Pending[^1].Action)),
            ("cash", TextOf(run.Portfolio.Cash)),
            ("position", TextOf(run.Portfolio.Position)),
            ("equity", TextOf(run.Statistics.Equity)),
            ("q_sell", TextOf(run.ActionValues[0])),
            ("q_hold", TextOf(run.ActionValues[1])),
            ("q_buy", TextOf(run.ActionValues[2])),
        ];
        return fields.Length == names.Length
            && Array.TrueForAll(known, field => fields[Array.IndexOf(names, field.Column)] == field.Text);
    }

    private static string NameOf(TradeAction? action) =>
        action switch
        {
            TradeAction.Sell => "sell",
            TradeAction.Buy => "buy",
            _ => "hold",
        };

    private static string TextOf(double value)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaximumLength];
        return Encoding.ASCII.GetString(text[..FixedPoint.Write(value, text)]);
    }

    private static string[] NamesOfColumns()
    {
        var found = new Names([]);
        Columns(found, null!, null!);
        return [.. found.Found];
    }

    private void Comma() => buffer[used++] = (byte)',';

    private void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.AsSpan(used));
        used += text.Length;
    }

    private void Whole(long value)
    {
        used += FixedPoint.WriteWhole((ulong)value, buffer.AsSpan(used));
        Comma();
    }

    private void Action(TradeAction action) =>
        Text(
            action switch
            {
                TradeAction.Sell => "sell,"u8,
                TradeAction.Buy => "buy,"u8,
                _ => "hold,"u8,
            }
        );

    private void Number(double value)
    {
        used += FixedPoint.Write(value, buffer.AsSpan(used));
        Comma();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Number(double? value)
    {
        if (value is { } known)
            Number(known);
        else
            Comma();
    }

    // Values that rarely change are copied from the previous row instead of formatted again.
    private void Number(double value, ref Written before)
    {
        if (before.Text.Length > 0 && BitConverter.DoubleToInt64Bits(value) == before.Bits)
        {
            Text(before.Text);
            return;
        }

        var from = used;
        Number(value);
        before = new Written(BitConverter.DoubleToInt64Bits(value), buffer.AsSpan(from, used - from).ToArray());
    }

    // Without a position, equity equals cash, which was just written.
    private void Equity(MadeStep step)
    {
        if (step.Portfolio.Position == 0)
            Text(cash.Text);
        else
            Number(step.Statistics.Equity);
    }

    private void Reason(string text)
    {
        // There are few different reasons, and most are the same object as before.
        if (!ReferenceEquals(text, reason))
            (reason, reasonText) = (text, Encoding.UTF8.GetBytes(text + ","));
        Text(reasonText);
    }

    private readonly record struct Written(long Bits, byte[] Text);

    // What is wanted of the columns. A structure, so that the compiler makes a version of the method for each.
    private interface IWanted
    {
        // Whether the value of a column is wanted, too.
        bool Value(string name);
    }

    private readonly struct Values : IWanted
    {
        public bool Value(string name) => true;
    }

    private readonly record struct Names(List<string> Found) : IWanted
    {
        public bool Value(string name)
        {
            Found.Add(name);
            return false;
        }
    }
}

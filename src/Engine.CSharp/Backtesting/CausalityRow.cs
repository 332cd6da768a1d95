using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Everything that a run has computed at one candle, as named values that are compared by their bits. Overwritten by the
/// next candle.</summary>
internal sealed class CausalityRow
{
    private string[] names = new string[128];
    private CellKind[] kinds = new CellKind[128];
    private long[] bits = new long[128];
    private string?[] texts = new string?[128];

    // What the value of a cell is, so that a number that is missing equals no number.
    private enum CellKind : byte
    {
        Absent,
        Number,
        Count,
        Flag,
        Action,
        Text,
    }

    /// <summary>Number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every indicator and feature was warm.</summary>
    public bool HasContext { get; set; }

    /// <summary>Whether there was a step.</summary>
    public bool HasStep { get; set; }

    /// <summary>Whether a reward became known.</summary>
    public bool HasReward { get; set; }

    /// <summary>Hash of all values: 64 bits of XxHash3. Of two rows that differ, one in 2^64 has the hash of the other.</summary>
    public ulong Hash =>
        XxHash3.HashToUInt64(
            MemoryMarshal.AsBytes(bits.AsSpan(0, Count)),
            (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(kinds.AsSpan(0, Count)))
        );

    /// <summary>Begins the row of the next candle.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a number.</summary>
    public void Add(string name, double value) => Add(name, CellKind.Number, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Appends a number that may be missing.</summary>
    public void Add(string name, double? value)
    {
        if (value is { } number)
            Add(name, number);
        else
            Skip(name);
    }

    /// <summary>Appends a whole number.</summary>
    public void Add(string name, long value) => Add(name, CellKind.Count, value);

    /// <summary>Appends what is true or false.</summary>
    public void Add(string name, bool value) => Add(name, CellKind.Flag, value ? 1 : 0);

    /// <summary>Appends an action.</summary>
    public void Add(string name, TradeAction value) => Add(name, CellKind.Action, (long)value);

    /// <summary>Appends a text.</summary>
    public void Add(string name, string value)
    {
        Add(name, CellKind.Text, (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value.AsSpan())));
        texts[Count - 1] = value;
    }

    /// <summary>Appends a value that is missing.</summary>
    public void Skip(string name) => Add(name, CellKind.Absent, 0);

    /// <summary>Returns the position of the first value that is not the same; null if all are.</summary>
    public int? FirstDifference(CausalityRow other)
    {
        var length = Math.Min(Count, other.Count);
        for (var i = 0; i < length; i++)
        {
            if (names[i] != other.names[i] || kinds[i] != other.kinds[i] || bits[i] != other.bits[i])
                return i;
        }
        return Count == other.Count ? null : length;
    }

    /// <summary>Name of the value at a position.</summary>
    public string NameAt(int position) => names[position];

    /// <summary>The value at a position, a number with all its digits; <c>none</c> if it is missing.</summary>
    public string TextAt(int position) =>
        position >= Count
            ? "none"
            : kinds[position] switch
            {
                CellKind.Number => Text(BitConverter.Int64BitsToDouble(bits[position])),
                CellKind.Count => bits[position].ToString(CultureInfo.InvariantCulture),
                CellKind.Flag => bits[position] == 0 ? "false" : "true",
                CellKind.Action => NameOf((TradeAction)bits[position]),
                CellKind.Text => texts[position]!,
                _ => "none",
            };

    private static string NameOf(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "sell",
            TradeAction.Buy => "buy",
            _ => "hold",
        };

    // Two numbers that are none may differ in bits that their name does not show.
    private static string Text(double value) =>
        double.IsNaN(value)
            ? string.Create(CultureInfo.InvariantCulture, $"NaN ({BitConverter.DoubleToInt64Bits(value):x16})")
            : value.ToString("R", CultureInfo.InvariantCulture);

    private void Add(string name, CellKind kind, long value)
    {
        var i = Count++;
        if (i == names.Length)
            Grow(2 * i);
        names[i] = name;
        kinds[i] = kind;
        bits[i] = value;
    }

    private void Grow(int length)
    {
        Array.Resize(ref names, length);
        Array.Resize(ref kinds, length);
        Array.Resize(ref bits, length);
        Array.Resize(ref texts, length);
    }
}

using System.Globalization;

namespace BtcBandit.Sweep.Runs;

/// <summary>Which part of the units of a sweep a process makes: each unit is in exactly one of the parts.</summary>
/// <param name="Number">Number of the part, from 1.</param>
/// <param name="Count">Number of parts.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>All units.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Whether a unit belongs to this part.</summary>
    public bool Has(PlannedUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var start = ulong.Parse(unit.Key.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return start % (ulong)Count == (ulong)(Number - 1);
    }

    /// <summary>Reads <c>3/100</c>; null if it is not such a text.</summary>
    public static Shard? Parse(string? text)
    {
        var parts = (text ?? "").Split('/');
        return
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && number >= 1
            && number <= count
            ? new Shard(number, count)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}

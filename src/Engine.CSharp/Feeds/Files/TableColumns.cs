using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>What the columns of a table hold, from the left, stated instead of recognised.</summary>
public sealed record TableColumns
{
    private const string Unused = "-";
    private static readonly string[] required = ["open", "high", "low", "close", "volume"];
    private static readonly string[] words = ["time", "date", "clock", .. required, Unused];

    private TableColumns(ImmutableArray<string> names) => Names = names;

    /// <summary>What <see cref="TryParse"/> accepts, for messages.</summary>
    public static string Accepted =>
        "time (or date and clock), open, high, low, close and volume, each once, in the order of the file, separated by "
        + "commas; - stands for a column that is not used";

    /// <summary>The column names from the left; columns further right are not used.</summary>
    internal ImmutableArray<string> Names { get; }

    /// <summary>Parses names of columns, separated by commas.</summary>
    /// <param name="text">For instance <c>time,low,high,open,close,volume</c> or <c>-,date,clock,open,high,low,close,volume</c>.</param>
    /// <param name="columns">The columns; null if the text does not name each that is needed once.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TableColumns? columns)
    {
        columns = null;
        var names = (text ?? "").Split(',', StringSplitOptions.TrimEntries).ToImmutableArray();
        var used = names.Where(name => name != Unused).ToList();
        var times = used.Except(required, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        if (
            used.Except(words, StringComparer.Ordinal).Any()
            || used.Distinct(StringComparer.Ordinal).Count() != used.Count
            || required.Except(used, StringComparer.Ordinal).Any()
            || string.Join(',', times) is not ("time" or "date" or "clock,date")
        )
            return false;
        columns = new TableColumns(names);
        return true;
    }

    /// <summary>Whether two values name the same columns.</summary>
    public bool Equals(TableColumns? other) => other is not null && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Names);

    internal int IndexOf(string name) => Names.IndexOf(name);
}

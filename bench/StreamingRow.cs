using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>Indicators of the catalogue side by side: one candle in, one row of columns out.</summary>
/// <remarks>The row is the caller's and is written anew at each candle, so what is allocated is the indicators' own.</remarks>
internal sealed class StreamingRow
{
    private readonly ColumnRun[] folds;
    private readonly int[] offsets;

    /// <summary>Starts a run.</summary>
    public StreamingRow(CatalogueEntry[] entries)
    {
        folds = [.. entries.Select(entry => entry.Start())];
        offsets = new int[entries.Length + 1];
        for (var i = 0; i < entries.Length; i++)
            offsets[i + 1] = offsets[i] + entries[i].Columns.Length;
    }

    /// <summary>Columns in a row.</summary>
    public int Width => offsets[^1];

    /// <summary>The entries of a list such as "sma:14,vwap".</summary>
    /// <exception cref="ArgumentException">The list is not one; the message says why.</exception>
    public static CatalogueEntry[] Entries(string list) =>
        Catalogue.BuiltIn.TryParse(list, out var entries, out var error)
            ? entries
            : throw new ArgumentException(error, nameof(list));

    /// <summary>Takes one candle.</summary>
    /// <returns>Bit i is set where entry i is silent.</returns>
    public int Push(in Candle candle, Span<double> row)
    {
        // Fields are read again after every call, locals are not.
        var (folds, offsets) = (this.folds, this.offsets);
        var silent = 0;
        for (var i = 0; i < folds.Length; i++)
        {
            if (!folds[i].Push(in candle, row[offsets[i]..offsets[i + 1]]))
                silent |= 1 << i;
        }

        return silent;
    }
}

using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>How a table writes candles: recognised from its first rows, or stated.</summary>
/// <param name="Separator">What separates columns.</param>
/// <param name="Columns">Which column holds what.</param>
/// <param name="Times">How open times are written.</param>
/// <param name="HasDecimalComma">Whether numbers have a decimal comma.</param>
/// <param name="Skipped">Lines that are not candles, wherever they occur: the header, an address in front of it.</param>
/// <param name="Symbol">The symbol that every row states; null without a column of symbols.</param>
internal sealed record TableLayout(
    byte Separator,
    CandleColumns Columns,
    TableTimes Times,
    bool HasDecimalComma,
    IReadOnlyList<byte[]> Skipped,
    byte[]? Symbol
)
{
    private const int MaxPreamble = 10;

    // Only a semicolon leaves the comma free for decimals, so it is tried first.
    private static readonly byte[] separators = [(byte)';', (byte)'\t', (byte)','];

    /// <summary>Recognises the layout of a table.</summary>
    /// <param name="name">The table's name in messages.</param>
    /// <param name="head">Its first rows.</param>
    /// <param name="options">What is wanted, and what was stated.</param>
    /// <exception cref="FeedException">The table has no rows, or its layout is unknown or ambiguous.</exception>
    public static TableLayout Of(string name, TableHead head, ArchiveOptions options)
    {
        try
        {
            FileContent.RequireText(name, head.Start);
            foreach (var separator in separators)
            {
                if (!head.Start.Contains(separator))
                    continue;
                var start = head.Rows(separator, MaxPreamble + 1);
                var first = start.FindIndex(row => !IsPreamble(row, options.Pair));
                if (first >= 0 && IsUnderstood(start[first], options))
                    return Found(new LayoutEvidence(name, head, separator, first, options));
            }
            throw new FeedException(Unrecognised(name, head, options));
        }
        catch (FeedException) when (head.Damage is { } damage)
        {
            // What is left of a damaged file says little about its layout.
            throw new FeedException(damage.Fault, damage);
        }
    }

    private static TableLayout Found(LayoutEvidence evidence)
    {
        var columns = evidence.Columns();
        var times = evidence.Times(columns);
        var symbol = evidence.Symbol(columns);
        return new TableLayout(
            evidence.Separator,
            columns,
            times,
            evidence.HasDecimalComma(columns),
            evidence.Skipped,
            symbol
        );
    }

    private static FeedFault Unrecognised(string name, TableHead head, ArchiveOptions options)
    {
        var rows = head.Rows((byte)',', MaxPreamble + 1);
        if (rows.Count == 0)
            return new FeedFault.EmptyFile(name);
        var row = rows.Find(row => !IsPreamble(row, options.Pair)) ?? rows[0];
        if (options.Columns is { } stated)
            return new FeedFault.FewerColumns(name, row.Line, row.Fields.Length, stated.Names.Length);
        return new FeedFault.NotATable(name, row.Line, FeedText.Shown(row.Raw));
    }

    // The address of a site, a note, and the separator that Excel writes.
    private static bool IsPreamble(HeadRow row, TradingPair pair)
    {
        var text = row.Raw.AsSpan().TrimStart("\uFEFF \""u8);
        var isNote =
            text.IndexOf("http://"u8) >= 0
            || text.IndexOf("https://"u8) >= 0
            || text.StartsWith("www."u8)
            || text.StartsWith("sep="u8)
            || text.StartsWith("#"u8);
        return isNote && !new HeaderTitles(row.Fields, pair).IsHeader;
    }

    private static bool IsUnderstood(HeadRow row, ArchiveOptions options)
    {
        if (options.Columns is { } stated)
            return row.Fields.Length > stated.Names.Length - 1;
        return row.Fields.Length > 1
            && (
                LayoutEvidence.IsNumbered(row)
                || new HeaderTitles(row.Fields, options.Pair).IsHeader
                || LayoutEvidence.IsTime(row, 0, options.TimeFormat)
            );
    }
}

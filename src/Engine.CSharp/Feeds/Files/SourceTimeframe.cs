using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Detects the timeframe of files from their rows, and where these settle nothing from their names.</summary>
internal static class SourceTimeframe
{
    /// <summary>
    /// The timeframe of the first table that settles it. If every table has a single row, that of all rows together; if
    /// nothing settles it, the one wanted.
    /// </summary>
    /// <exception cref="FeedException">Its candles cannot be joined into <paramref name="wanted"/>, or name and rows disagree.</exception>
    public static Timeframe Of(IEnumerable<Table> tables, Timeframe wanted)
    {
        var onlyRows = new List<Candle>();
        var last = "";
        foreach (var table in tables)
        {
            RequireAgreement(table);
            if (table.Steps is not { IsClear: true } && table.NamedInterval is { } stated)
                return Suitable(table.Name, Named(table.Name, stated), wanted);
            if (table.Steps is { } steps)
                return Suitable(table.Name, steps, wanted);
            if (table.OnlyRow is { } only)
                onlyRows.Add(only);
            last = table.Name;
        }
        // Two are one distance, which may be a gap.
        if (onlyRows.Count < 3)
            return wanted;
        onlyRows.Sort(static (one, other) => one.OpenTime.CompareTo(other.OpenTime));
        return new TableSample([.. onlyRows]).Steps is { } apart ? Suitable(last, apart, wanted) : wanted;
    }

    /// <summary>Refuses a table of another timeframe than the tables before it, and one whose name and rows disagree.</summary>
    /// <exception cref="FeedException">The timeframes differ.</exception>
    public static void Check(Table table, Timeframe source)
    {
        RequireAgreement(table);
        var other = source;
        if (table.NamedInterval is { } stated && (table.Steps is not { } few || few.Allow(stated)))
            other = Named(table.Name, stated);
        else if (table.Steps is { } steps && (steps.IsClear || steps.RuleOut(source.Milliseconds)))
        {
            // One or two distances may be gaps.
            if (!Timeframe.TryFromMilliseconds(steps.Step, out other))
                other =
                    steps.Count < 3
                        ? source
                        : throw new FeedException(new FeedFault.NotATimeframe(table.Name, steps.Step));
        }
        if (other != source)
            throw new FeedException(new FeedFault.MixedTimeframes(table.Name, other, source));
    }

    private static void RequireAgreement(Table table)
    {
        if (table.Steps is not { IsClear: true } steps || table.NamedInterval is not { } stated)
            return;
        var isCertain = steps is { IsUnanimous: true, IsMany: true };
        if (isCertain ? steps.Step != stated : steps.Step % stated != 0)
            throw new FeedException(new FeedFault.NameDisagrees(table.Name, stated, steps.Step));
    }

    private static Timeframe Named(string name, long interval) =>
        Timeframe.TryFromMilliseconds(interval, out var timeframe)
            ? timeframe
            : throw new FeedException(new FeedFault.NotATimeframe(name, interval));

    private static Timeframe Suitable(string name, TableSteps steps, Timeframe wanted)
    {
        if (Timeframe.TryFromMilliseconds(steps.Step, out var source))
            return Suitable(name, source, wanted);
        // One or two distances may be gaps.
        var mayBeGaps = !steps.IsClear || steps.Count < 3;
        if (mayBeGaps && steps.Step % wanted.Milliseconds == 0 && !steps.RuleOut(wanted.Milliseconds))
            return wanted;
        throw new FeedException(new FeedFault.NotATimeframe(name, steps.Step));
    }

    private static Timeframe Suitable(string name, Timeframe source, Timeframe wanted)
    {
        if (source.Milliseconds > wanted.Milliseconds)
            throw new FeedException(new FeedFault.LongerTimeframe(name, source, wanted));
        if (wanted.Milliseconds % source.Milliseconds != 0)
            throw new FeedException(new FeedFault.IndivisibleTimeframe(name, source, wanted));
        return source;
    }
}

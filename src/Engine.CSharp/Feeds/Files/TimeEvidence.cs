using System.Globalization;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Finds the columns of the open times by the titles and the first rows of a table.</summary>
/// <param name="name">The table's name in messages.</param>
/// <param name="first">Its header.</param>
/// <param name="titles">The titles in the header.</param>
/// <param name="rows">Its first rows.</param>
/// <param name="format">How times are written, if it was stated.</param>
/// <param name="missing">Makes the fault of a title that is missing.</param>
internal sealed class TimeEvidence(
    string name,
    HeadRow first,
    HeaderTitles titles,
    List<HeadRow> rows,
    TimeFormat? format,
    Func<string, FeedException> missing
)
{
    private const long QuarterHour = 900_000;
    private const long FurthestZone = 14 * 3_600_000;

    /// <summary>The columns of the time and, where they are apart, of the clock; -1 without one. The first row with a time settles it.</summary>
    /// <exception cref="FeedException">There is none, or two may both be meant.</exception>
    public (int Time, int Clock) Columns()
    {
        var columns = titles.Times;
        if (columns.Count == 0)
            throw missing("time");
        foreach (var row in rows.Where(row => row.Fields.Length > columns.Max()))
        {
            if (format is { } stated)
            {
                if (columns.FirstOrDefault(column => stated.TryRead(row.Bytes(column), out _), -1) is >= 0 and var own)
                    return (own, -1);
                if (
                    columns.FirstOrDefault(column => TimeKinds.Of(row, column) == TimeKind.Clock, -1)
                    is >= 0
                        and var apart
                )
                {
                    var date = columns.FirstOrDefault(column => column != apart, -1);
                    return date >= 0 ? (date, apart) : throw missing("date");
                }
                continue;
            }

            var timed = columns.Where(column => TimeKinds.Of(row, column) == TimeKind.Full).ToList();
            if (timed.Count > 0)
            {
                var full = Universal(row, timed);
                if (titles.IsRepeated(full))
                    throw new FeedException(new FeedFault.RepeatedColumn(name, first.Line, first.Fields[full].Trim()));
                return (full, -1);
            }
            if (columns.FirstOrDefault(column => TimeKinds.Of(row, column) == TimeKind.Date, -1) is >= 0 and var day)
                return (day, columns.FirstOrDefault(IsClock, -1));

            // The numbers of an index without a title may look like clocks.
            bool IsClock(int column) => titles.HasTitle(column) && TimeKinds.Of(row, column) == TimeKind.Clock;
        }
        return (columns[0], -1);
    }

    // Of two times that are some hours apart, as the same moment in two zones, the one in UTC or since 1970.
    private int Universal(HeadRow row, List<int> columns)
    {
        var explicitOne = columns[0];
        if (
            titles.IsUniversal(explicitOne)
            || !OpenTimes.TryParse(row.Bytes(explicitOne), DateOrder.YearFirst, out var time)
        )
            return explicitOne;
        var others = columns.FindAll(column =>
            OpenTimes.TryParse(row.Bytes(column), DateOrder.YearFirst, out var other)
            && other != time
            && (other - time) % QuarterHour == 0
            && Math.Abs(other - time) <= FurthestZone
        );
        if (others.Count == 0 || IsNumber(row, explicitOne))
            return explicitOne;
        if (others.FindIndex(titles.IsUniversal) is >= 0 and var universal)
            return others[universal];
        // A number beside the open may be the close.
        if (!titles.IsOpen(explicitOne) && others.FindIndex(column => IsNumber(row, column)) is >= 0 and var number)
            return others[number];
        throw new FeedException(
            new FeedFault.TwoTimes(name, first.Line, first.Fields[explicitOne].Trim(), first.Fields[others[0]].Trim())
        );
    }

    private static bool IsNumber(HeadRow row, int column) =>
        double.TryParse(row.Bytes(column), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
}

using System.Runtime.InteropServices;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads all rows of several tables and sorts them by time.</summary>
/// <param name="source">Timeframe of the rows.</param>
/// <param name="log">Counts the jumps backwards.</param>
internal sealed class SortedRows(Timeframe source, ReadLog log)
{
    private readonly List<string> names = [];
    private readonly List<(Candle Candle, int Table)> all = [];

    /// <param name="tables">Names and rows, read when the first sorted row is asked for.</param>
    /// <returns>The rows in order of time. Of two rows with the same open time, the one read last stays last.</returns>
    /// <exception cref="FeedException">A table mostly restates another one, or has other prices, so they are of two sources.</exception>
    public IEnumerable<Candle> Of(IEnumerable<(string Name, IEnumerable<Candle> Rows)> tables)
    {
        long? before = null;
        foreach (var (name, rows) in tables)
        {
            foreach (var candle in rows)
            {
                // The guard drops rows off the grid, so a jump to one of them does not count.
                if (source.IsAligned(candle.OpenTime))
                {
                    if (candle.OpenTime < before)
                        log.CountBackwardJump(new BackwardJump(before.Value, candle.OpenTime));
                    before = candle.OpenTime;
                }
                all.Add((candle, names.Count));
            }
            names.Add(name);
        }

        // The sort is stable.
        var sorted = all.OrderBy(row => row.Candle.OpenTime).ToList();
        RequireOneSource(sorted);
        var progress = new TableProgress();
        progress.Expect(sorted.Count);
        log.Progress.FollowAll(progress);
        for (var index = 0; index < sorted.Count; index++)
        {
            progress.Pass(index);
            yield return sorted[index].Candle;
        }
        progress.End();
    }

    // The corrections and the overlap of one source restate a few rows; another source restates most of them.
    private void RequireOneSource(List<(Candle Candle, int Table)> sorted)
    {
        foreach (var ((first, second), overlap) in Overlaps(sorted))
        {
            // Within a table, corrections of a few rows are no other source, even if nothing else is repeated.
            var most = first == second ? sorted.Count(row => row.Table == first) - overlap.Rows : overlap.Rows;
            if (overlap.Rows < 2 || 2 * overlap.Restated <= most)
                continue;
            throw new FeedException(
                first == second
                    ? new FeedFault.RepeatedTimes(names[first], overlap.Time)
                    : new FeedFault.TwoSources(names[first], names[second], overlap.Restated, overlap.Rows)
            );
        }
        for (var index = 1; index < sorted.Count; index++)
        {
            var (candle, table) = sorted[index];
            var (before, tableBefore) = sorted[index - 1];
            if (table == tableBefore)
                OneMarket.RequireNext(before, candle, names[table]);
            // Versions of one candle are compared above.
            else if (candle.OpenTime != before.OpenTime)
                OneMarket.Require(before, names[tableBefore], candle, names[table]);
        }
    }

    // For each pair of tables, how many rows have the same time, how many of them other values, and the first such time.
    private static Dictionary<(int First, int Second), (int Rows, int Restated, long Time)> Overlaps(
        List<(Candle Candle, int Table)> sorted
    )
    {
        var overlaps = new Dictionary<(int First, int Second), (int Rows, int Restated, long Time)>();
        for (var index = 1; index < sorted.Count; index++)
        {
            var (candle, table) = sorted[index];
            var (before, tableBefore) = sorted[index - 1];
            if (candle.OpenTime != before.OpenTime)
                continue;
            ref var overlap = ref CollectionsMarshal.GetValueRefOrAddDefault(overlaps, (tableBefore, table), out _);
            overlap.Rows++;
            if (!candle.Equals(before) && overlap.Restated++ == 0)
                overlap.Time = candle.OpenTime;
        }
        return overlaps;
    }
}

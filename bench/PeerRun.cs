using System.Text.Json;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>Our side of <c>bench/peers/run</c>: the candles for the others, our values, and what a candle costs us.</summary>
internal static class PeerRun
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>Writes the candles of a file as JSON, column by column.</summary>
    public static void WriteCandles(string path, TextWriter output)
    {
        var candles = SampleWeek.Read(path);
        output.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    openTime = candles.Select(candle => candle.OpenTime),
                    open = candles.Select(candle => candle.Open),
                    high = candles.Select(candle => candle.High),
                    low = candles.Select(candle => candle.Low),
                    close = candles.Select(candle => candle.Close),
                    volume = candles.Select(candle => candle.Volume),
                }
            )
        );
    }

    /// <summary>Measures lists of indicators, each as one streaming row, and writes one JSON object.</summary>
    /// <param name="path">File of candles.</param>
    /// <param name="rounds">Timed passes over the file for each list, each with a new run.</param>
    /// <param name="output">Takes for each list the nanoseconds and bytes per candle of each round, and our values.</param>
    /// <param name="clock">What measures.</param>
    public static void Measure(string path, int rounds, TextWriter output, TimeProvider clock)
    {
        var candles = SampleWeek.Read(path);
        var nine = Catalogue.Default.Split(',');
        // What a package lacks is not counted on our side either.
        string[][] left =
        [
            [],
            ["sar"],
            ["bb"],
            ["supertrend"],
            ["supertrend", "sar"],
            ["supertrend", "bb"],
        ];
        string[] lists = [.. nine, .. left.Select(kinds => Without(nine, kinds))];
        // In turns, so that a busy moment of the machine does not hit one list alone.
        var timings = lists.ToDictionary(list => list, _ => new List<double>());
        var bytes = lists.ToDictionary(list => list, _ => 0.0);
        var begin = clock.GetTimestamp();
        while (timings[lists[^1]].Count < rounds)
        {
            // Quick rounds alone would not do: methods are compiled anew in the background after some time.
            var warm = clock.GetElapsedTime(begin) >= WarmUp;
            foreach (var list in lists)
            {
                var entries = StreamingRow.Entries(list);
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var start = clock.GetTimestamp();
                Pass(entries, candles);
                var elapsed = clock.GetElapsedTime(start);
                bytes[list] = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / candles.Length;
                if (warm)
                    timings[list].Add(elapsed.TotalNanoseconds / candles.Length);
            }
        }

        output.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    name = "BtcBandit",
                    timings = Named(lists, timings),
                    bytes = Named(lists, bytes),
                    values = Values(candles),
                }
            )
        );
    }

    private static void Pass(CatalogueEntry[] entries, Candle[] candles)
    {
        var row = new StreamingRow(entries);
        Span<double> columns = stackalloc double[row.Width];
        foreach (ref readonly var candle in candles.AsSpan())
            row.Push(in candle, columns);
    }

    private static string Without(string[] nine, params string[] kinds) =>
        string.Join(',', nine.Where(entry => !kinds.Contains(KindOf(entry))));

    private static string KindOf(string entry) => entry.Split(':')[0];

    // "sma", and "sma+ema+..." for more than one: the same names on every side.
    private static Dictionary<string, T> Named<T>(string[] lists, Dictionary<string, T> figures) =>
        lists.ToDictionary(list => string.Join('+', list.Split(',').Select(KindOf)), list => figures[list]);

    private static Dictionary<string, double?[]> Values(Candle[] candles)
    {
        var entries = StreamingRow.Entries(Catalogue.Default);
        var values = entries
            .SelectMany(entry => entry.Columns)
            .ToDictionary(name => name, _ => new double?[candles.Length]);
        var row = new StreamingRow(entries);
        var columns = new double[row.Width];
        for (var i = 0; i < candles.Length; i++)
        {
            var silent = row.Push(in candles[i], columns);
            var at = 0;
            for (var k = 0; k < entries.Length; k++)
            {
                foreach (var name in entries[k].Columns)
                    values[name][i] = (silent & (1 << k)) == 0 ? columns[at++] : Skip(ref at);
            }
        }

        return values;
    }

    private static double? Skip(ref int at)
    {
        at++;
        return null;
    }
}

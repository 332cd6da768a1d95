using BtcBandit.Indicators;
using BtcBandit.Indicators.Laws;

namespace BtcBandit.Benchmarks;

/// <summary>The law of drift at full length: `dotnet run -c Release --project bench drift [CANDLES]`.</summary>
internal static class DriftProof
{
    /// <summary>Deviation over deviation is only as exact as the price is to the deviation, hence 1e-9 for ratios.</summary>
    private static readonly (string Id, int Window, Scaling[] Scaling)[] Windowed =
    [
        ("sma:14", 14, [Scaling.Price]),
        ("wma:14", 14, [Scaling.Price]),
        ("bb:20:2", 20, [Scaling.Price, Scaling.Price, Scaling.Price, Scaling.Ratio, Scaling.Ratio]),
        ("vwap:14", 14, [Scaling.Price]),
        ("stdev:20", 20, [Scaling.Price]),
        ("zscore:20", 20, [Scaling.Ratio]),
        ("roc:10", 11, [Scaling.Ratio]),
        ("sma:1000", 1000, [Scaling.Price]),
    ];

    /// <summary>Prints one line for each indicator.</summary>
    /// <returns>1 when one of them drifted.</returns>
    public static int Run(long candles)
    {
        var drifted = 0;
        foreach (var (id, window, scaling) in Windowed)
        {
            var entry = FeatureSet.Of(id).Entries[0];
            var subject = Subject.Of(entry).WithScaling(scaling).WithWindow(window);
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                Laws.Drift(subject, candles);
                Console.WriteLine(
                    $"{id, -10} {candles:N0} candles: equal to a fresh run of the last {window} at 102 places ({TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s)"
                );
            }
            catch (LawBrokenException error)
            {
                drifted = 1;
                Console.WriteLine(error.Message);
            }
        }
        return drifted;
    }
}

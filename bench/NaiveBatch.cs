using BtcBandit.Indicators;
using MathNet.Numerics.Statistics;

namespace BtcBandit.Benchmarks;

/// <summary>The nine as one writes them first: whole series, windows anew for each candle, LINQ and MathNet.</summary>
/// <remarks>A yardstick of speed. The oracles that judge the values stand in the tests.</remarks>
internal static class NaiveBatch
{
    /// <summary>Computes all nine.</summary>
    /// <returns>The sum of their last values, so that none can be left out.</returns>
    public static double Nine(Candle[] candles)
    {
        var closes = candles.Select(candle => candle.Close).ToArray();
        var (trend, direction) = SuperTrend(candles, 10, 3);
        return Sma(closes, 14)[^1]
            + Ema(closes, 14)[^1]
            + Wma(closes, 14)[^1]
            + Bollinger(closes, 20, 2)[^1].Upper
            + Vwap(candles)[^1]
            + Atr(candles, 14)[^1]
            + Trix(closes, 18)[^1]
            + Sar(candles, 0.02, 0.2)[^1]
            + (trend[^1] * direction[^1]);
    }

    private static IEnumerable<ArraySegment<double>> Windows(double[] values, int period) =>
        Enumerable
            .Range(0, values.Length - period + 1)
            .Select(start => new ArraySegment<double>(values, start, period));

    private static double[] Sma(double[] values, int period) =>
        [.. Windows(values, period).Select(window => window.Mean())];

    private static double[] Wma(double[] values, int period) =>
        [
            .. Windows(values, period)
                .Select(window => window.Select((value, i) => value * (i + 1)).Sum() * 2 / (period * (period + 1.0))),
        ];

    private static (double Middle, double Upper, double Lower, double PercentB, double Bandwidth)[] Bollinger(
        double[] values,
        int period,
        double multiple
    ) =>
        [
            .. Windows(values, period)
                .Select(window =>
                {
                    var middle = window.Mean();
                    var band = multiple * window.PopulationStandardDeviation();
                    var percentB = band > 0 ? (window[^1] - middle + band) / (2 * band) : 0.5;
                    return (middle, middle + band, middle - band, percentB, 2 * band / middle);
                }),
        ];

    private static double[] Smooth(double[] values, int period, double gain)
    {
        var average = values.Take(period).Mean();
        return [average, .. values.Skip(period).Select(value => average += gain * (value - average))];
    }

    private static double[] Ema(double[] values, int period) => Smooth(values, period, 2.0 / (period + 1));

    private static double[] Trix(double[] values, int period)
    {
        var third = Ema(Ema(Ema(values, period), period), period);
        return [.. third.Zip(third.Skip(1), (before, now) => 100 * ((now / before) - 1))];
    }

    private static double[] Vwap(Candle[] candles) =>
        [
            .. candles
                .GroupBy(candle => candle.OpenTime / 86_400_000)
                .SelectMany(day =>
                {
                    var (value, volume) = (0.0, 0.0);
                    return day.Select(candle =>
                    {
                        value += candle.Typical * candle.Volume;
                        volume += candle.Volume;
                        return volume > 0 ? value / volume : candle.Typical;
                    });
                }),
        ];

    private static double[] Atr(Candle[] candles, int period) =>
        Smooth(
            [
                .. candles.Zip(
                    candles.Skip(1),
                    (before, now) => Math.Max(now.High, before.Close) - Math.Min(now.Low, before.Close)
                ),
            ],
            period,
            1.0 / period
        );

    private static double[] Sar(Candle[] candles, double step, double most)
    {
        var stops = new double[candles.Length - 1];
        var falls = candles[0].Low - candles[1].Low > Math.Max(candles[1].High - candles[0].High, 0);
        var (isLong, acceleration) = (!falls, step);
        var stop = isLong ? candles[0].Low : candles[0].High;
        var extreme = isLong ? candles[1].High : candles[1].Low;
        for (var i = 1; i < candles.Length; i++)
        {
            var (now, before) = (candles[i], candles[Math.Max(i - 1, 1)]);
            var reverses = isLong ? now.Low <= stop : now.High >= stop;
            var (highest, lowest) = (Math.Max(now.High, before.High), Math.Min(now.Low, before.Low));
            if (reverses)
            {
                stop = isLong ? Math.Max(extreme, highest) : Math.Min(extreme, lowest);
                (isLong, acceleration) = (!isLong, step);
                extreme = isLong ? now.High : now.Low;
            }
            else if (isLong ? now.High > extreme : now.Low < extreme)
            {
                extreme = isLong ? now.High : now.Low;
                acceleration = Math.Min(acceleration + step, most);
            }

            stops[i - 1] = stop;
            stop += acceleration * (extreme - stop);
            stop = isLong ? Math.Min(stop, lowest) : Math.Max(stop, highest);
        }

        return stops;
    }

    private static (double[] Values, double[] Directions) SuperTrend(Candle[] candles, int period, double multiple)
    {
        var ranges = Atr(candles, period);
        var (values, directions) = (new double[ranges.Length], new double[ranges.Length]);
        var (upper, lower, up) = (double.MaxValue, 0.0, true);
        for (var i = 0; i < ranges.Length; i++)
        {
            var (now, before) = (candles[period + i], candles[period + i - 1]);
            var middle = (now.High + now.Low) / 2;
            var (above, below) = (middle + (multiple * ranges[i]), middle - (multiple * ranges[i]));
            up = i == 0 ? now.Close >= middle : up;
            upper = i == 0 || above < upper || before.Close > upper ? above : upper;
            lower = i == 0 || below > lower || before.Close < lower ? below : lower;
            up = up ? now.Close > lower : now.Close > upper;
            values[i] = up ? lower : upper;
            directions[i] = up ? 1 : -1;
        }

        return (values, directions);
    }
}

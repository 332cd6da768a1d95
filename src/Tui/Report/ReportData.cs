using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>What the charts of a report are drawn from: one column for each value, one row for each bucket.</summary>
internal sealed record ReportData
{
    private const double MillisecondsPerSecond = 1_000.0;

    /// <summary>Length of a candle, in seconds.</summary>
    public required long Step { get; init; }

    /// <summary>Open times, in seconds since 1970 UTC.</summary>
    public required IEnumerable<long> Time { get; init; }

    public required IEnumerable<double> Open { get; init; }
    public required IEnumerable<double> High { get; init; }
    public required IEnumerable<double> Low { get; init; }
    public required IEnumerable<double> Close { get; init; }

    /// <summary>Volumes, in the base currency.</summary>
    public required IEnumerable<double> Volume { get; init; }

    /// <summary>Numbers of executions.</summary>
    public required IEnumerable<long> Buys { get; init; }
    public required IEnumerable<long> Sells { get; init; }

    /// <summary>Fraction of the steps that ended with a position.</summary>
    public required IEnumerable<double> Invested { get; init; }

    /// <summary>How often each action was chosen.</summary>
    public required IEnumerable<long> Sell { get; init; }
    public required IEnumerable<long> Hold { get; init; }
    public required IEnumerable<long> Buy { get; init; }

    public required IReadOnlyList<ReportCurve> Curves { get; init; }
    public required ReportWeights Weights { get; init; }

    /// <summary>Takes what is drawn from a report.</summary>
    public static ReportData Of(BacktestReport report)
    {
        var buckets = report.Chart.Buckets;
        var features = WeightSection.Features(report).Take(WeightSection.Drawn);
        var shown = ComparisonFigures.Rows(report.Comparison).ToHashSet(ReferenceEqualityComparer.Instance);
        return new ReportData
        {
            Step = (long)(report.Header.Source.Timeframe.Milliseconds / MillisecondsPerSecond),
            Time = buckets.Select(bucket => Seconds(bucket.OpenTime)),
            Open = buckets.Select(bucket => bucket.Open),
            High = buckets.Select(bucket => bucket.High),
            Low = buckets.Select(bucket => bucket.Low),
            Close = buckets.Select(bucket => bucket.Close),
            Volume = buckets.Select(bucket => bucket.Volume),
            Buys = buckets.Select(bucket => bucket.Buys),
            Sells = buckets.Select(bucket => bucket.Sells),
            Invested = buckets.Select(bucket => (double)bucket.InvestedSteps / bucket.Steps),
            Sell = buckets.Select(bucket => bucket.Actions.Sell),
            Hold = buckets.Select(bucket => bucket.Actions.Hold),
            Buy = buckets.Select(bucket => bucket.Actions.Buy),
            Curves =
            [
                .. report
                    .Curves.Select(curve => (Curve: curve, Agent: AgentOf(curve, report.Comparison)))
                    .Where(one => shown.Contains(one.Agent))
                    .Select(one => new ReportCurve(
                        $"{ComparisonFigures.LabelOf(one.Agent, report.Comparison)}{ReportSections.OfSeed(one.Agent)}",
                        one.Curve.IsBaseline,
                        one.Curve.Points.Select(point => point.Equity),
                        one.Curve.Points.Select(point => point.Drawdown)
                    )),
            ],
            Weights = new ReportWeights(
                report.Chart.Weights.Select(bucket => Seconds(bucket.OpenTime)),
                [
                    .. features.Select(feature => new ReportFeature(
                        feature.Name,
                        report.Chart.Weights.Select(bucket =>
                            bucket.Counted > 0 ? bucket.Sizes[feature.Place] : (double?)null
                        )
                    )),
                ]
            ),
        };
    }

    /// <summary>The data as JSON that can stand in a script element: no character of markup is left unescaped.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ReportData);

    private static ComparedAgent AgentOf(EquityCurve curve, Comparison comparison) =>
        (curve.IsBaseline ? comparison.Baselines : comparison.Agents).First(agent =>
            agent.Name == curve.Name && agent.IsFrozen == curve.IsFrozen
        );

    private static long Seconds(long milliseconds) => (long)(milliseconds / MillisecondsPerSecond);
}

/// <summary>Equity of one run.</summary>
internal sealed record ReportCurve(
    string Name,
    bool Baseline,
    IEnumerable<double> Equity,
    IEnumerable<double> Drawdown
);

/// <summary>Weights of the features that are drawn.</summary>
internal sealed record ReportWeights(IEnumerable<long> Time, IReadOnlyList<ReportFeature> Features);

/// <summary>Weight of one feature; null where no step counts.</summary>
internal sealed record ReportFeature(string Name, IEnumerable<double?> Sizes);

/// <summary>Source-generated JSON serialiser of what is drawn.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(EightDigits)]
)]
[JsonSerializable(typeof(ReportData))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Writes numbers with eight significant digits: more than any screen shows, in half the bytes.</summary>
internal sealed class EightDigits : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString("G8", CultureInfo.InvariantCulture));
}

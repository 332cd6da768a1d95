using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>A warm-up in words.</summary>
internal static class WarmUpText
{
    /// <summary>The result of a pass.</summary>
    public static string Of(WarmUpPass pass, WarmUpTerms terms) =>
        $"warm-up pass {pass.Number}: {Result(pass)}{InSample(pass, terms)}";

    /// <summary>How far a warm-up is.</summary>
    public static string Progress(WarmUpPass pass, TimeSpan left) =>
        Invariant(
            $"warm-up pass {pass.Number}, step {pass.Steps}: {Result(pass)}; {(left > TimeSpan.Zero ? left : TimeSpan.Zero):d\\.hh\\:mm\\:ss} left"
        );

    /// <summary>The verdict, with the reason.</summary>
    public static string Of(WarmUpVerdict verdict, WarmUpTerms terms)
    {
        var last = verdict.Last;
        if (verdict.IsStopped)
            return $"warm-up stopped in pass {last.Number}: {Result(last)}";
        if (verdict.IsPassed)
            return $"warm-up passed in pass {last.Number}: {Result(last)}; asked: {Asked(terms)}{InSample(last, terms)}";
        var unfinished = last.IsWhole ? "" : ", cut off when the time was over,";
        return $"warm-up not passed after {(last.Number == 1 ? "1 pass" : $"{last.Number} passes")}: the last one{unfinished} had {Result(last)}; asked: {Asked(terms)}";
    }

    /// <summary>The verdict as JSON.</summary>
    public static string ToJson(WarmUpVerdict verdict, WarmUpTerms terms) =>
        JsonSerializer.Serialize(
            new WarmUpReport(
                verdict.IsPassed,
                verdict.Last.Number,
                verdict.Last.NetReturn,
                verdict.Last.RoundTrips,
                verdict.Last.Steps,
                verdict.Last.IsWhole,
                terms.MinimumReturn,
                terms.Gate == WarmUpGate.Holdout ? "holdout" : "replay",
                IsInSample(verdict.Last, terms)
            ),
            WarmUpJson.Default.WarmUpReport
        );

    private static string Result(WarmUpPass pass) =>
        Invariant($"net {100.0 * pass.NetReturn:0.00} % after costs, {Counted.Of(pass.RoundTrips, "round trip")}");

    private static string Asked(WarmUpTerms terms) =>
        Invariant($"more than {100.0 * terms.MinimumReturn:0.##} % and at least 1 round trip")
        + (terms.Gate == WarmUpGate.Holdout ? " in the last fifth of the day" : "");

    private static bool IsInSample(WarmUpPass pass, WarmUpTerms terms) =>
        terms.Gate == WarmUpGate.Replay && pass.Number > 1;

    private static string InSample(WarmUpPass pass, WarmUpTerms terms) =>
        IsInSample(pass, terms)
            ? $" (in-sample: the agent has seen this day {Counted.Of(pass.Number - 1, "time")} before)"
            : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A verdict as JSON. Returns are fractions.</summary>
internal sealed record WarmUpReport(
    bool Passed,
    int Passes,
    double NetReturn,
    long RoundTrips,
    long Steps,
    bool WholePass,
    double MinimumReturn,
    string Gate,
    bool InSample
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WarmUpReport))]
internal sealed partial class WarmUpJson : JsonSerializerContext;

using System.Text.Json.Nodes;
using BtcBandit.Sweep.Distribution;
using BtcBandit.Sweep.Execution;

namespace BtcBandit.Tui.Wording;

/// <summary>Texts of a sweep.</summary>
internal static class SweepText
{
    /// <summary>How far a sweep is, in one line.</summary>
    public static string Progress(SweepProgress progress)
    {
        var share = progress.Total > 0 ? (double)progress.Done / progress.Total : 1.0;
        var rate = progress.Rate is { } perSecond ? Invariant($", {perSecond:0.0}/s") : "";
        var left =
            progress is { Made: > 0, Left: { } time } && progress.Done < progress.Total
                ? $", {ProgressText.Left(time)} left"
                : "";
        var failed = progress.Failed > 0 ? Invariant($", {progress.Failed:N0} failed") : "";
        return Invariant(
            $"runs {ProgressText.Bar(share)}  {progress.Done:N0} of {progress.Total:N0}{rate}{failed}{left}"
        );
    }

    /// <summary>What a sweep came to.</summary>
    public static string End(SweepEnd end, string path, bool isJson)
    {
        var progress = end.Progress;
        if (isJson)
        {
            return new JsonObject
            {
                ["file"] = path,
                ["runs"] = progress.Total,
                ["finished"] = progress.Done,
                ["made"] = progress.Made,
                ["failed"] = progress.Failed,
                ["differing"] = end.Differing.Count,
                ["seconds"] = Math.Round(progress.Elapsed.TotalSeconds, 3),
            }.ToJsonString();
        }
        var there = progress.Done - progress.Made;
        return Invariant($"{Runs(progress.Total)}: {progress.Made:N0} made")
            + (there > 0 ? Invariant($", {there:N0} were there") : "")
            + (progress.Failed > 0 ? Invariant($", {progress.Failed:N0} failed") : "")
            + (progress.Done < progress.Total ? Invariant($", {progress.Total - progress.Done:N0} are missing") : "")
            + Invariant($", {progress.Elapsed.TotalSeconds:0.0} s\n")
            + Results(path, end.IsWhole);
    }

    /// <summary>Why runs failed, in one line.</summary>
    public static string Failure((string Message, int Runs) failure) =>
        $"{Runs(failure.Runs)} failed: {failure.Message.ReplaceLineEndings(" ")}";

    private static string Results(string path, bool isWhole) =>
        isWhole
            ? $"results in {path}: btcbandit sweep report {path}"
            : $"results so far in {path}: the same command goes on";

    /// <summary>How far the workers of a sweep are, in one line.</summary>
    public static string Progress(ClusterProgress progress)
    {
        var share = progress.Total > 0 ? (double)progress.Done / progress.Total : 1.0;
        var lost = progress.Lost > 0 ? Invariant($", {progress.Lost:N0} given up") : "";
        var refused = progress.Refused > 0 ? Invariant($", {Counted.Of(progress.Refused, "duplicate")} refused") : "";
        return Invariant($"units {ProgressText.Bar(share)}  {progress.Done:N0} of {progress.Total:N0}, ")
            + $"{Counted.Of(progress.Workers, "worker")} with {Counted.Of(progress.Slots, "core")}{refused}{lost}";
    }

    /// <summary>What a sweep by workers came to.</summary>
    public static string ClusterEnd(
        (int Runs, int Finished, int Failed) count,
        bool isWhole,
        long refused,
        int verified,
        TimeSpan time,
        string path,
        bool isJson
    ) =>
        isJson
            ? new JsonObject
            {
                ["file"] = path,
                ["runs"] = count.Runs,
                ["finished"] = count.Finished,
                ["failed"] = count.Failed,
                ["duplicates_refused"] = refused,
                ["units_verified"] = verified,
                ["seconds"] = Math.Round(time.TotalSeconds, 3),
            }.ToJsonString()
            : Invariant($"{Runs(count.Runs)}: {count.Finished:N0} have a result")
                + (count.Failed > 0 ? Invariant($", {count.Failed:N0} failed") : "")
                + (count.Finished < count.Runs ? Invariant($", {count.Runs - count.Finished:N0} are missing") : "")
                + Invariant($", {Counted.Of(refused, "duplicate")} refused")
                + (verified > 0 ? Invariant($", {Counted.Of(verified, "unit")} verified") : "")
                + Invariant($", {time.TotalSeconds:0.0} s\n")
                + Results(path, isWhole);

    /// <summary>What a worker did.</summary>
    public static string WorkerEnd(WorkerProgress progress) =>
        Invariant($"{Counted.Of(progress.Done, "unit")} done")
        + (progress.Refused > 0 ? Invariant($", {progress.Refused:N0} that others had done first") : "")
        + (progress.HandedBack > 0 ? Invariant($", {progress.HandedBack:N0} handed back") : "")
        + (
            progress.Differing > 0 ? Invariant($", {progress.Differing:N0} with another result than the first one") : ""
        );

    /// <summary>That a worker got other results than another one.</summary>
    public static string WorkerDiffers(WorkerProgress progress) =>
        $"{Counted.Of(progress.Differing, "result")} of this machine differed from what another one delivered first: one of them computes wrongly";

    /// <summary>What a sweep would do.</summary>
    public static string Plan(SweepPlan plan, SweepEstimate estimate, string path, int threads)
    {
        var lines = new List<string>();
        foreach (var market in plan.Markets)
        {
            var windows = market.Windows;
            lines.Add(
                Invariant($"{market.Market.Name, -24} {market.Candles, 12:N0} candles   ")
                    + (
                        windows[0].Window.HasTrain || windows.Count > 1
                            ? $"{Counted.Of(windows.Count, plan.Spec.Halving is null ? "fold" : "rung")}, {Date(windows[0].Window.From)} to {Date(windows[^1].Window.To)}"
                            : $"{Date(windows[0].Window.From)} to {Date(windows[0].Window.To)}"
                    )
            );
        }
        lines.Add("");
        lines.Add(
            $"{Counted.Of(plan.SettingCount, "setting")} x {Counted.Of(plan.Spec.Seeds, "seed")}: {Runs(estimate.Runs)}"
                + (estimate.Finished > 0 ? Invariant($", {estimate.Finished:N0} of them have a result in {path}") : "")
        );
        lines.Add(
            estimate.CandlesLeft == 0
                ? "nothing is left to do"
                : Invariant(
                    $"{estimate.CandlesLeft:N0} candles in {Counted.Of(estimate.Units, "unit")} at {estimate.SecondsPerCandle * 1e9:0} ns: "
                )
                    + $"about {ProgressText.Left(estimate.TimeOn(threads))} on {Counted.Of(threads, "thread")}, if that many are free"
        );
        lines.Add(Invariant($"about {Math.Max(1, estimate.Bytes / 1_000_000):N0} MB in {path}"));
        return string.Join('\n', lines);
    }

    /// <summary>The same as JSON.</summary>
    public static string PlanJson(SweepPlan plan, SweepEstimate estimate, string path, int threads) =>
        new JsonObject
        {
            ["file"] = path,
            ["settings"] = plan.SettingCount,
            ["seeds"] = plan.Spec.Seeds,
            ["runs"] = estimate.Runs,
            ["finished"] = estimate.Finished,
            ["units_left"] = estimate.Units,
            ["candles_left"] = estimate.CandlesLeft,
            ["seconds_per_candle"] = estimate.SecondsPerCandle,
            ["threads"] = threads,
            ["seconds_left"] = Math.Round(estimate.TimeOn(threads).TotalSeconds, 3),
            ["bytes"] = estimate.Bytes,
            ["markets"] = new JsonArray([
                .. plan.Markets.Select(market => new JsonObject
                {
                    ["market"] = market.Market.Name,
                    ["candles"] = market.Candles,
                    ["windows"] = market.Windows.Count,
                    ["from"] = Date(market.Windows[0].Window.From),
                    ["to"] = Date(market.Windows[^1].Window.To),
                }),
            ]),
        }.ToJsonString();

    /// <summary>For instance <c>1 run</c> or <c>1,440 runs</c>.</summary>
    public static string Runs(long count) => count == 1 ? "1 run" : Invariant($"{count:N0} runs");

    private static string Date(long openTime) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(openTime)
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

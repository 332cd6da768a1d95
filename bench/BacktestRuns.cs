using System.Diagnostics;
using System.Globalization;
using System.Reactive.Linq;
using System.Text.Json;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Benchmarks;

/// <summary>Many runs over one file: in one backtest, and each in a process of the program.</summary>
internal static class BacktestRuns
{
    /// <summary>Prints the time per run of both ways, and whether they end with the same equity.</summary>
    /// <param name="file">A file of one-minute candles of BTC/USDT.</param>
    /// <param name="program">The program, <c>btcbandit.dll</c>, built for Release.</param>
    /// <param name="count">Number of runs, each with its own seed.</param>
    /// <param name="clock">What time is measured with.</param>
    /// <returns>0 if both ways agree, else 1.</returns>
    public static int Measure(string file, string program, int count, TimeProvider clock)
    {
        var source = new MarketSource.Files(new TradingPair("BTC", "USDT"), Timeframe.OneMinute);
        var runs = Enumerable
            .Range(1, count)
            .Select(seed => new BacktestRun(RunPlan.Of(source, new RunParameters { Seed = seed, Horizon = 15 })))
            .ToArray();

        var started = clock.GetTimestamp();
        var results = Backtest.RunAsync(SampleWeek.Read(file).ToObservable(), runs).GetAwaiter().GetResult();
        var together = clock.GetElapsedTime(started).TotalSeconds / count;

        started = clock.GetTimestamp();
        var equities = Enumerable.Range(1, count).Select(seed => EquityOf(program, file, seed)).ToArray();
        var apart = clock.GetElapsedTime(started).TotalSeconds / count;

        var areEqual = results.Select(result => result.Summary?.FinalEquity ?? double.NaN).SequenceEqual(equities);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} runs, s per run: {together:F2} in one backtest, {apart:F2} in a process each, {apart / together:F1} times; {(areEqual ? "equal" : "DIFFERENT")} equity"
            )
        );
        return areEqual ? 0 : 1;
    }

    private static double EquityOf(string program, string file, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("btcbandit-bench-");
        string[] arguments = [program, "--data", file, "--seed", $"{seed}", "--horizon", "15", "--json"];
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--data-dir", folder.FullName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var summary = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        folder.Delete(recursive: true);
        return summary.RootElement.GetProperty("final_equity").GetDouble();
    }
}

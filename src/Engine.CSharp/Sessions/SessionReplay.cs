using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Makes a session's steps again from recorded candles, and compares them with its journal.</summary>
/// <param name="plan">Description of the run.</param>
/// <param name="start">What the session began with; null for a new run.</param>
/// <param name="learned">What the agent of a new run began with; null for the prior.</param>
/// <param name="rows">The journal's file of rows.</param>
internal sealed class SessionReplay(RunPlan plan, StateDocument? start, AgentState? learned, string rows)
{
    private readonly TradingRun run = new(plan, start?.Run, learned);
    private readonly TradeRows format = new();
    private readonly byte[] row = new byte[TradeRows.LongestRow];
    private readonly CandleHash hash = new();

    /// <summary>Replays candles up to the end of the session.</summary>
    /// <param name="candles">Recorded candles in order of time, read twice; those before and after the session are left out.</param>
    /// <param name="first">Open time of the first candle that the session took, ms UTC.</param>
    /// <param name="end">State at the end of the session.</param>
    /// <exception cref="IOException">The rows cannot be read.</exception>
    public ReplayResult Run(IEnumerable<Candle> candles, long first, RunState end)
    {
        var session = candles
            .SkipWhile(candle => candle.OpenTime < first)
            .TakeWhile(candle => candle.OpenTime <= end.LastCandle.OpenTime);
        var taken = end.Candles - (start?.Run.Candles ?? 0);
        // With other candles the rows would differ, and say nothing.
        foreach (var candle in session)
            hash.Append(in candle);
        if (hash.Count != taken)
            return new ReplayResult.Incomplete(hash.Count, taken);

        using var file = new FileStream(rows, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = start?.TradesBytes ?? Encoding.ASCII.GetByteCount(TradesFile.Header) + 1;
        using var journal = new StreamReader(file, Encoding.UTF8);
        foreach (var candle in session)
        {
            if (!run.Take(in candle))
                continue;
            var made = Encoding.UTF8.GetString(row, 0, format.Write(run.Made, row, 0) - 1);
            var live = journal.ReadLine() ?? "";
            if (made != live)
                return new ReplayResult.Differs(candle.OpenTime, live, made);
        }

        return StateFile.Bytes(run.Capture()).AsSpan().SequenceEqual(StateFile.Bytes(end))
            ? new ReplayResult.Same(hash.Count, $"{hash}")
            : new ReplayResult.Differs(end.LastCandle.OpenTime, "", "");
    }
}

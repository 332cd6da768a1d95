using System.Text;

namespace BtcBandit.FakeExchange;

/// <summary>What one stream of a market shows, and what goes wrong with it.</summary>
internal sealed class MarketStream(Market market, FaultPlan faults, TimeProvider clock)
{
    private static readonly string[] junk =
    [
        "not json",
        "{",
        "[]",
        "null",
        "{\"e\":\"kline\",\"k\":{}}",
        "{\"e\":\"kline\",\"E\":1,\"k\":{\"t\":\"x\"}}",
        "{\"result\":null,\"id\":1}",
        "\u0000\u0001",
        "{\"e\":\"kline\",\"E\":9,\"s\":\"ETHUSDT\",\"k\":{\"t\":60000,\"s\":\"ETHUSDT\",\"i\":\"1m\",\"o\":\"1\",\"c\":\"1\",\"h\":\"1\",\"l\":\"1\",\"v\":\"1\",\"n\":1,\"x\":true}}",
    ];

    private readonly IReadOnlyList<Row> rows = market.Rows;

    private byte[] Frame(Row row, bool isClosed, long at, string? volume = null)
    {
        var (high, low, close, traded, trades) = row.At(at);
        return Encoding.ASCII.GetBytes(
            $"{{\"e\":\"kline\",\"E\":{market.Now},\"s\":\"{Market.Symbol}\",\"k\":{{\"t\":{row.OpenTime},\"T\":{row.OpenTime + Row.Length - 1},"
                + $"\"s\":\"{Market.Symbol}\",\"i\":\"1m\",\"f\":1,\"L\":{trades},\"o\":\"{row.Open}\",\"c\":\"{close}\",\"h\":\"{high}\","
                + $"\"l\":\"{low}\",\"v\":\"{volume ?? traded}\",\"n\":{trades},\"x\":{(isClosed ? "true" : "false")},\"q\":\"0\","
                + "\"V\":\"0\",\"Q\":\"0\",\"B\":\"0\"}}"
        );
    }

    /// <summary>Sends frames until the stream ends.</summary>
    public async Task Show(IFrames frames, CancellationToken stop)
    {
        var openedAt = market.Now;
        for (var index = market.IndexAt(market.Now - Row.Length + 1); index < rows.Count; index++)
        {
            var row = rows[index];
            if (row.IsQuiet && market.IsSilentWhenQuiet)
                continue;
            var place = row.OpenTime / Row.Length;
            // Faults within a minute strike at a time of their own.
            var faultAt = row.OpenTime + 2_000 + (long)(faults.Draw(place, 1_001) * (Row.Length - 4_000));
            var offset = faults.Draw(place, 1_002) < 0.5 ? 0 : 137;
            for (var time = row.OpenTime + 2_000 + offset; time < row.OpenTime + Row.Length; time += 2_000)
            {
                if (time <= market.Now)
                    continue;
                await Until(time, stop);
                if (market.IsDown)
                {
                    await frames.Reset();
                    return;
                }
                if (market.Now - openedAt > 86_400_000)
                {
                    await frames.Close();
                    return;
                }
                await frames.Send(Frame(row, false, market.Now));
                if (time < faultAt)
                    continue;
                faultAt = long.MaxValue;
                if (await Misbehave(frames, index, place, stop))
                    return;
            }
            // Who connects after the close does not see it.
            if (market.Now > row.OpenTime + Row.Length + 400)
                continue;
            await Until(row.OpenTime + Row.Length + 120, stop);
            if (market.IsDown)
            {
                await frames.Reset();
                return;
            }
            await Finish(frames, row, place);
        }
        await Delay.For(Timeout.InfiniteTimeSpan, clock, stop);
    }

    private async Task Finish(IFrames frames, Row row, long place)
    {
        var end = row.OpenTime + Row.Length;
        if (market.Hit(Fault.NoClosingFrame, place))
            return;
        await frames.Send(Frame(row, true, market.Hit(Fault.ThinClosingFrame, place) ? end - 5_000 : end));
        if (market.Hit(Fault.Duplicates, place))
        {
            await frames.Send(Frame(row, true, end));
            await frames.Send(Frame(row, false, end - 1_000));
        }
        if (market.Hit(Fault.Restated, place))
            await frames.Send(Frame(row, true, end, "123456.70000000"));
    }

    // Returns whether the stream has ended.
    private async Task<bool> Misbehave(IFrames frames, int index, long place, CancellationToken stop)
    {
        var row = rows[index];
        if (market.Hit(Fault.CleanClose, place))
        {
            await frames.Close();
            return true;
        }
        if (market.Hit(Fault.Reset, place))
        {
            await frames.Reset();
            return true;
        }
        if (market.Hit(Fault.HalfOpen, place))
        {
            frames.Hang();
            await Delay.For(Timeout.InfiniteTimeSpan, clock, stop);
        }
        if (market.Hit(Fault.Frozen, place))
        {
            var frame = Frame(row, false, market.Now);
            for (var sent = 0; sent < 400; sent++)
            {
                await Delay.For(TimeSpan.FromSeconds(1), clock, stop);
                await frames.Send(frame);
            }
        }
        if (market.Hit(Fault.Shutdown, place))
        {
            await frames.Send(Encoding.ASCII.GetBytes($"{{\"e\":\"serverShutdown\",\"E\":{market.Now}}}"));
            await Delay.For(TimeSpan.FromSeconds(4), clock, stop);
            await frames.Close();
            return true;
        }
        if (market.Hit(Fault.Junk, place))
        {
            foreach (var text in junk)
                await frames.Send(Encoding.UTF8.GetBytes(text));
        }
        if (market.Hit(Fault.Future, place))
            await frames.Send(Frame(row with { OpenTime = row.OpenTime + 86_400_000 }, true, long.MaxValue));
        if (market.Hit(Fault.OutOfOrder, place))
        {
            for (var back = 1; back <= 3 && index >= back; back++)
                await frames.Send(Frame(rows[index - back], true, market.Now));
        }
        return false;
    }

    private async Task Until(long time, CancellationToken stop)
    {
        while (time - market.Now is > 0 and var wait)
            await Delay.For(TimeSpan.FromMilliseconds(wait), clock, stop);
    }
}

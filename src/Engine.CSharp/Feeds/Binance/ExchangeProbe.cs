namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Asks an exchange for each thing that live candles need, once, within a limited time.</summary>
/// <param name="exchange">The exchange.</param>
/// <param name="host">Name of its REST host, for messages.</param>
/// <param name="limit">Time for all of it.</param>
/// <param name="clock">Measures the times.</param>
internal sealed class ExchangeProbe(IKlineExchange exchange, string host, TimeSpan limit, TimeProvider clock)
{
    private ExchangeNotice heard;

    /// <summary>Asks the REST interface and opens a stream, at the same time. An exchange that does not answer is a finding.</summary>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<ExchangeFindings> Ask(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        using var notices = exchange.Notices.Subscribe(notice => heard = notice);
        var opening = OpenStream(either.Token, stop);
        var answering = AskRest(either.Token, stop);
        await Task.WhenAll(opening, answering);
        var (fault, time) = await opening;
        var findings = await answering;
        return findings with { StreamFault = fault, StreamTime = time };
    }

    private async Task<(string? Fault, TimeSpan? Time)> OpenStream(CancellationToken limited, CancellationToken stop)
    {
        var start = clock.GetTimestamp();
        try
        {
            await using var stream = await exchange.Follow(limited);
            return (null, clock.GetElapsedTime(start));
        }
        catch (IOException error)
        {
            return (error.Message, null);
        }
        // A question that is broken off may end in an error of its own.
        catch (Exception) when (limited.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return (NoAnswer, null);
        }
    }

    private async Task<ExchangeFindings> AskRest(CancellationToken limited, CancellationToken stop)
    {
        var findings = new ExchangeFindings();
        try
        {
            // The first question opens the connection, the second one is measured.
            await exchange.ServerTime(limited);
            var (before, start) = (clock.GetUtcNow(), clock.GetTimestamp());
            var server = DateTimeOffset.FromUnixTimeMilliseconds(await exchange.ServerTime(limited));
            var time = clock.GetElapsedTime(start);
            findings = findings with { RestTime = time, ClockSkew = server - (before + (time / 2)) };
        }
        catch (FeedException error)
        {
            return findings with { RestFault = error.Fault };
        }
        catch (Exception) when (limited.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return findings with { RestFault = Late() };
        }

        try
        {
            findings = findings with { Filters = await exchange.Filters(limited) };
        }
        catch (FeedException error)
        {
            findings = findings with { PairFault = error.Fault };
        }
        catch (Exception) when (limited.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            findings = findings with { PairFault = Late() };
        }
        return findings with { UsedWeight = heard.UsedWeight };
    }

    private string NoAnswer => $"no answer within {limit.TotalSeconds:0} s";

    private FeedFault Late() =>
        heard.Kind switch
        {
            ExchangeNoticeKind.Banned or ExchangeNoticeKind.Throttled => new FeedFault.ExchangeSilence(
                host,
                heard.Reason,
                heard.Wait
            ),
            ExchangeNoticeKind.Retrying => new FeedFault.ExchangeUnreachable(host, heard.Reason),
            _ => new FeedFault.ExchangeUnreachable(host, NoAnswer),
        };
}

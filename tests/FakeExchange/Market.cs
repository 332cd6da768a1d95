using System.Globalization;
using System.Text;

namespace BtcBandit.FakeExchange;

/// <summary>
/// An exchange with one market, BTCUSDT in minutes: what it answers, and when it does something wrong. It knows nothing of
/// sockets, nor of its clients.
/// </summary>
/// <param name="rows">Recorded candles in order.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="clock">The clock that the market runs on.</param>
/// <param name="skew">How far the exchange's own clock is ahead of that one.</param>
/// <param name="outageFrom">When an outage begins, if the faults have one, ms UTC.</param>
public sealed class Market(
    IReadOnlyList<Row> rows,
    FaultPlan faults,
    TimeProvider clock,
    TimeSpan skew,
    long outageFrom = 0
)
{
    private const long OutageLength = 90 * Row.Length;
    private const int MaxWeight = 6_000;
    internal const string Symbol = "BTCUSDT";
    private static readonly byte[] banned =
        "{\"code\":-1003,\"msg\":\"Way too many requests; IP banned.\"}"u8.ToArray();

    private readonly Lock gate = new();
    private readonly Row[] rows =
    [
        .. rows.Where(row =>
            !faults.Has(Fault.Outage) || row.OpenTime < outageFrom || row.OpenTime >= outageFrom + OutageLength
        ),
    ];

    private long silentUntil;
    private long minute;
    private int usedWeight;
    private int requests;

    /// <summary>The candles that exist.</summary>
    public IReadOnlyList<Row> Rows => rows;

    /// <summary>The exchange's time, ms UTC.</summary>
    public long Now => (clock.GetUtcNow() + skew).ToUnixTimeMilliseconds();

    /// <summary>When the outage and what it entails are over; 0 without one.</summary>
    public long OutageEnd => faults.Has(Fault.Outage) ? outageFrom + OutageLength + 20_000 : 0;

    /// <summary>Whether nothing works.</summary>
    public bool IsDown => faults.Has(Fault.Outage) && Now >= outageFrom && Now < OutageEnd;

    /// <summary>Number of streams that are open.</summary>
    public int OpenStreams { get; private set; }

    /// <summary>Number of streams that were open at once.</summary>
    public int MostOpenStreams { get; private set; }

    /// <summary>Number of streams that were asked for.</summary>
    public int Connects { get; private set; }

    /// <summary>Number of requests.</summary>
    public int Requests => requests;

    /// <summary>Largest weight of a minute.</summary>
    public int MostWeight { get; private set; }

    /// <summary>Number of requests while silence was asked for.</summary>
    public int RequestsWhileBanned { get; private set; }

    /// <summary>Whether quiet minutes have no frames at all, not even a closing one.</summary>
    public bool IsSilentWhenQuiet { get; init; }

    /// <summary>What the exchange says of the pair: TRADING, BREAK, HALT and others.</summary>
    public string Status { get; init; } = "TRADING";

    /// <summary>Whether a new stream is refused.</summary>
    public bool Refuses()
    {
        lock (gate)
        {
            Connects++;
            return IsDown || faults.Strikes(Fault.Refuse, (Now / 20_000 * 1_000) + Connects, 2);
        }
    }

    /// <summary>Answers a request.</summary>
    /// <param name="target">Path and query.</param>
    public Answer Rest(string target)
    {
        lock (gate)
        {
            if (IsDown)
                return new Answer(Manner.Reset, 0, [], 0, 0);
            if (Now / 60_000 != minute)
                (minute, usedWeight) = (Now / 60_000, 0);
            usedWeight += Weight(target);
            MostWeight = Math.Max(MostWeight, usedWeight);
            var request = ++requests;
            if (Now < silentUntil)
            {
                RequestsWhileBanned++;
                return Refusal(418, banned, 120);
            }
            if (usedWeight > MaxWeight || faults.Strikes(Fault.Throttle, request, 4))
                return Silence(429, 3);
            if (faults.Strikes(Fault.Ban, request, 4))
                return Silence(418, 120);
            if (faults.Strikes(Fault.ServerError, request, 4))
                return Refusal(request % 2 == 0 ? 500 : 503, "<html>"u8.ToArray(), 0);
            return Content(target, request) with { Manner = MannerOf(request) };
        }
    }

    /// <summary>Sends what one stream shows, until it ends.</summary>
    public async Task Stream(IFrames frames, CancellationToken stop)
    {
        lock (gate)
            MostOpenStreams = Math.Max(MostOpenStreams, ++OpenStreams);
        try
        {
            await new MarketStream(this, faults, clock).Show(frames, stop);
        }
        finally
        {
            lock (gate)
                OpenStreams--;
        }
    }

    private static int Weight(string target) =>
        target.Contains("klines", StringComparison.Ordinal) ? 2
        : target.Contains("exchangeInfo", StringComparison.Ordinal) ? 20
        : 1;

    private Answer Silence(int status, int seconds)
    {
        silentUntil = Now + (seconds * 1_000);
        return Refusal(status, banned, seconds);
    }

    private Answer Refusal(int status, byte[] body, int retryAfter) =>
        new(Manner.Whole, status, body, retryAfter, usedWeight);

    private Manner MannerOf(int request) =>
        faults.Strikes(Fault.Timeout, request, 4) ? Manner.Never
        : faults.Strikes(Fault.SlowBody, request, 4) ? Manner.Slow
        : faults.Strikes(Fault.CutBody, request, 4) ? Manner.Cut
        : faults.Strikes(Fault.RestReset, request, 4) ? Manner.Reset
        : Manner.Whole;

    private Answer Content(string target, int request)
    {
        var parts = target.Split('?');
        var query = parts
            .Skip(1)
            .SelectMany(text => text.Split('&'))
            .Select(text => text.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        switch (parts[0])
        {
            case "/api/v3/ping":
                return Ok("{}");
            case "/api/v3/time":
                return Ok($"{{\"serverTime\":{Now}}}");
            case "/api/v3/exchangeInfo":
                return query.GetValueOrDefault("symbol") == Symbol ? Ok(Info) : Wrong(-1121, "Invalid symbol.");
            case "/api/v3/klines":
                if (query.GetValueOrDefault("symbol") != Symbol)
                    return Wrong(-1121, "Invalid symbol.");
                return query.GetValueOrDefault("interval") == "1m"
                    ? Page(query, request)
                    : Wrong(-1120, "Invalid interval.");
            default:
                return Refusal(404, "<html>"u8.ToArray(), 0);
        }
    }

    private Answer Ok(string text) => Refusal(200, Encoding.ASCII.GetBytes(text), 0);

    private Answer Wrong(int code, string text) =>
        Refusal(400, Encoding.ASCII.GetBytes($"{{\"code\":{code},\"msg\":\"{text}\"}}"), 0);

    private Answer Page(Dictionary<string, string> query, int request)
    {
        var from = long.Parse(query.GetValueOrDefault("startTime", "0"), CultureInfo.InvariantCulture);
        var limit = int.Parse(query.GetValueOrDefault("limit", "500"), CultureInfo.InvariantCulture);
        // A replica answers as the exchange stood some time ago.
        var at = faults.Strikes(Fault.Lag, request, 4) ? Now - (request % 2 == 0 ? 1_000 : 4_000) : Now;
        var first = IndexAt(from);
        var page = rows.Skip(first).TakeWhile(row => row.OpenTime <= at).Take(Math.Min(limit, 1_000)).ToList();
        // No server is behind for long.
        var isYoung = page.Count > 1 && at < page[^1].OpenTime + 5_000;
        var stale = isYoung && faults.Strikes(Fault.StaleRow, page[^2].OpenTime, 8) ? page[^2] : null;
        if (isYoung && stale is null && faults.Strikes(Fault.PassingHole, page[^2].OpenTime, 8))
            page.RemoveAt(page.Count - 2);
        var text = page.Select(row => RowText(row, row == stale ? row.OpenTime + Row.Length - 1_000 : at));
        return Ok($"[{string.Join(',', text)}]");
    }

    /// <summary>Whether a fault strikes at this place.</summary>
    internal bool Hit(Fault fault, long place)
    {
        lock (gate)
            return faults.Strikes(fault, place);
    }

    /// <summary>The place of the first candle that does not open before a time.</summary>
    internal int IndexAt(long time)
    {
        var (low, high) = (0, rows.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].OpenTime < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static string RowText(Row row, long at)
    {
        var (high, low, close, volume, trades) = row.At(at);
        return $"[{row.OpenTime},\"{row.Open}\",\"{high}\",\"{low}\",\"{close}\",\"{volume}\",{row.OpenTime + Row.Length - 1},"
            + $"\"0\",{trades},\"0\",\"0\",\"0\"]";
    }

    private string Info =>
        "{\"timezone\":\"UTC\",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,"
        + $"\"limit\":6000}}],\"symbols\":[{{\"symbol\":\"{Symbol}\",\"status\":\"{Status}\","
        + "\"baseAsset\":\"BTC\","
        + "\"quoteAsset\":\"USDT\",\"filters\":[{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.01\",\"maxPrice\":\"1000000\","
        + "\"tickSize\":\"0.01000000\"},{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.00001\",\"maxQty\":\"9000\","
        + "\"stepSize\":\"0.00001000\"},{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5.00000000\"}]}]}";
}

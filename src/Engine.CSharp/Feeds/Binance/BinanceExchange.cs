using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Binance's spot market: its REST interface and its streams of candles.</summary>
internal sealed class BinanceExchange : IKlineExchange
{
    private const int PageSize = 1_000;

    private readonly BinanceRest rest;
    private readonly string symbol;
    private readonly string interval;
    private readonly KlineFrames frames;
    private readonly Func<string, CancellationToken, Task<IMessageConnection>> connect;

    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="rest">Asks the REST interface.</param>
    /// <param name="connect">Opens the stream of a path.</param>
    public BinanceExchange(
        TradingPair pair,
        Timeframe timeframe,
        BinanceRest rest,
        Func<string, CancellationToken, Task<IMessageConnection>> connect
    )
    {
        (this.rest, this.connect) = (rest, connect);
        symbol = pair.Base + pair.Quote;
        interval = timeframe.Name;
        frames = new KlineFrames(symbol, interval);
    }

    public IObservable<ExchangeNotice> Notices => rest.Notices;

    public Task<long> ServerTime(CancellationToken stop) => rest.ServerTime(stop);

    public Task<IReadOnlyList<Kline>> Klines(long from, CancellationToken stop) =>
        rest.Klines(symbol, interval, from, PageSize, stop);

    public Task<PairFilters> Filters(CancellationToken stop) => rest.Filters(symbol, stop);

    // The address names the stream, so nothing has to be subscribed to, nor again after a reconnect.
    public async Task<IKlineStream> Follow(CancellationToken stop) =>
        new Stream(await connect($"/ws/{symbol.ToLowerInvariant()}@kline_{interval}", stop), frames);

    private sealed class Stream(IMessageConnection connection, KlineFrames frames) : IKlineStream
    {
        public async ValueTask<StreamMessage> Receive(CancellationToken stop) =>
            await connection.Receive(stop) is { } message
                ? frames.Read(message.Span)
                : new StreamMessage(StreamMessageKind.Closed);

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}

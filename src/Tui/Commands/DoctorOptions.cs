using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit doctor</c>.</summary>
/// <param name="Pair">The traded pair.</param>
/// <param name="Timeframe">Length of a candle.</param>
/// <param name="Hosts">Where live candles come from.</param>
/// <param name="DataDir">The folder of a run.</param>
/// <param name="Json">Whether the result is one JSON object.</param>
public sealed record DoctorOptions(
    TradingPair Pair,
    Timeframe Timeframe,
    BinanceHosts Hosts,
    string DataDir,
    bool Json = false
);

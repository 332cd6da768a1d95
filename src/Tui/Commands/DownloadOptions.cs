using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit download</c>.</summary>
/// <param name="Pair">The traded pair.</param>
/// <param name="Timeframe">Length of a candle.</param>
/// <param name="From">Beginning of the range, UTC.</param>
/// <param name="To">End of the range, exclusive, UTC; null is now.</param>
/// <param name="DataDir">The data folder.</param>
/// <param name="Rest">Where the candles come from.</param>
/// <param name="Json">Whether the result is one JSON object.</param>
public sealed record DownloadOptions(
    TradingPair Pair,
    Timeframe Timeframe,
    DateTimeOffset From,
    DateTimeOffset? To,
    string DataDir,
    Uri Rest,
    bool Json = false
);

using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What came of a download: the files of the months of its range, whether they were there before or not.</summary>
internal sealed record DownloadReport
{
    /// <summary>The traded pair.</summary>
    public required TradingPair Symbol { get; init; }

    /// <summary>Length of a candle.</summary>
    public required Timeframe Timeframe { get; init; }

    /// <summary>The folder of the files.</summary>
    public required string Folder { get; init; }

    /// <summary>Number of files with candles.</summary>
    public required int Files { get; init; }

    /// <summary>Number of candles in them.</summary>
    public required long Candles { get; init; }

    /// <summary>Number of candles that were written now.</summary>
    public required long CandlesWritten { get; init; }

    /// <summary>Number of candles that the exchange does not have, between the first and the last one.</summary>
    public required long Missing { get; init; }

    /// <summary>Number of places where candles are missing.</summary>
    public required int GapCount { get; init; }

    /// <summary>The first of these places.</summary>
    public required IReadOnlyList<Gap> Gaps { get; init; }

    /// <summary>Open time of the first candle, ms UTC; null without candles.</summary>
    public required long? FirstOpenTime { get; init; }

    /// <summary>Open time of the last candle, ms UTC; null without candles.</summary>
    public required long? LastOpenTime { get; init; }

    /// <summary>The report as indented JSON with snake_case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DownloadJson.Default.DownloadReport);
}

/// <summary>Source-generated JSON serialiser of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DownloadReport))]
internal sealed partial class DownloadJson : JsonSerializerContext;

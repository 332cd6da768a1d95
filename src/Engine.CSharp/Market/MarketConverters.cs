using System.Text.Json;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>Writes a pair as <c>"BTC/USDT"</c>.</summary>
internal sealed class TradingPairConverter : JsonConverter<TradingPair>
{
    public override TradingPair Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, TradingPair value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    internal static TradingPair Parse(string? text) =>
        TradingPair.TryParse(text, out var pair)
            ? pair
            : throw new JsonException($"its pair {text} is not one such as BTC/USDT");
}

/// <summary>Writes a timeframe as its name, for instance <c>"1m"</c>.</summary>
internal sealed class TimeframeConverter : JsonConverter<Timeframe>
{
    public override Timeframe Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, Timeframe value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);

    internal static Timeframe Parse(string? text) =>
        Timeframe.TryParse(text, out var timeframe)
            ? timeframe
            : throw new JsonException($"its timeframe {text} is unknown");
}

/// <summary>Writes a source as <c>{"kind", "symbol", "timeframe", "world", "world_seed"}</c>; the last two are null unless
/// the market is synthetic. Files whose gaps are filled have <c>"missing"</c> as well.</summary>
internal sealed class MarketSourceConverter : JsonConverter<MarketSource>
{
    public override MarketSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var source = json.RootElement;
        var pair = TradingPairConverter.Parse(Text(source, "symbol"));
        var timeframe = TimeframeConverter.Parse(Text(source, "timeframe"));
        return Text(source, "kind") switch
        {
            MarketSource.Synthetic.Name => new MarketSource.Synthetic(pair, timeframe, World(source), Seed(source)),
            MarketSource.Files.Name => new MarketSource.Files(pair, timeframe, Missing(source)),
            MarketSource.Live.Name => new MarketSource.Live(pair, timeframe),
            var kind => throw new JsonException(
                $"its source {kind} is not one of {MarketSource.Synthetic.Name} {MarketSource.Files.Name} {MarketSource.Live.Name}"
            ),
        };
    }

    public override void Write(Utf8JsonWriter writer, MarketSource value, JsonSerializerOptions options)
    {
        var synthetic = value as MarketSource.Synthetic;
        writer.WriteStartObject();
        writer.WriteString("kind", value.Kind);
        writer.WriteString("symbol", value.Pair.ToString());
        writer.WriteString("timeframe", value.Timeframe.Name);
        writer.WriteString("world", synthetic?.World.Name());
        if (synthetic is null)
            writer.WriteNull("world_seed");
        else
            writer.WriteNumber("world_seed", synthetic.Seed);
        if (value is MarketSource.Files { Missing: not MissingCandles.None } files)
            writer.WriteString("missing", MissingCandlesNames.Values.Of(files.Missing));
        writer.WriteEndObject();
    }

    private static string? Text(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value)
            ? value.GetString()
            : throw new JsonException($"its source has no {name}");

    private static MissingCandles Missing(JsonElement source) =>
        !source.TryGetProperty("missing", out var value) ? MissingCandles.None
        : MissingCandlesNames.Values.TryParse(value.GetString(), out var missing) ? missing
        : throw new JsonException(
            $"its missing {value} is not one of {string.Join(' ', MissingCandlesNames.Values.All)}"
        );

    private static SyntheticWorld World(JsonElement source) =>
        SyntheticWorlds.TryParse(Text(source, "world"), out var world)
            ? world
            : throw new JsonException($"its world {Text(source, "world")} is not one of {SyntheticWorlds.Names}");

    private static long Seed(JsonElement source) =>
        source.TryGetProperty("world_seed", out var value) && value.TryGetInt64(out var seed)
            ? seed
            : throw new JsonException("its world_seed is no whole number");
}

using System.Globalization;
using System.Text.RegularExpressions;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads kind, symbol and interval off the name of a candle file.</summary>
internal static partial class FileNames
{
    public const string Accepted = ".csv, .tsv and .json (each also .gz) or .zip";

    private static readonly string[] tables = [".csv", ".tsv", ".json"];

    public static bool IsZip(string name) => Ends(name, ".zip");

    public static bool IsGzip(string name) => Ends(name, ".gz");

    public static bool IsJson(string name) => Ends(Unpacked(name), ".json");

    /// <summary>Whether a file or an entry of a zip is a table that is not packed.</summary>
    public static bool IsTable(string name) => tables.Any(extension => Ends(name, extension));

    public static bool IsCandleFile(string name) => IsZip(name) || IsTable(Unpacked(name));

    /// <summary>
    /// Whether a search of folders takes a file. JSON is used for much else, so its name must state a symbol.
    /// </summary>
    public static bool IsFound(string name) => IsCandleFile(name) && (!IsJson(name) || Symbol(name) is not null);

    /// <summary>
    /// The symbol in names such as <c>AVAXUSDT-1m-2024-02.csv.gz</c>, <c>BTC_USDT-1m.json</c> and
    /// <c>BTCUSD_PERP-1m-2025-01-01.zip</c>, in the form of <see cref="Bare"/>; that of its folder if the name states none, or
    /// null. A contract's symbol keeps its mark.
    /// </summary>
    public static string? Symbol(string path)
    {
        var match = Parts(path);
        if (match is null)
            return NameWords.Symbol(Path.GetFileName(path)) is { } found ? Spelled(found) : OfFolder(path);
        var contract = match.Groups["contract"] is { Success: true } stated
            ? stated.Value.ToUpperInvariant()
            : NameWords.Contract(Path.GetFileName(path));
        return Spelled(PairText(match)) + contract;
    }

    /// <summary>The symbol that a field of a table states, in the form of <see cref="Bare"/>; null if it states no pair.</summary>
    public static string? SymbolOf(string field)
    {
        // TradingView and others write the exchange in front: BINANCE:BTCUSDT.
        var symbol = field.Trim().ToUpperInvariant();
        return TradingPair.TryParse(symbol[(symbol.LastIndexOf(':') + 1)..], out var pair) ? Bare(pair) : null;
    }

    /// <summary>The interval in the name, in milliseconds; null if there is none.</summary>
    public static long? Interval(string path)
    {
        var match = Parts(path);
        if (match is null || !(match.Groups["unit"].Success || match.Groups["count"].Success))
            return null;
        var unit = match.Groups["unit"].Value switch
        {
            "s" => 1_000L,
            "h" or "hour" => 3_600_000L,
            "d" or "day" or "daily" => 86_400_000L,
            "w" => 7 * 86_400_000L,
            "mo" or "M" => 30 * 86_400_000L,
            _ => 60_000L,
        };
        return int.TryParse(match.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count * unit
            : unit;
    }

    /// <summary>Whether a file's name states the pair, or none.</summary>
    public static bool Suits(string path, TradingPair pair) =>
        Symbol(path) is not { } stated || stated == Bare(pair) || stated == pair.Market.Split('/')[0];

    /// <summary>A pair as file names write it: <c>BTC/USDT</c> is <c>BTCUSDT</c>, and so is <c>XBT/USDT</c>.</summary>
    public static string Bare(TradingPair pair) => pair.Market.Replace("/", "", StringComparison.Ordinal);

    // BTCUSDT/2024-02.csv and BTCUSDT/1m/2024-02.csv. Only what can be nothing else counts: folders have all kinds of names.
    private static string? OfFolder(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (IntervalAlone().IsMatch(Path.GetFileName(folder) ?? ""))
            folder = Path.GetDirectoryName(folder);
        var name = Path.GetFileName(folder) ?? "";
        return
            FolderOfPair().IsMatch(name)
            && TradingPair.TryParse(name, out var pair)
            && NameWords.AreCurrencies(pair.Base, pair.Quote)
            ? Bare(pair)
            : null;
    }

    private static string Spelled(string symbol)
    {
        symbol = symbol.ToUpperInvariant();
        // Kraken's older names have a letter in front of each currency: XXBTZUSD.
        if (symbol.StartsWith("XXBTZ", StringComparison.Ordinal))
            symbol = "XBT" + symbol[5..];
        return TradingPair.TryParse(symbol, out var pair) ? Bare(pair) : symbol;
    }

    // The first pattern that fits; a pair must end in a quote currency where nothing else marks it as one.
    private static Match? Parts(string path)
    {
        var name = Path.GetFileName(path);
        if (
            SymbolAndInterval().Match(name) is { Success: true } exchange
            && (exchange.Groups["contract"].Success || IsPair(exchange))
        )
            return exchange;
        if (PairAndInterval().Match(name) is { Success: true } pair && IsPair(pair))
            return pair;
        if (AnyCaseAndInterval().Match(name) is { Success: true } other && IsPair(other))
            return other;
        // BTCUSD1.csv holds minutes of BTC/USD from MetaTrader; the exchange's files of BTC/USD1 state an interval.
        return
            SymbolAlone().Match(name) is { Success: true } alone
            && IsPair(alone)
            && (
                !alone.Groups["base"].Success
                || NameWords.AreCurrencies(alone.Groups["base"].Value, alone.Groups["quote"].Value)
            )
            && !alone.Groups["symbol"].Value.EndsWith("USD1", StringComparison.Ordinal)
            ? alone
            : null;
    }

    private static bool IsPair(Match match)
    {
        var quote = match.Groups["quote"];
        return TradingPair.TryParse(PairText(match), out var pair)
            && (!quote.Success || quote.Value.Equals(pair.Quote, StringComparison.OrdinalIgnoreCase));
    }

    private static string PairText(Match match) =>
        match.Groups["symbol"] is { Success: true } whole
            ? whole.Value
            : match.Groups["base"].Value + match.Groups["quote"].Value;

    private static bool Ends(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static string Unpacked(string name) => IsGzip(name) ? name[..^".gz".Length] : name;

    private const string Contract = "(?<contract>[-_](PERP|SWAP|" + Expiry + "))?";
    private const string Count = "(?<count>[1-9][0-9]*)(?<unit>s|m|h|d|w|mo|M)";

    // Year, month and day, but not 202403.
    private const string Expiry = "(?!20[0-9]{2}(0[1-9]|1[0-2]))[2-9][0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])";

    [GeneratedRegex("^[A-Z0-9]{2,15}[-_]?[A-Z]{3,5}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FolderOfPair();

    [GeneratedRegex("^[0-9]+(?:s|m|h|d|w|mo|M)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IntervalAlone();

    // As the exchange writes it, in capitals: candles-1m.csv states no symbol.
    [GeneratedRegex(
        "^(?<symbol>[A-Z0-9]{5,})" + Contract + "-" + Count + "([-_.]|$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SymbolAndInterval();

    // BTC_USDT-1m.json, BTC-USDT-1m.csv, and with the currency of settlement BTC_USDT_USDT-1m-futures.json.
    [GeneratedRegex(
        "^(?<base>[A-Z0-9]{2,15})[-_](?<quote>[A-Z0-9]{2,6})(?<contract>[-_:]([A-Z]{3,6}|"
            + Expiry
            + "))?[-_]"
            + Count
            + "([-_.]|$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex PairAndInterval();

    // Binance_BTCUSDT_2024_minute.csv, Bitstamp_BTCUSD_1h.csv, XBTUSD_1.csv (minutes), btcusdt-1m.csv.
    [GeneratedRegex(
        "^([A-Z][A-Za-z]+_)?(?<symbol>([A-Z0-9]{5,}|[a-z0-9]{2,}(usdt|usdc|usd|eur)))"
            + Contract
            + "([-_]|, )(([0-9]{4}_)?("
            + Count
            + "|(?<unit>minute|hour|day|daily|d))|(?<count>1|5|15|30|60|240|720|1440)(?=[.]))([-_.]|$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex AnyCaseAndInterval();

    // BTCUSDT.csv, ETH-USD.csv, ETHUSDT-2024-03.csv, ETHUSDT_part1.csv.
    [GeneratedRegex(
        "^((?<symbol>[A-Z0-9]{5,})"
            + Contract
            + "([-_ ].*)?|(?<base>[A-Z0-9]{2,15})[-_](?<quote>[A-Z0-9]{2,6})"
            + "([-_][0-9][-_0-9]*)?)[.](?i:csv|tsv|json|zip)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SymbolAlone();
}

using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Finds the columns of a candle by the titles of a header, in the spelling of many sources.</summary>
/// <remarks>Case and everything but letters and digits are ignored: <c>Volume_(BTC)</c> is <c>volumebtc</c>.</remarks>
internal sealed class HeaderTitles
{
    // In order of preference: the most explicit title comes first. The empty title is that of an index.
    private static readonly string[] times =
    [
        .. Words("opentime timeopen opentimestamp timestampopen opentimems opentimeutc starttime timestart"),
        .. Words("start windowstart periodstart candlebegintime"),
        .. Words("timestamp timestampms timestamputc unixtimestamp unixtime unix epoch datetime datetimeutc"),
        .. Words("gmttime utctime timeutc utc dateutc date time ts begin t"),
        "",
    ];

    private static readonly string[] prices = ["open", "high", "low", "close"];
    private static readonly string[] symbols =
    [
        .. Words("symbol ticker pair productid instrumentname instrument instid market coin crypto asset base tic"),
    ];

    private readonly List<string> titles;
    private readonly TradingPair pair;

    /// <param name="fields">The titles as the file has them.</param>
    /// <param name="pair">The pair wanted, whose symbols may be part of a title.</param>
    public HeaderTitles(IEnumerable<string> fields, TradingPair pair)
    {
        titles = [.. fields.Select(Plain)];
        this.pair = pair;
    }

    /// <summary>Whether the row is a header: it names at least three of the four prices.</summary>
    public bool IsHeader => prices.Count(price => Prices(price).Count > 0) >= 3;

    /// <summary>Whether the last column has no title.</summary>
    public bool EndsEmpty => titles.Count > 1 && titles[^1].Length == 0;

    /// <summary>Whether the first column is the index of a table whose columns are called prices, as yfinance writes it.</summary>
    public bool IsPriceTable => titles[0] == "price" && titles.Contains("close");

    /// <summary>Columns that may hold the time, the most explicit first.</summary>
    public IReadOnlyList<int> Times =>
        IsPriceTable ? [0] : [.. times.SelectMany(At).Where(column => titles[column].Length > 0 || column == 0)];

    /// <summary>Whether a column has a title.</summary>
    public bool HasTitle(int column) => titles[column].Length > 0;

    /// <summary>Whether another column has the same title.</summary>
    public bool IsRepeated(int column) => titles.IndexOf(titles[column]) != titles.LastIndexOf(titles[column]);

    /// <summary>Whether a text is a name of the currency that the pair trades.</summary>
    public static bool IsBase(string text, TradingPair pair) => Bases(pair).Contains(Plain(text));

    /// <summary>Whether the title of a column says that its times are UTC.</summary>
    public bool IsUniversal(int column) =>
        titles[column].Contains("utc", StringComparison.Ordinal)
        || titles[column].Contains("gmt", StringComparison.Ordinal);

    /// <summary>Whether the title of a column says that its times are those of the open.</summary>
    public bool IsOpen(int column) =>
        titles[column].Contains("open", StringComparison.Ordinal)
        || titles[column].Contains("start", StringComparison.Ordinal);

    /// <summary>Whether a text may be a symbol: a pair, or a currency that is well known.</summary>
    public static bool MayBeSymbol(string text) =>
        FileNames.SymbolOf(text) is not null || NameWords.Symbol(text) is not null;

    /// <summary>Whether the title of a column says that it holds symbols and nothing else.</summary>
    public bool NamesSymbol(int column) => titles[column] is "symbol" or "ticker" or "pair";

    /// <summary>Column of the traded symbol, or -1.</summary>
    public int Symbol => symbols.SelectMany(At).FirstOrDefault(-1);

    /// <summary>The columns of a price: more than one where a title is repeated.</summary>
    public IReadOnlyList<int> Prices(string price)
    {
        var found = Named(price, $"{price}price", $"price{price}", price[..1], $"{price}{Quote}");
        // Some tables call the close price or last.
        return found.Count > 0 || price != "close" || IsPriceTable ? found : Named("price", "last");
    }

    /// <summary>The columns of the volume in the base currency.</summary>
    public IReadOnlyList<int> Volumes
    {
        get
        {
            foreach (var symbol in Bases(pair))
            {
                if (Named($"volume{symbol}", $"vol{symbol}", $"{symbol}volume") is { Count: > 0 } own)
                    return own;
            }
            // HTX calls the volume an amount, and the traded value vol.
            if (titles.Contains("amount") && !titles.Contains("volume"))
                return [];
            return Named("basevolume", "volumebase", "basevol", "volumefrom", "volume", "vol", "v");
        }
    }

    private string Quote => Plain(pair.Quote);

    private static string[] Bases(TradingPair pair) =>
        pair.Base is "BTC" or "XBT" ? ["btc", "xbt", "bitcoin"] : [Plain(pair.Base)];

    // The first of several spellings that occurs; every column with that title.
    private List<int> Named(params ReadOnlySpan<string> spellings)
    {
        foreach (var spelling in spellings)
        {
            if (titles.Contains(spelling))
                return [.. At(spelling)];
        }
        return [];
    }

    private IEnumerable<int> At(string title) =>
        Enumerable.Range(0, titles.Count).Where(column => titles[column] == title);

    private static string[] Words(string text) => text.Split(' ');

    private static string Plain(string title)
    {
        var plain = string.Concat(title.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        // pandas writes "Unnamed: 0" for an index without a name.
        return plain == "unnamed0" ? "" : plain;
    }
}

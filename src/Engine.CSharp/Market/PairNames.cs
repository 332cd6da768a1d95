namespace BtcBandit.Engine.Market;

/// <summary>Splits the name of a pair into the symbols of its two currencies.</summary>
internal static class PairNames
{
    // Every quote currency that Binance's spot market has had, USD, and XBT, another name of BTC.
    private static readonly HashSet<string> quotes = new(
        (
            "USDT USDC BUSD TUSD FDUSD USDP PAX USDS UST DAI USD1 EURI AEUR XUSD VAI BTC XBT ETH BNB XRP TRX DOGE DOT "
            + "SOL EUR GBP AUD BRL RUB UAH TRY NGN ZAR PLN RON ARS MXN COP CZK JPY IDR IDRT BIDR BVND BKRW GYEN USD"
        ).Split(' '),
        StringComparer.Ordinal
    );

    private static readonly int shortestQuote = quotes.Min(quote => quote.Length);
    private static readonly int longestQuote = quotes.Max(quote => quote.Length);

    // Decide between two readings of a name: SHIBUSD is SHIB/USD although SHI/BUSD fits. Currencies that are traded a lot,
    // and those whose last letters are the first ones of a quote currency.
    private static readonly HashSet<string> bases = new(
        (
            "BTC XBT ETH BNB XRP ADA SOL DOGE TRX LTC DOT LINK BCH SHIB AVAX ATOM UNI ETC XLM USDT USDC DENT WBT TWT "
            + "DYDX GALA LUNA KAVA MANA THETA IOTA SUI PEPE"
        ).Split(' '),
        StringComparer.Ordinal
    );

    /// <summary>Splits a name such as <c>BTCUSDT</c>, <c>BTC/USDT</c>, <c>BTC-USDT</c> or <c>BTC_USDT</c>, in upper case.</summary>
    /// <returns>Base and quote symbol; false if the name cannot be split. A slash separates any two symbols; without it,
    /// the quote currency must be a known one.</returns>
    public static bool TrySplit(string name, out (string Base, string Quote) symbols)
    {
        symbols = default;
        string[] parts = name.Contains('/', StringComparison.Ordinal) ? name.Split('/') : name.Split('-', '_');
        if (parts.Length == 1)
            return TrySplitBySymbols(name, ref symbols);
        if (parts.Length != 2 || (!name.Contains('/', StringComparison.Ordinal) && !quotes.Contains(parts[1])))
            return false;
        symbols = (parts[0], parts[1]);
        return true;
    }

    // A known base currency decides, then a base of three letters or more, then the longer quote currency.
    private static bool TrySplitBySymbols(string name, ref (string Base, string Quote) symbols)
    {
        if (quotes.Contains(name))
            return false;
        var best = 0;
        for (var length = Math.Min(longestQuote, name.Length - 1); length >= shortestQuote; length--)
        {
            var (first, quote) = (name[..^length], name[^length..]);
            var fit =
                !quotes.Contains(quote) ? 0
                : bases.Contains(first) ? 3
                : first.Length >= 3 ? 2
                : 1;
            if (fit <= best)
                continue;
            best = fit;
            symbols = (first, quote);
        }

        return best > 0;
    }
}

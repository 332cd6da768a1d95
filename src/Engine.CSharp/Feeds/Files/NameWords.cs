using System.Text.RegularExpressions;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Finds the symbol in a name that follows no known pattern, by its words.</summary>
/// <remarks>
/// Only well-known currencies count, and only beside a currency that prices are in, or alone: a word that merely ends like a
/// currency states nothing.
/// </remarks>
internal static partial class NameWords
{
    private static readonly string[] coins = Words("BTC ETH BNB SOL XRP ADA DOGE LTC BCH ETC TRX XLM AVAX SHIB MATIC");
    private static readonly string[] quotes = Words("USDT USDC BUSD FDUSD TUSD USD EUR GBP TRY");
    private static readonly string[] contracts = Words(
        "PERP PERPETUAL SWAP FUTURES UMCBL QUARTERLY MARKPRICEKLINES INDEXPRICEKLINES PREMIUMINDEXKLINES P"
    );

    /// <summary>The symbol that the words of a name state: a pair, a traded currency alone, or a contract; null if none.</summary>
    /// <param name="name">A file name.</param>
    public static string? Symbol(string name)
    {
        var words = Word().Matches(name.ToUpperInvariant()).Select(match => match.Value).ToList();
        for (var index = 0; index < words.Count; index++)
        {
            if (Stated(words, index) is not { } stated)
                continue;
            var contract = words.Skip(index + 1).FirstOrDefault(IsContract);
            return contract is null ? stated : $"{stated}_{contract}";
        }
        return null;
    }

    /// <summary>The mark of a contract that a word of a name states, with an underscore in front; empty if none does.</summary>
    /// <param name="name">A file name with a symbol in it.</param>
    public static string Contract(string name)
    {
        var words = Word().Matches(name.ToUpperInvariant()).Select(match => match.Value);
        return words.FirstOrDefault(word => word.Length > 1 && IsContract(word)) is { } found ? $"_{found}" : "";
    }

    private static bool IsContract(string word) => contracts.Contains(word) || Expiry().IsMatch(word);

    /// <summary>Whether two words are a pair where nothing else shows it: a well-known currency, or prices in one.</summary>
    public static bool AreCurrencies(string one, string other) =>
        coins.Contains(one) || (quotes.Contains(other) && one.All(char.IsAsciiLetter));

    private static string? Stated(List<string> words, int index)
    {
        var word = words[index];
        foreach (var coin in coins)
        {
            if (word == coin)
                return coin + (index + 1 < words.Count && IsCurrency(words[index + 1]) ? words[index + 1] : "");
            // With the minutes of a candle behind it, as MetaTrader writes them: BTCUSD60.
            if (word.StartsWith(coin, StringComparison.Ordinal) && IsCurrency(word[coin.Length..].TrimEnd(digits)))
                return word.TrimEnd(digits);
        }
        return null;
    }

    private static bool IsCurrency(string word) => quotes.Contains(word) || coins.Contains(word);

    private static readonly char[] digits = [.. "0123456789"];

    private static string[] Words(string text) => text.Split(' ');

    [GeneratedRegex("[A-Z0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Word();

    [GeneratedRegex("^[0-9]{1,2}[A-Z]{3}[0-9]{2}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Expiry();
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>A trading pair of a base and a quote currency, for instance BTC/USDT.</summary>
/// <param name="Base">Symbol of the traded currency, in upper case.</param>
/// <param name="Quote">Symbol of the currency that prices are in, in upper case.</param>
[JsonConverter(typeof(TradingPairConverter))]
public sealed record TradingPair(string Base, string Quote)
{
    // Longest first: BTCFDUSD ends in FDUSD, not in USD.
    private static readonly string[] quotes =
    [
        "FDUSD",
        "USDT",
        "USDC",
        "BUSD",
        "TUSD",
        "BTC",
        "ETH",
        "BNB",
        "EUR",
        "TRY",
        "USD",
    ];

    /// <summary>Parses <c>BTC/USDT</c>, or <c>BTCUSDT</c> if the quote currency is a common one, in any case.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TradingPair? pair)
    {
        pair = null;
        var name = (text ?? "").ToUpperInvariant();
        var parts = name.Split('/');
        if (
            parts.Length == 1
            && quotes.FirstOrDefault(quote => name.EndsWith(quote, StringComparison.Ordinal)) is { } known
        )
            parts = [name[..^known.Length], known];
        if (parts.Length != 2 || !parts.All(IsName))
            return false;
        pair = new TradingPair(parts[0], parts[1]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Base}/{Quote}";

    private static bool IsName(string part) => part.Length is >= 1 and <= 20 && part.All(char.IsAsciiLetterOrDigit);
}

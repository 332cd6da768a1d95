using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>A trading pair of a base and a quote currency, for instance BTC/USDT.</summary>
[JsonConverter(typeof(TradingPairConverter))]
public sealed record TradingPair
{
    /// <summary>Creates a pair of two symbols, in any case.</summary>
    /// <param name="baseSymbol">Symbol of the traded currency: 1 to 20 letters and digits.</param>
    /// <param name="quoteSymbol">Symbol of the currency that prices are in: 1 to 20 letters and digits.</param>
    /// <exception cref="ArgumentException">A symbol is not 1 to 20 ASCII letters and digits.</exception>
    public TradingPair(string baseSymbol, string quoteSymbol) =>
        (Base, Quote) = (Checked(baseSymbol, nameof(baseSymbol)), Checked(quoteSymbol, nameof(quoteSymbol)));

    /// <summary>Symbol of the traded currency, in upper case.</summary>
    public string Base { get; }

    /// <summary>Symbol of the currency that prices are in, in upper case.</summary>
    public string Quote { get; }

    /// <summary>Parses <c>BTC/USDT</c>, or <c>BTCUSDT</c>, <c>BTC-USDT</c> or <c>BTC_USDT</c> if the quote currency is a
    /// common one, in any case.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TradingPair? pair)
    {
        pair = null;
        if (
            !PairNames.TrySplit((text ?? "").ToUpperInvariant(), out var symbols)
            || !IsSymbol(symbols.Base)
            || !IsSymbol(symbols.Quote)
        )
            return false;
        pair = new TradingPair(symbols.Base, symbols.Quote);
        return true;
    }

    /// <summary>Name of the market: the pair, except that XBT is another name of BTC.</summary>
    internal string Market => $"{Bitcoin(Base)}/{Bitcoin(Quote)}";

    /// <inheritdoc/>
    public override string ToString() => $"{Base}/{Quote}";

    private static string Checked(string symbol, string parameter) =>
        IsSymbol(symbol)
            ? symbol.ToUpperInvariant()
            : throw new ArgumentException($"A symbol is 1 to 20 letters and digits, not '{symbol}'.", parameter);

    private static string Bitcoin(string symbol) => symbol == "XBT" ? "BTC" : symbol;

    private static bool IsSymbol(string? text) => text?.Length is >= 1 and <= 20 && text.All(char.IsAsciiLetterOrDigit);
}

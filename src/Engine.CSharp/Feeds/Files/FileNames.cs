using System.Text.RegularExpressions;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads kind and symbol off the name of a candle file.</summary>
internal static partial class FileNames
{
    public const string Accepted = ".csv, .csv.gz or .zip";

    public static bool IsZip(string name) => name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    public static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    public static bool IsCsv(string name) => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    public static bool IsCandleFile(string name) =>
        IsCsv(name) || IsZip(name) || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The symbol in names like <c>AVAXUSDT-1m-2024-02.csv.gz</c>, or null.</summary>
    public static string? Symbol(string path)
    {
        var match = SymbolAndInterval().Match(Path.GetFileName(path));
        return match.Success ? match.Groups["symbol"].Value : null;
    }

    /// <summary>Whether a file's name states <paramref name="symbol"/> (as <see cref="Bare"/> writes it), or none.</summary>
    public static bool Suits(string path, string symbol) => Symbol(path) is not { } stated || stated == symbol;

    /// <summary>A symbol as file names write it: <c>BTC/USDT</c> is <c>BTCUSDT</c>.</summary>
    public static string Bare(string symbol) => symbol.Replace("/", "", StringComparison.Ordinal).ToUpperInvariant();

    // Only capitals, as the exchange writes them: candles-1m.csv states no symbol.
    [GeneratedRegex(
        "^(?<symbol>[A-Z0-9]{5,})-[0-9]+(s|m|h|d|w|mo)[-_.]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SymbolAndInterval();
}

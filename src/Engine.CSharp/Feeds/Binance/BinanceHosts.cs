using System.Diagnostics.CodeAnalysis;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>The hosts that market data comes from. No key is needed, and none is read.</summary>
/// <param name="Rest">Base address of the REST interface, without a path.</param>
/// <param name="Stream">Base address of the streams, without a path.</param>
public sealed record BinanceHosts(Uri Rest, Uri Stream)
{
    /// <summary>The hosts that serve public market data and nothing else.</summary>
    public static BinanceHosts Default { get; } =
        new(new Uri("https://data-api.binance.vision"), new Uri("wss://data-stream.binance.vision"));

    /// <summary>What <see cref="TryRest"/> accepts, for messages.</summary>
    public static string AcceptedRest =>
        "https://HOST without a path; http:// only for this machine, such as http://127.0.0.1:8080";

    /// <summary>What <see cref="TryStream"/> accepts, for messages.</summary>
    public static string AcceptedStream =>
        "wss://HOST without a path; ws:// only for this machine, such as ws://127.0.0.1:8080";

    /// <summary>Parses the address of a REST interface.</summary>
    /// <param name="text">For instance <c>https://api.binance.com</c>.</param>
    /// <param name="address">The address; null if the text is none, has a path, or is not encrypted and elsewhere.</param>
    public static bool TryRest(string? text, [NotNullWhen(true)] out Uri? address) =>
        TryParse(text, Uri.UriSchemeHttps, Uri.UriSchemeHttp, out address);

    /// <summary>Parses the address of streams.</summary>
    /// <param name="text">For instance <c>wss://stream.binance.com:9443</c>.</param>
    /// <param name="address">The address; null if the text is none, has a path, or is not encrypted and elsewhere.</param>
    public static bool TryStream(string? text, [NotNullWhen(true)] out Uri? address) =>
        TryParse(text, Uri.UriSchemeWss, Uri.UriSchemeWs, out address);

    private static bool TryParse(string? text, string secure, string plain, [NotNullWhen(true)] out Uri? address)
    {
        address =
            Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            && (parsed.Scheme == secure || (parsed.Scheme == plain && parsed.IsLoopback))
            && parsed.PathAndQuery == "/"
            && parsed.Fragment.Length == 0
            && parsed.UserInfo.Length == 0
                ? parsed
                : null;
        return address is not null;
    }
}

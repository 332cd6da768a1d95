using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BtcBandit.Web;

/// <summary>Decides which requests are answered, and sets the headers that protect the page.</summary>
/// <param name="options">Where the server listens, and its token.</param>
internal sealed class Gatekeeper(WebOptions options)
{
    // lightweight-charts adds one inline style for its logo, which the page turns off.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly byte[]? secret = options.Token is { } token ? HashOf(token) : null;

    /// <summary>Port that the server listens on; known once it does.</summary>
    public int Port { get; set; } = options.Port;

    // Cookies are sent to every port of a host.
    private string Cookie => FormattableString.Invariant($"btcbandit-{Port}");

    /// <summary>Answers a request that is refused, or passes it on.</summary>
    public Task Check(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        Protect(response.Headers);
        // A name that resolves to this machine and is not its own is that of somebody else's page (DNS rebinding).
        if (options.IsLoopback && !(IsOfThisMachine(request.Host.Host) && (request.Host.Port ?? 80) == Port))
            return Refuse(context, 421, "This server does not answer for that host name.");
        if (IsForeign(request))
            return Refuse(context, 403, "Requests from pages of other sites are refused.");
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return Refuse(context, 405, "Only GET and HEAD are answered.");
        }
        if (secret is null)
            return next(context);
        if (request.Query["token"] is [{ } given] && Matches(given))
            return Admit(context, given);
        if (IsKnown(request))
            return next(context);
        response.Headers.WWWAuthenticate = "Bearer";
        return Refuse(context, 401, "Open the address that the program printed, with its token.");
    }

    // Strangers do not hold connections.
    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.Headers.Connection = "close";
        return Answer.Problem(context, status, why);
    }

    // The token leaves the address bar, and the history of the browser, at once.
    private Task Admit(HttpContext context, string given)
    {
        if (context.Request.Path != "/")
            return Answer.Problem(context, 401, "Send the token as a header: Authorization: Bearer TOKEN.");
        context.Response.Cookies.Append(
            Cookie,
            given,
            new CookieOptions
            {
                HttpOnly = true,
                // Nothing can be changed here, and a link to the page works.
                SameSite = SameSiteMode.Lax,
                Path = "/",
            }
        );
        context.Response.Headers.Location = "/";
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        return Task.CompletedTask;
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private bool IsOfThisMachine(string host) =>
        host is "127.0.0.1" or "[::1]"
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host == options.Name;

    // Following a link from another site to the page is not foreign: what opens is ours.
    private static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count > 0)
        {
            // A proxy may have added the encryption.
            return origin is not [{ } given]
                || !(
                    given.Equals($"http://{request.Host}", StringComparison.OrdinalIgnoreCase)
                    || given.Equals($"https://{request.Host}", StringComparison.OrdinalIgnoreCase)
                );
        }
        return request.Headers["Sec-Fetch-Site"] is ["cross-site"] or ["same-site"]
            && !(request.Path == "/" && request.Headers["Sec-Fetch-Mode"] is ["navigate"]);
    }

    private bool IsKnown(HttpRequest request) =>
        request.Cookies[Cookie] is { } kept && Matches(kept)
        || Bearer(request.Headers.Authorization) is { } shown && Matches(shown);

    // Hashes have one length, so the time of the comparison tells neither content nor length.
    private bool Matches(string given) => CryptographicOperations.FixedTimeEquals(HashOf(given), secret);

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string? Bearer(StringValues header) =>
        header is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : null;
}

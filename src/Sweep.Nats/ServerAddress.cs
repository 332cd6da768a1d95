using System.Net;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>Turns our options into those of the client library, and refuses what is not safe.</summary>
internal static class ServerAddress
{
    internal static NatsOpts ToClientOptions(NatsOptions options, string name)
    {
        var url = Parse(options.Url);
        var encrypted = url.Scheme == "tls";
        if (!encrypted && !IsLoopback(url.Host))
        {
            throw new NatsFaultException(
                NatsFaultKind.TlsRequired,
                $"{url.Host} is not this machine, so the connection must be encrypted: use tls://{url.Authority}."
            );
        }

        if (options.CaFile is { } authority && !File.Exists(authority))
            throw new NatsFaultException(NatsFaultKind.Tls, $"The file of the authority, {authority}, is not there.");

        return NatsOpts.Default with
        {
            Url = $"{url.Scheme}://{url.Authority}",
            Name = name,
            AuthOpts = options.Credentials.Auth,
            InboxPrefix = InboxPrefix(options),
            TlsOpts = NatsTlsOpts.Default with
            {
                Mode = encrypted ? TlsMode.Require : TlsMode.Auto,
                CaFile = options.CaFile,
            },
            // It would wait for ever for a server that is not there or says no.
            RetryOnInitialConnect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxReconnectRetry = -1,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(250),
            ReconnectWaitMax = TimeSpan.FromSeconds(5),
            // The default leaves a host that was cut off unaware for minutes.
            PingInterval = TimeSpan.FromSeconds(5),
            MaxPingOut = 2,
        };
    }

    /// <summary>The prefix of a user's own inbox, as the rights of the user name it.</summary>
    internal static string InboxPrefix(NatsOptions options)
    {
        var prefix = options.InboxPrefix ?? (options.Credentials.User is { } user ? InboxPrefix(user) : "_INBOX");
        Subjects.CheckToken(prefix, nameof(options.InboxPrefix));
        return prefix;
    }

    internal static string InboxPrefix(string user) =>
        "_INBOX_" + string.Concat(user.Take(50).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' ? c : '_'));

    private static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("nats" or "tls"))
        {
            throw new NatsFaultException(
                NatsFaultKind.Address,
                $"'{text}' is not the address of a NATS server: tls://host:4222, or nats://127.0.0.1:4222 on this machine."
            );
        }

        if (url.UserInfo.Length > 0)
        {
            throw new NatsFaultException(
                NatsFaultKind.Credentials,
                "The address holds a user, which everyone on this machine could see: put it into a credentials file."
            );
        }

        return url.IsDefaultPort || url.Port < 0 ? new UriBuilder(url) { Port = 4222 }.Uri : url;
    }

    private static bool IsLoopback(string host) =>
        host == "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

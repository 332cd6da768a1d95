using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using NATS.Client.Core;
using NATS.Client.JetStream.Models;

namespace BtcBandit.Sweep.Nats;

/// <summary>Says in one sentence why a server cannot be used.</summary>
internal static class ServerCheck
{
    /// <summary>Refuses servers that are too old or keep no streams.</summary>
    internal static void Check(INatsServerInfo server, NatsOptions options)
    {
        if (!TryReadVersion(server.Version, out var version) || version < options.MinimumVersion)
        {
            throw new NatsFaultException(
                NatsFaultKind.Version,
                $"The NATS server at {options.Url} is version {server.Version}; this needs {options.MinimumVersion} or newer."
            );
        }

        if (!server.JetStreamAvailable)
            throw NoJetStream(options.Url);
    }

    internal static NatsFaultException NoJetStream(string server) =>
        new(
            NatsFaultKind.NoJetStream,
            $"The NATS server at {server} has no JetStream for this user: add a jetstream block to its configuration."
        );

    /// <summary>Says why a first connection failed.</summary>
    internal static NatsFaultException Explain(Exception error, NatsOptions options)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case NatsServerException { IsAuthError: true }:
                    return Refused(options.Url, $"{options.Credentials}", error);
                case AuthenticationException:
                    return new(
                        NatsFaultKind.Tls,
                        $"The encrypted connection to {options.Url} failed: {cause.Message}",
                        error
                    );
                case SocketException:
                    return Unreachable(options.Url, cause.Message, error);
            }
        }

        return error.Message.Contains("TLS", StringComparison.OrdinalIgnoreCase)
            ? new(NatsFaultKind.Tls, $"The encrypted connection to {options.Url} failed: {error.Message}", error)
            : Unreachable(options.Url, error.Message, error);
    }

    /// <summary>Says what a server's error line means for us; null where it is mended by waiting.</summary>
    internal static NatsFaultException? Explain(string line, NatsOpts client)
    {
        if (line.Contains("permissions violation", StringComparison.OrdinalIgnoreCase))
        {
            return new(
                NatsFaultKind.Rights,
                $"The user of this connection to {client.Url} lacks a right: {line.Trim()}."
            );
        }

        if (line.Contains("authorization violation", StringComparison.OrdinalIgnoreCase))
            return Refused(client.Url, client.AuthOpts.Username ?? "this connection", inner: null);

        return null;
    }

    /// <returns>True where the server is full or its limits are too small.</returns>
    internal static bool IsLimit(ApiError error) => error.ErrCode is 10002 or 10023 or 10028 or 10047 or 10054;

    /// <summary>What a server answers that no waiting changes.</summary>
    internal static NatsFaultException Refuses(string server, NatsException error) =>
        new(NatsFaultKind.Limit, $"The NATS server at {server} refuses a request: {error.Message}", error);

    private static NatsFaultException Refused(string server, string user, Exception? inner) =>
        new(
            NatsFaultKind.Refused,
            $"The NATS server at {server} refuses {user}: the credentials are wrong or missing.",
            inner
        );

    private static NatsFaultException Unreachable(string server, string reason, Exception inner) =>
        new(NatsFaultKind.Unreachable, $"No NATS server answers at {server}: {reason}", inner);

    private static bool TryReadVersion(string text, out Version version)
    {
        version = new Version();
        var numbers = text.TrimStart('v').Split('-', '+')[0].Split('.');
        if (
            numbers.Length < 2
            || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
        )
            return false;

        version = new Version(major, minor);
        return true;
    }
}

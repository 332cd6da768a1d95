using System.CommandLine;
using BtcBandit.Sweep.Nats;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the server that hands out the units of a sweep.</summary>
internal sealed class ClusterFlags
{
    /// <summary>Address of the server.</summary>
    public Option<string?> Url { get; } =
        Flags.Optional(
            "--nats",
            "URL",
            "Server that hands the units to workers: tls://host:4222, or nats:// on this machine"
        );

    /// <summary>Who connects.</summary>
    public Option<string?> Credentials { get; } =
        Flags.Optional(
            "--nats-creds",
            "FILE",
            $"Who connects: lines user: NAME and password: SECRET, a .creds file or an nkey [default: {NatsCredentials.FileVariable}, or {NatsCredentials.UserVariable} and {NatsCredentials.PasswordVariable}]"
        );

    /// <summary>Who signed the server's certificate.</summary>
    public Option<string?> Authority { get; } =
        Flags.Optional("--nats-ca", "FILE", "Who signed the server's certificate, a PEM file [default: the system's]");

    /// <summary>First token of the subjects that answers come to.</summary>
    public Option<string?> Inbox { get; } =
        Flags.Optional("--nats-inbox", "PREFIX", "Prefix of the inbox of this user [default: _INBOX_USER]");

    /// <summary>Adds the flags.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Url, Credentials, Authority, Inbox })
            command.Add(option);
        Flags.Check(Inbox, Subjects.IsToken, "1 to 64 letters, digits, - and _ are needed");
    }

    /// <summary>Reads the flags; null without a server.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Returns a variable of the environment.</param>
    /// <exception cref="NatsFaultException">The credentials cannot be read.</exception>
    public NatsOptions? Read(ParseResult parsed, Func<string, string?> environment) =>
        parsed.GetValue(Url) is { } url
            ? new NatsOptions(url)
            {
                Credentials = parsed.GetValue(Credentials) is { } file
                    ? NatsCredentials.FromFile(file)
                    : NatsCredentials.FromEnvironment(environment),
                CaFile = parsed.GetValue(Authority),
                InboxPrefix = parsed.GetValue(Inbox),
            }
            : null;
}

using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>Who connects. Secrets are read from files or the environment and are never printed.</summary>
public sealed class NatsCredentials
{
    /// <summary>Name of the variable that holds the path of a credentials file.</summary>
    public const string FileVariable = "BTCBANDIT_NATS_CREDS";

    /// <summary>Name of the variable that holds a user's name.</summary>
    public const string UserVariable = "BTCBANDIT_NATS_USER";

    /// <summary>Name of the variable that holds that user's password.</summary>
    public const string PasswordVariable = "BTCBANDIT_NATS_PASSWORD";

    private const string JwtMark = "-----BEGIN NATS USER JWT-----";

    private NatsCredentials(string? user, NatsAuthOpts auth)
    {
        User = user;
        Auth = auth;
    }

    /// <summary>Nobody: a server without users, on this machine.</summary>
    public static NatsCredentials None { get; } = new(null, NatsAuthOpts.Default);

    /// <summary>The user's name, or null where a key or a token stands for it.</summary>
    public string? User { get; }

    internal NatsAuthOpts Auth { get; }

    /// <summary>Reads a file: lines <c>user: NAME</c> and <c>password: SECRET</c>, a .creds file, or the seed of an nkey.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NatsFaultException">It cannot be read or is none of these.</exception>
    public static NatsCredentials FromFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NatsFaultException(
                NatsFaultKind.Credentials,
                $"The credentials file {path} cannot be read: {error.Message}",
                error
            );
        }

        if (text.Contains(JwtMark, StringComparison.Ordinal))
            return new(null, new NatsAuthOpts { CredsFile = path });

        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines = [.. lines.Where(line => !line.StartsWith('#'))];
        if (lines is [{ Length: 58 } seed] && seed.StartsWith("SU", StringComparison.Ordinal))
            return new(null, new NatsAuthOpts { Seed = seed, NKey = PublicKey(path, seed) });

        return Value(lines, "user") is { } user && Value(lines, "password") is { } password
            ? UserAndPassword(user, password)
            : throw new NatsFaultException(
                NatsFaultKind.Credentials,
                $"The credentials file {path} holds neither 'user: NAME' and 'password: SECRET' lines, nor a .creds file, nor an nkey seed."
            );
    }

    /// <summary>Reads the variables of this class; nobody where none of them is set.</summary>
    /// <param name="variable">The value of a variable by its name, or null.</param>
    /// <exception cref="NatsFaultException">A user without a password, or a file that cannot be used.</exception>
    public static NatsCredentials FromEnvironment(Func<string, string?> variable)
    {
        if (variable(FileVariable) is { Length: > 0 } path)
            return FromFile(path);

        if (variable(UserVariable) is not { Length: > 0 } user)
            return None;

        return variable(PasswordVariable) is { Length: > 0 } password
            ? UserAndPassword(user, password)
            : throw new NatsFaultException(
                NatsFaultKind.Credentials,
                $"{UserVariable} is set, but {PasswordVariable} is not."
            );
    }

    /// <inheritdoc/>
    public override string ToString() => User ?? (ReferenceEquals(this, None) ? "nobody" : "the holder of a key");

    private static NatsCredentials UserAndPassword(string user, string password) =>
        new(user, new NatsAuthOpts { Username = user, Password = password });

    private static string PublicKey(string path, string seed)
    {
        try
        {
            return NATS.NKeys.KeyPair.FromSeed(seed.AsSpan()).GetPublicKey();
        }
        catch (Exception error)
            when (error is NATS.NKeys.NKeysException or ArgumentException or FormatException or IndexOutOfRangeException
            )
        {
            throw new NatsFaultException(NatsFaultKind.Credentials, $"The nkey seed in {path} is not one.", error);
        }
    }

    private static string? Value(string[] lines, string name)
    {
        foreach (var line in lines)
        {
            var end = line.AsSpan().IndexOfAny(":=");
            if (end > 0 && line.AsSpan(0, end).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                // A secret may begin with a separator or a blank itself.
                var start = end + 1 < line.Length && line[end + 1] == ' ' ? end + 2 : end + 1;
                return start < line.Length ? line[start..] : null;
            }
        }

        return null;
    }
}

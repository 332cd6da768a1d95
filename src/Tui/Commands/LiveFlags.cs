using System.CommandLine;
using System.CommandLine.Parsing;
using BtcBandit.Engine.Feeds.Binance;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of live candles.</summary>
internal sealed class LiveFlags
{
    private const string RestVariable = "BTCBANDIT_BINANCE_REST";
    private const string StreamVariable = "BTCBANDIT_BINANCE_STREAM";

    private readonly Option<string?> rest = Flags.Optional(
        "--binance-rest",
        "URL",
        $"Host of the REST interface [default: {BinanceHosts.Default.Rest.OriginalString}, or {RestVariable}]"
    );
    private readonly Option<string?> stream = Flags.Optional(
        "--binance-stream",
        "URL",
        $"Host of the streams [default: {BinanceHosts.Default.Stream.OriginalString}, or {StreamVariable}]"
    );

    /// <summary>Adds the flag of the REST interface alone.</summary>
    public void AddRestTo(Command command)
    {
        command.Add(rest);
        Flags.Check(rest, text => BinanceHosts.TryRest(text, out _), $"accepted: {BinanceHosts.AcceptedRest}");
    }

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public void AddTo(Command command)
    {
        AddRestTo(command);
        command.Add(stream);
        Flags.Check(stream, text => BinanceHosts.TryStream(text, out _), $"accepted: {BinanceHosts.AcceptedStream}");
    }

    /// <summary>The first of these flags that was passed; null if none was.</summary>
    public string? Given(CommandResult result) =>
        result.GetResult(rest) is not null ? rest.Name
        : result.GetResult(stream) is not null ? stream.Name
        : null;

    /// <summary>Reads what passed the checks; a flag counts before its environment variable.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="UsageException">A variable holds something else than an address.</exception>
    public BinanceHosts Read(ParseResult parsed, Func<string, string?> environment)
    {
        var text = parsed.GetValue(stream) ?? Variable(environment, StreamVariable);
        var address = BinanceHosts.Default.Stream;
        if (text is not null && !BinanceHosts.TryStream(text, out address))
            throw new UsageException($"{StreamVariable} {text}: accepted: {BinanceHosts.AcceptedStream}");
        return new BinanceHosts(ReadRest(parsed, environment), address);
    }

    /// <summary>Reads the address of the REST interface; the flag counts before its environment variable.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="UsageException">The variable holds something else than an address.</exception>
    public Uri ReadRest(ParseResult parsed, Func<string, string?> environment)
    {
        var text = parsed.GetValue(rest) ?? Variable(environment, RestVariable);
        var address = BinanceHosts.Default.Rest;
        if (text is not null && !BinanceHosts.TryRest(text, out address))
            throw new UsageException($"{RestVariable} {text}: accepted: {BinanceHosts.AcceptedRest}");
        return address;
    }

    private static string? Variable(Func<string, string?> environment, string name) =>
        string.IsNullOrEmpty(environment(name)) ? null : environment(name);
}

/// <summary>What the command line asks for cannot be done; the message is one line.</summary>
/// <param name="message">What is wrong and what is accepted.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A file that the command reads is missing or cannot be used; the message is one line.</summary>
/// <param name="message">Which flag and file, and what is wrong.</param>
internal sealed class InputException(string message) : Exception(message);

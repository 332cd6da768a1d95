using System.CommandLine;
using System.Net;
using BtcBandit.Web;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the web dashboard: their names, help and reading.</summary>
internal sealed class WebFlags
{
    private const int DefaultPort = 8_000;
    private const string DefaultHost = "127.0.0.1";

    private readonly Option<bool> web = Flags.Switch("--web-dashboard", "Serve the run to browsers of this machine");
    private readonly Option<int?> port = Flags.Count(
        "--web-port",
        "Port of the web dashboard; 0 takes a free one",
        0,
        65_535,
        "8000"
    );
    private readonly Option<string> host = Flags.Text(
        "--web-host",
        "ADDRESS",
        "IP address that the web dashboard listens on; any but a loopback address asks for a token",
        DefaultHost
    );
    private readonly Option<string?> token = Flags.Optional(
        "--web-token",
        "TOKEN",
        $"Token that the web dashboard asks for, at least {WebOptions.MinTokenLength} characters; without it one is made where needed"
    );

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[web, port, host, token])
            command.Add(option);
        Flags.Check(
            host,
            text => AddressOf(text) is not null,
            "an IP address of this machine is needed, for instance 0.0.0.0"
        );
        Flags.Check(
            token,
            text => text.Length >= WebOptions.MinTokenLength && text.All(IsPlain),
            $"{WebOptions.MinTokenLength} or more letters, digits, dashes, dots or underscores are needed"
        );
        command.Validators.Add(result =>
        {
            if (!result.GetValue(web) && Flags.Given(result, [port.Name, host.Name, token.Name]) is { } lone)
                result.AddError($"{lone} needs {web.Name}");
        });
    }

    /// <summary>Reads what passed the checks; null without a web dashboard.</summary>
    public WebOptions? Read(ParseResult parsed)
    {
        if (!parsed.GetValue(web))
            return null;
        var address = AddressOf(parsed.GetValue(host)!)!;
        return new WebOptions(
            address,
            parsed.GetValue(port) ?? DefaultPort,
            parsed.GetValue(token) ?? (IPAddress.IsLoopback(address) ? null : WebOptions.NewToken())
        );
    }

    private static IPAddress? AddressOf(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : null;

    // What an address and a cookie can have without being encoded.
    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_';
}

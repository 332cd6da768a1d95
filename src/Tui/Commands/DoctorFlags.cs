using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit doctor</c>: their names, help and reading.</summary>
internal sealed class DoctorFlags
{
    public const string Description = """
        Check what live training needs: the exchange's hosts, its clock and limits, the pair, the data folder and the terminal.
        One line each, with a mark (ok, note or FAIL) and, where something is wrong, what to do.
        """;

    public const string Examples = """
        Examples:
          btcbandit doctor
          btcbandit doctor --symbol ETH/USDT --data-dir runs/eth
          btcbandit doctor --binance-rest https://api.binance.com --binance-stream wss://stream.binance.com:9443
          btcbandit doctor --json

        It needs no key and takes about ten seconds at most. Nothing is written but an empty file in the data folder, which is
        deleted at once; a folder that does not exist is not made.

        Exit codes: 0 live training can start, 1 it cannot, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private readonly MarketFlags market = new();
    private readonly LiveFlags live = new();
    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "The folder of the run to check for",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public Command AddTo(Command command)
    {
        market.AddTo(command);
        command.Add(dataDir);
        command.Add(json);
        live.AddTo(command);
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="UsageException">A variable holds something else than an address.</exception>
    public DoctorOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var (pair, timeframe) = market.Read(parsed);
        return new DoctorOptions(
            pair,
            timeframe,
            live.Read(parsed, environment),
            parsed.GetValue(dataDir)!,
            parsed.GetValue(json)
        );
    }
}

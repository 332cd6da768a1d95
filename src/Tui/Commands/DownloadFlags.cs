using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit download</c>: their names, help and reading.</summary>
internal sealed class DownloadFlags
{
    public const string Description = """
        Fetch closed candles from Binance into DATA_DIR/candles/SYMBOL/TIMEFRAME/, one CSV a month, named and laid out as in
        Binance's public archive: 12 columns without a header, each number as the exchange writes it. No key is needed.
        """;

    public const string Examples = """
        Examples:
          btcbandit download --from 2024-03 --to 2024-04                     the minutes of March 2024
          btcbandit download --symbol ETH/USDT --timeframe 1h --from 2020-01 hours until now
          btcbandit --data data/candles                                      what was fetched, as candles of a run

        The same command again goes on where it stopped: months that are there are not fetched again, a month that is there in
        part is continued after its last row. Ctrl-C leaves whole files. Candles that the exchange does not have are counted
        and named at the end, never made up; the next time it is asked for them again.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private readonly MarketFlags market = new();
    private readonly LiveFlags live = new();
    private readonly Option<string?> since = Flags.Optional(
        "--from",
        "TIME",
        "First candle to fetch: a UTC month, date or time"
    );
    private readonly Option<string?> until = Flags.Optional(
        "--to",
        "TIME",
        "Where to stop: the candle that opens then is the first that is not fetched [default: now]"
    );
    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "The candles go into the folder candles in it",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        market.AddTo(command);
        since.Required = true;
        foreach (var option in new Option[] { since, until, dataDir, json })
            command.Add(option);
        live.AddRestTo(command);
        Flags.Check(since, text => UtcTime.TryParse(text, out _), $"accepted: {UtcTime.Accepted}");
        Flags.Check(until, text => UtcTime.TryParse(text, out _), $"accepted: {UtcTime.Accepted}");
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        command.Validators.Add(result =>
        {
            if (
                UtcTime.TryParse(result.GetValue(since), out var start)
                && UtcTime.TryParse(result.GetValue(until), out var end)
                && end <= start
            )
                result.AddError(
                    $"--to {result.GetValue(until)}: a time after --from {result.GetValue(since)} is needed"
                );
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="UsageException">A variable holds something else than an address.</exception>
    public DownloadOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var (pair, timeframe) = market.Read(parsed);
        _ = UtcTime.TryParse(parsed.GetValue(since), out var start);
        return new DownloadOptions(
            pair,
            timeframe,
            start,
            UtcTime.TryParse(parsed.GetValue(until), out var end) ? end : null,
            parsed.GetValue(dataDir)!,
            live.ReadRest(parsed, environment),
            parsed.GetValue(json)
        );
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of every command that reads candle files.</summary>
/// <param name="dataDescription">What <c>--data</c> means to the command.</param>
internal sealed class SourceFlags(string dataDescription)
{
    /// <summary>The kinds of path that <c>--data</c> takes.</summary>
    public const string Paths = "Candle files, folders or globs (.csv .tsv .json, each also .gz; .zip)";

    /// <summary>Flags that say how files are read, so they have no effect on other candles.</summary>
    public static IReadOnlyList<string> OfFiles { get; } =
    ["--sort", "--skip-bad-rows", "--columns", "--time-format", "--missing"];

    private readonly Option<bool> skipBadRows = Flags.Switch(
        "--skip-bad-rows",
        "Count rows that are not candles, and read on"
    );
    private readonly Option<bool> sort = Flags.Switch("--sort", "Read all rows first, and sort them by time");
    private readonly Option<string> symbol = Flags.Text("--symbol", "PAIR", "Pair, as BTC/USDT or BTCUSDT", "BTC/USDT");
    private readonly Option<string> timeframe = Flags.Text(
        "--timeframe",
        "NAME",
        $"Candle length: {Timeframe.Names}; shorter candles are joined",
        Timeframe.OneMinute.Name
    );

    private readonly Option<string?> columns = Flags.Optional(
        "--columns",
        "NAMES",
        "Columns of the files from the left, as time,open,high,low,close,volume; - is one that is not used"
    );
    private readonly Option<string?> timeFormat = Flags.Optional(
        "--time-format",
        "FORMAT",
        "How times are written, as 'dd/MM/yyyy HH:mm', or seconds, milliseconds, microseconds, nanoseconds"
    );
    private readonly Option<string> missing = Flags.Text(
        "--missing",
        "HOW",
        "Minutes without a row: none leaves gaps; flat puts in the close before, volume 0",
        "none"
    );

    /// <summary>The flag of the candle files.</summary>
    public Option<string[]> Data { get; } =
        new("--data")
        {
            Description = dataDescription,
            HelpName = "PATH...",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public void AddTo(Command command)
    {
        foreach (
            var option in new Option[] { Data, skipBadRows, sort, columns, timeFormat, missing, symbol, timeframe }
        )
            command.Add(option);
        Flags.Check(symbol, text => TradingPair.TryParse(text, out _), "a pair such as BTC/USDT is needed");
        Flags.Check(timeframe, text => Timeframe.TryParse(text, out _), $"one of {Timeframe.Names} is needed");
        Flags.Check(columns, text => TableColumns.TryParse(text, out _), $"accepted: {TableColumns.Accepted}");
        Flags.Check(timeFormat, text => TimeFormat.TryParse(text, out _), $"accepted: {TimeFormat.Accepted}");
        Flags.Check(missing, text => MissingCandlesNames.Values.TryParse(text, out _), "none or flat is needed");
        // Without these checks the parser would take a flag for a file.
        Data.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"--data: a value is needed before {result.Tokens[0].Value}");
            else if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } stray)
                result.AddError(
                    $"{stray.Value}: no such flag{Hint(stray, result)}; a file of that name is ./{stray.Value}"
                );
        });
    }

    private static string Hint(Token stray, OptionResult result) =>
        result.Parent is CommandResult { Command: var command } ? NearestName.Hint(stray.Value, command) : "";

    /// <summary>Reads what passed the checks.</summary>
    public ArchiveOptions Read(ParseResult parsed)
    {
        _ = Timeframe.TryParse(parsed.GetValue(timeframe), out var length);
        _ = TradingPair.TryParse(parsed.GetValue(symbol), out var pair);
        return new ArchiveOptions(
            parsed.GetValue(Data) ?? [],
            pair!,
            length,
            parsed.GetValue(skipBadRows),
            parsed.GetValue(sort),
            TableColumns.TryParse(parsed.GetValue(columns), out var stated) ? stated : null,
            TimeFormat.TryParse(parsed.GetValue(timeFormat), out var format) ? format : null,
            MissingCandlesNames.Values.TryParse(parsed.GetValue(missing), out var gaps) ? gaps : default
        );
    }
}

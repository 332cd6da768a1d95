using System.CommandLine;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags that say which candles to read from files, for every command that reads some.</summary>
/// <param name="dataDescription">What <c>--data</c> means to the command.</param>
internal sealed class SourceFlags(string dataDescription)
{
    /// <summary>The kinds of path that <c>--data</c> takes.</summary>
    public const string Paths = "Candle files, folders or globs (.csv, .csv.gz, .zip)";

    private readonly Option<bool> skipBadRows = Flags.Switch(
        "--skip-bad-rows",
        "Count rows that are no candles and go on"
    );
    private readonly Option<bool> sort = Flags.Switch("--sort", "Put the rows in order of time first");
    private readonly Option<string> symbol = Flags.Text("--symbol", "PAIR", "Pair, as BTC/USDT or BTCUSDT", "BTC/USDT");
    private readonly Option<string> timeframe = Flags.Text(
        "--timeframe",
        "NAME",
        $"Candle length: {Timeframe.Names}; finer files are aggregated",
        Timeframe.OneMinute.Name
    );

    /// <summary>The candle files.</summary>
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
        foreach (var option in new Option[] { Data, skipBadRows, sort, symbol, timeframe })
            command.Add(option);
        Flags.Check(symbol, text => TradingPair.TryParse(text, out _), "a pair such as BTC/USDT is needed");
        Flags.Check(timeframe, text => Timeframe.TryParse(text, out _), $"one of {Timeframe.Names} is needed");
        // A flag in the place of the first file, or one that the command does not know, would else be taken for a file.
        Data.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"--data: a value is needed before {result.Tokens[0].Value}");
            else if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } stray)
                result.AddError($"{stray.Value}: no such flag; a file of that name is ./{stray.Value}");
        });
    }

    /// <summary>Reads what passed the checks.</summary>
    public ArchiveOptions Read(ParseResult parsed)
    {
        _ = Timeframe.TryParse(parsed.GetValue(timeframe), out var length);
        return new ArchiveOptions(
            parsed.GetValue(Data) ?? [],
            Pair(parsed).ToString(),
            length,
            parsed.GetValue(skipBadRows),
            parsed.GetValue(sort)
        );
    }

    /// <summary>The pair, which names the run as well.</summary>
    public TradingPair Pair(ParseResult parsed)
    {
        _ = TradingPair.TryParse(parsed.GetValue(symbol), out var pair);
        return pair!;
    }
}

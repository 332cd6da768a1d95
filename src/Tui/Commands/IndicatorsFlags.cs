using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit indicators</c>: their names, help and reading.</summary>
internal sealed class IndicatorsFlags
{
    public const string Description = """
        Compute indicators of candle files, as CSV: open_time (ms UTC), open, high, low, close, volume, then the columns of
        the indicators in the order you name them. A field stays empty while its indicator warms up; numbers have all
        their digits.
        """;

    public const string Examples = """
        Examples:
          btcbandit indicators --data data/BTCUSDT-1m-2024-03-04_10.csv.gz | head -60
          btcbandit indicators --data candles/ --timeframe 15m --indicators rsi,bb:20:2.5,vwap:96 --out rsi.csv
          btcbandit indicators --data candles/ --indicators ema:14,ema:200,vwap:cumulative --stability

        Rows are written as the candles are read, in constant memory (--sort reads all candles first). --out writes FILE.tmp
        (or FILE.1.tmp and so on, if that exists) and moves it over FILE when it is complete: after an error or Ctrl-C the
        old FILE is unchanged. A FILE that --data reads, or would read the next time, is refused.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const string Standard = "-";

    private readonly SourceFlags source = new(SourceFlags.Paths);
    private readonly Option<string> indicators = Flags.Indicators("Indicators, each with its parameters after colons");
    private readonly Option<string> output = Flags.Text(
        "--out",
        "FILE",
        "Where the CSV goes, - for stdout; an existing file is replaced only when the run succeeds",
        Standard
    );
    private readonly Option<bool> stability = Flags.Switch(
        "--stability",
        "Print a table instead: how long each indicator warms up, and how long it remembers its past"
    );

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        source.AddTo(command);
        source.Data.Required = true;
        Flags.CheckPaths(source.Data);
        foreach (var option in new Option[] { indicators, output, stability })
            command.Add(option);
        Flags.Check(output, OutFile.IsAccepted, $"a file is needed, or {Standard} for stdout");
        command.Validators.Add(result =>
        {
            if (
                result.GetResult(output) is { Implicit: false, Tokens: [{ Value: not Standard }, ..] }
                && result.GetValue(stability)
            )
                result.AddError("--stability and --out exclude each other: the table goes to stdout");
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    public IndicatorsOptions Read(ParseResult parsed) =>
        new(
            source.Read(parsed),
            parsed.GetValue(indicators)!,
            parsed.GetValue(output) is { } file && file != Standard ? file : null,
            parsed.GetValue(stability)
        );
}

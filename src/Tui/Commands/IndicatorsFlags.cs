using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit indicators</c>: their names, help and reading.</summary>
internal sealed class IndicatorsFlags
{
    public const string Description = """
        Indicators of candle files as CSV: open_time (ms UTC), open, high, low, close, volume, then the indicators' columns
        in the order asked for. A field is empty while its indicator is silent; numbers read back to the last bit.
        """;

    public const string Examples = """
        Examples:
          btcbandit indicators --data data/BTCUSDT-1m-2024-03-04_10.csv.gz | head -60
          btcbandit indicators --data candles/ --timeframe 15m --indicators rsi,bb:20:2.5,vwap:96 --out rsi.csv
          btcbandit indicators --data candles/ --indicators ema:14,ema:200,vwap:cumulative --stability

        Rows are written as the candles are read, in constant memory (--sort reads them all first). --out writes FILE.tmp
        (FILE.1.tmp and so on where that is taken) and moves it over FILE only when it is complete: after an error or
        Ctrl-C the FILE that was there is as it was. It is refused where --data reads it, or would the next time.

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
        "Instead of the CSV a table: how long each indicator is silent, and how long it remembers another past"
    );

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        source.AddTo(command);
        source.Data.Required = true;
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

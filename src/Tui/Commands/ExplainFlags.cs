using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit explain</c>: their names, help and reading.</summary>
internal sealed class ExplainFlags
{
    public const string Description = """
        Derive one decision of a run again, bit for bit, and show what it is made of: the candle, each feature with its weight
        and its contribution, posterior and draw of each horizon, costs, values of the three actions, evidence and gate, the
        fill of the order, and what each action would have earned. Every row up to there is compared with trades.csv.
        """;

    public const string Examples = """
        Examples:
          btcbandit explain --step 1234                                 a synthetic or live run: it finds its candles itself
          btcbandit explain --step 1234 --data candles/ --data-dir run  a run on files: the same files again
          btcbandit explain --step -1 --json | jq .actions              the newest step, for a script

        Pair, timeframe, parameters and seed are those of the run in state.json. --symbol, --timeframe and --missing need not be
        passed, and have to be those of the run. A live run takes the candles recorded in DATA_DIR/candles. The files are only
        read, and nothing is locked, so the run may go on.

        Exit codes: 0 done, 1 the decision cannot be derived again, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private readonly SourceFlags source = new($"{SourceFlags.Paths}: those of the run, if it was on files");
    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "The folder of the run",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<int?> step = Flags.Count(
        "--step",
        "Number of the step, from 1; a negative number counts from the end, -1 is the newest",
        int.MinValue + 1,
        int.MaxValue,
        shownDefault: null
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public Command AddTo(Command command)
    {
        step.Required = true;
        command.Add(step);
        command.Add(dataDir);
        source.AddTo(command);
        command.Add(json);
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        Flags.CheckPaths(source.Data);
        step.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number == 0)
                result.AddError("--step 0: a number from 1, or from -1 on downwards, is needed");
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    public ExplainOptions Read(ParseResult parsed)
    {
        var files = source.Read(parsed);
        return new ExplainOptions(parsed.GetValue(dataDir)!, parsed.GetValue(step)!.Value)
        {
            Files = files,
            Unused = files.Paths.Count > 0 ? null : Flags.Given(parsed.CommandResult, SourceFlags.OfFiles),
            Pair = Has("--symbol") ? files.Pair : null,
            Timeframe = Has("--timeframe") ? files.Timeframe : null,
            Missing = Has("--missing") ? files.Missing : null,
            Json = parsed.GetValue(json),
        };

        bool Has(string name) => Flags.Given(parsed.CommandResult, [name]) is not null;
    }
}

using System.CommandLine;
using BtcBandit.Engine.Backtesting;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit retrain</c>: their names, help and reading.</summary>
internal sealed class RetrainFlags
{
    public const string Description = """
        Train the agent anew on recent candles, and put what it learns into the run of --data-dir only if it proves itself on
        candles that it was not trained on. Each cycle trades a train slice, then a validation slice, by which it is judged,
        then the last 24 hours. Without a closed round trip no cycle passes.
        """;

    public const string Examples = """
        Examples:
          btcbandit retrain                                            8 days from Binance, for the run in data/
          btcbandit retrain --data candles/ --train-steps 43200 --validate-steps 10080 --data-dir run
          btcbandit retrain --data candles/ --min-success-rate 55 --min-excess-return 0.5 --max-drawdown 5
          btcbandit retrain --offline --fee-bps 0 --slippage-bps 0     on a synthetic market
          17 3 * * *  btcbandit retrain --data-dir ~/run --json        every night from cron

        A cycle that passes replaces what the agent of the run has learned, nothing else; otherwise state.json stays as it is,
        byte for byte. Candles after the newest one of the run are left out: it has yet to trade them. Without a run, learned.json is written, with which a new run begins after --keep-learning. The flags of
        the agent and of costs are those of the run. While a run uses the folder, retrain ends with 1 and changes nothing.
        The same seed and candles give the same result. Ctrl-C prints the finished cycles.

        Exit codes: 0 passed, 1 failed, 2 wrong usage, 3 not passed, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const int MaxSteps = 100_000_000;
    private const int MaxCycles = 1_000;

    private static readonly RetrainTerms terms = new();
    private static readonly RetrainSplit split = new();

    private readonly CandleFlags candles = new();
    private readonly Option<int?> maxCycles = Flags.Count(
        "--max-cycles",
        "Cycles at most; each is a trial",
        1,
        MaxCycles,
        Flags.Invariant($"{terms.MaxCycles}")
    );
    private readonly Option<double?> validationFraction = Flags.Number(
        "--validation-fraction",
        "X",
        "Length of the validation slice / length of train and validation slice",
        0.01,
        0.99,
        Flags.Invariant($"{split.ValidationFraction}")
    );
    private readonly Option<int?> trainSteps = Flags.Count(
        "--train-steps",
        "Steps of the train slice",
        1,
        MaxSteps,
        "with --data all candles before the last 24 hours, else 7 days, less the validation slice"
    );
    private readonly Option<int?> validateSteps = Flags.Count(
        "--validate-steps",
        "Steps of the validation slice",
        1,
        MaxSteps,
        "from --validation-fraction"
    );
    private readonly Option<double?> successRate = Flags.Number(
        "--min-success-rate",
        "PERCENT",
        "Least share of closed round trips on the validation slice with a profit after costs",
        0,
        100,
        Flags.Invariant($"{100 * terms.MinimumSuccessRate}")
    );
    private readonly Option<double?> excessReturn = Flags.Number(
        "--min-excess-return",
        "PERCENT",
        "Return on the validation slice above the better of flat and buy-and-hold that has to be exceeded",
        -1_000_000,
        1_000_000,
        Flags.Invariant($"{100 * terms.MinimumExcessReturn}")
    );
    private readonly Option<double?> drawdown = Flags.Number(
        "--max-drawdown",
        "PERCENT",
        "Largest fall of equity from a peak on the validation slice",
        0,
        100,
        Flags.Invariant($"{100 * terms.MaximumDrawdown}")
    );
    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "Folder of the run whose agent is trained",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly RunFlags run = new();

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public Command AddTo(Command command)
    {
        candles.AddTo(command);
        Option[] others =
        [
            maxCycles,
            validationFraction,
            trainSteps,
            validateSteps,
            successRate,
            excessReturn,
            drawdown,
            dataDir,
            json,
            run.Seed,
            run.Indicators,
            run.FeeBps,
            run.SlippageBps,
            run.InitialCash,
        ];
        foreach (var option in others)
            command.Add(option);
        candles.AddLiveTo(command);
        run.Agent.AddTo(command);
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public RetrainOptions Read(ParseResult parsed, Func<string, string?> environment) =>
        new()
        {
            Source = candles.Read(parsed, environment, parsed.GetValue(run.Seed)),
            Run = run.Read(parsed, defaultHistory: 0),
            Split = new RetrainSplit
            {
                ValidationFraction = parsed.GetValue(validationFraction) ?? split.ValidationFraction,
                TrainSteps = parsed.GetValue(trainSteps),
                ValidateSteps = parsed.GetValue(validateSteps),
            },
            Terms = new RetrainTerms
            {
                MaxCycles = parsed.GetValue(maxCycles) ?? terms.MaxCycles,
                MinimumSuccessRate = parsed.GetValue(successRate) / 100 ?? terms.MinimumSuccessRate,
                MinimumExcessReturn = parsed.GetValue(excessReturn) / 100 ?? terms.MinimumExcessReturn,
                MaximumDrawdown = parsed.GetValue(drawdown) / 100 ?? terms.MaximumDrawdown,
            },
            DataDir = parsed.GetValue(dataDir)!,
            Json = parsed.GetValue(json),
        };
}

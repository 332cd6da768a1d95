using System.CommandLine;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit backtest</c>: their names, help and reading.</summary>
internal sealed class BacktestFlags
{
    public const string Description = """
        Run agents over candle files or a synthetic market, next to the baselines that they should beat: out of the market, buy
        and hold, a moving-average crossover, and random trades of the same turnover. The agents learn as they go, as in
        training, with the same fills and costs. Nothing is written but the report, if you ask for one.
        """;

    public const string Examples = """
        Examples:
          btcbandit backtest --data data/BTCUSDT-1m-2024-03-04_10.csv.gz
          btcbandit backtest --data candles/ --seeds 20 --compare "linear-ts; linear-ucb; greedy; hold"
          btcbandit backtest --data candles/ --frozen data/state.json        what a run has learned, without learning more
          btcbandit backtest --data candles/ --frozen data/ --compare "linear-ts; hold"   the same beside agents that learn
          btcbandit backtest --offline --world martingale --steps 100000     a market without an edge
          btcbandit backtest --data candles/ --fee-bps 0 --slippage-bps 0 --json
          btcbandit backtest --data candles/ --report report.html            the same with charts, in one file for any browser
          btcbandit backtest --data candles/ --walk-forward 30d:7d           learns 30 days, is tested on the next 7, again and again

        The results do not depend on the number of threads. Ctrl-C prints what the candles so far give.

        Exit codes: 0 done, 1 failed or a file that cannot be read or written, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const int MaxSeeds = 10_000;

    // Room for the candles before the first step.
    private const int MaxSteps = 2_000_000_000;

    // A saved state has these, so they cannot be chosen beside it.
    private static readonly string[] ofState =
    [
        "--indicators",
        "--agent",
        "--model",
        "--feedback",
        "--horizon",
        "--posterior-scale",
        "--forgetting",
    ];

    // What a walk-forward has no use for, and why.
    private static readonly Dictionary<string, string> notOfFolds = new(StringComparer.Ordinal)
    {
        ["--frozen"] = "the agent of every fold begins with the prior",
        ["--history"] = "TRAIN is what teaches the agent",
        ["--report"] = "a report draws one run",
    };

    private readonly RecordedFlags recorded = new("Synthetic candles instead of files", SourceFlags.Paths);
    private readonly Option<int?> steps = Flags.Count(
        "--steps",
        "Steps after history and warm-up",
        1,
        MaxSteps,
        FormattableString.Invariant($"all, with --offline {BacktestOptions.DefaultSteps}")
    );
    private readonly Option<int?> seeds = Flags.Count(
        "--seeds",
        "Number of seeds, counted up from --seed; an agent that draws nothing runs once",
        1,
        MaxSeeds,
        "1"
    );
    private readonly Option<string?> compare = Flags.Optional(
        "--compare",
        "NAMES",
        "Agents to compare, separated by semicolons, instead of --agent"
    );
    private readonly Option<string?> frozen = Flags.Optional(
        "--frozen",
        "STATE",
        "A state.json or learned.json, or its folder, whose agent is applied and does not learn; those of --compare learn beside it"
    );
    private readonly Option<int?> threads = Flags.Threads();
    private readonly Option<string?> report = Flags.Optional(
        "--report",
        "FILE",
        "Write a report as one HTML file, with charts and with the returns at other fees"
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly Option<string?> walkForward = Flags.Optional(
        "--walk-forward",
        "TRAIN:TEST",
        "Folds that learn over TRAIN and are tested on the TEST after it, in candles or times: 43200:10080, 30d:7d"
    );
    private readonly RunFlags run = new();

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        recorded.AddTo(command);
        foreach (var option in new Option[] { steps, seeds, compare, frozen, walkForward, threads, report, json })
            command.Add(option);
        run.AddTo(command);
        Flags.Check(
            frozen,
            text => !string.IsNullOrWhiteSpace(text),
            $"a {LearnedAgent.Files}, or its folder, is needed"
        );
        Flags.Check(walkForward, WalkForwardLengths.IsAccepted, WalkForwardLengths.Accepted);
        Flags.Check(report, OutFile.IsAccepted, "a file is needed");
        Flags.Check(
            compare,
            text => Names(text) is { } names && names.All(AgentCatalogue.Default.Names.Contains),
            $"one or more of {string.Join("; ", AgentCatalogue.Default.Names)} are needed, each once"
        );
        command.Validators.Add(result =>
        {
            if (!recorded.AreOfFiles(result) && !recorded.IsOffline(result))
                result.AddError("--data or --offline is needed");
            else if (recorded.Mistake(result) is { } mistake)
                result.AddError(mistake);
            else if (result.GetResult(compare) is not null && Flags.Given(result, ["--agent"]) is not null)
                result.AddError("--agent and --compare exclude each other");
            else if (result.GetResult(frozen) is not null && Flags.Given(result, ofState) is { } fixedThere)
                result.AddError($"{fixedThere} does not go with --frozen: the state has its own");
            else if (
                result.GetResult(walkForward) is not null
                && Flags.Given(result, [.. notOfFolds.Keys]) is { } unfit
            )
                result.AddError($"{unfit} does not go with --walk-forward: {notOfFolds[unfit]}");
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <exception cref="UsageException">The flags do not go together.</exception>
    /// <exception cref="InputException">The file of <c>--frozen</c> is missing or cannot be used.</exception>
    public BacktestOptions Read(ParseResult parsed)
    {
        var files = recorded.Files(parsed);
        var isOffline = recorded.IsOffline(parsed.CommandResult);
        var split = parsed.GetValue(walkForward) is { } text ? WalkForwardLengths.Read(text, files.Timeframe) : null;
        // The train slice teaches the agent.
        var asked = run.Read(parsed, isOffline && split is null ? TrainOptions.DefaultHistory : 0);
        if (parsed.GetValue(compare) is { } compared && run.Agent.IsAuto(parsed))
            ThrowIfOneHasNoChoice(Names(compared)!, asked);
        var count = parsed.GetValue(seeds) ?? 1;
        if (asked.Seed > long.MaxValue - count + 1)
            throw new UsageException($"--seeds {count}: there are not as many from --seed {asked.Seed} on");
        var learned = parsed.GetValue(frozen) is { } path ? Learned(path, files.Timeframe) : null;
        CandleSource source = isOffline ? recorded.Synthetic(parsed, asked.Seed) : new CandleSource.Files(files);
        return new BacktestOptions
        {
            Source = source,
            Run = learned is null ? asked : AsLearned(asked, learned.Header.Parameters),
            Agents = parsed.GetValue(compare) is { } names ? Names(names) : null,
            Seeds = count,
            Frozen = learned?.State,
            FrozenFile = learned?.File,
            LearnedThrough = learned?.LearnedThrough(source.Market),
            TrialsBefore = learned?.Header.TrialsBefore ?? 0,
            WalkForward = split,
            Report = parsed.GetValue(report),
            Steps = parsed.GetValue(steps) ?? (isOffline ? BacktestOptions.DefaultSteps : null),
            Threads = parsed.GetValue(threads),
            Json = parsed.GetValue(json),
        };
    }

    // Null where a name is empty or comes twice.
    private static string[]? Names(string text)
    {
        var names = text.Split(';', StringSplitOptions.TrimEntries);
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : null;
    }

    // Without the flag, such an agent looks ahead its own default.
    private static void ThrowIfOneHasNoChoice(string[] names, RunParameters asked)
    {
        var catalogue = AgentCatalogue.Default;
        var agents = names.Select(name => asked with { Agent = name });
        if (agents.FirstOrDefault(one => catalogue.Find(one.Agent)!.NeedsHorizon(one)) is { } fixedOne)
            throw new UsageException(FaultText.Of(new PlanFault.HorizonNeeded(fixedOne, catalogue.WeighingHorizons)));
    }

    private static LearnedAgent Learned(string path, Timeframe timeframe)
    {
        try
        {
            var learned =
                LearnedAgent.Read(path)
                ?? throw new InputException(
                    Directory.Exists(path)
                        ? $"--frozen {path}: there is no {LearnedAgent.Files} in it"
                        : $"--frozen {path}: no such file or folder"
                );
            var before = learned.Header.Source.Timeframe;
            return before == timeframe
                ? learned
                : throw new InputException(
                    $"--frozen {path}: its agent has learned from candles of {before}, not of {timeframe}"
                );
        }
        catch (JournalException error)
        {
            throw new InputException($"--frozen: {error.Fault}");
        }
    }

    // Money, fills and history are those that were asked for.
    private static RunParameters AsLearned(RunParameters asked, RunParameters learned) =>
        asked with
        {
            Agent = learned.Agent,
            Indicators = learned.Indicators,
            Model = learned.Model,
            Feedback = learned.Feedback,
            Horizon = learned.Horizon,
            PosteriorScale = learned.PosteriorScale,
            Forgetting = learned.Forgetting,
        };
}

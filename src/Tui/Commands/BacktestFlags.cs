using System.CommandLine;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Synthetic;
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
          btcbandit backtest --offline --world martingale --steps 100000     a market without an edge
          btcbandit backtest --data candles/ --fee-bps 0 --slippage-bps 0 --json
          btcbandit backtest --data candles/ --report report.html            the same with charts, in one file for any browser

        The results do not depend on the number of threads. Ctrl-C prints what the candles so far give.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const int MaxSeeds = 10_000;
    private const int MaxThreads = 1_024;

    // Room for the candles before the first step.
    private const int MaxSteps = 2_000_000_000;

    // A saved state has these, so they cannot be chosen beside it.
    private static readonly string[] ofState =
    [
        "--compare",
        "--indicators",
        "--agent",
        "--model",
        "--feedback",
        "--horizon",
        "--posterior-scale",
        "--forgetting",
    ];

    private readonly Option<bool> offline = Flags.Switch("--offline", "Synthetic candles instead of files");
    private readonly Option<string> world = Flags.Text(
        "--world",
        "NAME",
        $"Synthetic market: {SyntheticWorlds.Names}",
        new SyntheticOptions().World.Name()
    );
    private readonly SourceFlags source = new(SourceFlags.Paths);
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
        "A state.json, or its folder, whose agent is applied and does not learn"
    );
    private readonly Option<int?> threads = Flags.Count(
        "--threads",
        "Threads to use at most",
        1,
        MaxThreads,
        "one for each processor"
    );
    private readonly Option<string?> report = Flags.Optional(
        "--report",
        "FILE",
        "Write a report as one HTML file, with charts and with the returns at other fees"
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly RunFlags run = new();

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        command.Add(offline);
        command.Add(world);
        source.AddTo(command);
        foreach (var option in new Option[] { steps, seeds, compare, frozen, threads, report, json })
            command.Add(option);
        run.AddTo(command);
        Flags.Check(world, text => SyntheticWorlds.TryParse(text, out _), $"one of {SyntheticWorlds.Names} is needed");
        Flags.CheckPaths(source.Data);
        Flags.Check(frozen, text => !string.IsNullOrWhiteSpace(text), "a state.json or its folder is needed");
        Flags.Check(report, OutFile.IsAccepted, "a file is needed");
        Flags.Check(
            compare,
            text => Names(text) is { } names && names.All(AgentCatalogue.Default.Names.Contains),
            $"one or more of {string.Join("; ", AgentCatalogue.Default.Names)} are needed, each once"
        );
        command.Validators.Add(result =>
        {
            var isOfFiles = result.GetResult(source.Data) is not null;
            if (result.GetValue(offline) == isOfFiles)
                result.AddError(
                    isOfFiles
                        ? "--offline and --data exclude each other: one source is needed"
                        : "--data or --offline is needed"
                );
            else if (isOfFiles && result.GetResult(world) is { Implicit: false })
                result.AddError("--world goes with --offline, not with --data");
            else if (!isOfFiles && Flags.Given(result, SourceFlags.OfFiles) is { } unused)
                result.AddError($"{unused} goes with --data, not with --offline");
            else if (result.GetResult(compare) is not null && Flags.Given(result, ["--agent"]) is not null)
                result.AddError("--agent and --compare exclude each other");
            else if (result.GetResult(frozen) is not null && Flags.Given(result, ofState) is { } fixedThere)
                result.AddError($"{fixedThere} does not go with --frozen: the state has its own");
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <exception cref="UsageException">The state of <c>--frozen</c> cannot be used.</exception>
    public BacktestOptions Read(ParseResult parsed)
    {
        var files = source.Read(parsed);
        _ = SyntheticWorlds.TryParse(parsed.GetValue(world), out var market);
        var asked = run.Read(parsed, parsed.GetValue(offline) ? TrainOptions.DefaultHistory : 0);
        if (parsed.GetValue(compare) is { } compared && run.Agent.IsAuto(parsed))
            ThrowIfOneHasNoChoice(Names(compared)!, asked);
        var count = parsed.GetValue(seeds) ?? 1;
        if (asked.Seed > long.MaxValue - count + 1)
            throw new UsageException($"--seeds {count}: there are not as many from --seed {asked.Seed} on");
        var stateFile = parsed.GetValue(frozen) is { } path ? StateFileOf(path) : null;
        var state = stateFile is null ? null : State(parsed.GetValue(frozen)!, stateFile, files.Timeframe);
        return new BacktestOptions
        {
            Source = parsed.GetValue(offline)
                ? new CandleSource.Synthetic(
                    files.Pair,
                    new SyntheticOptions
                    {
                        World = market,
                        Seed = asked.Seed,
                        Timeframe = files.Timeframe,
                    }
                )
                : new CandleSource.Files(files),
            Run = state is null ? asked : AsLearned(asked, state.Header.Parameters),
            Agents = parsed.GetValue(compare) is { } names ? Names(names) : null,
            Seeds = count,
            Frozen = state?.Agent,
            FrozenFile = stateFile,
            Report = parsed.GetValue(report),
            Steps = parsed.GetValue(steps) ?? (parsed.GetValue(offline) ? BacktestOptions.DefaultSteps : null),
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

    private static string StateFileOf(string path) => Directory.Exists(path) ? Path.Combine(path, "state.json") : path;

    private static RunState State(string path, string file, Timeframe timeframe)
    {
        try
        {
            var state =
                StateFile.Read(file)?.Run ?? throw new UsageException($"--frozen {path}: there is no file {file}");
            var learned = state.Header.Source.Timeframe;
            return learned == timeframe
                ? state
                : throw new UsageException(
                    $"--frozen {path}: its agent has learned from candles of {learned}, not of {timeframe}"
                );
        }
        catch (JournalException error)
        {
            throw new UsageException($"--frozen: {error.Fault}");
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

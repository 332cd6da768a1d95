using System.CommandLine;
using System.Globalization;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit power</c>: their names, help and reading.</summary>
internal sealed class PowerFlags
{
    public const string Description = """
        Measure what this program can see: how large an edge must be for the agent to earn it and for the verdict to tell it from
        luck, and how many candles that takes. Edges are planted in synthetic markets, as multiples of what a round trip costs;
        so much does an oracle earn per trade. What is found without an edge is a false alarm. Nothing is written but the chart,
        if you ask for one.
        """;

    public const string Examples = """
        Examples:
          btcbandit power
          btcbandit power --fee-bps 1 --slippage-bps 0 --world flips         returns that follow the last one, and lower costs
          btcbandit power --timeframe 1h --steps 8760 --worlds 20            a year of hours
          btcbandit power --agent linear-ucb --evidence off --svg power.svg  another agent, without its gate, as a chart
          btcbandit power --json

        The result does not depend on the number of threads. Ctrl-C prints what the worlds so far give.

        Exit codes: 0 done, 1 failed or a file that cannot be written, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const int MaxWorlds = 100_000;
    private const int MaxSteps = 100_000_000;
    private const double MaxEdge = 1_000;
    private const string DefaultEdges = "0,0.5,1,2,4,8";

    private static readonly string[] worldNames = [SyntheticWorld.Drifts.Name(), SyntheticWorld.Flips.Name()];

    private readonly Option<string> world = Flags.Text(
        "--world",
        "NAME",
        "Kind of edge: drifts (regimes of 45 candles on average) or flips (every return follows the last one)",
        SyntheticWorld.Drifts.Name()
    );
    private readonly Option<string> edges = Flags.Text(
        "--edges",
        "LIST",
        "What an oracle earns per trade before costs, in multiples of what a round trip costs",
        DefaultEdges
    );
    private readonly Option<int?> worlds = Flags.Count(
        "--worlds",
        "Markets of each edge",
        1,
        MaxWorlds,
        FormattableString.Invariant($"{PowerPlan.DefaultWorlds}")
    );
    private readonly Option<int?> steps = Flags.Count(
        "--steps",
        "Steps after history and warm-up; the verdict is also taken at 1/2, 1/4, 1/8 and 1/16 of them",
        PowerPlan.FewestSteps,
        MaxSteps,
        FormattableString.Invariant($"{PowerPlan.DefaultSteps}")
    );
    private readonly Option<int?> threads = Flags.Threads();
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly Option<string?> svg = Flags.Optional("--svg", "FILE", "Draw the result into this file");
    private readonly MarketFlags market = new();
    private readonly RunFlags run = new();

    /// <summary>Adds the flags and what each must satisfy.</summary>
    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { world, edges, worlds, steps, threads, json, svg })
            command.Add(option);
        market.AddTo(command);
        run.AddTo(command);
        Flags.Check(world, worldNames.Contains, $"one of {string.Join(' ', worldNames)} is needed");
        Flags.Check(
            edges,
            text => EdgesOf(text) is not null,
            FormattableString.Invariant($"growing numbers from 0 to {MaxEdge} are needed, with commas between them")
        );
        Flags.Check(svg!, OutFile.IsAccepted, "a file is needed, not a folder, a pipe or a device");
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <exception cref="UsageException">The flags do not go together.</exception>
    public PowerOptions Read(ParseResult parsed)
    {
        var (pair, timeframe) = market.Read(parsed);
        _ = SyntheticWorlds.TryParse(parsed.GetValue(world)!, out var planted);
        var plan = new PowerPlan(run.Read(parsed, TrainOptions.DefaultHistory))
        {
            World = planted,
            Pair = pair,
            Timeframe = timeframe,
            Edges = EdgesOf(parsed.GetValue(edges)!)!,
            Worlds = parsed.GetValue(worlds) ?? PowerPlan.DefaultWorlds,
            Steps = parsed.GetValue(steps) ?? PowerPlan.DefaultSteps,
            MaxThreads = parsed.GetValue(threads),
        };
        if (plan.RoundTripBps <= 0)
            throw new UsageException("--fee-bps 0 --slippage-bps 0: edges are multiples of what trading costs");
        return plan.EdgeOutOfReach() is { } edge
            ? throw new UsageException(
                FormattableString.Invariant(
                    $"--edges {edge}: no market of --world {planted.Name()} on --timeframe {timeframe.Name} has an edge of {edge * plan.RoundTripBps} bps per trade; lower costs, a longer timeframe or smaller edges are needed"
                )
            )
            : new PowerOptions
            {
                Plan = plan,
                Svg = parsed.GetValue(svg),
                Json = parsed.GetValue(json),
            };
    }

    private static double[]? EdgesOf(string text)
    {
        var numbers = text.Split(',').Select(EdgeOf).OfType<double>().ToArray();
        return
            numbers.Length == text.Split(',').Length && numbers.Zip(numbers.Skip(1)).All(two => two.First < two.Second)
            ? numbers
            : null;
    }

    private static double? EdgeOf(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value <= MaxEdge
            ? value
            : null;
}

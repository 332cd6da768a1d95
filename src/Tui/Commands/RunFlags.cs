using System.CommandLine;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of every command that trades: what a run computes, whatever its candles and whatever comes of it.</summary>
internal sealed class RunFlags
{
    private static readonly RunParameters defaults = new();

    /// <summary>Candles before the first step.</summary>
    public Option<int?> History { get; } =
        Flags.Count(
            "--history",
            "Candles before the first step; they warm the indicators and teach the agent, without orders",
            0,
            10_000_000,
            "1440, with --data 0"
        );

    /// <summary>Seed of the agent and of a synthetic market.</summary>
    public Option<long> Seed { get; } =
        Flags.Seed("--seed", "Seed of the agent's draws and of the synthetic market", defaults.Seed);

    /// <summary>List of indicators.</summary>
    public Option<string> Indicators { get; } = Flags.Indicators("Indicators, which also decide the context features");

    /// <summary>Fee per side.</summary>
    public Option<double?> FeeBps { get; } =
        Flags.Number("--fee-bps", "BPS", "Fee per side, basis points", 0, 1_000, "10");

    /// <summary>Slippage per side.</summary>
    public Option<double?> SlippageBps { get; } =
        Flags.Number("--slippage-bps", "BPS", "Slippage per side, basis points", 0, 1_000, "1");

    /// <summary>Cash at the start.</summary>
    public Option<double?> InitialCash { get; } =
        Flags.Number("--initial-cash", "AMOUNT", "Cash at the start, in the quote currency", 10, 1e12, "1000");

    /// <summary>The flags of the agent.</summary>
    public AgentFlags Agent { get; } = new();

    /// <summary>Adds the flags, those of the agent last.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { History, Seed, Indicators, FeeBps, SlippageBps, InitialCash })
            command.Add(option);
        Agent.AddTo(command);
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="defaultHistory">Candles before the first step where the flag is not given.</param>
    public RunParameters Read(ParseResult parsed, int defaultHistory) =>
        Agent.Read(parsed) with
        {
            Seed = parsed.GetValue(Seed),
            Indicators = parsed.GetValue(Indicators)!,
            History = parsed.GetValue(History) ?? defaultHistory,
            Costs = Costs.Of(
                parsed.GetValue(FeeBps) ?? defaults.Costs.Buy.TakerFeeBps,
                parsed.GetValue(SlippageBps) ?? defaults.Costs.Buy.SlippageBps
            ),
            InitialCash = parsed.GetValue(InitialCash) ?? defaults.InitialCash,
        };
}

using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit inspect</c>: their names, help and reading.</summary>
internal sealed class InspectFlags
{
    public const string Description = """
        Show what a folder's run is and what came of it: source and parameters, all figures, curves of equity and drawdown,
        months, the newest executions with the reason for each, the fee at which its executions earn nothing, and what the
        agent has learned. The files are only read.
        """;

    public const string Examples = """
        Examples:
          btcbandit inspect
          btcbandit inspect --data-dir data/runs/NAME --trades 50
          btcbandit inspect --json | jq .learned

        Nothing is locked, so a run may go on in the folder meanwhile: what is shown is its last save.

        Exit codes: 0 done, 1 there is no run, or its files are damaged, 2 wrong usage.
        """;

    private const int MaxTrades = 100_000;

    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "The folder of the run",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<int?> trades = Flags.Count(
        "--trades",
        "Number of executions to show, the newest ones",
        0,
        MaxTrades,
        FormattableString.Invariant($"{InspectOptions.DefaultTrades}")
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { dataDir, trades, json })
            command.Add(option);
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    public InspectOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(dataDir)!, parsed.GetValue(trades) ?? InspectOptions.DefaultTrades, parsed.GetValue(json));
}

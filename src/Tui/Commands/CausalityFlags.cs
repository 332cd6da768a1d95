using System.CommandLine;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit causality</c>: their names, help and reading.</summary>
internal sealed class CausalityFlags
{
    public const string Description = """
        Check that nothing uses the future. The candles are cut at many places, and the run is made twice again at each: with no
        candle after the cut, and with others there. Indicators, features, decisions, fills and account up to the cut must be
        the same, to the bit. The first value that is not is named, with its candle. Nothing is written.
        """;

    public const string Examples = """
        Examples:
          btcbandit causality --data data/BTCUSDT-1m-2024-03-04_10.csv.gz
          btcbandit causality --data candles/ --indicators vwap:day,sar,supertrend --agent linear-ucb
          btcbandit causality --offline --world drifts --steps 20000 --cuts 200
          btcbandit causality --data candles/ --json

        The result does not depend on the number of threads; --seed also chooses the cuts.

        Exit codes: 0 nothing used the future, 1 something did, or the check failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    // All candles are kept in memory.
    private const int MaxSteps = 100_000_000;

    private readonly RecordedFlags recorded = new("Synthetic candles instead of files", SourceFlags.Paths);
    private readonly Option<int?> steps = Flags.Count(
        "--steps",
        "Steps after history and warm-up",
        2,
        MaxSteps,
        FormattableString.Invariant($"all, with --offline {BacktestOptions.DefaultSteps}")
    );
    private readonly Option<int?> cuts = Flags.Count(
        "--cuts",
        "Places at which the candles are cut",
        1,
        CausalityPlan.MaxCuts,
        FormattableString.Invariant($"{CausalityPlan.DefaultCuts}")
    );
    private readonly Option<int?> threads = Flags.Threads();
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly RunFlags run = new();

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public Command AddTo(Command command)
    {
        recorded.AddTo(command);
        foreach (var option in new Option[] { steps, cuts, threads, json })
            command.Add(option);
        run.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!recorded.AreOfFiles(result) && !recorded.IsOffline(result))
                result.AddError("--data or --offline is needed");
            else if (recorded.Mistake(result) is { } mistake)
                result.AddError(mistake);
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <exception cref="UsageException">The flags do not go together.</exception>
    public CausalityOptions Read(ParseResult parsed)
    {
        var isOffline = recorded.IsOffline(parsed.CommandResult);
        var asked = run.Read(parsed, isOffline ? TrainOptions.DefaultHistory : 0);
        return new CausalityOptions
        {
            Source = isOffline
                ? recorded.Synthetic(parsed, asked.Seed)
                : new CandleSource.Files(recorded.Files(parsed)),
            Run = asked,
            Steps = parsed.GetValue(steps) ?? (isOffline ? BacktestOptions.DefaultSteps : null),
            Cuts = parsed.GetValue(cuts) ?? CausalityPlan.DefaultCuts,
            Threads = parsed.GetValue(threads),
            Json = parsed.GetValue(json),
        };
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BtcBandit.Tui.Commands;

/// <summary>The program's flags and commands.</summary>
public static class CommandLine
{
    private const string Description = """
        Learn whether a simple policy can trade BTC/USDT: closed candles become indicators, a bandit that learns as it
        goes chooses sell, hold or buy, and a simulated exchange charges fees and slippage. Paper trading only.
        """;

    private const string Examples = """
        Examples:
          btcbandit --offline --dashboard --duration 120        watch it learn on a synthetic market for two minutes
          btcbandit --offline --world martingale --steps 5000   a market without an edge: staying out is the best there is
          btcbandit --data data/BTCUSDT-1m-2024-03-04_10.csv.gz a week of real candles, as fast as it goes
          btcbandit --data candles/ --json --data-dir /tmp/run  a folder of files, the summary as JSON
          btcbandit --data candles/ --fee-bps 0 --slippage-bps 0 --fresh   the same without costs, as a new run

        Starting again in the same --data-dir continues the run; another source or other parameters set it aside whole
        under runs/. Delete state.json and trades.csv to start from nothing. Ctrl-C saves and exits.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP with the state saved.
        """;

    private static readonly string[] later =
    [
        "retrain",
        "backtest",
        "indicators",
        "download",
        "inspect",
        "causality",
        "explain",
    ];

    private static readonly string[] laterFlags =
    [
        "--web-dashboard",
        "--web-port",
        "--web-host",
        "--binance-rest",
        "--binance-stream",
        "--warmup-hours",
        "--warmup-profit-target",
        "--continuous",
        "--gate",
        "--agent",
        "--model",
        "--feedback",
        "--horizon",
        "--posterior-scale",
        "--forgetting",
        "--position-fraction",
        "--fill",
    ];

    /// <summary>Parses the arguments and runs what they ask for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings)
    {
        var planned = laterFlags.Intersect(arguments, StringComparer.Ordinal);
        if (later.Intersect(arguments.Take(1), StringComparer.Ordinal).Concat(planned).FirstOrDefault() is { } missing)
        {
            surroundings.Tell($"btcbandit: {missing} is not built yet");
            return ExitCode.Failed;
        }

        var train = new TrainFlags();
        var root = train.AddTo(new RootCommand(Description));
        root.SetAction((parsed, _) => TrainCommand.RunAsync(train.Read(parsed), surroundings));
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction help } option)
            option.Action = new HelpWithExamples(help);

        var result = root.Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is not (HelpWithExamples or HelpAction))
        {
            var unknown =
                result.UnmatchedTokens.Count > 0 ? $"{result.UnmatchedTokens[0]}: no such flag or command" : null;
            var message = unknown ?? result.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.');
            surroundings.Tell($"btcbandit: {message} (see --help)");
            return ExitCode.WrongUsage;
        }

        return await result
            .InvokeAsync(
                new InvocationConfiguration
                {
                    Output = surroundings.Out,
                    Error = surroundings.Error,
                    EnableDefaultExceptionHandler = false,
                    // Signals are answered by the command itself: it saves and chooses the exit code.
                    ProcessTerminationTimeout = null,
                }
            )
            .ConfigureAwait(false);
    }

    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = inner.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Examples);
            return code;
        }
    }
}

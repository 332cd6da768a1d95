using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using BtcBandit.Sweep.Nats;
using BtcBandit.Tui.Host;

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
          btcbandit --dashboard                                 live candles from Binance, paper money
          btcbandit --data data/BTCUSDT-1m-2024-03-04_10.csv.gz a week of real candles, as fast as it goes
          btcbandit --data candles/ --json --data-dir /tmp/run  a folder of files, the summary as JSON
          btcbandit --data candles/ --fee-bps 0 --slippage-bps 0 --fresh   the same without costs, as a new run
          btcbandit backtest --data candles/ --seeds 20         the agent beside the baselines, nothing written
          btcbandit causality --data candles/                   whether anything in that uses the future
          btcbandit power                                       how large an edge must be for this program to see it
          btcbandit sweep spec.json                             thousands of runs: where a setting survives its costs
          btcbandit inspect                                     what the run in data/ is, and what came of it
          btcbandit explain --step -1                           why its newest decision was made, derived again
          btcbandit retrain --data candles/ --data-dir run      train the run's agent anew, and keep it if it proves itself
          btcbandit download --from 2024-03 --to 2024-04        candles of your own, see btcbandit download --help
          btcbandit doctor                                      whether live training can start

        Starting again in the same --data-dir continues the run; another source or other parameters set it aside whole
        under runs/. Delete state.json and trades.csv to start from nothing. Ctrl-C saves and exits.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a warm-up or a retraining was not passed, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP with the state saved.
        """;

    /// <summary>Parses the arguments and runs the command that they ask for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, ConsoleHost host)
    {
        var result = Root(host).Parse(arguments);
        if (result.Action is not HelpWithExamples && Mistake(result) is { } mistake)
        {
            var called = Called(result.CommandResult);
            var see = called.Length == 0 ? "--help" : $"btcbandit{called} --help";
            host.Log($"btcbandit{called}: {mistake} (see {see})");
            return ExitCode.WrongUsage;
        }

        return await result
            .InvokeAsync(
                new InvocationConfiguration
                {
                    Output = host.Out,
                    Error = host.Error,
                    EnableDefaultExceptionHandler = false,
                    // The command itself handles signals: it saves and chooses the exit code.
                    ProcessTerminationTimeout = null,
                }
            )
            .ConfigureAwait(false);
    }

    private static RootCommand Root(ConsoleHost host)
    {
        var train = new TrainFlags();
        var root = train.AddTo(new RootCommand(Description));
        root.SetAction(
            (parsed, _) =>
                OrMistake("btcbandit", host, () => TrainCommand.RunAsync(train.Read(parsed, host.Environment), host))
        );

        var flags = new IndicatorsFlags();
        var indicators = flags.AddTo(new Command("indicators", IndicatorsFlags.Description));
        indicators.SetAction((parsed, _) => IndicatorsCommand.RunAsync(flags.Read(parsed), host));
        root.Add(indicators);

        var backtest = Backtest(host);
        root.Add(backtest);
        var causality = Causality(host);
        root.Add(causality);
        var power = Power(host);
        root.Add(power);
        var sweep = Sweep(host);
        root.Add(sweep);
        var worker = Worker(host);
        root.Add(worker);
        var inspect = Inspect(host);
        root.Add(inspect);
        var explain = Explain(host);
        root.Add(explain);
        var retrain = Retrain(host);
        root.Add(retrain);
        var download = Download(host);
        var doctor = Doctor(host);
        root.Add(download);
        root.Add(doctor);

        var examples = new Dictionary<Command, string>
        {
            [root] = Examples,
            [indicators] = IndicatorsFlags.Examples,
            [backtest] = BacktestFlags.Examples,
            [causality] = CausalityFlags.Examples,
            [power] = PowerFlags.Examples,
            [sweep] = SweepFlags.Examples,
            [worker] = WorkerFlags.Examples,
            [(Command)sweep.Subcommands[0]] = SweepReportCommand.Examples,
            [(Command)sweep.Subcommands[1]] = SweepMergeCommand.Examples,
            [(Command)sweep.Subcommands[2]] = SweepExportCommand.Examples,
            [inspect] = InspectFlags.Examples,
            [explain] = ExplainFlags.Examples,
            [retrain] = RetrainFlags.Examples,
            [download] = DownloadFlags.Examples,
            [doctor] = DoctorFlags.Examples,
        };
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction help } option)
            option.Action = new HelpWithExamples(help, examples);
        return root;
    }

    private static Command Backtest(ConsoleHost host)
    {
        var flags = new BacktestFlags();
        var command = flags.AddTo(new Command("backtest", BacktestFlags.Description));
        return Runs(command, host, parsed => BacktestCommand.RunAsync(flags.Read(parsed), host));
    }

    private static Command Causality(ConsoleHost host)
    {
        var flags = new CausalityFlags();
        var command = flags.AddTo(new Command("causality", CausalityFlags.Description));
        return Runs(command, host, parsed => CausalityCommand.RunAsync(flags.Read(parsed), host));
    }

    private static Command Power(ConsoleHost host)
    {
        var flags = new PowerFlags();
        var command = flags.AddTo(new Command("power", PowerFlags.Description));
        return Runs(command, host, parsed => PowerCommand.RunAsync(flags.Read(parsed), host));
    }

    private static Command Sweep(ConsoleHost host)
    {
        var flags = new SweepFlags();
        var command = flags.AddTo(new Command("sweep", SweepFlags.Description));
        command.SetAction(
            (parsed, _) =>
                OrMistake(
                    SweepCommand.Name,
                    host,
                    () => SweepCommand.RunAsync(flags.Read(parsed, host.Environment), host)
                )
        );
        command.Add(SweepReportCommand.Create(host));
        command.Add(SweepMergeCommand.Create(host));
        command.Add(SweepExportCommand.Create(host));
        return command;
    }

    private static Command Worker(ConsoleHost host)
    {
        var flags = new WorkerFlags();
        var command = flags.AddTo(new Command("worker", WorkerFlags.Description));
        return Runs(command, host, parsed => WorkerCommand.RunAsync(flags.Read(parsed, host.Environment), host));
    }

    private static Command Inspect(ConsoleHost host)
    {
        var flags = new InspectFlags();
        var command = flags.AddTo(new Command("inspect", InspectFlags.Description));
        command.SetAction(parsed => InspectCommand.Run(flags.Read(parsed), host));
        return command;
    }

    private static Command Explain(ConsoleHost host)
    {
        var flags = new ExplainFlags();
        var command = flags.AddTo(new Command("explain", ExplainFlags.Description));
        return Runs(command, host, parsed => ExplainCommand.RunAsync(flags.Read(parsed), host));
    }

    private static Command Retrain(ConsoleHost host)
    {
        var flags = new RetrainFlags();
        var command = flags.AddTo(new Command("retrain", RetrainFlags.Description));
        return Runs(command, host, parsed => RetrainCommand.RunAsync(flags.Read(parsed, host.Environment), host));
    }

    private static Command Download(ConsoleHost host)
    {
        var flags = new DownloadFlags();
        var command = flags.AddTo(new Command("download", DownloadFlags.Description));
        return Runs(command, host, parsed => DownloadCommand.RunAsync(flags.Read(parsed, host.Environment), host));
    }

    private static Command Doctor(ConsoleHost host)
    {
        var flags = new DoctorFlags();
        var command = flags.AddTo(new Command("doctor", DoctorFlags.Description));
        return Runs(command, host, parsed => DoctorCommand.RunAsync(flags.Read(parsed, host.Environment), host));
    }

    private static Command Runs(Command command, ConsoleHost host, Func<ParseResult, Task<int>> run)
    {
        command.SetAction((parsed, _) => OrMistake($"btcbandit {command.Name}", host, () => run(parsed)));
        return command;
    }

    /// <summary>Runs a command, whose options are read only now: an environment variable may hold what cannot be used.</summary>
    private static async Task<int> OrMistake(string name, ConsoleHost host, Func<Task<int>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (UsageException error)
        {
            host.Log($"{name}: {error.Message}");
            return ExitCode.WrongUsage;
        }
        catch (Exception error) when (error is InputException or NatsFaultException)
        {
            host.Log($"{name}: {error.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Names of the command that was called and of those that it belongs to, each after a space; none for the root.</summary>
    private static string Called(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Called(parent)} {result.Command.Name}" : "";

    /// <summary>The first thing that is wrong with the arguments, in one line; null where all is well.</summary>
    private static string? Mistake(ParseResult result)
    {
        // The parser accepts flags of the root before a command's name and then ignores them.
        var before = (result.CommandResult.Parent as CommandResult)?.Children.OfType<OptionResult>() ?? [];
        if (before.FirstOrDefault(option => !option.Implicit) is { } stray)
            return $"{stray.IdentifierToken?.Value}: flags stand after the name of the command";
        if (result.UnmatchedTokens.Count > 0)
            return $"{result.UnmatchedTokens[0]}: no such flag or command{NearestName.Hint(result.UnmatchedTokens[0], result.CommandResult.Command)}";
        if (result.Errors.Count > 0 && MissingArgument(result) is { } missing)
            return $"{missing.Name} is missing ({missing.Description})";
        return result.Errors.Count > 0 ? result.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.') : null;
    }

    private static Argument? MissingArgument(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > (result.GetResult(argument)?.Tokens.Count ?? 0)
        );

    private sealed class HelpWithExamples(HelpAction inner, Dictionary<Command, string> examples)
        : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            // The library also lists the arguments of the commands above.
            for (var above = parseResult.CommandResult.Parent; above is CommandResult one; above = one.Parent)
            {
                foreach (var argument in one.Command.Arguments)
                    argument.Hidden = true;
            }
            var code = inner.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(examples[parseResult.CommandResult.Command]);
            return code;
        }
    }
}

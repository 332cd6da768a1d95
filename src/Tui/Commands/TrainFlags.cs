using System.CommandLine;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the root command: their names, help and reading.</summary>
internal sealed class TrainFlags
{
    /// <summary>Longest <c>--duration</c> in seconds: .NET's timers take 49.7 days at most.</summary>
    internal const int MaxDuration = 49 * 86_400;

    private readonly CandleFlags candles = new();
    private readonly Option<int?> steps = Flags.Count(
        "--steps",
        "Steps after history and warm-up; ignored with --duration",
        1,
        int.MaxValue,
        "50, with --data all, with a dashboard on a screen none"
    );
    private readonly Option<double?> duration = Flags.Number(
        "--duration",
        "SECONDS",
        $"Stop after so many seconds, at most {MaxDuration} (49 days)",
        0.001,
        MaxDuration,
        "none"
    );
    private readonly Option<double?> delay = Flags.Number(
        "--delay",
        "SECONDS",
        "Pause between steps; history is never paced",
        0,
        86_400,
        "1 with a dashboard, else 0"
    );
    private readonly Option<bool> dashboard = Flags.Switch(
        "--dashboard",
        "Show the run on the screen; one plain line per step where there is none"
    );
    private readonly Option<string> dataDir = Flags.Text(
        "--data-dir",
        "PATH",
        "Where state.json and trades.csv live",
        TrainOptions.DefaultDataDir
    );
    private readonly Option<int?> checkpointEvery = Flags.Count(
        "--checkpoint-every",
        "Steps between two saves of state.json; it is saved at the end whatever comes",
        1,
        int.MaxValue,
        "a second's worth with --delay, else 250000"
    );
    private readonly Option<bool> fresh = Flags.Switch(
        "--fresh",
        "Start a new run; the one before is kept under runs/"
    );
    private readonly Option<bool> keepLearning = Flags.Switch(
        "--keep-learning",
        "A new run starts with what the one before learned"
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
    private readonly RunFlags run = new();
    private readonly WarmUpFlags warmUp = new();
    private readonly WebFlags web = new();

    /// <summary>Adds the flags and what they must satisfy together.</summary>
    public RootCommand AddTo(RootCommand root)
    {
        candles.AddTo(root);
        Option[] others =
        [
            run.History,
            steps,
            duration,
            delay,
            dashboard,
            run.Seed,
            dataDir,
            checkpointEvery,
            fresh,
            keepLearning,
            json,
            run.Indicators,
            run.FeeBps,
            run.SlippageBps,
            run.InitialCash,
        ];
        foreach (var option in others)
            root.Add(option);
        candles.AddLiveTo(root);
        warmUp.AddTo(root);
        run.Agent.AddTo(root);
        web.AddTo(root);
        Flags.Check(dataDir, text => !string.IsNullOrWhiteSpace(text), "a folder is needed");
        root.Validators.Add(result =>
        {
            var hasSteps = Flags.Given(result, [steps.Name]) is not null;
            if (warmUp.Mistake(result, candles.IsOfFiles(result), hasSteps) is { } mistake)
                result.AddError(mistake);
            else if (warmUp.IsAsked(result) && result.GetResult(keepLearning) is { Implicit: false })
                result.AddError(
                    "--keep-learning and --warmup-hours exclude each other: the agent may know the day on which it would be judged"
                );
        });
        return root;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public TrainOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var isContinuous = warmUp.IsContinuous(parsed);
        var source = candles.Read(parsed, environment, parsed.GetValue(run.Seed));
        if (source is CandleSource.Live live)
        {
            source = live with
            {
                WaitsForNetwork = isContinuous,
                RecordIn = Path.Combine(parsed.GetValue(dataDir)!, "candles"),
            };
        }
        var terms = warmUp.Read(parsed, source.Market.Timeframe);
        int? defaultSteps = isContinuous || source is CandleSource.Files ? null : TrainOptions.DefaultSteps;
        var time = Seconds(parsed.GetValue(duration));
        var (isShown, served) = (parsed.GetValue(dashboard), web.Read(parsed));
        return new TrainOptions
        {
            Source = source,
            Run = run.Read(parsed, source is CandleSource.Files ? 0 : TrainOptions.DefaultHistory),
            Steps = time is null ? parsed.GetValue(steps) ?? defaultSteps : null,
            HasDefaultSteps = time is null && parsed.GetValue(steps) is null,
            WarmUp = terms,
            IsContinuous = isContinuous,
            Duration = time,
            Delay = Seconds(parsed.GetValue(delay)) ?? TimeSpan.FromSeconds(isShown || served is not null ? 1 : 0),
            Dashboard = isShown,
            Web = served,
            DataDir = parsed.GetValue(dataDir)!,
            CheckpointEvery = parsed.GetValue(checkpointEvery),
            Fresh = parsed.GetValue(fresh),
            KeepLearning = parsed.GetValue(keepLearning),
            Json = parsed.GetValue(json),
        };
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}

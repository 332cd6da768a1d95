using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The run as a process: its kind, how far it is and how fast.</summary>
internal static class RunPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var (run, step) = (model.Run, model.Step);
        var parameters = step.Header.Parameters;
        var rows = new Rows(canvas.Box("Run", Status(model)));
        rows.Pair("MODE", Mode(run.Mode), Style.Strong, Detail(run.Mode));
        if (run.Mode is RunMode.Live { Health: var health })
        {
            var isWell = health is { IsConnected: true, Phase: FeedPhase.Live };
            rows.Pair("FEED", Feed(health), isWell ? Style.Good : Style.Warning, Newest(run));
            // The reason may be long, so it has a row of its own.
            if (!isWell && health.Detail.Length > 0)
                rows.Pair("WHY", health.Detail, Style.Warning);
            rows.Pair("NEXT", NextClose(run), default, Counts(health));
        }
        if (run.Mode is RunMode.WarmUp warmUp)
            rows.Pair("BEST", Figures.Percent(warmUp.Best), default, $"target {Figures.Percent(warmUp.Target)}");
        if (run.Progress is { } done)
            rows.Draw(line => Progress(line, done, run));
        rows.Pair("STEP", $"{step.Number:N0}", default, $"candle {step.Candles:N0} of the run")
            .Pair("TIME", $"{Figures.Utc(step.Candle.OpenTime)} UTC", default, Local(model))
            .Pair("SPEED", Speed(run), default, Delay(run))
            .Pair("AGENT", $"{parameters.Agent}, seed {parameters.Seed}")
            .Pair(
                "COSTS",
                $"fee {parameters.Costs.Buy.TakerFeeBps:0.##} bps, slippage {parameters.Costs.Buy.SlippageBps:0.##} bps"
            );
        rows.Fitting("SKILL", Skilled(run), SkillText.Brief(run.Skill));
        if (model.LogAtMoment is [.., var newest])
            rows.Pair("LOG", NoteText.Of(newest), Style.Muted);
    }

    private static Style Skilled(RunInfo run) => run.Skill is { IsEvidence: true } ? Style.Good : default;

    private static string Local(ViewModel model) =>
        $"local {Figures.Local(model.Step.Candle.OpenTime, model.Run.Zone)}";

    /// <summary>Whether the run is running, paused or ended, in one word.</summary>
    public static string Status(ViewModel model) =>
        model.Run switch
        {
            { IsOver: true } => "ended",
            { IsPaused: true } => "PAUSED",
            _ => "running",
        };

    /// <summary>Steps per second as text.</summary>
    public static string Speed(RunInfo run) =>
        run.StepsPerSecond is not { } speed || run.IsPaused || run.IsOver ? Figures.Absent
        : speed >= 100 ? $"{speed:N0} steps/s"
        : $"{speed:0.0} steps/s";

    /// <summary>The kind of run as text.</summary>
    public static string Mode(RunMode mode) =>
        mode switch
        {
            RunMode.Synthetic synthetic => $"synthetic {synthetic.World.Name()}",
            RunMode.Archive => "recorded candles",
            RunMode.Live { Health: { IsConnected: true, Phase: FeedPhase.Live } } => "live, paper money, feed ok",
            RunMode.Live { Health: { IsConnected: true } health } => $"live, feed {HealthText.Word(health.Phase)}",
            RunMode.Live => "live, feed LOST",
            RunMode.WarmUp warmUp => $"warm-up pass {warmUp.Pass}",
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "This kind of run has no name."),
        };

    private static string Detail(RunMode mode) =>
        mode switch
        {
            RunMode.Synthetic synthetic => $"seed {synthetic.Seed}",
            RunMode.WarmUp warmUp => $"of the last {Figures.Span(warmUp.Window)}",
            _ => "",
        };

    /// <summary>The state of a live feed, and when it goes on if it waits; short enough for a narrow pane.</summary>
    public static string Feed(FeedHealth health) =>
        health switch
        {
            { IsConnected: true, Phase: FeedPhase.Live, Latency: { } time } =>
                $"ok, {time.TotalMilliseconds:N0} ms after close",
            { IsConnected: true, Phase: FeedPhase.Live } => "ok",
            { IsConnected: true } => $"{HealthText.Word(health.Phase)}{Until(health)}",
            { Phase: FeedPhase.Banned or FeedPhase.Throttled } => $"{HealthText.Word(health.Phase)}{Until(health)}",
            _ => $"LOST{Until(health)}",
        };

    private static string Until(FeedHealth health) =>
        health.Until is { } until ? $", tries at {until:HH:mm:ss} UTC" : "";

    private static string Newest(RunInfo run) => run.Silence is { } known ? $"newest {Figures.Span(known)} ago" : "";

    private static string Counts(FeedHealth health) =>
        $"{Counted.Of(health.Reconnects, "reconnect")}, {health.MissingCandles} missing, weight {health.UsedWeight}, clock {health.ClockSkew.TotalSeconds:+0.0;-0.0} s";

    private static string NextClose(RunInfo run) =>
        run.NextClose is { } left ? $"close in {left.TotalSeconds:0} s" : Figures.Absent;

    private static string Delay(RunInfo run) =>
        run.Delay > TimeSpan.Zero ? $"pause {run.Delay.TotalSeconds:0.###} s" : "no pause";

    private static void Progress(Canvas line, double done, RunInfo run)
    {
        line.Text(0, 0, "DONE", Style.Muted);
        var left = run.TimeLeft is { } time && !run.IsPaused ? $"{Figures.Span(time)} left" : "";
        var share = $"{Math.Clamp(done, 0, 1):0.0 %}";
        var end = line.Text(Rows.LabelWidth, 0, share);
        var room = Math.Min(line.Width - end - 3 - left.Length, 30);
        if (room >= 4)
        {
            Charts.Bars.Gauge(line, end + 1, 0, room, done, Style.Accent);
            end += room + 1;
        }

        if (end + 1 + left.Length <= line.Width)
            line.Text(end + 1, 0, left, Style.Muted);
    }
}

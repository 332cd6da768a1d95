using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Tui.Dashboard;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Terminal;

namespace BtcBandit.Tui.Commands;

/// <summary>The dashboard that a session gets: a screen where there is one, else lines.</summary>
internal static class Dashboards
{
    /// <summary>Whether a screen will be drawn on.</summary>
    public static bool HasScreen(TrainOptions options, Surroundings surroundings) =>
        options.Dashboard && (options.Json ? surroundings.ErrorIsTerminal : surroundings.OutIsTerminal);

    /// <summary>Opens it. Subscribes, so before the session runs.</summary>
    public static IDashboard Open(
        Session session,
        SessionPlan plan,
        Market market,
        TrainOptions options,
        Surroundings surroundings,
        StopSignals signals,
        HeldLines log
    )
    {
        if (!HasScreen(options, surroundings))
        {
            // The JSON object is alone on stdout, so the view moves to stderr.
            var output = options.Json ? surroundings.Error : surroundings.Out;
            return new LinesView(session.Steps, output);
        }

        RunMode mode = market.Source is { World: { } world, WorldSeed: { } seed }
            ? new RunMode.Synthetic(world, seed)
            : new RunMode.Archive();
        var controls = new RunControls(
            plan.Pace!,
            session.SaveSoon,
            signals.Stop,
            () => mode,
            steps => Progress(steps, plan, market.Report),
            Warnings(market.Report)
        );
        var view = new ScreenView(session.Steps, Writer(options, surroundings), surroundings, controls, log.Log);
        signals.LastAct = view.GiveBack;
        return view;
    }

    private static Action<string> Writer(TrainOptions options, Surroundings surroundings)
    {
        if (!options.Json)
            return TerminalScreen.To(surroundings.OpenOut());
        if (surroundings.OpenError is { } open)
            return TerminalScreen.To(open());
        return text =>
        {
            surroundings.Error.Write(text);
            surroundings.Error.Flush();
        };
    }

    private static double? Progress(long steps, SessionPlan plan, FeedReport report)
    {
        double? bySteps = plan.Steps is > 0 and var most ? steps / (double)most : null;
        return report.FractionRead is { } read ? Math.Max(read, bySteps ?? 0) : bySteps;
    }

    /// New kinds of trouble in the feed's report, each told once.
    private static Func<IEnumerable<string>> Warnings(FeedReport report)
    {
        var (gaps, bad, restated) = (0L, 0L, 0L);
        return () =>
        {
            var lines = new List<string>();
            if (gaps == 0 && report.GapCount > 0 && report.Gaps is [var gap, ..])
                lines.Add($"candles are missing: {gap}");
            if (bad == 0 && report.BadRows > 0)
                lines.Add($"bad rows are skipped, the first: {report.FirstBadRow}");
            if (restated == 0 && report.RestatedRows > 0)
                lines.Add("the feed restated a candle with other values");
            (gaps, bad, restated) = (report.GapCount, report.BadRows, report.RestatedRows);
            return lines;
        };
    }
}

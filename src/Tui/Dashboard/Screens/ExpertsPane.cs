using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What each expert has earned with virtual money, how much evidence there is for it, and why money follows or not.</summary>
internal static class ExpertsPane
{
    private const int MinChart = 5;
    private const int BarColumn = 43;

    private static readonly (char Glyph, Ink Ink)[] curves =
    [
        ('•', Ink.Accent),
        ('×', Ink.Second),
        ('*', Ink.Third),
        ('+', Ink.Warning),
    ];

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var inner = canvas.Box("Experts", "virtual money, after costs, history included");
        if (model.Step.Decision.Gate is null)
        {
            inner.Text(
                0,
                0,
                "This agent has no experts with virtual accounts: its money follows what it decides at once."
            );
            inner.Text(
                0,
                1,
                "--agent linear-ts with --horizon auto has them, and lets several horizons compete.",
                Style.Muted
            );
            return;
        }

        if (SampleOf(model) is not { } sample)
        {
            inner.Text(0, 0, "Nothing is known of the experts at this step.");
            return;
        }

        var (rows, options) = (new Rows(inner), model.Step.Header.Parameters);
        var gate = GateOf(sample);
        rows.Draw(line => Head(line));
        for (var i = 0; i < sample.Standings.Length; i++)
        {
            var place = i;
            rows.Draw(line => Expert(line, sample.Standings[place], place, gate));
        }

        if (sample.Step != model.Step.Number)
            rows.Line($"as of step {sample.Step:N0}", Style.Muted);
        rows.Space();
        foreach (var text in Why(sample, gate, options))
        foreach (var part in Wrapped.Lines(text, inner.Width))
            rows.Line(part);
        rows.Space();
        if (rows.Left >= MinChart)
            Chart(inner.Part(0, rows.Next, inner.Width, rows.Left), model.Experts, model.Recall.Curve);
    }

    // A run that is too fast to be followed tells of its experts at some steps only.
    private static ExpertSample? SampleOf(ViewModel model) =>
        model.Recall.Experts is { IsEmpty: false } now ? new ExpertSample(model.Step.Number, now)
        : model.Experts is [.., var last] ? last
        : null;

    /// <summary>The gate as the experts make it: that of the expert that is followed.</summary>
    internal static Gate GateOf(ExpertSample sample)
    {
        var best = sample.Standings.First(expert => expert.IsFollowed);
        return new Gate(best.Evidence, best.Required, best.IsGateOpen);
    }

    private static void Head(Canvas line)
    {
        line.Text(0, 0, "LOOKS AHEAD", Style.Muted);
        line.Right(23, 0, "EARNED", Style.Muted);
        line.Right(31, 0, "TRADES", Style.Muted);
        line.Right(41, 0, "EVIDENCE", Style.Muted);
        line.Text(BarColumn, 0, Wrapped.First(line.Width - BarColumn, "OF WHAT IS ASKED FOR", ""), Style.Muted);
    }

    private static void Expert(Canvas line, ExpertStanding expert, int place, Gate gate)
    {
        var (glyph, ink) = curves[place % curves.Length];
        var style = expert.IsFollowed ? Style.Accent : Style.Plain;
        line.Put(0, 0, glyph, new Style(ink));
        line.Text(2, 0, Counted.Of(expert.Horizon, "candle"), style);
        line.Right(23, 0, Figures.Percent(expert.TotalReturn), Style.Of(expert.TotalReturn));
        line.Right(31, 0, $"{expert.Trades:N0}", style);
        line.Right(41, 0, Figures.Number2(expert.Evidence), style);
        var note =
            !expert.IsFollowed ? ""
            : gate.IsOpen ? "◀ money follows"
            : "◀ best so far";
        var room = Math.Min(line.Width - BarColumn - note.Length - 2, 30);
        if (room >= 4)
            Charts.Bars.Gauge(
                line,
                BarColumn,
                0,
                room,
                Share(expert, gate),
                expert.IsFollowed && gate.IsOpen ? Style.Good : Style.Plain
            );
        line.Text(BarColumn + Math.Max(room, 0) + 2, 0, note, style);
    }

    private static double Share(ExpertStanding expert, Gate gate) =>
        gate.Required > 0 ? expert.Evidence / gate.Required
        : expert.Evidence > 0 ? 1
        : 0;

    /// <summary>Why the gate is open or closed, and what would have to happen.</summary>
    internal static IEnumerable<string> Why(ExpertSample sample, Gate gate, AgentOptions options)
    {
        var best = sample.Standings.First(expert => expert.IsFollowed);
        var who = $"The best expert looks {Counted.Of(best.Horizon, "candle")} ahead";
        var (evidence, asked) = (Figures.Number2(gate.Evidence), Figures.Number2(gate.Required));
        if (options.Evidence <= 0)
            yield return $"Practice: --evidence off follows the best expert at once, whatever the evidence. {who}; its evidence is {evidence}.";
        else if (gate.Required <= 0)
            yield return $"Trading is free here, so no evidence is asked for. {who}, and money follows it.";
        else if (gate.IsOpen)
            yield return $"Money follows an expert: its evidence reached what was asked for, now {asked}. {who}; its evidence is {evidence}, and money follows until that falls below 0.";
        else
            yield return $"Money stays out: {who.ToLowerInvariant()}, and its evidence is {evidence} where {asked} is asked for.";
        yield return "Every expert trades virtual money of its own, with the same fees, and learns from every candle. Evidence is what its "
            + "timing has gained over always holding its average position, as a multiple of what luck alone usually brings: 0 is "
            + "luck. So an expert that loses less than a falling market has some.";
        if (!gate.IsOpen)
            yield return $"Money follows an expert once its net gain by timing is {Figures.Number2(gate.Required)} times what luck alone would bring, a little "
                + "more the longer we have looked, and until that gain is used up again. Until then nothing is lost: paying fees "
                + "without an edge is the surest way to lose. --evidence off lets money follow at once, for practice.";
    }

    // What each expert has earned, over the run.
    private static void Chart(Canvas canvas, IReadOnlyList<ExpertSample> samples, IReadOnlyList<CurvePoint> run)
    {
        if (canvas.Width < Axes.Width + 8 || samples.Count < 2)
            return;
        canvas.Text(0, 0, "EARNED OVER TIME", Style.Muted);
        canvas = canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
        var plot = canvas.Part(0, 0, canvas.Width - Axes.Width, canvas.Height - 1);
        var scale = Scale.Over(
            samples.SelectMany(sample => sample.Standings.Select(expert => expert.TotalReturn)).Append(0)
        );
        plot.Fill(0, scale.Row(0, plot.Height), plot.Width, '┄', Style.Muted);
        var (first, last) = (samples[0].Step, samples[^1].Step);
        var times = new List<long>(plot.Width);
        var (at, point) = (0, 0);
        for (var x = 0; x < plot.Width; x++)
        {
            var step = first + (last - first) * x / Math.Max(plot.Width - 1, 1);
            while (at + 1 < samples.Count && samples[at + 1].Step <= step)
                at++;
            while (point + 1 < run.Count && run[point + 1].Step <= step)
                point++;
            times.Add(run[point].OpenTime);
            for (var i = 0; i < samples[at].Standings.Length; i++)
            {
                var (glyph, ink) = curves[i % curves.Length];
                plot.Put(x, scale.Row(samples[at].Standings[i].TotalReturn, plot.Height), glyph, new Style(ink));
            }
        }

        Axes.Levels(canvas.Part(plot.Width, 0, Axes.Width, plot.Height), scale, level => Figures.Percent(level));
        Axes.Times(canvas.Part(0, plot.Height, canvas.Width, 1), times, 0, "UTC");
    }
}

using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Indicators.Numerics;
using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What the agent expects of each action, which one it chose, and which were not possible.</summary>
internal static class BanditPane
{
    private const int MinWidthForColumns = 68;
    private const int FirstColumn = 7;
    private const int NumbersWidth = 33;
    private const int NoteWidth = 15;

    private static readonly TradeAction[] actions = [TradeAction.Sell, TradeAction.Hold, TradeAction.Buy];

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var step = model.Step;
        var (agent, ahead) = (step.Header.Parameters.Agent, Ahead(step.Decision));
        // A box leaves its title and four cells free.
        var room = canvas.Width - 4 - " Bandit ".Length - 4;
        var note = Wrapped.First(
            room,
            $"{agent}, {ahead}; {PlainWords.Bps} of equity",
            $"{ahead}; {PlainWords.Bps}",
            ahead
        );
        var inner = canvas.Box("Bandit", note);
        var rows = new Rows(inner);
        var wide = inner.Width >= MinWidthForColumns;
        rows.Draw(line => Head(line, wide));
        foreach (var action in actions)
            rows.Draw(line => ActionLine(line, step, action, wide));
        rows.Draw(line => GateLine(line, step));
        rows.Pair(
            "CHOSEN",
            Figures.Name(step.Decision.Action),
            Figures.Style(step.Decision.Action),
            PlainWords.Reason(step)
        );
        rows.Pair("CURIOSITY", Curiosity(step.Header.Parameters), default, Chances(step.Decision));
        rows.Draw(line => Mix(line, model.Recall.Mix));
        rows.Fitting("HINDSIGHT", default, Hindsight(step));
    }

    private static string[] Hindsight(Step step)
    {
        var statistics = step.Statistics;
        var growth = statistics.InitialEquity > 0 ? statistics.Equity / statistics.InitialEquity : 0;
        var (best, isKnown) = (
            Math.Max(step.Benchmarks.BestFlat, step.Benchmarks.BestLong),
            double.IsNormal(growth) && growth > 0
        );
        if (!isKnown || !double.IsNormal(best) || step.Benchmarks.RegretOf(growth) is not { } regret)
            return [Figures.Absent];
        var times = $"{Figures.Number2(Portable.Exp(regret))} x";
        return
        [
            $"{times} this equity is what perfect trades would have made, after costs",
            $"perfect trades: {times} this equity",
            $"perfect trades: {times} equity",
        ];
    }

    private static string Curiosity(RunParameters parameters) =>
        parameters.Agent switch
        {
            LinearAgents.Thompson => $"guesses vary by {parameters.PosteriorScale:0.###} of ±",
            LinearAgents.Ucb => $"guesses add {parameters.PosteriorScale:0.###} of ±",
            LinearAgents.EpsilonGreedy => "one choice in 20 is random",
            LinearAgents.Greedy => "none: the highest is chosen",
            _ => "",
        };

    private static string Ahead(Decision decision) =>
        decision.Horizon == 1 ? "1 candle ahead" : $"{decision.Horizon} candles ahead";

    private static void Head(Canvas line, bool wide)
    {
        line.Text(0, 0, "ACTION", Style.Muted);
        if (!wide)
        {
            var words = Wrapped.First(
                line.Width - 2 - FirstColumn,
                "◆ guess  ● expected ± bps",
                "expected ± bps",
                "bps"
            );
            line.Right(line.Width - 2, 0, words, Style.Muted);
            return;
        }

        line.Text(FirstColumn, 0, "expected bps    ± bps   guess bps", Style.Muted);
        var legend = Wrapped.First(
            line.Width - FirstColumn - NumbersWidth - NoteWidth,
            "├─●─┤ expected and its ±   ◆ guess",
            "● expected  ◆ guess"
        );
        line.Text(FirstColumn + NumbersWidth + 1, 0, legend, Style.Muted);
    }

    private static void ActionLine(Canvas line, Step step, TradeAction action, bool wide)
    {
        var value = step.Decision[action];
        var chosen = action == step.Decision.Action;
        var style = chosen ? Style.Accent : Style.Plain;
        line.Text(0, 0, Figures.Name(action), style);
        if (wide)
        {
            line.Right(19, 0, Figures.Bps(value.Mean), style);
            line.Right(28, 0, Figures.Size(value.StandardDeviation), style);
            line.Right(40, 0, Figures.Bps(value.Draw), style);
            var before = FirstColumn + NumbersWidth + 1;
            Interval(line.Part(before, 0, line.Width - before - NoteWidth, 1), step, value);
            line.Text(line.Width - NoteWidth + 1, 0, Note(step, action), chosen ? Style.Accent : Style.Muted);
            return;
        }

        var numbers = $"{Figures.Bps(value.Mean)} ±{Figures.Size(value.StandardDeviation)}";
        var mark =
            chosen ? '◀'
            : value.Offered ? ' '
            : '×';
        var room = line.Width - 6 - 17;
        if (room >= 5)
            Interval(line.Part(6, 0, room, 1), step, value);
        line.Right(line.Width - 2, 0, numbers, style);
        line.Put(line.Width - 1, 0, mark, chosen ? Style.Accent : Style.Muted);
    }

    private static string Note(Step step, TradeAction action)
    {
        if (action == step.Decision.Action)
            return "◀ chosen";
        if (step.Decision[action].Offered)
            return "";
        return step.Decision.Gate is { IsOpen: false } ? "× gate closed" : "× not possible";
    }

    // Mean and deviation are a line and the draw is a point on it. All three actions share one scale.
    private static void Interval(Canvas line, Step step, in ActionValue value)
    {
        var values = actions
            .Select(action => step.Decision[action])
            .SelectMany(other =>
                new[] { other.Mean - other.StandardDeviation, other.Mean + other.StandardDeviation, other.Draw }
            );
        var scale = Scale.Over(values.Append(0));
        // The scale puts its highest value first; here it belongs on the right.
        int Place(double bps) => Math.Clamp(line.Width - 1 - scale.Row(bps, line.Width), 0, line.Width - 1);
        line.Put(Place(0), 0, '│', Style.Muted);
        var (from, to) = (Place(value.Mean - value.StandardDeviation), Place(value.Mean + value.StandardDeviation));
        if (to > from)
        {
            line.Fill(from, 0, to - from + 1, '─', Style.Plain);
            line.Put(from, 0, '├', Style.Plain);
            line.Put(to, 0, '┤', Style.Plain);
        }

        line.Put(Place(value.Mean), 0, '●', Style.Strong);
        if (Place(value.Draw) != Place(value.Mean))
            line.Put(Place(value.Draw), 0, '◆', Style.Accent);
    }

    private static void GateLine(Canvas line, Step step)
    {
        line.Text(0, 0, "GATE", Style.Muted);
        if (step.Decision.Gate is not { } gate)
        {
            line.Text(Rows.LabelWidth, 0, "none: this agent may always trade", Style.Muted);
            return;
        }

        var style = gate.IsOpen ? Style.Good : Style.Warning;
        var end = line.Text(Rows.LabelWidth, 0, gate.IsOpen ? "open" : "closed", style) + 2;
        var evidence = PlainWords.Evidence(gate);
        end = line.Text(end, 0, Wrapped.First(line.Width - end, $"evidence {evidence}", evidence));
        var room = Math.Min(line.Width - end - 2, 24);
        if (room < 4)
            return;
        var share = gate.Required > 0 ? gate.Evidence / gate.Required : 1;
        Charts.Bars.Gauge(line, end + 2, 0, room, share, gate.IsOpen ? Style.Good : Style.Plain);
    }

    private static string Chances(Decision decision) =>
        decision.Propensities is { } chances
            ? $"chances sell {chances.Sell:0 %} hold {chances.Hold:0 %} buy {chances.Buy:0 %}"
            : "";

    private static void Mix(Canvas line, ActionMix mix)
    {
        const string Label = "CHOSEN SO FAR";
        line.Text(0, 0, Label, Style.Muted);
        var x = Rows.After(Label);
        foreach (var action in actions)
            x = line.Text(x, 0, $"{Figures.Name(action)} {mix[action]:0 %} ", Figures.Style(action));
        x++;
        var room = Math.Min(line.Width - x, 30);
        if (room < 8)
            return;
        foreach (
            var (action, glyph) in new[] { (TradeAction.Sell, '░'), (TradeAction.Hold, '▒'), (TradeAction.Buy, '█') }
        )
        {
            var length = (int)Math.Round(mix[action] * room);
            line.Part(0, 0, line.Width, 1).Fill(x, 0, length, glyph, Figures.Style(action));
            x += length;
        }
    }
}

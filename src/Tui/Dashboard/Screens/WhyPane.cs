using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Why the action was chosen: what each feature adds to its expected return, largest first.</summary>
internal static class WhyPane
{
    private const int NumberWidth = 9;
    private const int MinBar = 6;
    private const int MinName = 10;
    private const int MinHeightForFill = 4;

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var step = model.Step;
        var action = step.Decision.Action;
        var inner = canvas.Box($"Why {Figures.Name(action)}", "bps of expected return");
        if (
            step.Fill is { } fill
            && step.Header.Parameters.Fill == FillMoment.NextOpen
            && inner.Height >= MinHeightForFill
        )
        {
            var end = inner.Text(0, 0, $"{Figures.Name(fill.Side)} in this candle: ", Figures.Style(fill.Side));
            inner.Text(end, 0, "← shows why", Style.Muted);
            inner = inner.Part(0, 1, inner.Width, inner.Height - 1);
        }

        var shares = step.Decision.Contributions;
        if (shares.IsDefaultOrEmpty)
        {
            inner.Text(0, 0, "This agent gives no reasons.", Style.Muted);
            return;
        }

        if (shares.All(share => share == 0))
        {
            OutOfTheMarket(inner, step.Decision);
            return;
        }

        var named = shares
            .Zip(step.Header.Features, (share, name) => (Share: share, Name: name))
            .OrderByDescending(feature => Math.Abs(feature.Share))
            .ToList();
        var max = Math.Abs(named[0].Share);
        var longest = named.Max(feature => feature.Name.Length) + 1;
        var nameWidth = Math.Max(Math.Min(longest, inner.Width - NumberWidth - MinBar), MinName);
        var shown = Math.Min(named.Count, inner.Height - 1);
        for (var y = 0; y < shown; y++)
            Row(inner, y, nameWidth, named[y].Name, named[y].Share, max);
        Sum(inner, nameWidth, shown, named.Skip(shown).Sum(feature => feature.Share), named.Count - shown, step);
    }

    // Features add nothing to an action that earns nothing, so this shows what it was preferred to.
    private static void OutOfTheMarket(Canvas inner, Decision decision)
    {
        var action = decision.Action;
        var rows = new Rows(inner);
        Say($"{Figures.Name(action)} here brings {Figures.Bps(decision[action].Mean)} bps,");
        Say("whatever the indicators say.", Style.Muted);
        if (action != TradeAction.Buy)
            Say($"BUY would bring {Figures.Bps(decision.Buy.Mean)} bps after costs.");
        if (decision.Gate is { IsOpen: false } gate)
            Say($"The gate is closed: evidence {PlainWords.Evidence(gate)}.");

        void Say(string text, Style style = default)
        {
            foreach (var line in Wrapped.Lines(text, inner.Width))
                rows.Line(line, style);
        }
    }

    private static void Row(Canvas inner, int y, int nameWidth, string name, double share, double max)
    {
        inner.Part(0, y, nameWidth, 1).Text(0, 0, name);
        inner.Right(nameWidth + NumberWidth, y, Figures.Bps(share), Style.Of(share));
        var bar = inner.Width - nameWidth - NumberWidth - 1;
        Charts.Bars.FromMiddle(inner, nameWidth + NumberWidth + 1, y, bar, max > 0 ? share / max : 0, Style.Of(share));
    }

    private static void Sum(Canvas inner, int nameWidth, int y, double rest, int others, Step step)
    {
        var mean = step.Decision[step.Decision.Action].Mean;
        var end = others > 0 ? inner.Text(0, y, $"{others} more {Figures.Bps(rest)}", Style.Muted) : 0;
        foreach (var name in new[] { "expected after costs", "expected" })
        {
            var text = $"{name} {Figures.Bps(mean)}";
            if (end + 2 + text.Length > inner.Width)
                continue;
            inner.Right(inner.Width, y, text, Style.Strong);
            return;
        }
    }
}

using BtcBandit.Engine.Domain;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What pushed the decision: the features' shares of the chosen action's mean, largest first.</summary>
internal static class WhyPane
{
    private const int NumberWidth = 9;
    private const int LeastBar = 6;
    private const int LeastName = 10;

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var step = model.Step;
        var action = step.Choice.Action;
        var inner = canvas.Box($"Why {Figures.Name(action)}", "bps of the mean");
        var shares = step.Choice.Contributions;
        if (shares.IsDefaultOrEmpty)
        {
            inner.Text(0, 0, "This agent does not say.", Style.Muted);
            return;
        }

        if (shares.All(share => share == 0))
        {
            OutOfTheMarket(inner, step.Choice);
            return;
        }

        var named = shares
            .Zip(step.Header.Features, (share, name) => (Share: share, Name: name))
            .OrderByDescending(feature => Math.Abs(feature.Share))
            .ToList();
        var most = Math.Abs(named[0].Share);
        var longest = named.Max(feature => feature.Name.Length) + 1;
        var nameWidth = Math.Max(Math.Min(longest, inner.Width - NumberWidth - LeastBar), LeastName);
        var shown = Math.Min(named.Count, inner.Height - 1);
        for (var y = 0; y < shown; y++)
            Row(inner, y, nameWidth, named[y].Name, named[y].Share, most);
        Sum(inner, nameWidth, shown, named.Skip(shown).Sum(feature => feature.Share), named.Count - shown, step);
    }

    // Nothing pushes what earns nothing: what it was preferred to says why.
    private static void OutOfTheMarket(Canvas inner, Choice choice)
    {
        var action = choice.Action;
        inner.Text(0, 0, $"{Figures.Name(action)} here brings {Figures.Bps(choice[action].Mean)} bps,");
        inner.Text(0, 1, "whatever the features say.", Style.Muted);
        if (action != TradeAction.Buy)
            inner.Text(0, 2, $"BUY would bring {Figures.Bps(choice.Buy.Mean)} bps after costs.");
        if (choice.Gate is { IsOpen: false } gate)
        {
            var (evidence, required) = (Figures.Number2(gate.Evidence), Figures.Number2(gate.Required));
            inner.Text(0, 3, $"The gate is closed: evidence {evidence} of {required}.");
        }
    }

    private static void Row(Canvas inner, int y, int nameWidth, string name, double share, double most)
    {
        inner.Part(0, y, nameWidth, 1).Text(0, 0, name);
        inner.Right(nameWidth + NumberWidth, y, Figures.Bps(share), Style.Of(share));
        var bar = inner.Width - nameWidth - NumberWidth - 1;
        Charts.Bars.FromMiddle(
            inner,
            nameWidth + NumberWidth + 1,
            y,
            bar,
            most > 0 ? share / most : 0,
            Style.Of(share)
        );
    }

    private static void Sum(Canvas inner, int nameWidth, int y, double rest, int others, Step step)
    {
        var mean = step.Choice[step.Choice.Action].Mean;
        var end = others > 0 ? inner.Text(0, y, $"{others} more {Figures.Bps(rest)}", Style.Muted) : 0;
        foreach (var name in new[] { "mean after costs", "mean" })
        {
            var text = $"{name} {Figures.Bps(mean)}";
            if (end + 2 + text.Length > inner.Width)
                continue;
            inner.Right(inner.Width, y, text, Style.Strong);
            return;
        }
    }
}

using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The pages: which there are, and which panes they have at any size from 60 x 13 on. A new page is a new row.</summary>
internal static class Pages
{
    private const int MoneyWidth = 40;
    private const int MoneyHeight = 11;

    private static readonly (string, string)[] chart = [("←→", "time"), ("z", "zoom")];
    private static readonly (string, string)[] list = [("↑↓", "scroll"), ("←→", "time")];
    private static readonly (string, string)[] overlays =
    [
        ("←→", "time"),
        ("↑↓", "zoom"),
        (OverlayGroups.Keys, "overlays"),
    ];

    /// <summary>All pages in the order of the tabs; the first one is shown first.</summary>
    public static readonly IReadOnlyList<Page> All =
    [
        new('1', "Overview", Overview, Small.Essentials, chart),
        new('2', "Market", Market, Small.Titled(MarketPane.Draw), overlays),
        new('3', "Bandit", Bandit, Small.Titled(BanditPane.Draw), chart),
        new('4', "Trades", Trades, Small.Titled(TradesPane.Draw), list, IsList: true),
        new('5', "Log", Log, Small.Titled(LogPane.Draw), list, IsList: true),
    ];

    /// <summary>The page that is shown.</summary>
    public static Page Shown(ViewModel model) => All[model.Ui.Page];

    /// <summary>Place of the page that a key opens; null for other keys.</summary>
    public static int? Find(char key)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Key == key)
                return i;
        }

        return null;
    }

    private static void Overview(Canvas body, ViewModel model)
    {
        if (body.Width >= 110 && body.Height >= 30)
            Large(body, model);
        else
            Medium(body, model);
    }

    private static void Market(Canvas body, ViewModel model)
    {
        const int Side = MoneyWidth;
        if (body.Width < 100)
        {
            MarketPane.Draw(body, model);
            return;
        }

        MarketPane.Draw(body.Part(0, 0, body.Width - Side, body.Height), model);
        Stack(
            body.Part(body.Width - Side, 0, Side, body.Height),
            model,
            (IndicatorPane.Draw, model.Step.Header.Columns.Length + 2),
            (MoneyPane.Draw, int.MaxValue)
        );
    }

    private static void Bandit(Canvas body, ViewModel model)
    {
        var top = Math.Min(11, body.Height - 4);
        BanditPane.Draw(body.Part(0, 0, body.Width, top), model);
        var rest = body.Part(0, top, body.Width, body.Height - top);
        var left = rest.Width / 2;
        WhyPane.Draw(rest.Part(0, 0, left, rest.Height), model);
        Stack(
            rest.Part(left, 0, rest.Width - left, rest.Height),
            model,
            (CurvePane.Width, rest.Height >= 10 ? rest.Height / 2 : rest.Height),
            (CurvePane.Evidence, int.MaxValue)
        );
    }

    private static void Trades(Canvas body, ViewModel model)
    {
        var top = body.Height >= 19 ? MoneyHeight : 0;
        if (top > 0)
        {
            MoneyPane.Draw(body.Part(0, 0, MoneyWidth, top), model);
            CurvePane.Equity(body.Part(MoneyWidth, 0, body.Width - MoneyWidth, top), model);
        }

        TradesPane.Draw(body.Part(0, top, body.Width, body.Height - top), model);
    }

    private static void Log(Canvas body, ViewModel model)
    {
        var top = body.Height >= 16 ? Math.Min(12, body.Height / 2) : 0;
        if (top > 0)
            RunPane.Draw(body.Part(0, 0, body.Width, top), model);
        LogPane.Draw(body.Part(0, top, body.Width, body.Height - top), model);
    }

    private static void Medium(Canvas body, ViewModel model)
    {
        var bandit =
            body.Height >= 30 ? 11
            : body.Height >= 18 ? 7
            : 6;
        var trades =
            body.Height >= 30 ? (body.Height - bandit) / 3
            : body.Height >= 20 ? 3
            : 0;
        var top = body.Height - bandit - trades;
        var left = body.Width - MoneyWidth;
        MarketPane.Draw(body.Part(0, 0, left, top), model);
        Stack(
            body.Part(left, 0, MoneyWidth, top),
            model,
            (MoneyPane.Draw, top >= MoneyHeight + 5 ? MoneyHeight : top),
            (RunPane.Draw, int.MaxValue)
        );
        BanditPane.Draw(body.Part(0, top, body.Width, bandit), model);
        if (trades > 0)
            TradesPane.Draw(body.Part(0, top + bandit, body.Width, trades), model);
    }

    private static void Large(Canvas body, ViewModel model)
    {
        var right = Math.Clamp(body.Width * 42 / 100, 48, 84);
        var left = body.Width - right;
        var (equity, trades) = (Math.Max(body.Height / 4, 8), Math.Max(body.Height / 5, 7));
        Stack(
            body.Part(0, 0, left, body.Height),
            model,
            (MarketPane.Draw, body.Height - equity - trades),
            (CurvePane.Equity, equity),
            (TradesPane.Draw, int.MaxValue)
        );
        // The pane of reasons takes the rows that are left: the largest shares come first.
        var why = body.Height - 11 - MoneyHeight;
        var run = why >= 16 ? 11 : 0;
        Stack(
            body.Part(left, 0, right, body.Height),
            model,
            (BanditPane.Draw, 11),
            (WhyPane.Draw, Math.Max(why - Math.Max(run, 7), 5)),
            (MoneyPane.Draw, MoneyHeight),
            (RunPane.Draw, int.MaxValue)
        );
    }

    // Draws panes one below the other; a pane that would have fewer than three rows is left out with all after it.
    private static void Stack(Canvas body, ViewModel model, params (Action<Canvas, ViewModel> Draw, int Height)[] panes)
    {
        var y = 0;
        foreach (var (draw, height) in panes)
        {
            var part = body.Part(0, y, body.Width, Math.Min(height, body.Height - y));
            if (part.Height < 3)
                return;
            draw(part, model);
            y += part.Height;
        }
    }
}

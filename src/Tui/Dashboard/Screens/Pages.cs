using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The pages: which there are, and where their panes are at any size from 60 x 13 on. A new page is a new row.</summary>
internal static class Pages
{
    private const int MoneyWidth = 40;
    private const int MoneyHeight = 11;

    /// <summary>The pane with the chart of candles.</summary>
    public static readonly Pane Market = new(nameof(Market), MarketPane.Draw);

    /// <summary>The pane with the curves of equity.</summary>
    public static readonly Pane Equity = new(nameof(Equity), CurvePane.Equity);

    /// <summary>The pane with the last trades, without a selection.</summary>
    public static readonly Pane LastTrades = new(nameof(LastTrades), TradesPane.Draw);

    /// <summary>The pane with the table of trades, in which one is selected.</summary>
    public static readonly Pane TradesTable = new(nameof(TradesTable), TradesPane.Draw);

    /// <summary>The pane with the lines of the log.</summary>
    public static readonly Pane LogList = new(nameof(LogList), LogPane.Draw);

    private static readonly Pane bandit = new("Bandit", BanditPane.Draw);
    private static readonly Pane why = new("Why", WhyPane.Draw);
    private static readonly Pane money = new("Money", MoneyPane.Draw);
    private static readonly Pane run = new("Run", RunPane.Draw);
    private static readonly Pane skill = new("Skill", SkillPane.Draw);
    private static readonly Pane indicators = new("Indicators", IndicatorPane.Draw);
    private static readonly Pane experts = new("Experts", ExpertsPane.Draw);
    private static readonly Pane uncertainty = new("Uncertainty", CurvePane.Width);
    private static readonly Pane evidence = new("Evidence", CurvePane.Evidence);

    /// <summary>All pages in the order of the tabs; the first one is shown first.</summary>
    public static readonly IReadOnlyList<Page> All =
    [
        new('1', "Overview", "everything at a glance", Overview, Small.Essentials) { HasChart = true },
        new('2', "Market", "candles, overlays, trades, indicators", MarketPage, Small.Titled(MarketPane.Draw))
        {
            HasChart = true,
        },
        new('3', "Bandit", "what each action is worth, and why", BanditPage, Small.Titled(BanditPane.Draw)),
        new('4', "Trades", "money, equity, all trades", TradesPage, Small.Titled(TradesPane.Draw)) { IsList = true },
        new('5', "Log", "the run, events and warnings", LogPage, Small.Titled(LogPane.Draw)) { IsList = true },
        new(
            '6',
            "Experts",
            "what each horizon has earned with virtual money, and whether money follows",
            (width, height, _) => [new(experts, 0, 0, width, height)],
            Small.Titled(ExpertsPane.Draw)
        ),
    ];

    /// <summary>The page that is shown.</summary>
    public static Page Shown(ViewModel model) => All[model.Ui.Page];

    private static IReadOnlyList<PlacedPane> Overview(int width, int height, ViewModel model) =>
        width >= 110 && height >= 30 ? Large(width, height) : Medium(width, height);

    private static IReadOnlyList<PlacedPane> MarketPage(int width, int height, ViewModel model)
    {
        const int Side = MoneyWidth;
        if (width < 100)
            return [new(Market, 0, 0, width, height)];
        return
        [
            new(Market, 0, 0, width - Side, height),
            .. Stack(
                (width - Side, 0, Side, height),
                (indicators, model.Step.Header.Columns.Length + 2),
                (money, int.MaxValue)
            ),
        ];
    }

    private static IReadOnlyList<PlacedPane> BanditPage(int width, int height, ViewModel model)
    {
        var top = Math.Min(11, height - 4);
        var left = width / 2;
        var rest = height - top;
        return
        [
            new(bandit, 0, 0, width, top),
            new(why, 0, top, left, rest),
            .. Stack(
                (left, top, width - left, rest),
                (uncertainty, rest >= 10 ? rest / 2 : rest),
                (evidence, int.MaxValue)
            ),
        ];
    }

    private static IReadOnlyList<PlacedPane> TradesPage(int width, int height, ViewModel model)
    {
        var top = height >= 19 ? MoneyHeight : 0;
        PlacedPane table = new(TradesTable, 0, top, width, height - top);
        if (top == 0)
            return [table];
        List<PlacedPane> panes =
        [
            new(money, 0, 0, MoneyWidth, top),
            new(Equity, MoneyWidth, 0, width - MoneyWidth, top),
        ];
        // A narrow screen breaks the sentence.
        var verdict = width >= 120 ? SkillPane.Height : SkillPane.Height + 1;
        if (height < top + verdict + 6)
            return [.. panes, table];
        return
        [
            .. panes,
            new(skill, 0, top, width, verdict),
            new(TradesTable, 0, top + verdict, width, height - top - verdict),
        ];
    }

    private static IReadOnlyList<PlacedPane> LogPage(int width, int height, ViewModel model)
    {
        var top = height >= 16 ? Math.Min(12, height / 2) : 0;
        PlacedPane list = new(LogList, 0, top, width, height - top);
        return top == 0 ? [list] : [new(run, 0, 0, width, top), list];
    }

    private static List<PlacedPane> Medium(int width, int height)
    {
        var below =
            height >= 30 ? 11
            : height >= 18 ? 7
            : 6;
        var trades =
            height >= 30 ? (height - below) / 3
            : height >= 20 ? 3
            : 0;
        var top = height - below - trades;
        var left = width - MoneyWidth;
        List<PlacedPane> panes =
        [
            new(Market, 0, 0, left, top),
            .. Stack(
                (left, 0, MoneyWidth, top),
                (money, top >= MoneyHeight + 5 ? MoneyHeight : top),
                (run, int.MaxValue)
            ),
            new(bandit, 0, top, width, below),
        ];
        if (trades > 0)
            panes.Add(new(LastTrades, 0, top + below, width, trades));
        return panes;
    }

    private static IReadOnlyList<PlacedPane> Large(int width, int height)
    {
        var right = Math.Clamp(width * 42 / 100, 48, 84);
        var left = width - right;
        var (equity, trades) = (Math.Max(height / 4, 8), Math.Max(height / 5, 7));
        // The pane of reasons takes the rows that are left: the largest shares come first.
        var reasons = height - 11 - MoneyHeight;
        var last = reasons >= 16 ? 11 : 0;
        return
        [
            .. Stack(
                (0, 0, left, height),
                (Market, height - equity - trades),
                (Equity, equity),
                (LastTrades, int.MaxValue)
            ),
            .. Stack(
                (left, 0, right, height),
                (bandit, 11),
                (why, Math.Max(reasons - Math.Max(last, 7), 5)),
                (money, MoneyHeight),
                (run, int.MaxValue)
            ),
        ];
    }

    // Places panes one below the other; a pane that would have fewer than three rows is left out with all after it.
    private static IEnumerable<PlacedPane> Stack(
        (int X, int Y, int Width, int Height) part,
        params (Pane Pane, int Height)[] panes
    )
    {
        var y = 0;
        foreach (var (pane, height) in panes)
        {
            var rows = Math.Min(height, part.Height - y);
            if (rows < 3)
                yield break;
            yield return new PlacedPane(pane, part.X, part.Y + y, part.Width, rows);
            y += rows;
        }
    }
}

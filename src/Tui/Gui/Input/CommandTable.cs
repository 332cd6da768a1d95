using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>All commands of the dashboard. Keys, menu, footer, palette, help and docs/dashboard.md are made from it.</summary>
internal static class CommandTable
{
    private const int Jump = 10;

    private static readonly int[] charts = Places(page => page.HasChart);
    private static readonly int[] lists = Places(page => page.IsList);
    private static readonly int[] trades = Places(page => page.Name == "Trades");

    /// <summary>All commands, in the order of the menus and of the help.</summary>
    public static readonly IReadOnlyList<DashboardCommand> All =
    [
        new(MenuName.Run, "Pause or resume", Keys(' ', 'p'), run => run.TogglePause())
        {
            Hint = "pause",
            HintRank = FooterRank.Pause,
        },
        new(MenuName.Run, "One step, then pause", Keys('n', '.'), run => run.StepOnce()) { Hint = "step" },
        new(MenuName.Run, "Faster: half the pause between steps", Keys('+', '='), run => run.Faster())
        {
            Hint = "faster",
        },
        new(MenuName.Run, "Slower: twice the pause between steps", Keys('-', '_'), run => run.Slower())
        {
            Hint = "slower",
        },
        new(MenuName.Run, "Save now", Keys('w'), run => run.Save()) { Hint = "save" },
        new(MenuName.Run, "Stop this program until the shell's fg", [Key.Z.WithCtrl], run => run.Suspend())
        {
            IsEverywhere = true,
        },
        new(MenuName.Run, "Save and quit", Keys('q'), run => run.Quit()) { Hint = "quit", HintRank = FooterRank.Quit },
        new(MenuName.Run, "Save and quit at once, with exit code 130", [Key.C.WithCtrl], run => run.Interrupt())
        {
            IsEverywhere = true,
        },
        .. Pages.All.Select(
            (page, place) =>
                new DashboardCommand(
                    MenuName.View,
                    $"Page {page.Name}: {page.Shows}",
                    [new Key(page.Key)],
                    run => run.State = run.State.Showing(place)
                )
                {
                    IsOn = run => run.State.Page == place,
                }
        ),
        new(MenuName.View, "Next page", [Key.Tab], run => run.State = run.State.Turned(+1)),
        new(MenuName.View, "Page before", [Key.Tab.WithShift], run => run.State = run.State.Turned(-1)),
        new(MenuName.View, "Next theme", [Key.F8], run => run.UseTheme(null)),
        .. Theme.All.Select(theme => new DashboardCommand(
            MenuName.View,
            $"Theme {theme.Name}",
            [],
            run => run.UseTheme(theme.Name)
        )
        {
            IsOn = run => run.ThemeName == theme.Name,
        }),
        new(MenuName.View, "Mark warnings as read", Keys('c'), run => run.State = run.State.Read()),
        new(MenuName.View, "Draw everything again", [Key.L.WithCtrl], run => run.Redraw()),
        new(MenuName.Go, "Back in time, one column", [Key.CursorLeft, new Key('h')], run => run.MoveTime(1))
        {
            Hint = "back",
            Pages = charts,
            HintRank = FooterRank.OfPage,
        },
        new(MenuName.Go, "Forward in time, one column", [Key.CursorRight, new Key('l')], run => run.MoveTime(-1)),
        new(MenuName.Go, "Ten columns back", [Key.PageUp, new Key('H')], run => Leap(run, -Jump)),
        new(MenuName.Go, "Ten columns forward", [Key.PageDown, new Key('L')], run => Leap(run, +Jump)),
        new(
            MenuName.Go,
            "The oldest step that is kept",
            [Key.Home, new Key('g')],
            run => run.State = run.State.Oldest()
        ),
        new(MenuName.Go, "The newest step", [Key.End, new Key('G'), Key.Esc], run => run.ShowNewest()),
        new(MenuName.Go, "The trade before", Keys('['), run => run.WalkTrades(-1))
        {
            Hint = "trade",
            Pages = charts,
            HintRank = FooterRank.OfPage,
            IsOfChart = true,
        },
        new(MenuName.Go, "The trade after", Keys(']'), run => run.WalkTrades(+1)) { IsOfChart = true },
        new(MenuName.Chart, "Show or hide the cross-hair", Keys('x'), run => run.ToggleCrossHair())
        {
            Hint = "cross-hair",
            Pages = charts,
            HintRank = FooterRank.OfPage,
            IsOn = run => run.State.Pinned is not null,
            IsOfChart = true,
        },
        new(MenuName.Chart, "More candles in a column", Keys('z'), run => run.State = run.State.Zoomed(+1))
        {
            Hint = "zoom",
            Pages = charts,
            HintRank = FooterRank.OfPage,
            IsOfChart = true,
        },
        new(MenuName.Chart, "Fewer candles in a column", Keys('Z'), run => run.State = run.State.Zoomed(-1))
        {
            IsOfChart = true,
        },
        .. OverlayGroups.All.Select(overlay => new DashboardCommand(
            MenuName.Chart,
            $"Show or hide {overlay.Name}",
            Keys(overlay.Key),
            run => run.State = run.State.Toggled(overlay.Group)
        )
        {
            IsOn = run => run.State.Overlays.HasFlag(overlay.Group),
            IsOfChart = true,
        }),
        new(
            MenuName.List,
            "Up in a list; fewer candles in a column",
            [Key.CursorUp, new Key('k')],
            run => run.MoveRows(-1)
        ),
        new(
            MenuName.List,
            "Down in a list; more candles in a column",
            [Key.CursorDown, new Key('j')],
            run => run.MoveRows(+1)
        ),
        new(MenuName.List, "Show another kind of rows", Keys('f'), run => run.Filter())
        {
            Hint = "filter",
            Pages = lists,
            HintRank = FooterRank.OfPage,
        },
        new(MenuName.List, "Order trades by the next column", Keys('o'), run => run.OrderTrades(isOtherWay: false))
        {
            Hint = "order",
            Pages = trades,
            HintRank = FooterRank.OfPage,
        },
        new(MenuName.List, "Order trades the other way round", Keys('O'), run => run.OrderTrades(isOtherWay: true)),
        new(
            MenuName.List,
            "Open a trade (why it was made, what it brought) or a line of the log",
            [Key.Enter],
            run => run.OpenTrade()
        )
        {
            Hint = "open",
            Pages = lists,
            HintRank = FooterRank.OfPage,
            IsOfChart = true,
        },
        new(MenuName.List, "Copy the selected trade, line or candle", Keys('y'), run => run.Copy())
        {
            Hint = "copy",
            Pages = lists,
            HintRank = FooterRank.OfPage,
            IsOfChart = true,
        },
        new(MenuName.Help, "All keys", [new Key('?'), Key.F1], run => run.OpenHelp())
        {
            Hint = "help",
            HintRank = FooterRank.Help,
        },
        new(MenuName.Help, "All commands: type to search", [new Key(':'), Key.P.WithCtrl], run => run.OpenPalette())
        {
            Hint = "commands",
            HintRank = FooterRank.Commands,
        },
        new(MenuName.Help, "Menu", [Key.F10, Key.F9], run => run.OpenMenu()),
    ];

    private static readonly Dictionary<KeyCode, DashboardCommand> byKey = All.SelectMany(command =>
            command.Keys.Select(key => (key.KeyCode, command))
        )
        .ToDictionary(pair => pair.KeyCode, pair => pair.command);

    /// <summary>The command of a key; null if it has none.</summary>
    public static DashboardCommand? Of(Key key)
    {
        if (byKey.TryGetValue(key.KeyCode, out var command))
            return command;
        // Some terminals say that shift was held for a character that needs it.
        return !key.IsCtrl && !key.IsAlt && key.AsRune.Value is > ' ' and < 127 and var rune
            ? byKey.GetValueOrDefault(new Key((char)rune).KeyCode)
            : null;
    }

    private static void Leap(IDashboardActions run, int by)
    {
        if (Pages.All[run.State.Page].IsList)
            run.MoveRows(by);
        else
            run.MoveTime(-by);
    }

    private static Key[] Keys(params char[] characters) => [.. characters.Select(character => new Key(character))];

    private static int[] Places(Func<Page, bool> choose) =>
        [.. Enumerable.Range(0, Pages.All.Count).Where(place => choose(Pages.All[place]))];
}

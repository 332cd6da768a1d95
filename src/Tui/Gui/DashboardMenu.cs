using BtcBandit.Tui.Gui.Input;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui;

/// <summary>Menus made from the table of commands.</summary>
internal static class DashboardMenu
{
    /// <summary>The menu bar.</summary>
    public static MenuBar Bar(IDashboardActions actions, Action<DashboardCommand> run) =>
        new([
            .. Enum.GetValues<MenuName>()
                .Select(name =>
                {
                    var items = Items(command => command.Menu == name, actions, run);
                    var menu = new MenuBarItem($"_{name}", [.. items.Select(item => item.Item)]);
                    Mark(menu.PopoverMenu!, items, actions);
                    return menu;
                }),
        ]);

    /// <summary>The context menu of a chart.</summary>
    public static PopoverMenu OfChart(IDashboardActions actions, Action<DashboardCommand> run)
    {
        var items = Items(command => command.IsOfChart, actions, run);
        var menu = new PopoverMenu(items.Select(item => item.Item)) { Key = Key.F10.WithShift };
        Mark(menu, items, actions);
        return menu;
    }

    private static List<(MenuItem Item, DashboardCommand Command)> Items(
        Func<DashboardCommand, bool> choose,
        IDashboardActions actions,
        Action<DashboardCommand> run
    ) =>
        [
            .. CommandTable
                .All.Where(choose)
                .Select(command =>
                    (new MenuItem(Title(command, actions), command.KeyText, () => run(command)), command)
                ),
        ];

    // What is switched on is known when the menu is opened.
    private static void Mark(
        PopoverMenu menu,
        List<(MenuItem Item, DashboardCommand Command)> items,
        IDashboardActions actions
    ) =>
        menu.VisibleChanged += (_, _) =>
        {
            foreach (var (item, command) in items)
                item.Title = Title(command, actions);
        };

    private static string Title(DashboardCommand command, IDashboardActions actions) =>
        command.IsOn is not { } isOn ? $"  {command.Title}"
        : isOn(actions) ? $"● {command.Title}"
        : $"○ {command.Title}";
}

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
                .Select(menu => new MenuBarItem(
                    $"_{menu}",
                    [.. Items(CommandTable.All.Where(command => command.Menu == menu), actions, run)]
                )),
        ]);

    /// <summary>The context menu of a chart.</summary>
    public static PopoverMenu OfChart(IDashboardActions actions, Action<DashboardCommand> run) =>
        new(Items(CommandTable.All.Where(command => command.IsOfChart), actions, run)) { Key = Key.F10.WithShift };

    private static IEnumerable<MenuItem> Items(
        IEnumerable<DashboardCommand> commands,
        IDashboardActions actions,
        Action<DashboardCommand> run
    ) =>
        commands.Select(command =>
        {
            var item = new MenuItem(Title(command, actions), command.KeyText, () => run(command));
            // What is switched on is known when the menu is opened.
            item.VisibleChanged += (_, _) => item.Title = Title(command, actions);
            return item;
        });

    private static string Title(DashboardCommand command, IDashboardActions actions) =>
        command.IsOn is not { } isOn ? $"  {command.Title}"
        : isOn(actions) ? $"● {command.Title}"
        : $"○ {command.Title}";
}

using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>A page of the dashboard: everything that keys, tabs, help and footer know about it.</summary>
/// <param name="Key">The key that opens the page.</param>
/// <param name="Name">The name in the tabs and in the help.</param>
/// <param name="Draw">Draws the body, between the tabs and the footer, on 60 x 13 cells or more.</param>
/// <param name="DrawSmall">Draws the whole of a smaller screen.</param>
/// <param name="Hints">Keys that the footer names, and what they do on this page.</param>
/// <param name="IsList">Whether up and down scroll a list here; on other pages they zoom a chart.</param>
internal sealed record Page(
    char Key,
    string Name,
    Action<Canvas, ViewModel> Draw,
    Action<Canvas, ViewModel> DrawSmall,
    IReadOnlyList<(string Key, string Means)> Hints,
    bool IsList = false
);

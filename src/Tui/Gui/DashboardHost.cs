using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui.Themes;

namespace BtcBandit.Tui.Gui;

/// <summary>What the dashboard asks of the program around it.</summary>
/// <param name="Terminal">What the terminal can show.</param>
/// <param name="Kept">The file that keeps the theme.</param>
/// <param name="Leave">Called when the user leaves a run that has ended.</param>
/// <param name="Interrupt">Called when the user has pressed Ctrl-C.</param>
/// <param name="Copy">Copies text; null asks the terminal to.</param>
internal sealed record DashboardHost(
    Capabilities Terminal,
    ThemeFile Kept,
    Action Leave,
    Action Interrupt,
    Action<string>? Copy = null
);

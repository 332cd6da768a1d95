using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>What the commands of the dashboard do.</summary>
internal interface IDashboardActions
{
    /// <summary>What is looked at, and what is switched on.</summary>
    UiState State { get; set; }

    /// <summary>Name of the theme that is used.</summary>
    string ThemeName { get; }

    /// <summary>Pauses the run, or resumes it.</summary>
    void TogglePause();

    /// <summary>Makes one step, then pauses.</summary>
    void StepOnce();

    /// <summary>Halves the pause between steps.</summary>
    void Faster();

    /// <summary>Doubles the pause between steps.</summary>
    void Slower();

    /// <summary>Saves the run.</summary>
    void Save();

    /// <summary>Ends the run, after a question in a live run; leaves where it has ended.</summary>
    void Quit();

    /// <summary>Ends the run as a signal does, without a question; the second time at once.</summary>
    void Interrupt();

    /// <summary>Shows the trade before (-1) or after (1) the moment.</summary>
    void WalkTrades(int direction);

    /// <summary>Looks at the newest step, at the newest row of a list, and hides the cross-hair.</summary>
    void ShowNewest();

    /// <summary>Shows a cross-hair that the keyboard moves, where the mouse's is if there is one; hides it if it is shown.</summary>
    void ToggleCrossHair();

    /// <summary>Moves up (negative) or down in the list of the page; zooms the chart where there is none.</summary>
    void MoveRows(int by);

    /// <summary>Moves back (positive) or forward in time, in columns of the chart; moves the keyboard's cross-hair instead where
    /// there is one.</summary>
    void MoveTime(int columns);

    /// <summary>Orders the table of trades by another column, or the other way round.</summary>
    void OrderTrades(bool isOtherWay);

    /// <summary>Shows another kind of rows in the list of the page.</summary>
    void Filter();

    /// <summary>Opens the selected trade, or the trade at the moment; looks at the candle under the keyboard's cross-hair instead
    /// where there is one.</summary>
    void OpenTrade();

    /// <summary>Copies what is selected.</summary>
    void Copy();

    /// <summary>Uses a theme; null uses the next one.</summary>
    void UseTheme(string? name);

    /// <summary>Opens the list of all commands.</summary>
    void OpenPalette();

    /// <summary>Opens the list of all keys.</summary>
    void OpenHelp();

    /// <summary>Opens the menu.</summary>
    void OpenMenu();

    /// <summary>Draws everything again.</summary>
    void Redraw();

    /// <summary>Gives the terminal back to the shell until the program is continued.</summary>
    void Suspend();
}

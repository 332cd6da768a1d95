namespace BtcBandit.Tui.Dashboard.Input;

/// <summary>What a key asks of the run or of the terminal. What it does to the page is in the next state.</summary>
public enum Command
{
    /// <summary>No request.</summary>
    None,

    /// <summary>Pause the run, or resume it.</summary>
    TogglePause,

    /// <summary>Make one step, then pause.</summary>
    SingleStep,

    /// <summary>Shorten the pause between steps.</summary>
    Faster,

    /// <summary>Lengthen the pause between steps.</summary>
    Slower,

    /// <summary>Save the run now.</summary>
    Save,

    /// <summary>End the run.</summary>
    Quit,

    /// <summary>Draw the whole frame again.</summary>
    Redraw,
}

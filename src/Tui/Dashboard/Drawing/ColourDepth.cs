namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>How many colours a terminal can show.</summary>
public enum ColourDepth
{
    /// <summary>No colours, or none wanted.</summary>
    None,

    /// <summary>The 16 named colours, which follow the user's theme.</summary>
    Named,

    /// <summary>The 256 colours of xterm.</summary>
    Indexed,

    /// <summary>All 24-bit colours.</summary>
    True,
}

namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>The characters a terminal can show.</summary>
public enum Charset
{
    /// <summary>All characters, of which lines, blocks and dots are used.</summary>
    Unicode,

    /// <summary>The characters of ASCII only.</summary>
    Ascii,
}

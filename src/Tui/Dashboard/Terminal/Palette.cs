using System.Text;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Terminal;

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

/// <summary>
/// Turns styles into escape sequences. The background stays the terminal's own, and all colours are of medium brightness, so
/// that both light and dark terminals are readable.
/// </summary>
/// <remarks>Stands in for the colour schemes of Terminal.Gui (decision 0001); goes with the presenter.</remarks>
/// <param name="depth">How many colours to use.</param>
public sealed class Palette(ColourDepth depth)
{
    private readonly Dictionary<Style, string> sequences = [];

    /// <summary>How many colours the palette uses.</summary>
    public ColourDepth Depth => depth;

    /// <summary>The escape sequence that switches to a style from any other.</summary>
    public string Of(Style style)
    {
        if (!sequences.TryGetValue(style, out var sequence))
            sequences[style] = sequence = Build(style);
        return sequence;
    }

    private string Build(Style style)
    {
        var codes = new StringBuilder("\e[0");
        if (style.Bold)
            codes.Append(";1");
        if (style.Inverse)
            codes.Append(";7");
        codes.Append(
            depth switch
            {
                ColourDepth.None => "",
                ColourDepth.Named => Named(style.Ink),
                ColourDepth.Indexed => Indexed(style.Ink),
                _ => True(style.Ink),
            }
        );
        return codes.Append('m').ToString();
    }

    private static string Named(Ink ink) =>
        ink switch
        {
            Ink.Good => ";32",
            Ink.Bad => ";31",
            Ink.Accent => ";36",
            Ink.Warning => ";33",
            Ink.Muted => ";90",
            Ink.Second => ";35",
            Ink.Third => ";34",
            _ => "",
        };

    private static string Indexed(Ink ink) =>
        ink switch
        {
            Ink.Good => ";38;5;71",
            Ink.Bad => ";38;5;167",
            Ink.Accent => ";38;5;38",
            Ink.Warning => ";38;5;172",
            Ink.Muted => ";38;5;245",
            Ink.Second => ";38;5;134",
            Ink.Third => ";38;5;68",
            _ => "",
        };

    private static string True(Ink ink) =>
        ink switch
        {
            Ink.Good => ";38;2;70;160;95",
            Ink.Bad => ";38;2;205;85;85",
            Ink.Accent => ";38;2;35;150;190",
            Ink.Warning => ";38;2;200;125;20",
            Ink.Muted => ";38;2;135;140;145",
            Ink.Second => ";38;2;165;95;180",
            Ink.Third => ";38;2;90;125;205",
            _ => "",
        };
}

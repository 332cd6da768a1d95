namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>What a colour means; the palette decides which colour that is.</summary>
public enum Ink : byte
{
    /// <summary>The terminal's own foreground.</summary>
    Plain,

    /// <summary>Gains, buying, rising candles.</summary>
    Good,

    /// <summary>Losses, selling, falling candles.</summary>
    Bad,

    /// <summary>What to look at first.</summary>
    Accent,

    /// <summary>What needs attention.</summary>
    Warning,

    /// <summary>Boxes, units and other things that should not draw the eye.</summary>
    Muted,

    /// <summary>A second curve.</summary>
    Second,

    /// <summary>A third curve.</summary>
    Third,
}

/// <summary>How a character looks. The character itself must say the same.</summary>
/// <param name="Ink">What its colour means.</param>
/// <param name="Bold">Whether it is bold.</param>
/// <param name="Inverse">Whether foreground and background are exchanged.</param>
public readonly record struct Style(Ink Ink, bool Bold = false, bool Inverse = false)
{
    /// <summary>The terminal's own style.</summary>
    public static readonly Style Plain;

    /// <summary>Boxes and units.</summary>
    public static readonly Style Muted = new(Ink.Muted);

    /// <summary>Titles and figures that matter.</summary>
    public static readonly Style Strong = new(Ink.Plain, Bold: true);

    /// <summary>A label on an axis that marks a place.</summary>
    public static readonly Style Inverted = new(Ink.Plain, Inverse: true);

    /// <summary>Gains.</summary>
    public static readonly Style Good = new(Ink.Good);

    /// <summary>Losses.</summary>
    public static readonly Style Bad = new(Ink.Bad);

    /// <summary>What to look at first.</summary>
    public static readonly Style Accent = new(Ink.Accent, Bold: true);

    /// <summary>What needs attention.</summary>
    public static readonly Style Warning = new(Ink.Warning, Bold: true);

    /// <summary>The style of an amount: good above 0, bad below.</summary>
    public static Style Of(double amount) =>
        amount > 0 ? Good
        : amount < 0 ? Bad
        : Plain;
}

/// <summary>One place of the screen.</summary>
/// <param name="Glyph">Character of the cell.</param>
/// <param name="Style">How the character looks.</param>
public readonly record struct Cell(char Glyph, Style Style)
{
    /// <summary>A space.</summary>
    public static readonly Cell Empty = new(' ', Style.Plain);
}

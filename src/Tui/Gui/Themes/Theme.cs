using BtcBandit.Tui.Dashboard.Drawing;
using Terminal.Gui.Configuration;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace BtcBandit.Tui.Gui.Themes;

/// <summary>A theme: the colours of pages, menus, dialogs and lists.</summary>
/// <param name="Name">Name of the theme in the menu and in the file that keeps the choice.</param>
/// <param name="Text">Colour of plain text.</param>
/// <param name="Back">Background of pages.</param>
/// <param name="Panel">Background of menus and dialogs.</param>
/// <param name="Selection">Background of a selected row or menu item.</param>
/// <param name="Inks">Colours of the inks of the panes; a missing ink has the colour <paramref name="Text"/>.</param>
internal sealed record Theme(
    string Name,
    Color Text,
    Color Back,
    Color Panel,
    Color Selection,
    IReadOnlyDictionary<Ink, Color> Inks
)
{
    /// <summary>The terminal's own foreground and background, with colours of medium brightness for both light and dark
    /// ones.</summary>
    public static readonly Theme Terminal = new(
        "Terminal",
        Color.None,
        Color.None,
        Color.None,
        Color.None,
        new Dictionary<Ink, Color>
        {
            [Ink.Good] = new(70, 160, 95),
            [Ink.Bad] = new(205, 85, 85),
            [Ink.Accent] = new(35, 150, 190),
            [Ink.Warning] = new(200, 125, 20),
            [Ink.Muted] = new(135, 140, 145),
            [Ink.Second] = new(165, 95, 180),
            [Ink.Third] = new(90, 125, 205),
        }
    );

    /// <summary>Light text on a dark background.</summary>
    public static readonly Theme Dark = new(
        "Dark",
        new(212, 216, 222),
        new(19, 23, 30),
        new(40, 47, 60),
        new(52, 84, 122),
        new Dictionary<Ink, Color>
        {
            [Ink.Good] = new(80, 185, 112),
            [Ink.Bad] = new(231, 104, 104),
            [Ink.Accent] = new(86, 186, 226),
            [Ink.Warning] = new(236, 170, 62),
            [Ink.Muted] = new(142, 150, 162),
            [Ink.Second] = new(192, 132, 210),
            [Ink.Third] = new(122, 158, 236),
        }
    );

    /// <summary>Dark text on a light background.</summary>
    public static readonly Theme Light = new(
        "Light",
        new(28, 32, 38),
        new(250, 249, 246),
        new(226, 230, 236),
        new(176, 206, 240),
        new Dictionary<Ink, Color>
        {
            [Ink.Good] = new(10, 116, 56),
            [Ink.Bad] = new(182, 32, 44),
            [Ink.Accent] = new(0, 98, 150),
            [Ink.Warning] = new(150, 84, 0),
            [Ink.Muted] = new(92, 98, 108),
            [Ink.Second] = new(126, 50, 146),
            [Ink.Third] = new(44, 80, 176),
        }
    );

    /// <summary>No colours: bold, underlined and reversed text.</summary>
    public static readonly Theme Mono = Terminal with { Name = "Mono", Inks = new Dictionary<Ink, Color>() };

    /// <summary>No colours, and characters of ASCII only.</summary>
    public static readonly Theme Ascii = Mono with { Name = "ASCII", Charset = Charset.Ascii };

    /// <summary>All themes, in the order of the menu.</summary>
    public static readonly IReadOnlyList<Theme> All = [Terminal, Dark, Light, Mono, Ascii];

    /// <summary>The largest set of characters that the theme uses.</summary>
    public Charset Charset { get; init; } = Charset.Unicode;

    private bool IsOwn => Back == Color.None;

    /// <summary>The theme with a name; null if no theme has it.</summary>
    public static Theme? Of(string? name) =>
        All.FirstOrDefault(theme => string.Equals(theme.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Colour of an ink in this theme.</summary>
    public Color this[Ink ink] => Inks.TryGetValue(ink, out var colour) ? colour : Text;

    /// <summary>Gives the colours to all views of the library.</summary>
    public void Apply()
    {
        SchemeManager.AddScheme(nameof(Schemes.Base), Scheme(Back));
        foreach (var name in new[] { Schemes.Menu, Schemes.Dialog, Schemes.Accent, Schemes.Error })
            SchemeManager.AddScheme(name.ToString(), Scheme(Panel));
        DialogSettings.Current = DialogSettings.Current with
        {
            DefaultShadow = ShadowStyles.None,
            DefaultBorderStyle = LineStyle.Single,
        };
        MessageBoxSettings.Current = MessageBoxSettings.Current with { DefaultBorderStyle = LineStyle.Single };
        ButtonSettings.Current = ButtonSettings.Current with { DefaultShadow = ShadowStyles.None };
        MenuSettings.Current = MenuSettings.Current with { DefaultBorderStyle = LineStyle.Single };
    }

    // Every role is stated: the library derives those that are missing, and takes the terminal's own colours for white on black.
    private Scheme Scheme(Color back)
    {
        var (accent, muted) = (this[Ink.Accent], this[Ink.Muted]);
        Attribute Of(Color colour, TextStyle style = TextStyle.None) => new(colour, back, style);
        Attribute Chosen(TextStyle style) =>
            IsOwn ? new(Text, back, style | TextStyle.Reverse) : new(Text, Selection, style);
        return new Scheme
        {
            Normal = Of(Text),
            HotNormal = Of(accent, TextStyle.Underline),
            Focus = Chosen(TextStyle.None),
            HotFocus = Chosen(TextStyle.Underline),
            Active = Chosen(TextStyle.Bold),
            HotActive = Chosen(TextStyle.Bold | TextStyle.Underline),
            Highlight = Of(accent, TextStyle.Bold),
            Editable = Of(Text, TextStyle.Underline),
            ReadOnly = Of(Text),
            Disabled = Of(muted),
        };
    }
}

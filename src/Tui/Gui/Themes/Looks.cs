using BtcBandit.Tui.Dashboard.Drawing;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace BtcBandit.Tui.Gui.Themes;

/// <summary>Translates the styles of the panes into attributes of the library, in the theme that is used.</summary>
internal sealed class Looks
{
    private readonly Dictionary<(Style Style, Color Back), Attribute> known = [];

    /// <summary>Makes the translation for a theme.</summary>
    public Looks(Theme theme) => Theme = theme;

    /// <summary>The theme that is used.</summary>
    public Theme Theme
    {
        get;
        set
        {
            field = value;
            known.Clear();
        }
    }

    /// <summary>The attribute of a style on a page.</summary>
    public Attribute Of(Style style) => Of(style, Theme.Back);

    /// <summary>The attribute of a style on a background, such as that of a selected row.</summary>
    public Attribute Of(Style style, Color back)
    {
        if (known.TryGetValue((style, back), out var attribute))
            return attribute;
        var text =
            (style.Bold ? TextStyle.Bold : TextStyle.None) | (style.Inverse ? TextStyle.Reverse : TextStyle.None);
        return known[(style, back)] = new Attribute(Theme[style.Ink], back, text);
    }
}

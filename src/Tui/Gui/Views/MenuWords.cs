using BtcBandit.Tui.Gui.Input;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>The words of the menu bar, as the library draws them, until a menu is opened for the first time.</summary>
/// <remarks>Replaces MenuBar of Terminal.Gui 2.5.0 at the start: making it takes 90 ms, a third of the time that a run loses to the
/// start of its screen. Delete it when a menu bar costs nothing before it is used.</remarks>
internal sealed class MenuWords : View
{
    private static readonly string[] names = Enum.GetNames<MenuName>();

    private readonly Action<int> open;

    /// <summary>Makes the line of words.</summary>
    /// <param name="open">Opens the menu with a place, from 0.</param>
    public MenuWords(Action<int> open)
    {
        this.open = open;
        SchemeName = nameof(Schemes.Menu);
        (Width, Height) = (names.Sum(name => name.Length + 2), 1);
        CanFocus = false;
        KeyBindings.Clear();
    }

    /// <summary>Opens the menu whose first letter a key is, with Alt or without.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Takes(Key key)
    {
        var letter = key.NoAlt.NoShift;
        var place = Array.FindIndex(names, name => letter == new Key(char.ToLowerInvariant(name[0])));
        if (place < 0 || !Visible)
            return false;
        open(place);
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnDrawingContent(DrawContext? context)
    {
        Move(0, 0);
        foreach (var name in names)
        {
            SetAttributeForRole(VisualRole.Normal);
            AddStr(" ");
            SetAttributeForRole(VisualRole.HotNormal);
            AddStr(name[..1]);
            SetAttributeForRole(VisualRole.Normal);
            AddStr($"{name[1..]} ");
        }

        return true;
    }

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (!mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) || mouse.Position is not { } at)
            return false;
        for (var (place, x) = (0, 0); place < names.Length; place++)
        {
            x += names[place].Length + 2;
            if (at.X >= x)
                continue;
            open(place);
            return true;
        }

        return false;
    }
}

using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>One line of tabs.</summary>
/// <remarks>Replaces Tabs of Terminal.Gui 2.5.0, which draws its borders anew with every change below it: 27 % of a core in place
/// of 4 % at ten frames a second. Delete it when borders cost no more.</remarks>
internal sealed class TabBar : PaneView
{
    private readonly IReadOnlyList<string> names;
    private readonly Action<int> choose;
    private int hover = -1;

    /// <summary>Makes the line of tabs, with the first tab shown.</summary>
    /// <param name="looks">Colours of the theme that is used.</param>
    /// <param name="names">Texts of the tabs, from left to right.</param>
    /// <param name="choose">Called with the place of the tab that was clicked.</param>
    public TabBar(Looks looks, IReadOnlyList<string> names, Action<int> choose)
        : base(looks)
    {
        (this.names, this.choose) = (names, choose);
        Width = names.Sum(name => name.Length + 2);
        Height = 1;
        MousePositionTracking = true;
        Drawing = Draw;
    }

    /// <summary>Place of the tab that is shown.</summary>
    public int Value
    {
        get;
        set
        {
            if (value == field)
                return;
            field = value;
            SetNeedsDraw();
        }
    }

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        var tab = mouse.Position is { } at ? At(at.X) : -1;
        if (mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) && tab >= 0)
            choose(tab);
        else if (mouse.Flags.HasFlag(MouseFlags.WheeledUp))
            choose((Value + names.Count - 1) % names.Count);
        else if (mouse.Flags.HasFlag(MouseFlags.WheeledDown))
            choose((Value + 1) % names.Count);
        else
        {
            Hover(tab);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void OnMouseLeave() => Hover(-1);

    private void Hover(int tab)
    {
        if (tab == hover)
            return;
        hover = tab;
        SetNeedsDraw();
    }

    private void Draw(Canvas canvas)
    {
        var x = 0;
        for (var i = 0; i < names.Count; i++)
        {
            var style =
                i == Value ? Style.Strong
                : i == hover ? Style.Accent
                : Style.Muted;
            x = canvas.Text(x, 0, i == Value ? $"[{names[i]}]" : $" {names[i]} ", style);
        }
    }

    private int At(int column)
    {
        for (var (i, x) = (0, 0); i < names.Count; i++)
        {
            x += names[i].Length + 2;
            if (column < x)
                return i;
        }

        return -1;
    }
}

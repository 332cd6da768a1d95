using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.ViewBase;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>A list or table in a frame that looks like the frame of a pane.</summary>
internal sealed class FramedView : PaneView
{
    /// <summary>Puts a frame around a view.</summary>
    /// <param name="looks">Colours of the theme that is used.</param>
    /// <param name="inner">The list or table; the frame shows its title.</param>
    public FramedView(Looks looks, View inner)
        : base(looks)
    {
        Inner = inner;
        CanFocus = true;
        (inner.X, inner.Y, inner.Width, inner.Height) = (2, 1, Dim.Fill(1), Dim.Fill(1));
        Add(inner);
        Drawing = canvas => canvas.Box(inner.Title, Note);
    }

    /// <summary>Text at the right end of the frame's upper edge; left out where it does not fit.</summary>
    public string Note
    {
        get;
        set
        {
            if (value == field)
                return;
            field = value;
            SetNeedsDraw();
        }
    } = "";

    /// <summary>The list or table in the frame.</summary>
    public View Inner { get; }
}

using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.ViewBase;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>A list or table in a frame that looks as those of the panes do.</summary>
internal sealed class FramedView : PaneView
{
    /// <summary>Puts a frame around a view.</summary>
    /// <param name="looks">The colours.</param>
    /// <param name="inner">The view; its title stands in the frame.</param>
    public FramedView(Looks looks, View inner)
        : base(looks)
    {
        Inner = inner;
        CanFocus = true;
        (inner.X, inner.Y, inner.Width, inner.Height) = (2, 1, Dim.Fill(1), Dim.Fill(1));
        Add(inner);
        Drawing = canvas => canvas.Box(inner.Title, Note);
    }

    /// <summary>What stands in the frame on the right, where it fits.</summary>
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

    /// <summary>What is in the frame.</summary>
    public View Inner { get; }
}

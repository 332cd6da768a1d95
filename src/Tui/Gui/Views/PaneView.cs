using System.Drawing;
using System.Text;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;
using GuiCell = Terminal.Gui.Drawing.Cell;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>A pure pane as a view: the pane draws cells of a size, the view shows them in the colours of the theme.</summary>
internal class PaneView : View
{
    private readonly Looks looks;
    private readonly bool isOfDialog;
    private readonly StringBuilder run = new();

    /// <summary>Makes a view that shows nothing until it has something to draw.</summary>
    /// <param name="looks">Colours of the theme that is used.</param>
    /// <param name="isOfDialog">Whether the view is part of a dialog, which has another background.</param>
    public PaneView(Looks looks, bool isOfDialog = false)
    {
        (this.looks, this.isOfDialog) = (looks, isOfDialog);
        CanFocus = false;
        KeyBindings.Clear();
    }

    /// <summary>The function that draws the cells; setting it draws the view anew.</summary>
    public Action<Canvas>? Drawing
    {
        get;
        set
        {
            field = value;
            SetNeedsDraw();
        }
    }

    /// <summary>Draws a pane with a model from now on.</summary>
    public void Show(Action<Canvas, ViewModel> draw, ViewModel model) => Drawing = canvas => draw(canvas, model);

    /// <inheritdoc/>
    // OnDrawingContent writes all cells, so the library need not clear them.
    protected override bool OnClearingViewport() => true;

    /// <inheritdoc/>
    protected override bool OnDrawingContent(Terminal.Gui.ViewBase.DrawContext? context)
    {
        if (Viewport.Width <= 0 || Viewport.Height <= 0)
            return true;
        var frame = new Frame(Viewport.Width, Viewport.Height);
        Drawing?.Invoke(frame.Canvas);
        // Cells that the library's buffer holds already are not written again; most of a frame is the same as before.
        var known = App?.Driver?.GetOutputBuffer().Contents;
        var corner = ViewportToScreen(Point.Empty);
        for (var y = 0; y < frame.Height; y++)
            Row(frame, y, known, corner);
        return true;
    }

    private void Row(Frame frame, int y, GuiCell[,]? known, Point corner)
    {
        for (var x = 0; x < frame.Width; )
        {
            var style = frame[x, y].Style;
            var attribute = looks.Of(style, isOfDialog ? looks.Theme.Panel : looks.Theme.Back);
            if (Holds(known, corner.X + x, corner.Y + y, frame[x, y].Glyph, attribute))
            {
                x++;
                continue;
            }

            run.Clear();
            var from = x;
            do run.Append(frame[x++, y].Glyph);
            while (
                x < frame.Width
                && frame[x, y].Style == style
                && !Holds(known, corner.X + x, corner.Y + y, frame[x, y].Glyph, attribute)
            );
            SetAttribute(attribute);
            Move(from, y);
            AddStr(run.ToString());
        }
    }

    private static bool Holds(GuiCell[,]? cells, int x, int y, char glyph, in Attribute attribute)
    {
        if (cells is null || y < 0 || y >= cells.GetLength(0) || x < 0 || x >= cells.GetLength(1))
            return false;
        ref var cell = ref cells[y, x];
        return cell.Grapheme is [var one] && one == glyph && cell.Attribute == attribute;
    }
}

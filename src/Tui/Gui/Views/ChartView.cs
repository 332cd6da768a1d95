using System.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>What the mouse does on a chart.</summary>
/// <param name="Point">Shows the cross-hair at a place of the pane's chart; null hides it.</param>
/// <param name="Look">Looks at the candle at a place of the pane's chart.</param>
/// <param name="Zoom">Shows more candles in a column (1) or fewer (-1).</param>
/// <param name="Drag">Moves so many columns back in time.</param>
/// <param name="OpenMenu">Opens the context menu at a place of the screen.</param>
internal sealed record ChartActions(
    Action<ChartPoint?> Point,
    Action<ChartPoint> Look,
    Action<int> Zoom,
    Action<int> Drag,
    Action<Point> OpenMenu
);

/// <summary>A pane with a chart: the wheel zooms, dragging moves in time, hovering shows the cross-hair, a click looks at a candle,
/// the right button opens a menu.</summary>
internal sealed class ChartView : PaneView
{
    // Left of the chart are the border of the pane and a space, above it the border and the headline.
    private const int Left = 2;
    private const int Top = 2;

    private readonly ChartActions actions;
    private int? dragged;
    private bool hasMoved;

    public ChartView(Looks looks, ChartActions actions)
        : base(looks)
    {
        this.actions = actions;
        MousePositionTracking = true;
    }

    /// <summary>Columns of the chart with its axis.</summary>
    public int Columns => Math.Max(Viewport.Width - (2 * Left), 0);

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Position is not { } at)
            return false;
        var flags = mouse.Flags;
        if (flags.HasFlag(MouseFlags.WheeledUp) || flags.HasFlag(MouseFlags.WheeledDown))
            actions.Zoom(flags.HasFlag(MouseFlags.WheeledUp) ? -1 : 1);
        else if (flags.HasFlag(MouseFlags.RightButtonClicked))
            actions.OpenMenu(mouse.ScreenPosition);
        else if (flags.HasFlag(MouseFlags.LeftButtonPressed))
            Pull(at);
        else if (flags.HasFlag(MouseFlags.LeftButtonReleased))
            dragged = null;
        else if (flags.HasFlag(MouseFlags.LeftButtonClicked))
            Click(at);
        else if (flags.HasFlag(MouseFlags.PositionReport))
            actions.Point(PlaceOf(at));
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    protected override void OnMouseLeave()
    {
        dragged = null;
        actions.Point(null);
    }

    private void Pull(Point at)
    {
        if (dragged is { } from && from != at.X)
        {
            hasMoved = true;
            actions.Drag(at.X - from);
        }
        else if (dragged is null)
        {
            hasMoved = false;
        }

        dragged = at.X;
    }

    private void Click(Point at)
    {
        // The library reports the end of a drag as a click.
        if (!hasMoved && PlaceOf(at) is { } place)
            actions.Look(place);
        hasMoved = false;
    }

    private ChartPoint? PlaceOf(Point at) =>
        at.X >= Left && at.Y >= Top && at.X < Viewport.Width - Left && at.Y < Viewport.Height - 1
            ? new ChartPoint(at.X - Left, at.Y - Top)
            : null;
}

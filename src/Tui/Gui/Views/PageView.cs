using System.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using Terminal.Gui.ViewBase;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>A page: its panes as views, placed anew when the size or the model asks for it.</summary>
internal sealed class PageView : View
{
    private readonly Page page;
    private readonly Func<Pane, View> make;
    private readonly Dictionary<Pane, View> views = [];
    private IReadOnlyList<PlacedPane> placed = [];
    private Size size;

    /// <summary>Makes an empty page.</summary>
    /// <param name="page">The page, which places its panes.</param>
    /// <param name="make">Makes the view of a pane.</param>
    public PageView(Page page, Func<Pane, View> make)
    {
        (this.page, this.make) = (page, make);
        CanFocus = true;
        KeyBindings.Clear();
        Width = Dim.Fill();
        Height = Dim.Fill();
        Visible = false;
    }

    /// <summary>Shows a model in a body of some size.</summary>
    public void Show(ViewModel model, Size body)
    {
        var next = page.Arrange(body.Width, body.Height, model);
        if (body != size || !next.SequenceEqual(placed))
            Place(next);
        (placed, size) = (next, body);
        foreach (var (pane, _, _, _, _) in placed)
            Show(pane, views[pane], model);
    }

    /// <inheritdoc/>
    // Panes cover the page, so the library need not clear it.
    protected override bool OnClearingViewport() => true;

    private void Place(IReadOnlyList<PlacedPane> next)
    {
        foreach (var view in views.Values)
            view.Visible = false;
        foreach (var (pane, x, y, width, height) in next)
        {
            if (!views.TryGetValue(pane, out var view))
            {
                views[pane] = view = make(pane);
                Add(view);
            }

            (view.X, view.Y, view.Width, view.Height) = (x, y, width, height);
            view.Visible = true;
        }

        SetNeedsLayout();
    }

    private static void Show(Pane pane, View view, ViewModel model)
    {
        switch (view)
        {
            case FramedView { Inner: TradesTable table } framed:
                framed.Note = TradesPane.Units(model);
                table.Show(model);
                break;
            case FramedView { Inner: LogList list }:
                list.Show(model);
                break;
            case PaneView plain:
                plain.Show(pane.Draw, model);
                break;
        }
    }
}

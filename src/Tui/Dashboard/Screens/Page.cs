using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>A part of a page: a function that draws it at any size.</summary>
/// <param name="Name">Name of the pane, unique among the panes of a page.</param>
/// <param name="Draw">Draws the pane onto a canvas of any size.</param>
internal sealed record Pane(string Name, Action<Canvas, ViewModel> Draw);

/// <summary>A pane and its place on a page, in cells.</summary>
internal readonly record struct PlacedPane(Pane Pane, int X, int Y, int Width, int Height);

/// <summary>A page of the dashboard.</summary>
/// <param name="Key">The key that opens the page.</param>
/// <param name="Name">Name of the page in tabs and menu.</param>
/// <param name="Shows">What the page shows, in a few words.</param>
/// <param name="Arrange">Places the panes of the page on the body between tabs and footer, which has at least 60 x 13 cells.</param>
/// <param name="DrawSmall">Draws the page onto a screen that is too small for panes.</param>
internal sealed record Page(
    char Key,
    string Name,
    string Shows,
    Func<int, int, ViewModel, IReadOnlyList<PlacedPane>> Arrange,
    Action<Canvas, ViewModel> DrawSmall
)
{
    /// <summary>Whether the page has a list, in which keys move the selection.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether the page has a chart of candles.</summary>
    public bool HasChart { get; init; }

    /// <summary>Draws the panes of the page onto the body.</summary>
    public void Draw(Canvas body, ViewModel model)
    {
        foreach (var (pane, x, y, width, height) in Arrange(body.Width, body.Height, model))
            pane.Draw(body.Part(x, y, width, height), model);
    }
}

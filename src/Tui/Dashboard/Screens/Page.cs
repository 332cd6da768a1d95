using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>A part of a page: a function that draws it at any size.</summary>
/// <param name="Name">Tells it from the other panes of a page.</param>
/// <param name="Draw">Draws it.</param>
internal sealed record Pane(string Name, Action<Canvas, ViewModel> Draw);

/// <summary>A pane and its place on a page, in cells.</summary>
internal readonly record struct PlacedPane(Pane Pane, int X, int Y, int Width, int Height);

/// <summary>A page of the dashboard.</summary>
/// <param name="Key">The key that opens the page.</param>
/// <param name="Name">The name in tabs and menu.</param>
/// <param name="Shows">What it shows, in a few words.</param>
/// <param name="Arrange">Places its panes on the body between tabs and footer, which has at least 60 x 13 cells.</param>
/// <param name="DrawSmall">Draws the whole of a smaller screen.</param>
internal sealed record Page(
    char Key,
    string Name,
    string Shows,
    Func<int, int, ViewModel, IReadOnlyList<PlacedPane>> Arrange,
    Action<Canvas, ViewModel> DrawSmall
)
{
    /// <summary>Whether it has a list, which keys scroll.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether it has a chart of candles.</summary>
    public bool HasChart { get; init; }

    /// <summary>Draws the body.</summary>
    public void Draw(Canvas body, ViewModel model)
    {
        foreach (var (pane, x, y, width, height) in Arrange(body.Width, body.Height, model))
            pane.Draw(body.Part(x, y, width, height), model);
    }
}

using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The list of keys.</summary>
internal static class HelpPane
{
    /// <summary>Keys and what they do. A test compares docs/dashboard.md with this list.</summary>
    public static readonly IReadOnlyList<(string Keys, string Means)> Keys =
    [
        (
            $"{string.Join(' ', Pages.All.Select(page => page.Key))}, Tab",
            string.Join(", ", Pages.All.Select(page => page.Name.ToLowerInvariant()))
        ),
        ("space, p", "pause or resume"),
        ("n, .", "one step, then pause"),
        ("+, -", "faster, slower"),
        ("← →, h l", "back and forward in time, one column"),
        ("PgUp PgDn, [ ]", "ten columns; ten lines of a list"),
        ("Home End, g G", "the oldest step kept, the newest"),
        ("↑ ↓, k j", "scroll a list; zoom a chart"),
        ("z, Z", "more, fewer candles in a column"),
        (OverlayGroups.Keys, OverlayGroups.Names),
        ("c", "mark warnings as read"),
        ("w", "save now"),
        ("Ctrl-L", "redraw"),
        ("q, Ctrl-C", "save and quit"),
        ("?, Esc", "close this"),
    ];

    public static void Draw(Canvas canvas)
    {
        var width = Math.Min(64, canvas.Width);
        var height = Math.Min(Keys.Count + 2, canvas.Height);
        var part = canvas.Part((canvas.Width - width) / 2, (canvas.Height - height) / 2, width, height);
        part.Clear();
        var inner = part.Box("Keys");
        for (var y = 0; y < Keys.Count; y++)
        {
            inner.Text(0, y, Keys[y].Keys, Style.Strong);
            inner.Text(Math.Min(17, inner.Width / 2), y, Keys[y].Means);
        }
    }
}

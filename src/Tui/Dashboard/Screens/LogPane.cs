using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What happened to the run, newest first; warnings carry a mark.</summary>
internal static class LogPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var log = model.LogAtMoment;
        var unread = model.Unread.Count();
        var inner = canvas.Box("Log", unread > 0 ? $"{unread} unread, c: read" : "newest first");
        if (log.Count == 0)
            inner.Text(0, 0, "Nothing to report yet.", Style.Muted);
        for (var y = 0; y < inner.Height && log.Count - 1 - y >= 0; y++)
        {
            var line = log[log.Count - 1 - y];
            var isUnread = line.IsWarning && line.Number > model.Ui.ReadUpTo;
            inner.Text(0, y, line.IsWarning ? "!" : " ", Style.Warning);
            inner.Text(2, y, NoteText.Of(line), isUnread ? Style.Warning : Style.Plain);
        }
    }
}

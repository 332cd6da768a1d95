using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What happened, newest first; warnings carry a mark until they are read.</summary>
internal static class LogPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var log = model.Log;
        var unread = model.Unread.Count();
        var scroll = Math.Clamp(model.Ui.Tab == Tab.Log ? model.Ui.Scroll : 0, 0, Math.Max(log.Count - 1, 0));
        var inner = canvas.Box("Log", unread > 0 ? $"{unread} unread, c: read" : "newest first");
        if (log.Count == 0)
            inner.Text(0, 0, "Nothing worth a line has happened.", Style.Muted);
        for (var y = 0; y < inner.Height && log.Count - 1 - y - scroll >= 0; y++)
        {
            var line = log[log.Count - 1 - y - scroll];
            var isUnread = line.IsWarning && line.Number > model.Ui.ReadUpTo;
            inner.Text(0, y, line.IsWarning ? "!" : " ", Style.Warning);
            inner.Text(2, y, line.Text, isUnread ? Style.Warning : Style.Plain);
        }
    }
}

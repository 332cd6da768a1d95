using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The lines above and below every page: title, tabs, and keys or the last unread warning.</summary>
internal static class Bands
{
    private static readonly (string Key, string Means)[] general =
    [
        ("?", "help"),
        ("q", "quit"),
        ("space", "pause"),
        ("n", "step"),
        ("+ -", "speed"),
    ];

    public static void Title(Canvas line, ViewModel model)
    {
        var (source, step) = (model.Step.Header.Source, model.Step);
        var x = line.Text(0, 0, "BtcBandit", Style.Accent);
        x = line.Text(x + 2, 0, $"{source.Pair} {source.Timeframe}", Style.Strong);
        x = line.Text(x + 2, 0, RunPane.Mode(model.Run.Mode));
        if (model.Run.Progress is { } done && x + 24 < line.Width)
            x = line.Text(x + 2, 0, $"{Math.Clamp(done, 0, 1):0 %}", Style.Muted);
        var time = $"{Figures.Utc(step.Candle.OpenTime)} UTC";
        var number = $"step {step.Number:N0}  ";
        var room = line.Width - x - 2;
        line.Right(
            line.Width,
            0,
            room >= number.Length + time.Length ? number + time
                : room >= time.Length ? time
                : ""
        );
    }

    public static void Tabs(Canvas line, ViewModel model)
    {
        var x = 0;
        foreach (var page in Pages.All)
        {
            var on = page == Pages.Shown(model);
            var (text, style) = ($"{page.Key} {page.Name}", on ? Style.Strong : Style.Muted);
            x = line.Text(x, 0, on ? $"[{text}]" : $" {text} ", style);
        }

        var (status, look) = Status(model);
        if (x + 2 + status.Length <= line.Width)
            line.Right(line.Width, 0, status, look);
    }

    public static void Footer(Canvas line, ViewModel model)
    {
        var warning = model.Unread.LastOrDefault();
        if (warning.Number > 0)
        {
            line.Text(0, 0, $"! {NoteText.Of(warning)}", Style.Warning);
            const string Read = "  c: read  ?: help";
            if (line.Width > 40)
                line.Text(line.Width - Read.Length, 0, Read, Style.Muted);
            return;
        }

        var x = 0;
        var tabs = $"{Pages.All[0].Key}-{Pages.All[^1].Key}";
        foreach (
            var (key, means) in general.Concat(Pages.Shown(model).Hints).Append(("w", "save")).Append((tabs, "tabs"))
        )
        {
            if (x + key.Length + 1 + means.Length > line.Width)
                continue;
            x = line.Text(x, 0, key, Style.Strong);
            x = line.Text(x + 1, 0, means, Style.Muted) + 2;
        }
    }

    private static (string Text, Style Style) Status(ViewModel model)
    {
        if (model.IsPast)
        {
            var back = model.Recall.Newest.Number - model.Step.Number;
            return ($"PAST {back:N0} back, End returns", Style.Warning);
        }

        var status = RunPane.Status(model);
        return status == "running"
            ? (RunPane.Speed(model.Run) is var speed && speed == Figures.Absent ? status : speed, Style.Muted)
            : (status, Style.Warning);
    }
}

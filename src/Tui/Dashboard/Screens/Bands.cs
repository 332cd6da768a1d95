using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The lines above and below every page.</summary>
internal static class Bands
{
    /// <summary>Draws what is traded, how far the run is, and the step and time that are looked at.</summary>
    public static void Title(Canvas line, ViewModel model)
    {
        var (source, step) = (model.Step.Header.Source, model.Step);
        var time = $"{Figures.Utc(step.Candle.OpenTime)} UTC";
        var end = $"step {step.Number:N0}  {time}";
        var x = line.Text(0, 0, $"{source.Pair} {source.Timeframe}", Style.Accent);
        var mode = RunPane.Mode(model.Run.Mode);
        if (x + 2 + mode.Length + 2 + end.Length <= line.Width)
            x = line.Text(x + 2, 0, mode);
        if (model.Run.Progress is { } done && x + 2 + 5 + 2 + end.Length <= line.Width)
            x = line.Text(x + 2, 0, $"{Math.Clamp(done, 0, 1):0 %}", Style.Muted);
        var room = line.Width - x - 2;
        line.Right(
            line.Width,
            0,
            room >= end.Length ? end
                : room >= time.Length ? time
                : ""
        );
    }

    /// <summary>Draws whether the run is running, and how fast, or how far back the moment is.</summary>
    public static void Status(Canvas line, ViewModel model)
    {
        var (texts, style) = StatusOf(model);
        line.Right(line.Width, 0, Array.Find(texts, text => text.Length < line.Width) ?? "", style);
    }

    /// <summary>The keys that fit into a line, each with its column.</summary>
    /// <param name="hints">Keys and what they do.</param>
    /// <param name="width">Columns of the line.</param>
    public static IReadOnlyList<(int Column, int Index)> Fitting(
        IReadOnlyList<(string Key, string Means)> hints,
        int width
    )
    {
        var fitting = new List<(int, int)>();
        var x = 0;
        for (var i = 0; i < hints.Count; i++)
        {
            var length = hints[i].Key.Length + 1 + hints[i].Means.Length;
            if (x + length > width)
                continue;
            fitting.Add((x, i));
            x += length + 2;
        }

        return fitting;
    }

    /// <summary>Draws the keys that fit, or the last warning that is not read.</summary>
    public static void Footer(Canvas line, ViewModel model, IReadOnlyList<(string Key, string Means)> hints)
    {
        if (model.Unread.LastOrDefault() is { Number: > 0 } warning)
        {
            const string Read = "  c: read  ?: help";
            line.Text(0, 0, $"! {NoteText.Of(warning)}", Style.Warning);
            if (line.Width > 40)
                line.Text(line.Width - Read.Length, 0, Read, Style.Muted);
            return;
        }

        // After the first command, the keys are worth more than what everybody has read.
        if (model.Notice is not "" && (model.Notice ?? model.End) is { } notice)
        {
            line.Text(0, 0, notice, Style.Accent);
            return;
        }

        foreach (var (column, index) in Fitting(hints, line.Width))
            line.Text(line.Text(column, 0, hints[index].Key, Style.Strong) + 1, 0, hints[index].Means, Style.Muted);
    }

    // The longest that fits is shown.
    private static (string[] Texts, Style Style) StatusOf(ViewModel model)
    {
        if (model.IsPast)
        {
            var back = model.Recall.Newest.Number - model.Step.Number;
            return ([$"PAST {back:N0} back, End returns", $"PAST {back:N0} back", "PAST"], Style.Warning);
        }

        if (model.End is not null)
            return (["ended, saved; q leaves", "ended; q leaves", "ended"], Style.Accent);
        var status = RunPane.Status(model);
        return status == "running"
            ? ([RunPane.Speed(model.Run) is var speed && speed == Figures.Absent ? status : speed], Style.Muted)
            : ([status], Style.Warning);
    }
}

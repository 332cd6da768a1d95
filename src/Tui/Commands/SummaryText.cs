using System.Text;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>The summary of a run as text for people.</summary>
internal static class SummaryText
{
    private const int VerdictWidth = 80;

    /// <summary>The text: lines with names, then the verdict.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="header">Header of the run.</param>
    /// <param name="skill">Whether the result is skill or may be luck.</param>
    public static string Of(RunSummary summary, RunHeader header, SkillVerdict skill)
    {
        var text = new StringBuilder();
        Line("run", $"{header.Source}");
        Line("time", SummaryLines.Time(summary));
        Line("steps", SummaryLines.Steps(summary));
        foreach (var (name, value) in SummaryLines.Of(summary))
            Line(name, value);
        if (summary.CandlesPerSecond is { } speed)
            Line("speed", speed < 1.5 ? "1 candle per second" : $"{FigureText.Count(speed)} candles per second");
        text.Append('\n').Append(SkillText.Paragraph(skill, VerdictWidth));
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.Append(name.PadRight(14)).Append(value).Append('\n');
    }
}

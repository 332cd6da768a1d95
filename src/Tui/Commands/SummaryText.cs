using System.Text;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>The summary of a run as text for people.</summary>
internal static class SummaryText
{
    public static string Of(RunSummary summary, RunHeader header)
    {
        var text = new StringBuilder();
        Line("run", $"{header.Source}");
        Line("time", SummaryLines.Time(summary));
        Line("steps", SummaryLines.Steps(summary));
        foreach (var (name, value) in SummaryLines.Of(summary))
            Line(name, value);
        if (summary.CandlesPerSecond is { } speed)
            Line("speed", speed < 1.5 ? "1 candle per second" : $"{FigureText.Count(speed)} candles per second");
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.Append(name.PadRight(14)).Append(value).Append('\n');
    }
}

using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Wording;

/// <summary>What happened to a run, as one line of a log.</summary>
internal static class NoteText
{
    /// <summary>The words of a line.</summary>
    public static string Of(in LogLine line) => Of(line.Note).ReplaceLineEndings(" ");

    private static string Of(RunNote note) =>
        note switch
        {
            RunNote.Filled filled => Invariant(
                $"{StepLine.Time(filled.OpenTime)}  {StepLine.Name(filled.Fill.Side)} {filled.Fill.Quantity:0.00000} at {filled.Fill.Price:N2}{Profit(filled.Fill)}"
            ),
            RunNote.NotFilled refused => $"{StepLine.Time(refused.OpenTime)}  not filled: {refused.Reason}",
            RunNote.GateSwitched { OpenTime: var time, Gate: var gate } => Invariant(
                $"{StepLine.Time(time)}  the gate {(gate.IsOpen ? "opened" : "closed")}: evidence {gate.Evidence:0.00}{(gate.Evidence < 0 && !gate.IsOpen ? ", below 0" : $" of {gate.Required:0.00}")}"
            ),
            RunNote.SaveRequested => "save requested",
            RunNote.Ended => "the run has ended",
            RunNote.Failed failed => FaultText.Of(failed.Error),
            RunNote.CandlesMissing missing => $"candles are missing: {missing.First}",
            RunNote.RowsSkipped rows => $"bad rows are skipped, the first: {FeedFaultText.Of(rows.First)}",
            RunNote.CandleRestated => "the feed restated a candle with other values",
            RunNote.CandleLate => "the feed dropped a candle that came after a newer one",
            RunNote.FromSession session => FaultText.Of(session.Note),
            RunNote.Remark remark => remark.Text,
            _ => $"{note}",
        };

    private static string Profit(Fill fill) =>
        fill.Profit is { } profit ? Invariant($", profit {profit:+0.00;-0.00;0.00}") : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Compares the descriptions of two runs: one that depends on candles uses the future before the first value does.</summary>
internal static class HeaderDifference
{
    /// <summary>Returns the first part that differs, and what it is in each; null if they describe the same run.</summary>
    public static (string Column, string Whole, string Again)? Of(RunHeader whole, RunHeader again) =>
        whole == again ? null
        : !whole.Columns.SequenceEqual(again.Columns) ? Names("columns", whole.Columns, again.Columns)
        : !whole.Features.SequenceEqual(again.Features) ? Names("features", whole.Features, again.Features)
        : whole.Source != again.Source ? ("plan: source", $"{whole.Source}", $"{again.Source}")
        : whole.Parameters != again.Parameters ? ("plan: parameters", $"{whole.Parameters}", $"{again.Parameters}")
        : whole.TrialsBefore != again.TrialsBefore
            ? ("plan: trials before", $"{whole.TrialsBefore}", $"{again.TrialsBefore}")
        : ("plan: known markets", Known(whole), Known(again));

    private static (string, string, string) Names(string what, IEnumerable<string> whole, IEnumerable<string> again) =>
        ($"plan: {what}", string.Join(' ', whole), string.Join(' ', again));

    private static string Known(RunHeader header) => string.Join(' ', header.Known ?? []);
}

namespace BtcBandit.Sweep.Runs;

/// <summary>Says whether a row that comes from elsewhere, a worker or another file, can be that of a run: whatever a store or a report
/// relies on.</summary>
internal static class RowCheck
{
    private const int MostOfReason = 2_000;
    private const int MostBlocks = 127;

    // No market has grown by more; beyond it products of folds are infinite.
    private const double MostReturn = 1e12;

    /// <summary>Says what is wrong with the result of a row; null if a run can have made it.</summary>
    public static string? FaultOf(RunRow row)
    {
        if (row is { Error: { } reason, Train: null, Test: null, Growth: null })
            return reason.Length > MostOfReason || reason.Any(c => char.IsControl(c) && c != '\t')
                ? "a reason that is no line"
                : null;
        // A train part without a step has no result.
        if (
            row is not { Error: null, Test: { } test, Growth: { } growth }
            || (row.Train is not null && !row.Window.HasTrain)
        )
            return "neither a whole result nor a reason";
        return !IsPossible(test) || (row.Train is { } train && !IsPossible(train)) || !IsPossible(growth, test.Steps)
            ? "figures that no run has"
            : null;
    }

    // JSON has numbers that are too large for a double; they are read as infinite.
    private static bool IsPossible(PartResult part) =>
        part is { Steps: >= 0, Trades: >= 0, RoundTrips: >= 0, TotalReturn: >= -1 and <= MostReturn }
        && AreFinite(
            part.TotalReturn,
            part.BuyAndHoldReturn,
            part.MaxDrawdown,
            part.Sharpe,
            part.Sortino,
            part.WinRate,
            part.ProfitFactor,
            part.FeesPaid,
            part.SlippagePaid,
            part.Exposure,
            part.Turnover,
            part.CumulativeReward
        );

    private static bool AreFinite(params ReadOnlySpan<double?> values)
    {
        foreach (var value in values)
        {
            if (value is { } number && !double.IsFinite(number))
                return false;
        }
        return true;
    }

    private static bool IsPossible(GrowthSeries growth, long steps) =>
        growth is { Own.Length: <= MostBlocks, Hold: not null }
        && growth.Own.Length == growth.Hold.Length
        && growth.StepsPerBlock > 0
        && long.IsPow2(growth.StepsPerBlock)
        && steps / growth.StepsPerBlock == growth.Own.Length
        && Array.TrueForAll(growth.Own, float.IsFinite)
        && Array.TrueForAll(growth.Hold, float.IsFinite);
}

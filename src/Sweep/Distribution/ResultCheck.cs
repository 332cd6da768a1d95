using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Distribution;

/// <summary>Says whether rows that came from elsewhere can be those of a unit: whatever a store or a report relies on.</summary>
internal static class ResultCheck
{
    private const int MostOfReason = 2_000;
    private const int MostBlocks = 127;

    /// <summary>Checks the rows of a unit.</summary>
    /// <exception cref="RefusedResultException">They are not of the unit.</exception>
    public static void Check(PlannedUnit unit, IReadOnlyList<RunRow?> rows, string code)
    {
        if (rows.Count != unit.Runs.Count)
            throw new RefusedResultException(
                FormattableString.Invariant($"{rows.Count} rows came for {unit.Runs.Count} runs")
            );
        for (var place = 0; place < rows.Count; place++)
        {
            var asked = UnitRunner.RowOf(unit, unit.Runs[place], code);
            if (rows[place] is not { } row || IdentityOf(row) != asked)
                throw new RefusedResultException("a row that came is not of its run");
            Check(row);
        }
    }

    private static RunRow IdentityOf(RunRow row) => row with { Error = null, Train = null, Test = null, Growth = null };

    private static void Check(RunRow row)
    {
        if (row is { Error: { } reason, Train: null, Test: null, Growth: null })
        {
            if (reason.Length > MostOfReason || reason.Any(c => char.IsControl(c) && c != '\t'))
                throw new RefusedResultException("a row that came has a reason that is no line");
            return;
        }
        // A train part without a step has no result.
        if (
            row is not { Error: null, Test: { } test, Growth: { } growth }
            || (row.Train is not null && !row.Window.HasTrain)
        )
            throw new RefusedResultException("a row that came has neither a whole result nor a reason");
        if (!IsPossible(test) || (row.Train is { } train && !IsPossible(train)) || !IsPossible(growth, test.Steps))
            throw new RefusedResultException("a row that came has figures that no run has");
    }

    // JSON has numbers that are too large for a double; they are read as infinite.
    private static bool IsPossible(PartResult part) =>
        part is { Steps: >= 0, Trades: >= 0, RoundTrips: >= 0 }
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

using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Distribution;

/// <summary>Says whether rows that came from elsewhere can be those of a unit: whatever a store or a report relies on.</summary>
internal static class ResultCheck
{
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
            if (RowCheck.FaultOf(row) is { } fault)
                throw new RefusedResultException($"a row that came has {fault}");
        }
    }

    private static RunRow IdentityOf(RunRow row) => row with { Error = null, Train = null, Test = null, Growth = null };
}

using BtcBandit.Engine.Watching;
using JournalRow = BtcBandit.Engine.Journal.TradeRow;

namespace BtcBandit.Web;

/// <summary>Finds steps: the newest in full, the ones before as the journal has them.</summary>
/// <param name="watched">The run.</param>
internal sealed class Steps(WatchedRun watched)
{
    // The journal has 8 decimals.
    private const double Rounding = 1e-7;

    /// <summary>Returns consecutive steps, as many as are known.</summary>
    /// <param name="view">The run.</param>
    /// <param name="first">Number of the first one.</param>
    /// <param name="count">Maximum number of steps.</param>
    public IReadOnlyList<StepShape> Read(RunView view, long first, int count)
    {
        var last = Math.Min(first + count - 1, view.Step);
        var found = new List<StepShape>();
        if (last < first)
            return found;
        var whole = watched.Monitor.Steps(last, (int)(last - first + 1));
        var oldest = whole.Length > 0 && whole[0].Header == view.Run.Header ? whole[0].Number : last + 1;
        Old(view, first, oldest, found);
        // A hole would look as if there were no such steps.
        if (found.Count == oldest - first)
            found.AddRange(whole.Where(step => step.Number >= oldest).Select(RunShapes.Shape));
        return found;
    }

    private void Old(RunView view, long first, long end, List<StepShape> found)
    {
        var number = first;
        if (number < end)
        {
            // The row before tells what the first one changed.
            var from = Math.Max(first - 1, 1);
            var position = 0.0;
            foreach (var row in watched.Rows(from, (int)(end - from)))
            {
                if (row.Step >= first)
                {
                    if (!IsOf(view, row))
                        break;
                    found.Add(Shape(view, row, position));
                    number++;
                }
                position = row.Position;
            }
        }

        // The journal keeps rows back until it has some to write.
        for (; number < end && view.IndexOf(number) is { } index && view.Run.Recent(number) is { } row; number++)
            found.Add(Shape(view, index, row));
    }

    // After the run's end its folder is free, and another run may have replaced the journal.
    private static bool IsOf(RunView view, JournalRow row)
    {
        if (view.IndexOf(row.Step) is not { } index)
            return true;
        ref readonly var step = ref view.Run.Rows[index];
        return step.Time == row.OpenTime
            && step.Action == (byte)row.Action
            && Math.Abs(step.Equity - row.Equity) <= Rounding * Math.Abs(row.Equity);
    }

    private static StepShape Shape(RunView view, JournalRow row, double before)
    {
        var known = view.IndexOf(row.Step) is null ? null : FillOf(view, row.Step);
        var fill =
            known is null && row is { FillPrice: { } price, FillQuantity: { } quantity }
                ? new FillShape(
                    RunShapes.SideOf(row.Position > before),
                    price,
                    quantity,
                    row.Fee ?? 0,
                    row.Slippage ?? 0,
                    null
                )
                : known;
        return new StepShape(
            row.Step,
            row.OpenTime,
            RunShapes.NameOf(row.Action),
            row.Reason,
            row.Reward,
            row.Cash,
            row.Position,
            row.Equity,
            fill,
            RunShapes.Means(row.Values.Sell, row.Values.Hold, row.Values.Buy),
            null,
            null,
            null,
            null
        );
    }

    private static StepShape Shape(RunView view, int index, RecentRow row)
    {
        ref readonly var step = ref view.Run.Rows[index];
        return new StepShape(
            row.Number,
            step.Time,
            RunShapes.NameOf((Engine.Agents.TradeAction)step.Action),
            row.Reason,
            row.Reward,
            row.Cash,
            row.Position,
            step.Equity,
            FillOf(view, row.Number),
            RunShapes.Means(row.Sell, row.Hold, row.Buy),
            null,
            null,
            null,
            null
        );
    }

    private static FillShape? FillOf(RunView view, long number) =>
        view.FillOf(number) is { } fill
            ? new FillShape(
                RunShapes.SideOf(fill.IsBuy),
                fill.Price,
                fill.Quantity,
                fill.Fee,
                fill.Slippage,
                RunShapes.Known(fill.Profit)
            )
            : null;
}

using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Sweep.Runs;

/// <summary>Makes the runs of a unit: candles once, indicators once, and every agent on the same observations.</summary>
internal static class UnitRunner
{
    // Short enough to stay in the processor's cache.
    private const int BatchLength = 512;

    /// <summary>Makes runs of a unit, on the thread of the caller.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="runs">Those of its runs that are to be made.</param>
    /// <param name="candles">All candles of the market.</param>
    /// <param name="code">Hash of the code.</param>
    /// <param name="stop">Ends it; then nothing is returned.</param>
    /// <returns>The rows, in the order of the runs.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidDataException">The candles are not those of the unit.</exception>
    public static IReadOnlyList<RunRow> Run(
        PlannedUnit unit,
        IReadOnlyList<PlannedRun> runs,
        Candle[] candles,
        string code,
        CancellationToken stop
    )
    {
        var slice = CandlesOf(unit, candles);
        var plans = runs.Select(run => RunPlan.Of(unit.Market.Source.Market, run.Parameters)).ToList();
        var lanes = plans.ConvertAll(plan => new UnitLane(plan, unit.Window));
        var observations = new ObservationRun(plans[0].FeatureSet);
        var batch = new Observation[BatchLength];
        Exception? failure = null;
        for (var first = 0; first < slice.Length && failure is null; first += BatchLength)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(BatchLength, slice.Length - first);
            var made = 0;
            try
            {
                for (; made < count; made++)
                    batch[made] = observations.Next(in slice[first + made]);
            }
            catch (Exception thrown) when (UnitLane.IsOfTheRun(thrown))
            {
                failure = thrown;
            }
            foreach (var lane in lanes)
                lane.Trade(batch.AsSpan(0, made));
        }
        return [.. lanes.Zip(runs, (lane, run) => lane.ToRow(RowOf(unit, run, code), failure))];
    }

    /// <summary>Hash of candles.</summary>
    public static string HashOf(ReadOnlySpan<Candle> candles)
    {
        var hash = new CandleHash();
        foreach (ref readonly var candle in candles)
            hash.Append(in candle);
        return $"{hash}";
    }

    private static ReadOnlySpan<Candle> CandlesOf(PlannedUnit unit, Candle[] candles)
    {
        var slice = candles.AsSpan(
            WindowPlanner.PlaceOf(candles, unit.Window.From)..WindowPlanner.PlaceOf(candles, unit.Window.To)
        );
        return HashOf(slice) == unit.Data
            ? slice
            : throw new InvalidDataException($"The candles of {unit.Market.Name} are not those of the plan any more.");
    }

    /// <summary>Returns the row of a run without its result.</summary>
    public static RunRow RowOf(PlannedUnit unit, PlannedRun run, string code) =>
        new()
        {
            Key = run.Key,
            Code = code,
            Data = unit.Data,
            Symbol = unit.Market.Symbol,
            Timeframe = $"{unit.Market.Source.Market.Timeframe}",
            Window = unit.Window,
            Setting = RunKey.OfSetting(run.Parameters),
            FeeBps = run.Parameters.Costs.Buy.TakerFeeBps,
            SlippageBps = run.Parameters.Costs.Buy.SlippageBps,
            Seed = run.Parameters.Seed,
        };
}

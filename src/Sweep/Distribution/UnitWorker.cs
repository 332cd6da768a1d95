using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Markets;
using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Distribution;

/// <summary>Does units that come from elsewhere. What they say is checked: markets, parameters, candles and keys. Thread-safe.</summary>
/// <param name="code">Hash of the code of this program.</param>
public sealed class UnitWorker(string code)
{
    private readonly Lock gate = new();
    private readonly CandleStore candles = new();

    // A market is one object for all of its units, by which its candles are found again.
    private readonly Dictionary<string, SweepMarket> markets = new(StringComparer.Ordinal);

    /// <summary>Makes the runs of a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="pathOf">Returns the path of a file by its hash.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The rows, as JSON.</returns>
    /// <exception cref="InvalidDataException">The unit is not what it says.</exception>
    /// <exception cref="FeedException">A file holds no candles.</exception>
    public byte[] Run(WorkUnit unit, Func<string, string> pathOf, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentNullException.ThrowIfNull(pathOf);
        var message = UnitMessage.Read(unit.Body);
        var market = MarketOf(message, pathOf);
        var planned = new PlannedUnit(market, message.Window, 0, message.Data, 0, message.Runs);
        ThrowUnlessSound(unit, message, planned);
        return UnitRows.ToBytes(UnitRunner.Run(planned, planned.Runs, candles.Of(market, stop), code, stop));
    }

    private void ThrowUnlessSound(WorkUnit unit, UnitMessage message, PlannedUnit planned)
    {
        if (message.Runs.Count == 0 || planned.Key != unit.Key)
            throw new InvalidDataException("The key of the unit is not that of its runs.");
        foreach (var run in message.Runs)
        {
            if (RunPlan.Create(message.Source, run.Parameters) is not PlanResult.Ready ready)
                throw new InvalidDataException("The parameters of a run are not possible.");
            var identity = new RunIdentity(RunKey.Schema, code, message.Data, message.Window, ready.Plan.Header);
            if (RunKey.Of(identity) != run.Key)
                throw new InvalidDataException("The key of a run is not that of its parameters.");
        }
    }

    private SweepMarket MarketOf(UnitMessage message, Func<string, string> pathOf)
    {
        var key = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{message.Source} {message.Candles} {message.EdgeBps} {string.Join(' ', message.Files)}"
        );
        lock (gate)
        {
            if (!markets.TryGetValue(key, out var market))
                markets.Add(key, market = Create(message, pathOf));
            return market;
        }
    }

    private static SweepMarket Create(UnitMessage message, Func<string, string> pathOf) =>
        message.Source switch
        {
            MarketSource.Synthetic synthetic when message.Candles is { } count => MarketFinder.Synthetic(
                synthetic.World,
                synthetic.Seed,
                synthetic.Timeframe,
                count,
                message.EdgeBps
            ),
            MarketSource.Files { Missing: MissingCandles.None } files when message.Files.Count > 0 => new SweepMarket(
                "",
                new CandleSource.Files(
                    new ArchiveOptions([.. message.Files.Select(pathOf)], files.Pair, files.Timeframe)
                )
            ),
            _ => throw new InvalidDataException("The market of the unit is not known."),
        };
}

using System.Security.Cryptography;
using System.Text;
using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Markets;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Execution;

/// <summary>What a sweep has to do: its markets, settings and units. The same spec on the same candles gives the same plan.</summary>
public sealed class SweepPlan
{
    /// <summary>Parameters that say what trading costs: they are no choice, and each combination is a market of its own.</summary>
    public static IReadOnlyCollection<string> CostNames { get; } = ["fee-bps", "slippage-bps"];

    private readonly UnitPlanner planner;
    private readonly Lazy<(int First, int All)> counts;
    private readonly IReadOnlyList<(Setting Setting, RunParameters Parameters)> settings;
    private readonly Dictionary<string, string> values;

    private SweepPlan(
        SweepSpec spec,
        string code,
        IReadOnlyList<MarketData> markets,
        IReadOnlyList<(Setting Setting, RunParameters Parameters)> settings,
        CandleStore candles,
        CancellationToken stop
    )
    {
        (Spec, Code, Markets, this.settings, Candles) = (spec, code, markets, settings, candles);
        planner = new UnitPlanner(spec, code, stop);
        counts = new Lazy<(int First, int All)>(Count);
        var data = markets.SelectMany(market => market.Windows.Select(window => $"{market.Market.Name} {window.Data}"));
        var identity = string.Join('\n', [code, spec.Text, .. data]);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
        values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (setting, parameters) in settings)
            values.TryAdd(RunKey.OfSetting(parameters), $"{setting.Without(CostNames)}");
    }

    /// <summary>The spec.</summary>
    public SweepSpec Spec { get; }

    /// <summary>Identity of the sweep: 16 hexadecimal digits of the hash of its spec, of the code and of the candles.</summary>
    public string Id { get; }

    /// <summary>Hash of the code that makes the runs.</summary>
    public string Code { get; }

    /// <summary>The markets.</summary>
    public IReadOnlyList<MarketData> Markets { get; }

    /// <summary>Number of settings, costs among them.</summary>
    public int SettingCount => settings.Count;

    /// <summary>Candles of the markets.</summary>
    internal CandleStore Candles { get; }

    /// <summary>Reads the markets of a spec and makes the plan.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="parametersOf">Turns the values of a setting into parameters; throws a <see cref="SweepException"/> that names
    /// the value.</param>
    /// <param name="code">Hash of the code that makes the runs.</param>
    /// <param name="onMarket">Called when a market has been read.</param>
    /// <param name="stop">Ends the reading, and later the making of units.</param>
    /// <exception cref="SweepException">The spec does not fit the candles, or a setting is not possible.</exception>
    /// <exception cref="Engine.Feeds.FeedException">The candles cannot be read.</exception>
    public static SweepPlan Make(
        SweepSpec spec,
        Func<Setting, RunParameters> parametersOf,
        string code,
        Action<MarketData>? onMarket,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(spec);
        var asked = spec.Settings()
            .Select(setting => (Setting: setting, Parameters: parametersOf(setting) with { Seed = spec.Seed }))
            .ToList();
        var found = MarketFinder.Find(spec);
        ThrowIfTooMany(spec, asked.Count, found.Count);
        foreach (var market in found)
            ThrowIfRefused(market, asked);
        var tried = asked
            .ConvertAll(one => (one.Setting, Parameters: Canonical(found[0], one.Parameters)))
            .DistinctBy(one => one.Parameters)
            .ToList();
        var candles = new CandleStore();
        var markets = new List<MarketData>();
        foreach (var market in found)
        {
            markets.Add(MarketData.Read(spec, market, candles, stop));
            onMarket?.Invoke(markets[^1]);
        }
        ThrowIfTooMany(spec, tried.Count, markets.Sum(market => (long)market.Windows.Count));
        return new SweepPlan(spec, code, markets, tried, candles, stop);
    }

    /// <summary>Returns the stages of the sweep, each of which needs the results of those before it: one, or one for each rung of
    /// halving.</summary>
    /// <param name="store">Has the results of the stages before.</param>
    public IEnumerable<IReadOnlyList<PlannedUnit>> Stages(SweepStore store)
    {
        if (Spec.Halving is not { } halving)
        {
            yield return FirstStage();
            yield break;
        }
        var going = Markets.ToDictionary(market => market, _ => AllSettings);
        for (var rung = 0; rung < halving.Days.Count; rung++)
        {
            var units = Markets.ToDictionary(market => market, market => Units(market, rung, going[market]).ToList());
            yield return [.. Markets.SelectMany(market => units[market])];
            foreach (var market in Markets)
                going[market] = Halving.Best(going[market], units[market], store, Spec);
        }
    }

    /// <summary>Returns the units that need no results of others: all, or those of the first rung of halving.</summary>
    internal IReadOnlyList<PlannedUnit> FirstStage() =>
        [
            .. Markets.SelectMany(market =>
                Enumerable
                    .Range(0, Spec.Halving is null ? market.Windows.Count : 1)
                    .SelectMany(number => Units(market, number, AllSettings))
            ),
        ];

    /// <summary>Sum of the candles of the runs of later rungs of halving; 0 without it.</summary>
    internal long LaterCandles()
    {
        if (Spec.Halving is not { } halving)
            return 0;
        var (sum, kept) = (0L, settings.Count);
        for (var rung = 1; rung < halving.Days.Count; rung++)
        {
            kept = Halving.Kept(kept, Spec);
            sum += Markets.Sum(market => (long)market.Windows[rung].Candles) * kept * Spec.Seeds;
        }
        return sum;
    }

    /// <summary>Number of runs of the first stage, and of all stages together.</summary>
    public (int First, int All) RunCounts() => counts.Value;

    private (int First, int All) Count()
    {
        var first = FirstStage().Sum(unit => unit.Runs.Count);
        if (Spec.Halving is not { } halving)
            return (first, first);
        var (count, sum) = ((double)settings.Count, first);
        for (var rung = 1; rung < halving.Days.Count; rung++)
        {
            var kept = Halving.Kept((int)count, Spec);
            sum += (int)Math.Ceiling(first / (double)settings.Count * kept);
            count = kept;
        }
        return (first, sum);
    }

    /// <summary>How large the sweep is.</summary>
    internal SweepSize Size =>
        Spec.Halving is { } halving ? new SweepSize(null, halving.Days.Count) : new SweepSize(RunCounts().All, 1);

    /// <summary>Returns what the store records of the runs of units.</summary>
    internal IEnumerable<SweepMember> Members(IEnumerable<PlannedUnit> units) =>
        from unit in units
        from run in unit.Runs
        let setting = RunKey.OfSetting(run.Parameters)
        select new SweepMember(
            run.Key,
            new SweepCandidate(
                unit.Market.Label,
                unit.Market.Symbol,
                $"{unit.Market.Source.Market.Timeframe}",
                run.Parameters.Costs.Buy.TakerFeeBps,
                run.Parameters.Costs.Buy.SlippageBps,
                setting,
                values[setting]
            ),
            unit.Number,
            () => RunKey.SettingText(run.Parameters)
        );

    private IReadOnlyList<RunParameters> AllSettings => [.. settings.Select(one => one.Parameters)];

    private IEnumerable<PlannedUnit> Units(MarketData market, int number, IReadOnlyList<RunParameters> parameters) =>
        planner.Units(market, number, parameters);

    // As a run states them: the list of indicators with all of their parameters.
    private static RunParameters Canonical(SweepMarket market, RunParameters parameters) =>
        RunPlan.Of(market.Source.Market, parameters).Header.Parameters with
        {
            Rules = null,
        };

    // Every run of a plan is kept in memory. Some agents have fewer seeds, and rungs fewer settings: what is told is the most.
    private static void ThrowIfTooMany(SweepSpec spec, int settings, long windows)
    {
        var runs = (double)settings * spec.Seeds * windows;
        if (runs > SpecReader.MaxRuns)
        {
            throw new SweepException(
                FormattableString.Invariant(
                    $"{settings:#,0} {(settings == 1 ? "setting" : "settings")} x {spec.Seeds:#,0} {(spec.Seeds == 1 ? "seed" : "seeds")} x {windows:#,0} windows of all markets are {runs:#,0} runs; at most {SpecReader.MaxRuns:#,0} are possible"
                )
            );
        }
    }

    private static void ThrowIfRefused(
        SweepMarket market,
        IReadOnlyList<(Setting Setting, RunParameters Parameters)> asked
    )
    {
        foreach (var (setting, parameters) in asked)
        {
            if (RunPlan.Create(market.Source.Market, parameters) is PlanResult.Refused refused)
                throw new SweepException($"{setting}: {refused.Fault}");
        }
    }
}

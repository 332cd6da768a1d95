using System.Globalization;
using System.Text.Json;
using BtcBandit.Engine.Market;

namespace BtcBandit.Sweep.Spec;

/// <summary>Reads the JSON of a spec. Every mistake is a <see cref="SweepException"/> that names the place.</summary>
public static class SpecReader
{
    /// <summary>Most settings that a spec may have.</summary>
    public const int MaxSettings = 1_000_000;

    /// <summary>Most runs that a sweep may have.</summary>
    public const long MaxRuns = 10_000_000;

    private static readonly JsonDocumentOptions options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private static readonly string[] members =
    [
        "data",
        "synthetic",
        "symbols",
        "timeframes",
        "grid",
        "random",
        "seeds",
        "seed",
        "folds",
        "halving",
        "rank_by",
    ];

    private static readonly Dictionary<string, RankBy> ranks = new(StringComparer.Ordinal)
    {
        ["sharpe"] = RankBy.Sharpe,
        ["sortino"] = RankBy.Sortino,
        ["total_return"] = RankBy.TotalReturn,
        ["over_buy_and_hold"] = RankBy.OverBuyAndHold,
    };

    /// <summary>Reads a spec.</summary>
    /// <param name="json">The text.</param>
    /// <param name="folder">Folder from which relative paths start.</param>
    /// <param name="parameters">Names of the parameters that settings may have.</param>
    /// <exception cref="SweepException">The text is no spec.</exception>
    public static SweepSpec Read(string json, string folder, IReadOnlyCollection<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, options);
            return Read(new SpecNode("", document.RootElement), json, folder, parameters);
        }
        catch (InvalidOperationException)
        {
            throw new SweepException("no JSON: a text has half of a surrogate pair");
        }
        catch (JsonException error)
        {
            throw new SweepException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"line {error.LineNumber + 1}: no JSON: {error.Message.Split(" LineNumber")[0].TrimEnd('.')}"
                )
            );
        }
    }

    private static SweepSpec Read(SpecNode root, string json, string folder, IReadOnlyCollection<string> parameters)
    {
        root.ThrowUnlessOneOf(members);
        var (data, synthetic) = (root.Member("data"), root.Member("synthetic"));
        if (data is null == synthetic is null)
            throw new SweepException("either data or synthetic is needed");
        var random = root.Member("random");
        var spec = new SweepSpec
        {
            Text = json,
            Data = data is null ? [] : DataSets(data, folder),
            Synthetic = synthetic is null ? null : Worlds(synthetic),
            Symbols = root.Member("symbols") is { } symbols ? Pairs(symbols) : null,
            Timeframes = root.Member("timeframes")?.Distinct().ConvertAll(Length) ?? [Timeframe.OneMinute],
            Grid = root.Member("grid") is { } grid ? [.. Axes(grid, parameters)] : [],
            Random = random is null ? [] : [.. Distributions(random, parameters)],
            Draws = random is null ? 1 : random.Needed("draws").Whole(1, MaxSettings),
            Seeds = root.Member("seeds")?.Whole(1, 10_000) ?? 1,
            Seed = root.Member("seed")?.Long() ?? 1,
            Folds = root.Member("folds") is { } folds ? Folds(folds) : null,
            Halving = root.Member("halving") is { } halving ? Halving(halving) : null,
            RankBy = root.Member("rank_by") is { } rank ? rank.OneOf(ranks) : RankBy.Sharpe,
        };
        if (spec.Synthetic is not null && spec.Symbols is not null)
            throw new SweepException("symbols go with data, not with synthetic");
        if (spec.Folds is not null && spec.Halving is not null)
            throw new SweepException("folds and halving exclude each other: each chooses settings in its own way");
        if (
            spec.Grid.Select(axis => axis.Name).Intersect(spec.Random.Select(axis => axis.Name)).FirstOrDefault() is
            { } twice
        )
            throw new SweepException($"{twice} is in grid and in random");
        var count = spec.Grid.Aggregate((double)spec.Draws, (product, axis) => product * axis.Values.Count);
        if (count > MaxSettings)
        {
            throw new SweepException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the grid has {count:#,0} settings; at most {MaxSettings:#,0} are possible"
                )
            );
        }
        if (spec.Seed > long.MaxValue - spec.Seeds)
            throw new SweepException(
                $"seed: {spec.Seed}: so that {spec.Seeds} seeds follow, at most {long.MaxValue - spec.Seeds} is needed"
            );
        return count * spec.Seeds <= MaxRuns
            ? spec
            : throw new SweepException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count:#,0} settings x {spec.Seeds:#,0} seeds are {count * spec.Seeds:#,0} runs; at most {MaxRuns:#,0} are possible"
                )
            );
    }

    private static IReadOnlyList<DataSet> DataSets(SpecNode data, string folder)
    {
        if (!data.IsObject)
            return [new DataSet("", Paths(data))];
        data.ThrowIfTwice();
        return data.Members().Count > 0
            ? [.. data.Members().Select(set => new DataSet(Named(set.Name), Paths(set.Node)))]
            : throw data.Wrong("at least one set of files is needed");

        // It goes to terminals and tables.
        string Named(string name) =>
            name.Any(char.IsControl) ? throw data.Wrong("names without control characters are needed") : name;

        IReadOnlyList<string> Paths(SpecNode node) =>
            [.. node.Items().Select(item => Path.Combine(folder, item.Text("a path is needed")))];
    }

    private static SyntheticSet Worlds(SpecNode node)
    {
        node.ThrowUnlessOneOf(["worlds", "seeds", "first_seed", "candles", "edge_bps"]);
        return new SyntheticSet(
            node.Needed("worlds")
                .Distinct()
                .ConvertAll(item =>
                    SyntheticWorlds.TryParse(item.Text(SyntheticWorlds.Names), out var world)
                        ? world
                        : throw item.Wrong($"one of {SyntheticWorlds.Names} is needed")
                ),
            node.Member("seeds")?.Whole(1, 100_000) ?? 1,
            node.Member("first_seed")?.Whole(0, 1_000_000_000) ?? 1,
            node.Needed("candles").Whole(200, 100_000_000),
            node.Member("edge_bps")?.Number(0, 100_000)
        );
    }

    private static FoldSpec Folds(SpecNode node)
    {
        node.ThrowUnlessOneOf(["train_days", "test_days", "step_days"]);
        var test = node.Needed("test_days").Whole(1, 100_000);
        return new FoldSpec(
            node.Needed("train_days").Whole(1, 100_000),
            test,
            // Tests that overlap would count some days twice.
            node.Member("step_days")?.Whole(test, 100_000)
                ?? test
        );
    }

    private static HalvingSpec Halving(SpecNode node)
    {
        node.ThrowUnlessOneOf(["days", "keep"]);
        var days = node.Needed("days");
        var ends = days.Items().ConvertAll(item => item.Whole(1, 100_000));
        if (ends.Count < 2 || ends.Zip(ends.Skip(1), (one, next) => next <= one).Any(isWrong => isWrong))
            throw days.Wrong("at least two increasing numbers of days are needed");
        return new HalvingSpec(ends, node.Needed("keep").Number(0.001, 0.999));
    }

    private static IEnumerable<Axis> Axes(SpecNode grid, IReadOnlyCollection<string> parameters)
    {
        grid.ThrowUnlessOneOf(parameters);
        return grid.Members()
            .Select(axis => new Axis(axis.Name, axis.Node.Distinct().ConvertAll(item => item.Value())));
    }

    private static IEnumerable<RandomAxis> Distributions(SpecNode random, IReadOnlyCollection<string> parameters)
    {
        random.ThrowUnlessOneOf(["draws", .. parameters]);
        var axes = random.Members().Where(member => member.Name != "draws").ToList();
        return axes.Count > 0
            ? axes.Select(member => Distribution(member.Name, member.Node))
            : throw random.Wrong("at least one parameter is needed");
    }

    private static RandomAxis Distribution(string name, SpecNode node)
    {
        if (!node.IsObject)
            return new RandomAxis.OneOf(name, node.Distinct().ConvertAll(item => item.Value()));
        node.ThrowUnlessOneOf(["log", "one-minus-log", "uniform", "whole"]);
        if (node.Members() is not [var (kind, range)])
            throw node.Wrong("one of log, one-minus-log, uniform and whole is needed");
        if (range.Items() is not [var low, var high])
            throw range.Wrong("two numbers are needed, the smaller one first");
        var (from, to) = (low.Number(-1e12, 1e12), high.Number(-1e12, 1e12));
        if (from >= to)
            throw range.Wrong("two numbers are needed, the smaller one first");
        if (kind.Contains("log", StringComparison.Ordinal) && from <= 0)
            throw range.Wrong("two numbers above 0 are needed");
        return kind switch
        {
            "log" => new RandomAxis.Log(name, from, to),
            "one-minus-log" => new RandomAxis.OneMinusLog(name, from, to),
            "uniform" => new RandomAxis.Uniform(name, from, to),
            _ => new RandomAxis.Whole(name, low.Long(), high.Long()),
        };
    }

    private static List<TradingPair> Pairs(SpecNode symbols)
    {
        var pairs = new List<TradingPair>();
        foreach (var item in symbols.Items())
        {
            // One pair has several spellings.
            var pair = Pair(item);
            if (pairs.Contains(pair))
                throw item.Wrong("is listed twice");
            pairs.Add(pair);
        }
        return pairs;
    }

    private static TradingPair Pair(SpecNode node) =>
        TradingPair.TryParse(node.Text("a pair is needed"), out var pair)
            ? pair
            : throw node.Wrong("a pair such as BTC/USDT is needed");

    private static Timeframe Length(SpecNode node) =>
        Timeframe.TryParse(node.Text("a timeframe is needed"), out var timeframe)
            ? timeframe
            : throw node.Wrong($"one of {string.Join(' ', Timeframe.All)} is needed");
}

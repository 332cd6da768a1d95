using System.Collections.Immutable;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Returns of the blocks of a run, simple ones.</summary>
/// <param name="StepsPerBlock">Number of steps of a block.</param>
/// <param name="OverFlat">Return of each block: what it has more than one out of the market.</param>
/// <param name="OverBuyAndHold">The same minus the return of buying and holding.</param>
internal sealed record BlockReturns(
    long StepsPerBlock,
    ImmutableArray<double> OverFlat,
    ImmutableArray<double> OverBuyAndHold
)
{
    /// <summary>Number of blocks.</summary>
    public int Count => OverFlat.Length;

    /// <summary>Number of blocks in which equity changed.</summary>
    public int Active => OverFlat.Count(value => value != 0);

    /// <summary>Returns those of a run; null if its growth was not recorded.</summary>
    /// <param name="growth">Growth of the run.</param>
    /// <param name="initialEquity">Equity before its first step.</param>
    public static BlockReturns? Of(GrowthState? growth, double initialEquity)
    {
        if (growth is null)
            return null;
        var own = Returns(growth.Equity, initialEquity);
        var held = Returns(growth.BuyAndHold, initialEquity);
        return new BlockReturns(growth.StepsPerBlock, own, [.. own.Zip(held, (one, other) => one - other)]);
    }

    /// <summary>Mean of runs on the same candles, block by block; null without any.</summary>
    /// <param name="runs">The runs, with as many blocks each.</param>
    public static BlockReturns? Mean(IReadOnlyList<BlockReturns> runs) =>
        runs.Count == 0
            ? null
            : new BlockReturns(
                runs[0].StepsPerBlock,
                Mean(runs, one => one.OverFlat),
                Mean(runs, one => one.OverBuyAndHold)
            );

    private static ImmutableArray<double> Mean(
        IReadOnlyList<BlockReturns> runs,
        Func<BlockReturns, ImmutableArray<double>> part
    ) => [.. Enumerable.Range(0, runs[0].Count).Select(block => runs.Sum(one => part(one)[block]) / runs.Count)];

    private static ImmutableArray<double> Returns(ImmutableArray<double> levels, double before)
    {
        var returns = ImmutableArray.CreateBuilder<double>(levels.Length);
        foreach (var level in levels)
        {
            returns.Add(level / before - 1.0);
            before = level;
        }
        return returns.MoveToImmutable();
    }
}

namespace BtcBandit.Sweep.Reporting;

/// <summary>Returns over the tests of a market, one after the other.</summary>
/// <param name="Own">Simple return of each block: what it has more than one out of the market.</param>
/// <param name="Over">The same minus the return of buying and holding.</param>
internal sealed record CellSeries(float[] Own, float[] Over)
{
    // More would cost time and tell no more.
    private const int MostBlocks = 255;

    /// <summary>Joins the tests of folds.</summary>
    /// <param name="folds">The folds, in order of time, with the blocks of each.</param>
    /// <param name="holds">Growth of buying and holding by its key.</param>
    public static CellSeries Of(
        IEnumerable<(FoldMean Fold, CommonBlocks Blocks)> folds,
        IReadOnlyDictionary<long, float[]> holds
    )
    {
        var (own, hold) = (new List<float>(), new List<float>());
        foreach (var (fold, blocks) in folds)
        {
            var (returns, held) = blocks.Of(fold, holds[fold.Hold]);
            own.AddRange(returns);
            hold.AddRange(held);
        }
        var width = (own.Count + MostBlocks - 1) / MostBlocks;
        var (joined, joinedHold) = (CommonBlocks.Joined(own, width), CommonBlocks.Joined(hold, width));
        return new CellSeries(joined, [.. joined.Zip(joinedHold, (one, other) => one - other)]);
    }
}

namespace BtcBandit.Engine.Backtesting;

/// <summary>Lengths of the two slices of a fold of a walk-forward, in candles.</summary>
/// <remarks>Fold k, from 0, begins k tests after the warm-up of the indicators: the tests are adjacent and never overlap, the train
/// slices overlap where they are longer than a test.</remarks>
public sealed record WalkForwardSplit
{
    /// <summary>Smallest length of a slice: with one candle, no order could fill at a next open.</summary>
    public const int MinCandles = 2;

    /// <summary>Largest length of a slice.</summary>
    public const int MaxCandles = 1_000_000_000;

    /// <summary>Creates a split.</summary>
    /// <param name="train">Number of candles of a train slice, 2..1,000,000,000.</param>
    /// <param name="test">Number of candles of a test, 2..1,000,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of its range.</exception>
    public WalkForwardSplit(int train, int test) => (Train, Test) = (Checked(train), Checked(test));

    /// <summary>Number of candles over which the agent of a fold learns before its test.</summary>
    public int Train { get; }

    /// <summary>Number of candles of the test of a fold.</summary>
    public int Test { get; }

    /// <summary>Number of candles of a fold.</summary>
    public int Fold => Train + Test;

    /// <summary>Returns the number of folds whose tests are whole.</summary>
    /// <param name="candles">Number of candles after the warm-up of the indicators.</param>
    public long FoldsIn(long candles) => candles < Fold ? 0 : (candles - Train) / Test;

    private static int Checked(int candles) =>
        candles is >= MinCandles and <= MaxCandles
            ? candles
            : throw new ArgumentOutOfRangeException(
                nameof(candles),
                candles,
                FormattableString.Invariant($"A slice has {MinCandles}..{MaxCandles} candles.")
            );
}

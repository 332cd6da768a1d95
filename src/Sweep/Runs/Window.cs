namespace BtcBandit.Sweep.Runs;

/// <summary>The candles of a run: a train part, which may be empty, and a test part after it.</summary>
/// <param name="From">Open time of the first candle of the train part, ms UTC.</param>
/// <param name="Seam">Open time at which the test begins, ms UTC; that of <paramref name="From"/> without a train part.</param>
/// <param name="To">Open time at which the test has ended, ms UTC.</param>
public readonly record struct Window(long From, long Seam, long To)
{
    /// <summary>Whether there is a train part.</summary>
    public bool HasTrain => Seam > From;
}

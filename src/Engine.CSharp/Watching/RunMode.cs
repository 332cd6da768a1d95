using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Watching;

/// <summary>Kind of a run, with the status that only runs of that kind have. A closed union.</summary>
/// <remarks>Immutable. Changes during a run arrive as a stream of new modes.</remarks>
public abstract record RunMode
{
    private RunMode() { }

    /// <summary>A run on a synthetic market.</summary>
    /// <param name="World">What can be predicted in the market.</param>
    /// <param name="Seed">Seed of the market.</param>
    public sealed record Synthetic(SyntheticWorld World, long Seed) : RunMode;

    /// <summary>A run on recorded candles.</summary>
    public sealed record Archive : RunMode;

    /// <summary>A run on live candles.</summary>
    /// <param name="Health">Connection of the feed, and what it dropped or missed.</param>
    public sealed record Live(FeedHealth Health) : RunMode;

    /// <summary>Repeated training passes over a window of past candles, until one of them reaches a target return.</summary>
    /// <param name="Pass">Number of the pass, from 1.</param>
    /// <param name="Window">Length of the window.</param>
    /// <param name="Target">Return at which the passes end, a fraction.</param>
    /// <param name="Best">Best return of a pass so far, a fraction; null before the first pass has ended.</param>
    public sealed record WarmUp(int Pass, TimeSpan Window, double Target, double? Best) : RunMode;
}

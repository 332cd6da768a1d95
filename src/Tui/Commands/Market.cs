using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>The candles that the flags ask for.</summary>
/// <param name="Source">What they are called in files.</param>
/// <param name="Candles">The feed, guarded; its loop runs on a thread of its own.</param>
/// <param name="Report">What the feed counts.</param>
internal sealed record Market(RunSource Source, IObservable<Candle> Candles, FeedReport Report)
{
    // A read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    /// <summary>Opens a source; nothing is read yet.</summary>
    /// <exception cref="FeedException">A file is missing or of another kind.</exception>
    public static Market Open(TrainOptions options)
    {
        var report = new FeedReport();
        return options.Offline ? Synthetic(options, report) : Archived(options, report);
    }

    private static Market Synthetic(TrainOptions options, FeedReport report)
    {
        var world = new SyntheticOptions
        {
            World = options.World,
            Seed = options.Seed,
            Timeframe = options.Timeframe,
        };
        var candles = BtcBandit
            .Engine.Feeds.Synthetic.Candles(world)
            .ToObservable(background)
            .Guard(options.Timeframe, report, holdBack: false);
        return new Market(world.Source(options.Symbol), candles, report);
    }

    private static Market Archived(TrainOptions options, FeedReport report)
    {
        var source = RunSource.Archive(options.Symbol, options.Timeframe);
        var archive = new ArchiveOptions(
            options.Data,
            options.Symbol.ToString(),
            options.Timeframe,
            options.SkipBadRows,
            options.Sort
        );
        // Opening a file may take long or for ever: not on the thread that answers signals.
        var candles = Archive.Candles(archive, report, background).SubscribeOn(background);
        return new Market(source, candles, report);
    }
}

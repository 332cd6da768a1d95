using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Commands;

/// <summary>What a dashboard of a session will be, and what its mode is.</summary>
internal static class Dashboards
{
    /// <summary>Whether the dashboard will be drawn on a terminal.</summary>
    public static bool HasScreen(TrainOptions options, ConsoleHost host) =>
        options.Dashboard && (options.Json ? host.ErrorIsTerminal : host.OutIsTerminal);

    /// <summary>The mode of a session now, then every change.</summary>
    public static IObservable<RunMode> Modes(CandleSource source, CandleFeed feed)
    {
        var mode = Mode(source.Market);
        return mode is RunMode.Live
            ? feed.Health.Select(RunMode (health) => new RunMode.Live(health))
            : Observable.Return(mode);
    }

    /// <summary>The mode of a run on a market before anything is known of its feed.</summary>
    public static RunMode Mode(MarketSource source) =>
        source.Match<RunMode>(
            synthetic => new RunMode.Synthetic(synthetic.World, synthetic.Seed),
            _ => new RunMode.Archive(),
            _ => new RunMode.Live(FeedHealth.NotConnected)
        );
}

using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Web;

/// <summary>Shapes the newest figures of a run.</summary>
internal static class LatestShapes
{
    /// <summary>Shapes the newest figures; null before the first step.</summary>
    /// <param name="view">The run.</param>
    /// <param name="info">Its status.</param>
    /// <param name="experts">How its agent's experts stand.</param>
    public static LatestShape? Of(RunView? view, RunInfo info, ImmutableArray<ExpertStanding> experts)
    {
        if (view?.Latest is { } step)
        {
            var now = Of(step.Statistics, step.Portfolio, step.Benchmarks, step.Candle.Close, info, experts);
            return now with
            {
                Action = RunShapes.NameOf(step.Decision.Action),
                Reason = step.Reason,
                Reward = step.Reward,
                Values = RunShapes.Shape(step.Decision),
                Gate = RunShapes.Shape(step.Decision.Gate),
                Horizon = step.Decision.Horizon,
            };
        }
        if (view?.Run.Resumed is not { } state)
            return null;
        var (values, last) = (state.ActionValues, state.Pending[^1]);
        var then = Of(
            state.Statistics,
            state.Portfolio,
            state.Benchmarks.Results,
            state.LastCandle.Close,
            info,
            experts
        );
        return then with
        {
            Action = RunShapes.NameOf(last.Action ?? TradeAction.Hold),
            Horizon = last.Horizon,
            Values = RunShapes.Means(values[0], values[1], values[2]),
        };
    }

    /// <summary>Shapes the status of a live feed; null for other runs.</summary>
    public static FeedShape? FeedOf(RunInfo info)
    {
        if (info.Mode is not RunMode.Live { Health: var health })
            return null;
        return new FeedShape(
            NameOf(health.Phase),
            health.Latency?.TotalMilliseconds,
            health.Reconnects,
            health.MissingCandles,
            health.UsedWeight > 0 ? health.UsedWeight : null,
            health.LastMessage?.ToUnixTimeMilliseconds(),
            health.Detail.Length > 0 ? health.Detail : null,
            info.NextClose?.TotalSeconds
        );
    }

    private static LatestShape Of(
        RunStatistics statistics,
        Portfolio portfolio,
        BenchmarkResults benchmarks,
        double price,
        RunInfo info,
        ImmutableArray<ExpertStanding> experts
    )
    {
        var initial = statistics.InitialEquity;
        return new LatestShape
        {
            Step = statistics.Steps,
            Time = statistics.LastOpenTime,
            Price = price,
            Action = "hold",
            Reason = null,
            Reward = null,
            CumulativeReward = statistics.CumulativeReward,
            Position = portfolio.Position,
            Cash = portfolio.Cash,
            Equity = statistics.Equity,
            InitialEquity = initial,
            TotalReturn = statistics.Equity / initial - 1,
            BuyAndHoldReturn = statistics.BuyAndHoldEquity / initial - 1,
            WinRate = Ratio(statistics.Wins, statistics.RoundTrips),
            RoundTrips = statistics.RoundTrips,
            Trades = statistics.Trades,
            MaxDrawdown = statistics.MaxDrawdown,
            Drawdown = statistics.Drawdown,
            FeesPaid = portfolio.FeesPaid,
            SlippagePaid = portfolio.SlippagePaid,
            Regret = benchmarks.RegretOf(statistics.Equity / initial),
            Exposure = Ratio(statistics.InvestedSteps, statistics.Steps),
            StepsPerSecond = info.StepsPerSecond,
            Progress = info.Progress,
            TimeLeftSeconds = info.TimeLeft?.TotalSeconds,
            IsPaused = info.IsPaused,
            IsOver = info.IsOver,
            Mode = RunShapes.NameOf(info.Mode),
            Values = RunShapes.Means(0, 0, 0),
            Gate = null,
            Horizon = null,
            Experts = experts.IsDefaultOrEmpty ? null : [.. experts.Select(Shape)],
            Skill = SkillJson.ToNode(info.Skill),
            Feed = FeedOf(info),
        };
    }

    private static ExpertShape Shape(ExpertStanding expert) =>
        new(
            expert.Horizon,
            expert.TotalReturn,
            expert.Trades,
            expert.Gain,
            expert.Evidence,
            expert.Required,
            expert.IsFollowed,
            expert.IsGateOpen
        );

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;

    private static string NameOf(FeedPhase phase) =>
        phase switch
        {
            FeedPhase.Connecting => "connecting",
            FeedPhase.Live => "live",
            FeedPhase.Backfilling => "backfilling",
            FeedPhase.Stale => "stale",
            FeedPhase.Waiting => "waiting",
            FeedPhase.Throttled => "throttled",
            FeedPhase.Banned => "banned",
            _ => "ended",
        };
}

using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What the run owns, has earned and has paid.</summary>
internal static class MoneyPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var rows = new Rows(canvas.Box("Money", Quote(model)));
        var (step, statistics, portfolio) = (model.Step, model.Step.Statistics, model.Step.Portfolio);
        var total = Ratio(statistics.Equity, statistics.InitialEquity);
        var benchmark = statistics.BuyAndHoldEquity is { } held ? Ratio(held, statistics.InitialEquity) : null;
        var unrealised = portfolio.Position > 0 ? portfolio.Position * step.Candle.Close - portfolio.CostBasis : 0.0;
        rows.Pair(
                "EQUITY",
                Figures.Money(statistics.Equity),
                Style.Strong,
                Figures.Percent(total),
                Style.Of(total ?? 0)
            )
            .Pair(
                "BUY+HOLD",
                statistics.BuyAndHoldEquity is { } benchmarkEquity ? Figures.Money(benchmarkEquity) : Figures.Absent,
                default,
                benchmark is null ? "" : Figures.Percent(benchmark),
                Style.Of(benchmark ?? 0)
            )
            .Pair(
                "CASH",
                Figures.Money(portfolio.Cash),
                default,
                $"{Base(model)} {Figures.Quantity(portfolio.Position)}"
            )
            .Pair(
                "UNREALISED",
                Figures.Signed(unrealised),
                Style.Of(unrealised),
                $"realised {Figures.Signed(portfolio.RealisedProfit)}",
                Style.Of(portfolio.RealisedProfit)
            )
            .Pair(
                "COSTS",
                $"fees {Figures.Money(portfolio.FeesPaid)}",
                default,
                $"slippage {Figures.Money(portfolio.SlippagePaid)}"
            )
            .Pair(
                "DRAWDOWN",
                Figures.Share(statistics.Drawdown),
                default,
                $"worst {Figures.Share(statistics.MaxDrawdown)}"
            )
            .Pair("WON", Won(model))
            .Pair("FACTOR", ProfitFactor(model), default, "profits / losses", Style.Muted);
        rows.Pair(
            "REWARD",
            $"{Figures.Bps(step.Reward)} bps",
            Style.Of(step.Reward ?? 0),
            $"sum {Figures.Bps(statistics.CumulativeReward)}"
        );
    }

    /// <summary>The return from one value to another, a fraction; absent where the first is not above 0.</summary>
    public static double? Ratio(double value, double start) => start > 0 ? value / start - 1.0 : null;

    private static string Quote(ViewModel model) => model.Step.Header.Source.Pair.Quote;

    private static string Base(ViewModel model) => model.Step.Header.Source.Pair.Base;

    private static string Won(ViewModel model)
    {
        var statistics = model.Step.Statistics;
        return statistics.RoundTrips == 0
            ? "no round trip"
            : $"{statistics.Wins:N0} of {statistics.RoundTrips:N0} {Figures.Share(statistics.Wins / (double)statistics.RoundTrips)}";
    }

    private static string ProfitFactor(ViewModel model)
    {
        var statistics = model.Step.Statistics;
        return statistics.GrossLoss > 0 ? $"{statistics.GrossProfit / statistics.GrossLoss:0.00}" : Figures.Absent;
    }
}

using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What the run owns, has earned and has paid.</summary>
internal static class MoneyPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var inner = canvas.Box("Money", $"in {Quote(model)}; {PlainWords.Bps}");
        var rows = new Rows(inner);
        var (step, statistics, portfolio) = (model.Step, model.Step.Statistics, model.Step.Portfolio);
        var total = Ratio(statistics.Equity, statistics.InitialEquity);
        var benchmark = statistics.BuyAndHoldEquity is { } held ? Ratio(held, statistics.InitialEquity) : null;
        var unsold = portfolio.Position > 0 ? portfolio.Position * step.Candle.Close - portfolio.CostBasis : 0.0;
        var room = inner.Width - Rows.LabelWidth - 2;
        var (sold, open) = Figures.Both(portfolio.RealisedProfit, unsold, room - " sold unsold".Length, isSigned: true);
        var (fees, slippage) = Figures.Both(portfolio.FeesPaid, portfolio.SlippagePaid, room - "fees slippage ".Length);
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
                $"+ {Figures.Quantity(portfolio.Position)} {Base(model)}"
            )
            .Pair("PROFIT", $"{sold} sold", Style.Of(portfolio.RealisedProfit), $"{open} unsold", Style.Of(unsold))
            .Pair("COSTS", $"fees {fees}", default, $"slippage {slippage}")
            .Pair(
                "BELOW PEAK",
                Figures.Part(statistics.Drawdown),
                default,
                $"worst {Figures.Part(statistics.MaxDrawdown)}"
            )
            .Fitting("WON", default, Won(statistics))
            .Pair("PROFIT FACTOR", ProfitFactor(statistics))
            .Fitting("REWARD", Style.Of(step.Reward ?? 0), Reward(step));
    }

    /// <summary>The return from one value to another, a fraction; absent where the first is not above 0.</summary>
    public static double? Ratio(double value, double start) => start > 0 ? value / start - 1.0 : null;

    private static string Quote(ViewModel model) => model.Step.Header.Source.Pair.Quote;

    private static string Base(ViewModel model) => model.Step.Header.Source.Pair.Base;

    private static string[] Won(RunStatistics statistics)
    {
        if (statistics.RoundTrips == 0)
            return ["no sale yet"];
        var count = $"{statistics.Wins:N0} of {statistics.RoundTrips:N0}";
        var share = Figures.Share(statistics.Wins / (double)statistics.RoundTrips);
        return [$"{count} sales, {share}", $"{count}, {share}"];
    }

    private static string ProfitFactor(RunStatistics statistics) =>
        statistics.GrossLoss > 0
            ? $"{Figures.Number2(statistics.GrossProfit / statistics.GrossLoss)} won per 1 lost"
            : "no loss yet";

    private static string[] Reward(Step step)
    {
        var now = $"{Figures.Bps(step.Reward)} bps";
        return [$"{now}, what it learns from", now];
    }
}

using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Tui.Wording;

/// <summary>Figures of a run's summary as text, the same at the end of a run and when its files are looked at.</summary>
internal static class SummaryLines
{
    /// <summary>The figures that are shown at the end of every run, each with its name.</summary>
    public static IEnumerable<(string Name, string Value)> Of(RunSummary summary)
    {
        yield return (
            "equity",
            $"{FigureText.Amount(summary.InitialEquity)} -> {FigureText.Amount(summary.FinalEquity)} ({FigureText.Percent(summary.TotalReturn)})"
        );
        yield return (
            "baselines",
            $"buy-and-hold {FigureText.Percent(summary.BuyAndHoldReturn)}, ma-cross {FigureText.Percent(summary.MaCrossReturn)}"
        );
        // As agents of a backtest both differ a little.
        yield return ("", "without lots and order limits, averages from the first candle");
        yield return ("max drawdown", FigureText.Share(summary.MaxDrawdown));
        yield return (
            "trades",
            $"{FigureText.Count(summary.Trades)}, {FigureText.Count(summary.RoundTrips)} round {(summary.RoundTrips == 1 ? "trip" : "trips")}, won {FigureText.Share(summary.WinRate)}, profit factor {FigureText.Number(summary.ProfitFactor)}"
        );
        yield return (
            "paid",
            $"fees {FigureText.Amount(summary.FeesPaid)}, slippage {FigureText.Amount(summary.SlippagePaid)}"
        );
        yield return (
            "in the market",
            $"{FigureText.Share(summary.Exposure)} of the steps, turnover {FigureText.Number(summary.Turnover)} x equity"
        );
        yield return ("sharpe", $"{FigureText.Ratio(summary.Sharpe)}, sortino {FigureText.Ratio(summary.Sortino)}");
        yield return (
            "daily sharpe",
            $"{FigureText.Ratio(summary.SharpeDaily)}, sortino {FigureText.Ratio(summary.SortinoDaily)}"
        );
    }

    /// <summary>The times of the first and the newest step.</summary>
    public static string Time(RunSummary summary) =>
        $"{FigureText.Time(summary.FirstOpenTime)} .. {FigureText.Time(summary.LastOpenTime)} UTC";

    /// <summary>The numbers of steps and candles.</summary>
    public static string Steps(RunSummary summary) =>
        $"{FigureText.Count(summary.Steps)} ({FigureText.Count(summary.Candles)} {(summary.Candles == 1 ? "candle" : "candles")} with history and warm-up)";
}

using System.Text;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>The summary of a run as text for people.</summary>
internal static class SummaryText
{
    public static string Of(RunSummary summary, RunHeader header)
    {
        var text = new StringBuilder();
        Line("run", $"{header.Source}");
        Line("time", $"{FigureText.Time(summary.FirstOpenTime)} .. {FigureText.Time(summary.LastOpenTime)} UTC");
        Line(
            "steps",
            Invariant(
                $"{summary.Steps:N0} ({summary.Candles:N0} {(summary.Candles == 1 ? "candle" : "candles")} with history and warm-up)"
            )
        );
        Line(
            "equity",
            Invariant(
                $"{summary.InitialEquity:N2} -> {summary.FinalEquity:N2} ({FigureText.Percent(summary.TotalReturn)})"
            )
        );
        Line("buy and hold", FigureText.Percent(summary.BuyAndHoldReturn));
        Line("max drawdown", Share(summary.MaxDrawdown));
        Line(
            "trades",
            Invariant(
                $"{summary.Trades:N0}, {summary.RoundTrips:N0} round {(summary.RoundTrips == 1 ? "trip" : "trips")}, win rate {Share(summary.WinRate)}, profit factor {Number(summary.ProfitFactor)}"
            )
        );
        Line("costs", Invariant($"fees {summary.FeesPaid:N2}, slippage {summary.SlippagePaid:N2}"));
        Line(
            "in the market",
            Invariant($"{Share(summary.Exposure)} of the steps, turnover {summary.Turnover:N1} x equity")
        );
        Line("sharpe", Invariant($"{Number(summary.Sharpe)}, sortino {Number(summary.Sortino)}"));
        Line("daily sharpe", Invariant($"{Number(summary.SharpeDaily)}, sortino {Number(summary.SortinoDaily)}"));
        if (summary.CandlesPerSecond is { } speed)
            Line("speed", speed < 1.5 ? "1 candle per second" : Invariant($"{speed:N0} candles per second"));
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.Append(name.PadRight(14)).Append(value).Append('\n');
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Share(double? fraction) => fraction is { } value ? Invariant($"{value:0.00 %}") : "-";

    private static string Number(double? value) => value is { } known ? Invariant($"{known:N2}") : "-";
}

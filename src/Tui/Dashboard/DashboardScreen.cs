using System.Globalization;
using BtcBandit.Engine.Domain;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BtcBandit.Tui.Dashboard;

/// <summary>The dashboard as text: a pure function of what it shows and of the screen's size.</summary>
public static class DashboardScreen
{
    private const int LeastColumns = 60;
    private const int LeastRows = 16;

    /// <summary>Draws one frame.</summary>
    /// <param name="model">What to show.</param>
    /// <param name="columns">Width of the screen.</param>
    /// <param name="rows">Height of the screen.</param>
    /// <param name="colours">How many colours it has.</param>
    /// <returns>At most <paramref name="rows"/> lines, none wider than <paramref name="columns"/>.</returns>
    public static string[] Draw(DashboardModel model, int columns, int rows, ColorSystemSupport colours)
    {
        // Below this the panels would be all frame: the essentials in plain lines instead.
        var content =
            columns < LeastColumns || rows < LeastRows ? Essentials(model.Step) : Overview(model, columns, rows);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = colours,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = Math.Max(columns, 1);
        console.Profile.Height = Math.Max(rows, 1);
        console.Write(content);
        return [.. writer.ToString().TrimEnd('\n').Split('\n').Take(rows)];
    }

    private static Rows Essentials(Step step) =>
        new(
            new Text(Invariant($"{step.Header.Source.Symbol} {step.Candle.Close:N2}")),
            new Text(Invariant($"EQUITY {step.Statistics.Equity:N2}")),
            new Text($"{StepLine.Name(step.Choice.Action)} step {step.Number}")
        );

    private static Rows Overview(DashboardModel model, int columns, int rows)
    {
        var half = columns / 2;
        var top = new Grid { Expand = true }
            .AddColumn(new GridColumn { Width = half, Padding = new Padding(0) })
            .AddColumn(new GridColumn { Width = columns - half, Padding = new Padding(0) })
            .AddRow(Market(model, half - 4), Money(model, columns - half - 4));
        // Title, market and money, bandit, trades' frame and header, footer.
        var tradeRows = Math.Max(rows - 1 - 7 - 7 - 3 - 1, 1);
        return new Rows(
            Title(model.Step, columns),
            top,
            Bandit(model.Step),
            Trades(model, tradeRows),
            Footer(model.Step)
        );
    }

    private static Text Title(Step step, int columns)
    {
        var source = step.Header.Source;
        var origin = source.World is null ? "real candles" : $"synthetic {source.World}, seed {source.WorldSeed}";
        var right = Invariant($"step {step.Number:N0}  {StepLine.Time(step.Candle.OpenTime)} UTC");
        var room = Math.Max(columns - right.Length - 2, 0);
        var left = Short($"BtcBandit  {source.Symbol} {source.Timeframe}  {origin}", room).PadRight(room);
        return new Text(Short($"{left}  {right}", columns), new Style(decoration: Decoration.Bold));
    }

    private static Panel Market(DashboardModel model, int width)
    {
        var candle = model.Step.Candle;
        var change = model.Closes.Count > 1 ? candle.Close / model.Closes[0] - 1.0 : 0.0;
        return Framed(
            "Market",
            new Rows(
                Pair(
                    "PRICE",
                    Invariant($"{candle.Close:N2}  {change:+0.00 %;-0.00 %;0.00 %} in {model.Closes.Count}"),
                    width
                ),
                Pair("RANGE", Invariant($"{candle.Low:N2} .. {candle.High:N2}"), width),
                new Text(Short(IndicatorLine(model.Step), width)),
                new Text(Sparkline.Of(model.Closes, width), new Style(Color.Aqua)),
                Pair("NEXT OPEN", Order(model.Step), width)
            )
        );
    }

    private static Panel Money(DashboardModel model, int width)
    {
        var (statistics, portfolio) = (model.Step.Statistics, model.Step.Portfolio);
        var total = statistics.Equity / statistics.InitialEquity - 1.0;
        var rival = statistics.BuyAndHoldEquity / statistics.InitialEquity - 1.0;
        var colour = total >= 0 ? Color.Green : Color.Red;
        return Framed(
            "Money",
            new Rows(
                Pair("EQUITY", Invariant($"{statistics.Equity:N2}  {total:+0.00 %;-0.00 %;0.00 %}"), width, colour),
                Pair("BUY+HOLD", rival is { } other ? Invariant($"{other:+0.00 %;-0.00 %;0.00 %}") : "-", width),
                Pair("CASH", Invariant($"{portfolio.Cash:N2}  position {portfolio.Position:F5}"), width),
                Pair("COSTS", Invariant($"fees {portfolio.FeesPaid:N2}  slippage {portfolio.SlippagePaid:N2}"), width),
                Pair(
                    "DRAWDOWN",
                    Invariant($"{statistics.Drawdown:0.00 %}  worst {statistics.MaxDrawdown:0.00 %}"),
                    width
                )
            )
        );
    }

    private static Panel Bandit(Step step)
    {
        var table = new Table { Border = TableBorder.None, Expand = true };
        foreach (
            var (name, right) in new[]
            {
                ("ACTION", false),
                ("mean bps", true),
                ("sd bps", true),
                ("draw bps", true),
                ("", false),
            }
        )
            table.AddColumn(new TableColumn(name) { NoWrap = true, Alignment = right ? Justify.Right : Justify.Left });
        foreach (var action in new[] { TradeAction.Sell, TradeAction.Hold, TradeAction.Buy })
        {
            var score = step.Choice[action];
            var chosen = action == step.Choice.Action;
            var style = chosen ? new Style(Color.Yellow, decoration: Decoration.Bold) : Style.Plain;
            var note = (chosen, score.Offered) switch
            {
                (true, _) => $"<- chosen ({step.Reason})",
                (_, false) when step.Choice.Gate is { IsOpen: false } => "kept out by the gate",
                (_, false) => "not possible now",
                _ => "",
            };
            table.AddRow(
                new Text(StepLine.Name(action), style),
                new Text(Bps(score.Mean), style),
                new Text(Invariant($"{score.StandardDeviation * 10_000:0.00}"), style),
                new Text(Bps(score.Draw), style),
                new Text(note, style)
            );
        }

        var reward = step.Reward is { } matured ? Bps(matured) : "-";
        return Framed(
            "Bandit",
            new Rows(
                table,
                new Text(
                    Invariant(
                        $"REWARD last {reward}, sum {Bps(step.Statistics.CumulativeReward)} bps; {Ahead(step.Choice)}"
                    )
                )
            )
        );
    }

    private static string Ahead(Choice choice)
    {
        var candles = choice.Horizon == 1 ? "1 candle" : $"{choice.Horizon} candles";
        return choice.Gate is { Required: > 0 } gate
            ? Invariant($"{candles} ahead; evidence {gate.Evidence:0.0} of {gate.Required:0.0}")
            : $"{candles} ahead";
    }

    private static Panel Trades(DashboardModel model, int rows)
    {
        var statistics = model.Step.Statistics;
        var table = new Table { Border = TableBorder.None, Expand = true };
        foreach (var name in new[] { "TIME (UTC)", "SIDE", "PRICE", "QUANTITY", "FEE", "PROFIT" })
            table.AddColumn(
                new TableColumn(name)
                {
                    NoWrap = true,
                    Alignment = name is "TIME (UTC)" or "SIDE" ? Justify.Left : Justify.Right,
                }
            );
        foreach (var fill in model.Fills.Reverse().Take(rows))
        {
            var style = new Style(fill.Side == TradeAction.Buy ? Color.Green : Color.Red);
            table.AddRow(
                new Text(StepLine.Time(fill.OpenTime)),
                new Text(StepLine.Name(fill.Side), style),
                new Text(Invariant($"{fill.Price:N2}")),
                new Text(Invariant($"{fill.Quantity:F5}")),
                new Text(Invariant($"{fill.Fee:N2}")),
                new Text(fill.Profit is { } profit ? Invariant($"{profit:+#,0.00;-#,0.00;0.00}") : "")
            );
        }

        for (var row = Math.Min(model.Fills.Count, rows); row < rows; row++)
            table.AddRow(row == 0 ? "none yet" : " ");
        return Framed(
            Invariant(
                $"Trades {statistics.Trades:N0}, round trips {statistics.RoundTrips:N0}, won {statistics.Wins:N0}"
            ),
            table
        );
    }

    private static Text Footer(Step step) =>
        new(
            $"Ctrl-C saves and quits. Paper trading only. Seed {step.Header.Parameters.Seed}.",
            new Style(decoration: Decoration.Dim)
        );

    private static string Order(Step step) =>
        step.Choice.Action == TradeAction.Hold ? "no order" : $"{StepLine.Name(step.Choice.Action)} order";

    private static string IndicatorLine(Step step) =>
        string.Join("  ", step.Header.Columns.Select((name, i) => Invariant($"{name} {step.Indicators[i]:N2}")));

    private static Text Pair(string name, string value, int width, Color? colour = null) =>
        new(Short($"{name, -10}{value}", width), colour is { } known ? new Style(known) : Style.Plain);

    private static Panel Framed(string title, IRenderable content) =>
        new(content)
        {
            Header = new PanelHeader($" {title} "),
            Expand = true,
            Padding = new Padding(1, 0),
        };

    private static string Bps(double fraction) => Invariant($"{fraction * 10_000:+0.00;-0.00;0.00}");

    private static string Short(string text, int most) =>
        text.Length <= most ? text
        : most > 1 ? text[..(most - 1)] + "…"
        : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Indicators;

namespace BtcBandit.Web;

/// <summary>Turns what is remembered of a run into the shapes that are sent.</summary>
internal static class RunShapes
{
    private const int Decimals = 8;
    private const double BpsPerUnit = 10_000;

    /// <summary>Describes a run.</summary>
    public static RunShape Shape(this WatchedRun watched, RunView? view)
    {
        var header = watched.Header;
        var (source, parameters) = (header.Source, header.Parameters);
        return new RunShape(
            view?.Run.Id ?? EventId.NoRun,
            NameOf(watched.Monitor.Mode),
            source.Pair.ToString(),
            source.Pair.Base,
            source.Pair.Quote,
            source.Timeframe.Name,
            source.Timeframe.Milliseconds,
            parameters.Seed,
            parameters.Agent,
            parameters.InitialCash,
            [.. header.Columns.Select(name => new ColumnShape(name, PaneOf(name)))],
            RunName.HeaderJson(header),
            watched.HashOf(view),
            view is { Count: > 0 } ? view.Run.Rows[0].Time : null,
            watched.Version
        );
    }

    /// <summary>Shapes bars.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="view">The run that they are of.</param>
    /// <param name="names">Names of their indicator columns.</param>
    public static BarsShape Shape(this Bars bars, RunView view, IReadOnlyList<string> names)
    {
        var run = view.Run;
        var columns = new Dictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
            columns[names[i]] = bars.Columns[i];
        return new BarsShape(
            bars.Span.Milliseconds,
            [run.Span.Milliseconds, .. run.Levels.Select(level => level.Span.Milliseconds)],
            view.Count > 0 ? run.Rows[0].Time : null,
            view.Count > 0 ? run.Rows[view.Count - 1].Time : null,
            view.Step,
            bars.HasMore,
            bars.Time,
            bars.Open,
            bars.High,
            bars.Low,
            bars.Close,
            Rounded(bars.Volume),
            Rounded(bars.Equity),
            Rounded(bars.BuyAndHold),
            bars.Drawdown,
            bars.Invested,
            bars.Action,
            bars.Step,
            columns,
            [.. bars.Marks.Select(Shape)]
        );
    }

    /// <summary>Shapes an execution.</summary>
    public static TradeShape Shape(FillRow fill) =>
        new(
            fill.Step,
            fill.Time,
            SideOf(fill.IsBuy),
            fill.Price,
            fill.Quantity,
            fill.Fee,
            fill.Slippage,
            Known(fill.Profit),
            fill.Equity,
            fill.Reason
        );

    /// <summary>Shapes the values of a decision.</summary>
    public static ValuesShape Shape(Decision decision) =>
        new(Shape(decision.Sell), Shape(decision.Hold), Shape(decision.Buy));

    /// <summary>Shapes values of which only the means are known.</summary>
    public static ValuesShape Means(double sell, double hold, double buy) =>
        new(new(sell, null, null, null), new(hold, null, null, null), new(buy, null, null, null));

    /// <summary>Shapes a gate.</summary>
    public static GateShape? Shape(Gate? gate) =>
        gate is { } known ? new GateShape(known.Evidence, known.Required, known.IsOpen) : null;

    /// <summary>Shapes a step that is known in full.</summary>
    public static StepShape Shape(Step step)
    {
        var (header, decision, fill) = (step.Header, step.Decision, step.Fill);
        return new StepShape(
            step.Number,
            step.Candle.OpenTime,
            NameOf(decision.Action),
            step.Reason,
            step.Reward,
            step.Portfolio.Cash,
            step.Portfolio.Position,
            step.Statistics.Equity,
            fill is null
                ? null
                : new FillShape(NameOf(fill.Side), fill.Price, fill.Quantity, fill.Fee, fill.Slippage, fill.Profit),
            Shape(decision),
            Shape(decision.Gate),
            decision.Horizon,
            Contributions(header, step.Features, decision.Contributions),
            Named(header.Columns, step.Indicators)
        );
    }

    /// <summary>Name of an action: <c>sell</c>, <c>hold</c> or <c>buy</c>.</summary>
    public static string NameOf(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "sell",
            TradeAction.Buy => "buy",
            _ => "hold",
        };

    /// <summary>Name of the mode of a run.</summary>
    public static string NameOf(RunMode mode) =>
        mode switch
        {
            RunMode.Synthetic => "synthetic",
            RunMode.Live => "live",
            RunMode.WarmUp => "warm-up",
            _ => "archive",
        };

    /// <summary>Name of the side of an execution.</summary>
    public static string SideOf(bool isBuy) => isBuy ? "buy" : "sell";

    /// <summary>A number, or null for NaN.</summary>
    public static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static string PaneOf(string column) => Catalogue.BuiltIn.OverlayOf(column) is null ? "own" : "price";

    private static MarkShape Shape(Mark mark) =>
        new(mark.Time, SideOf(mark.IsBuy), mark.Count, mark.Price, mark.Quantity, Known(mark.Profit), mark.Step);

    private static ValueShape Shape(ActionValue value) =>
        new(value.Mean, value.StandardDeviation, value.Draw, value.Offered);

    private static ContributionShape[]? Contributions(
        RunHeader header,
        ImmutableArray<double> values,
        ImmutableArray<double> contributions
    ) =>
        contributions.Length != header.Features.Length || values.Length != header.Features.Length
            ? null
            :
            [
                .. contributions
                    .Select((part, i) => new ContributionShape(header.Features[i], values[i], part * BpsPerUnit))
                    .OrderByDescending(part => Math.Abs(part.Bps)),
            ];

    private static Dictionary<string, double> Named(ImmutableArray<string> names, ImmutableArray<double> values)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(names.Length, values.Length); i++)
        {
            if (double.IsFinite(values[i]))
                named[names[i]] = values[i];
        }

        return named;
    }

    // As many decimals as the journal has.
    private static double[] Rounded(double[] values) => Array.ConvertAll(values, value => Math.Round(value, Decimals));
}

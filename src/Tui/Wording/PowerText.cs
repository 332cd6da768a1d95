using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Wording;

/// <summary>A measurement of power in sentences and a table.</summary>
internal static class PowerText
{
    // Width of the first column of what is said about the runs.
    private const int NameWidth = 12;

    /// <summary>What is found, what was run, and the table.</summary>
    public static string Of(PowerResult result)
    {
        var text = new StringBuilder();
        text.Append(Found(result)).Append(' ').Append(FalseAlarms(result)).Append("\n\n");
        var parameters = result.Header.Parameters;
        Line(text, "run", $"{Run(result)}, seeds from {parameters.Seed} on");
        Line(text, "indicators", parameters.Indicators);
        Line(text, "round trip", Invariant($"{result.RoundTripBps:0.##} bps, fees and slippage of both sides"));
        Line(text, "oracle", "knows each candle's expected return; what it earns per trade before costs is the edge");
        Line(text, "found", "share of the worlds with evidence of skill at a level of 2 %, after so many steps");
        text.Append('\n').Append(TextTable.Of(Columns(result), [.. result.Edges.Select(edge => Row(edge, result))]));
        return text.ToString().TrimEnd();
    }

    /// <summary>That it was stopped, and after how many worlds, in one line.</summary>
    /// <param name="result">What was done.</param>
    /// <param name="svg">The file of the chart; null for none.</param>
    public static string Stopped(PowerResult result, string? svg)
    {
        var done = result.Edges.Sum(edge => edge.Worlds);
        var drawn = svg is null ? "" : $"; {svg} is not written";
        return Invariant($"stopped after {done:N0} of {result.Worlds * result.Edges.Count:N0} runs{drawn}");
    }

    /// <summary>The markets and the agent.</summary>
    public static string Run(PowerResult result)
    {
        var source = (MarketSource.Synthetic)result.Header.Source;
        return $"synthetic {source.World.Name()} {source.Pair} {source.Timeframe}, agent {result.Header.Parameters.Agent}";
    }

    /// <summary>An edge by its multiple, as <c>2 x</c>, or <c>none</c>.</summary>
    public static string Edge(double roundTrips) => roundTrips == 0 ? "none" : Invariant($"{roundTrips:0.###} x");

    /// <summary>Share of the worlds in which an edge was found; null without a world.</summary>
    public static double? Share(EdgePower edge, int place) =>
        edge.Worlds == 0 ? null : (double)edge.Found[place] / edge.Worlds;

    /// <summary>The smallest edge that is found, in a sentence.</summary>
    public static string Found(PowerResult result)
    {
        var found = result.Edges.FirstOrDefault(edge => edge.FoundFrom is not null);
        if (found is not null)
        {
            return Invariant(
                $"The smallest edge found in at least 80 % of the worlds is {Cost(found.RoundTrips)}, after {result.Lengths[found.FoundFrom!.Value]:N0} steps."
            );
        }
        var largest = result.Edges.Max(edge => edge.RoundTrips);
        return largest == 0
            ? "No edge was tried."
            : Invariant(
                $"No edge of up to {Cost(largest)} is found in 80 % of the worlds within {result.Lengths[^1]:N0} steps."
            );
    }

    private static string FalseAlarms(PowerResult result) =>
        result.Edges.FirstOrDefault(edge => edge.RoundTrips == 0) is not { } none
            ? "Markets without an edge were not tried."
            : Invariant($"Without an edge, skill is claimed in {none.Found[^1]} of {none.Worlds} worlds.");

    private static string Cost(double roundTrips) =>
        roundTrips == 1 ? "the cost of a round trip" : Invariant($"{roundTrips:0.###} times the cost of a round trip");

    private static List<TableColumn> Columns(PowerResult result) =>
        [
            new("edge", IsText: true),
            new("oracle, bps"),
            .. result.Lengths.Select(length => new TableColumn(Invariant($"{length:N0}"))),
            new("80 % from"),
            new("traded"),
            new("growth"),
            new("worlds"),
        ];

    private static List<string> Row(EdgePower edge, PowerResult result) =>
        [
            Edge(edge.RoundTrips),
            FigureText.Number(edge.OracleBps),
            .. result.Lengths.Select((_, place) => Percent(Share(edge, place))),
            FigureText.Count(edge.FoundFrom is { } place ? result.Lengths[place] : null),
            Percent(edge.Worlds == 0 ? null : (double)edge.Traded / edge.Worlds),
            FigureText.Percent(edge.Growth - 1.0),
            FigureText.Count(edge.Worlds),
        ];

    private static string Percent(double? share) => share is { } value ? Invariant($"{100 * value:0} %") : "-";

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

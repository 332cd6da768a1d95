using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>A measurement of power as a drawing: a line for each edge, the number of steps to the right, the share of worlds in
/// which it is found upwards. Readable on light and dark pages.</summary>
internal static class PowerChart
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 64;
    private const int Right = 610;
    private const int Top = 56;
    private const int Bottom = 348;

    // Distance of two labels.
    private const double LabelHeight = 19;

    // The least and the most saturated part of one hue: a larger edge is darker on light pages, brighter on dark ones.
    private const string Style = """
        svg{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
        .page{fill:#ffffff}.grid{stroke:#d0d7de}.level{stroke:#8c959f;stroke-dasharray:4 4}.quiet{fill:#59636e}
        .edge{fill:none;stroke:#0550ae;stroke-width:2.5}.dot{fill:#0550ae}.none .edge{stroke:#bc4c00;stroke-dasharray:6 4}.none .dot{fill:#bc4c00}
        .title{font-size:15px;font-weight:600}
        @media(prefers-color-scheme:dark){svg{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#30363d}.level{stroke:#6e7681}.quiet{fill:#9198a1}
        .edge{stroke:#79c0ff}.dot{fill:#79c0ff}.none .edge{stroke:#ffa657}.none .dot{fill:#ffa657}}
        """;

    /// <summary>The whole file.</summary>
    public static string Of(PowerResult result)
    {
        var text = new StringBuilder();
        text.Append(
            Invariant(
                $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-labelledby=\"title description\">\n"
            )
        );
        text.Append(
            Invariant(
                $"<title id=\"title\">In how many worlds an edge is found, by its size and the number of steps</title>\n"
            )
        );
        text.Append(Invariant($"<desc id=\"description\">{Escaped(Description(result))}</desc>\n"));
        text.Append(Invariant($"<style>{Style}</style>\n"));
        text.Append(Invariant($"<rect class=\"page\" width=\"{Width}\" height=\"{Height}\"/>\n"));
        text.Append(
            Invariant(
                $"<text class=\"title\" x=\"{Left}\" y=\"24\">Share of the worlds in which the edge is found</text>\n"
            )
        );
        text.Append(Invariant($"<text class=\"quiet\" x=\"{Left}\" y=\"43\">{Escaped(About(result))}</text>\n"));
        Grid(text, result);
        var labels = Labels(result);
        for (var place = 0; place < result.Edges.Count; place++)
            Line(text, result, result.Edges[place], place, labels[place]);
        return text.Append("</svg>\n").ToString();
    }

    private static void Grid(StringBuilder text, PowerResult result)
    {
        foreach (var share in new[] { 0.0, 0.2, 0.4, 0.6, 0.8, 1.0 })
        {
            // At the share from which on an edge counts as found.
            var kind = share.Equals(PowerPlan.FoundShare) ? "level" : "grid";
            text.Append(
                Invariant(
                    $"<line class=\"{kind}\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(share):0.#}\" y2=\"{Y(share):0.#}\"/>"
                )
            );
            text.Append(
                Invariant(
                    $"<text class=\"quiet\" x=\"{Left - 8}\" y=\"{Y(share) + 4:0.#}\" text-anchor=\"end\">{100 * share:0} %</text>\n"
                )
            );
        }
        for (var place = 0; place < result.Lengths.Count; place++)
        {
            text.Append(
                Invariant(
                    $"<text class=\"quiet\" x=\"{X(place, result):0.#}\" y=\"{Bottom + 22}\" text-anchor=\"middle\">{result.Lengths[place]:N0}</text>\n"
                )
            );
        }
        text.Append(
            Invariant(
                $"<text class=\"quiet\" x=\"{(Left + Right) / 2}\" y=\"{Bottom + 46}\" text-anchor=\"middle\">steps, each twice the one before</text>\n"
            )
        );
    }

    private static void Line(StringBuilder text, PowerResult result, EdgePower edge, int place, double label)
    {
        var points = result
            .Lengths.Select((_, at) => Invariant($"{X(at, result):0.#},{Y(PowerText.Share(edge, at) ?? 0):0.#}"))
            .ToList();
        // The smallest edge is the faintest, but can still be seen.
        var strength = edge.RoundTrips == 0 ? 1.0 : 0.45 + 0.55 * (place + 1) / result.Edges.Count;
        text.Append(
            Invariant(
                $"<g class=\"{(edge.RoundTrips == 0 ? "none" : "some")}\" opacity=\"{strength:0.##}\"><polyline class=\"edge\" points=\"{string.Join(' ', points)}\"/>"
            )
        );
        foreach (var point in points)
        {
            var ends = point.Split(',');
            text.Append(Invariant($"<circle class=\"dot\" cx=\"{ends[0]}\" cy=\"{ends[1]}\" r=\"3.5\"/>"));
        }
        text.Append("</g>");
        text.Append(Invariant($"<text x=\"{Right + 12}\" y=\"{label + 4:0.#}\">{Escaped(Label(edge))}</text>\n"));
    }

    // Heights of the labels in the order of the edges: at the ends of their lines, but none over another.
    private static double[] Labels(PowerResult result)
    {
        var last = result.Lengths.Count - 1;
        var order = Enumerable
            .Range(0, result.Edges.Count)
            .OrderByDescending(place => PowerText.Share(result.Edges[place], last) ?? 0)
            .ThenByDescending(place => result.Edges[place].RoundTrips)
            .ToList();
        var heights = new double[result.Edges.Count];
        var next = double.MinValue;
        foreach (var place in order)
        {
            heights[place] = Math.Max(next, Y(PowerText.Share(result.Edges[place], last) ?? 0));
            next = heights[place] + LabelHeight;
        }
        // What went below the axis pushes the others up.
        double limit = Bottom;
        for (var at = order.Count - 1; at >= 0; at--)
        {
            heights[order[at]] = Math.Min(heights[order[at]], limit);
            limit = heights[order[at]] - LabelHeight;
        }
        return heights;
    }

    private static string Label(EdgePower edge) =>
        edge.RoundTrips == 0
            ? "no edge"
            : Invariant($"{PowerText.Edge(edge.RoundTrips)} ({FigureText.Number(edge.OracleBps)} bps)");

    private static string About(PowerResult result) =>
        Invariant(
            $"{PowerText.Run(result)}; edges in round trips of {result.RoundTripBps:0.##} bps; {result.Worlds} worlds each"
        );

    private static string Description(PowerResult result)
    {
        var lines = result.Edges.Select(edge =>
            $"{Label(edge)}: {string.Join(", ", result.Lengths.Select((length, at) => Invariant($"{100 * (PowerText.Share(edge, at) ?? 0):0} % after {length:N0} steps")))}."
        );
        return $"{PowerText.Found(result)} {string.Join(' ', lines)}";
    }

    private static double X(int place, PowerResult result) =>
        result.Lengths.Count == 1 ? Left : Left + (double)(Right - Left) * place / (result.Lengths.Count - 1);

    private static double Y(double share) => Bottom - share * (Bottom - Top);

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

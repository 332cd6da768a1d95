using System.Text;
using System.Text.RegularExpressions;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>What made a report: the program and what it runs on.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Arithmetic">Version of its arithmetic, which decides the last digits.</param>
/// <param name="Platform">Runtime, operating system and processor.</param>
internal sealed record ReportMaker(string Version, int Arithmetic, string Platform);

/// <summary>A report as one HTML page that needs no other file and no network.</summary>
/// <remarks>Tables are HTML, so they can be read, copied and printed without JavaScript; charts are drawn by the page from a
/// block of JSON. Every text that comes from outside is escaped.</remarks>
internal static partial class HtmlReport
{
    /// <summary>Name of the vendored library of charts.</summary>
    public const string Library = "vendor/lightweight-charts.standalone.production.js";

    /// <summary>The page.</summary>
    /// <param name="report">The report; its first agent has at least one run.</param>
    /// <param name="maker">What made it.</param>
    public static string Of(BacktestReport report, ReportMaker maker)
    {
        var parts = Parts(report, maker);
        var page = new StringBuilder();
        var template = Resource("report.html");
        var end = 0;
        // The template is cut once, so that nothing in a value is taken for a place to fill.
        foreach (var place in Places().EnumerateMatches(template))
        {
            page.Append(template, end, place.Index - end);
            page.Append(parts[template.Substring(place.Index + 2, place.Length - 4)]);
            end = place.Index + place.Length;
        }
        return page.Append(template, end, template.Length - end).ToString();
    }

    /// <summary>Text of a file of this folder that is part of the program.</summary>
    public static string Resource(string name)
    {
        using var stream =
            typeof(HtmlReport).Assembly.GetManifestResourceStream($"Report/{name}")
            ?? throw new InvalidOperationException($"The program lacks its file {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static Dictionary<string, string> Parts(BacktestReport report, ReportMaker maker)
    {
        var agent = report.Comparison.Agents[0];
        var source = report.Header.Source;
        var label = ComparisonFigures.LabelOf(agent, report.Comparison);
        var name = Html.Text(label);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = Html.Text($"{source.Pair} {source.Timeframe} {label}: backtest"),
            ["heading"] = Html.Text($"{source.Pair} {source.Timeframe} · {label}"),
            ["agent"] = name,
            ["subheading"] = ReportSections.Subheading(report),
            ["notices"] = ReportSections.Notices(report),
            ["tilenote"] = ReportSections.TileNote(report),
            ["tiles"] = ReportSections.Tiles(report),
            ["chartnote"] = ReportSections.ChartNote(report),
            ["verdict"] = ReportTables.Verdict(report.Comparison),
            ["comparison"] = ReportTables.Comparison(report.Comparison),
            ["seednote"] = ReportSections.SeedNote(report),
            ["months"] = ReportTables.Months(agent),
            ["monthnote"] = ReportSections.MeanNote(agent),
            ["costs"] = CostSection.Of(report),
            ["actions"] = ReportSections.Actions(agent.Runs[0].Path.Actions),
            ["ofseed"] = ReportSections.OfSeed(agent),
            ["weights"] = WeightSection.Of(report),
            ["figures"] = ReportTables.Figures(agent),
            ["run"] = RunFacts.Of(report, maker),
            ["fills"] = ReportTables.Fills(report),
            ["notice"] = Html.Text(FirstLines(Resource("vendor/lightweight-charts.NOTICE"))),
            ["css"] = Resource("report.css"),
            ["data"] = ReportData.Of(report).ToJson(),
            ["library"] = Resource(Library),
            ["js"] = Resource("report.js"),
        };
    }

    // The attribution; what follows it is about a part of the library. The address in it becomes the link after it.
    private static string FirstLines(string notice)
    {
        var lines = notice.ReplaceLineEndings("\n").Split('\n');
        return $"Charts: {lines[0]}, {lines[1].Replace(" https://www.tradingview.com/", "", StringComparison.Ordinal)}";
    }

    [GeneratedRegex(@"\{\{[a-z]+\}\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Places();
}

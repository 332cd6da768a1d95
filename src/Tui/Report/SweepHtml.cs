using BtcBandit.Sweep.Reporting;
using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Report;

/// <summary>The report of a sweep as one HTML page that needs no other file, no network and no JavaScript.</summary>
/// <remarks>Every text that comes from outside is escaped.</remarks>
internal static class SweepHtml
{
    /// <summary>The page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="luckLine">What luck alone would show, in one sentence.</param>
    /// <param name="verdict">What was found, in one sentence.</param>
    public static string Of(SweepReport report, string luckLine, string verdict) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <title>{Html.Text($"Sweep {report.Sweep}: report")}</title>
            <style>
            {HtmlReport.Resource("report.css")}{HtmlReport.Resource("sweep.css")}</style>
            </head>
            <body>
            <a class="skip" href="#all">Skip the maps</a>
            <header class="top">
            <div>
            <h1>{Html.Text($"Sweep {report.Sweep}")}</h1>
            <p class="soft">{Html.Text(Subheading(report))}</p>
            </div>
            <p class="badge">Sweep, paper money</p>
            </header>
            <p class="said">{Html.Text(verdict)}</p>
            <p class="luck">{Html.Text(luckLine)}</p>
            {SweepMethod.Notices(report)}<main>
            <section aria-labelledby="counts-title">
            <h2 id="counts-title" class="unseen">Counts</h2>
            {SweepMethod.Tiles(report)}</section>
            {Maps(report)}<section class="card long" id="all" aria-labelledby="all-title">
            <h2 id="all-title">All markets, all numbers</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of all markets">
            {SweepTable.Of(report)}
            </div>
            <p class="note">Returns are in percent. Point at the title of a column for what it means; below is how each came about.</p>
            </section>
            <section class="card how" aria-labelledby="how-title">
            <h2 id="how-title">How it was done</h2>
            {SweepMethod.Of(report)}</section>
            </main>
            <footer>
            <p>{Html.Text(
                $"btcbandit {ProgramVersion.Full}. The past of a paper account, no promise for the future."
            )}</p>
            </footer>
            </body>
            </html>

            """.ReplaceLineEndings(
            "\n"
        );

    private static string Subheading(SweepReport report)
    {
        var days = report.Cells.Count > 0 ? SweepFigures.Short(Math.Round(365 * report.Years, 1)) : "no";
        return report.Choice == ChoiceKind.None
            ? $"{days} days of candles at most in a market"
            : $"{days} days of tests at most in a market";
    }

    private static string Maps(SweepReport report) =>
        report.Cells.Count == 0
            ? ""
            : $"""
                <div class="maps">
                {Map(
                    report,
                    "flat",
                    "Return over flat, %",
                    "what it earned more than one who stays out",
                    cell => cell.OverFlat
                )}
                {Map(
                    report,
                    "hold",
                    "Return over buy and hold, %",
                    "what it earned more than one who buys and holds",
                    cell => cell.OverBuyAndHold
                )}
                </div>

                """;

    private static string Map(
        SweepReport report,
        string id,
        string title,
        string meaning,
        Func<CellReport, SumInterval?> figure
    ) =>
        $"""
            <section class="card" aria-labelledby="{id}-title">
            <h2 id="{id}-title">{title}</h2>
            {SweepHeatMap.Of(
                report,
                $"over {(id == "flat" ? "flat" : "buy and hold")}",
                figure
            )}<p class="marks">{SweepFigures.Claim} and a frame: a claim. {SweepFigures.FreeClaim} and a dashed frame: evidence, but without costs. {Place(
                report.Choice
            )}: {meaning}. A number leads to its row below.</p>
            </section>
            """;

    private static string Place(ChoiceKind choice) =>
        choice switch
        {
            ChoiceKind.Folds => "In test parts",
            ChoiceKind.Halving => "In the last rung",
            _ => "On all candles",
        };
}

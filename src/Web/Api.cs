using System.Globalization;
using System.Text;
using BtcBandit.Engine.Watching;
using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>The answers to scripts and to the page, by path.</summary>
internal sealed class Api
{
    private const int DefaultBars = 1_500;
    private const int MaxBars = 5_000;
    private const int DefaultSteps = 100;
    private const int MaxSteps = 1_000;
    private const int DefaultTrades = 1_000;
    private const int MaxTrades = 10_000;
    private const string CsvHeader = "step,open_time,side,price,quantity,fee,slippage,profit,equity,reason";

    private readonly WatchedRun watched;
    private readonly Feed feed;
    private readonly Steps steps;
    private readonly Dictionary<string, RequestDelegate> routes;

    /// <summary>Answers for a run.</summary>
    public Api(WatchedRun watched, Feed feed, RunMetrics metrics)
    {
        (this.watched, this.feed, steps) = (watched, feed, new Steps(watched));
        routes = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            ["/api/run"] = context => Answer.Json(context, watched.Shape(watched.Memory.Now), WebJson.Default.RunShape),
            ["/api/candles"] = Candles,
            ["/api/steps"] = Steps,
            ["/api/trades"] = Trades,
            ["/api/trades.csv"] = TradesCsv,
            ["/api/metrics"] = Summary,
            ["/api/health"] = Health,
            ["/api/stream"] = context => EventStream.Answer(context, feed),
            ["/metrics"] = metrics.Answer,
        };
    }

    /// <summary>Returns what answers a path; null if nothing does.</summary>
    public RequestDelegate? Of(string path) => routes.GetValueOrDefault(path);

    private Task Candles(HttpContext context)
    {
        var query = new Query(context.Request);
        var (from, to) = (
            query.Whole("from", long.MinValue, long.MaxValue),
            query.Whole("to", long.MinValue, long.MaxValue)
        );
        var max = query.Whole("max", 1, MaxBars) ?? DefaultBars;
        var names = query.Text("columns")?.Split(',') ?? [];
        var columns = Array.ConvertAll(names, name => watched.Header.Columns.IndexOf(name));
        if (Array.IndexOf(columns, -1) >= 0)
            query.Refuse("columns must be names of this run's indicator columns, see /api/run.");
        var span = SpanOf(query);
        if (query.Fault is { } fault)
            return Answer.Problem(context, StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(context, NoBars(names), WebJson.Default.BarsShape);
        var bars = view.Read(new BarsQuery(from ?? long.MinValue, to ?? long.MaxValue, (int)max, span, columns));
        return Answer.Json(context, bars.Shape(view, names), WebJson.Default.BarsShape);
    }

    private BarSpan? SpanOf(Query query)
    {
        if (query.Text("span") is not { } text)
            return null;
        var timeframe = watched.Header.Source.Timeframe;
        BarSpan[] known = [BarSpan.Of(timeframe), .. BarSpan.CoarserThan(timeframe)];
        var found = Array.Find(
            known,
            span => span.Name == text || span.Milliseconds.ToString(CultureInfo.InvariantCulture) == text
        );
        if (found is null)
            query.Refuse(
                $"span must be one of {string.Join(", ", known.Select(span => span.Name))}, or its milliseconds."
            );
        return found;
    }

    private BarsShape NoBars(string[] names)
    {
        var run = new RunColumns("new", watched.Header, 1);
        return new Bars(run.Span, 0, names.Length).Shape(run.Now, names);
    }

    private Task Steps(HttpContext context)
    {
        var query = new Query(context.Request);
        var (since, limit) = (query.Whole("since", 0, long.MaxValue - MaxSteps), query.Whole("limit", 1, MaxSteps));
        if (query.Fault is { } fault)
            return Answer.Problem(context, StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(context, new StepsShape([], false), WebJson.Default.StepsShape);
        var count = (int)(limit ?? DefaultSteps);
        var first = (since ?? Math.Max(view.Step - count, 0)) + 1;
        var found = steps.Read(view, first, count);
        var last = found.Count > 0 ? found[^1].Step : first - 1;
        return Answer.Json(context, new StepsShape(found, last < view.Step), WebJson.Default.StepsShape);
    }

    private Task Trades(HttpContext context)
    {
        var query = new Query(context.Request);
        var (since, limit) = (query.Whole("since", 0, long.MaxValue), query.Whole("limit", 1, MaxTrades));
        if (query.Fault is { } fault)
            return Answer.Problem(context, StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(context, new TradesShape([], false, 0), WebJson.Default.TradesShape);
        // One more than asked for tells whether there are more.
        var wanted = (int)(limit ?? DefaultTrades);
        var rows = view.FillsAfter(since ?? 0, wanted + 1);
        var hasMore = rows.Length > wanted;
        var trades = Array.ConvertAll(hasMore ? rows[1..] : rows, RunShapes.Shape);
        return Answer.Json(context, new TradesShape(trades, hasMore, view.Fills), WebJson.Default.TradesShape);
    }

    private async Task TradesCsv(HttpContext context)
    {
        const int RowsAtOnce = 500;
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"trades.csv\"";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        var text = new StringBuilder(CsvHeader).Append('\n');
        var view = watched.Memory.Now;
        for (var i = 0; view is not null && i < view.Fills; i++)
        {
            Append(text, view.Run.Fills[i]);
            if (i % RowsAtOnce == RowsAtOnce - 1)
                await Flush().ConfigureAwait(false);
        }

        await Flush().ConfigureAwait(false);

        async Task Flush()
        {
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
            text.Clear();
        }
    }

    private static void Append(StringBuilder text, in FillRow fill)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"{fill.Step},{fill.Time},{RunShapes.SideOf(fill.IsBuy)},{fill.Price},{fill.Quantity},{fill.Fee},{fill.Slippage},"
        );
        text.Append(CultureInfo.InvariantCulture, $"{RunShapes.Known(fill.Profit)},{fill.Equity},{fill.Reason}\n");
    }

    private Task Summary(HttpContext context)
    {
        var view = watched.Memory.Now;
        var summary = view?.Latest?.Summarise() ?? view?.Run.Resumed?.Summarise();
        return summary is null
            ? Answer.Problem(context, StatusCodes.Status404NotFound, "The run has made no step yet.")
            : Answer.Bytes(context, Encoding.UTF8.GetBytes(summary.ToJson()), "application/json");
    }

    private Task Health(HttpContext context)
    {
        var now = feed.Now;
        var health = new HealthShape(
            now.Info.IsOver ? "ended" : "ok",
            watched.Memory.Now?.Step ?? 0,
            now.Info.StepsPerSecond,
            feed.Watchers,
            GC.GetTotalMemory(forceFullCollection: false),
            LatestShapes.FeedOf(now.Info)
        );
        return Answer.Json(context, health, WebJson.Default.HealthShape);
    }
}

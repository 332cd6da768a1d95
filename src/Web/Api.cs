using System.Globalization;
using System.Text;
using BtcBandit.Engine.Watching;
using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>The answers to scripts and to the page, by path.</summary>
internal sealed class Api : IDisposable
{
    private const int DefaultBars = 1_500;
    private const int MaxBars = 5_000;
    private const int DefaultSteps = 100;
    private const int MaxSteps = 1_000;
    private const int DefaultTrades = 1_000;
    private const int MaxTrades = 10_000;
    private const string CsvHeader = "step,open_time,side,price,quantity,fee,slippage,profit,equity,reason";

    // Whoever asks often waits, and the run keeps its processor.
    private const int AtOnce = 2;

    private readonly SemaphoreSlim turns = new(AtOnce);
    private readonly WatchedRun watched;
    private readonly Feed feed;
    private readonly TimeSpan patience;
    private readonly long maxHeld;
    private long held;
    private readonly TimeProvider clock;
    private readonly Steps steps;
    private readonly Dictionary<string, RequestDelegate> routes;

    /// <summary>Answers for a run.</summary>
    public Api(WatchedRun watched, Feed feed, RunMetrics metrics, WebOptions options, TimeProvider clock)
    {
        (patience, maxHeld, this.clock) = (options.Patience, options.MaxHeld, clock);
        (this.watched, this.feed, steps) = (watched, feed, new Steps(watched));
        routes = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            ["/api/run"] = InTurn(_ => Answer.Json(watched.Shape(watched.Memory.Now), WebJson.Default.RunShape)),
            ["/api/candles"] = InTurn(Candles),
            ["/api/steps"] = InTurn(Steps),
            ["/api/trades"] = InTurn(Trades),
            ["/api/trades.csv"] = TradesCsv,
            ["/api/metrics"] = context => Answer.Send(context, Summary()),
            ["/api/health"] = context => Answer.Send(context, Health()),
            ["/api/stream"] = context => EventStream.Answer(context, feed),
            ["/metrics"] = metrics.Answer,
        };
    }

    /// <summary>Returns what answers a path; null if nothing does.</summary>
    public RequestDelegate? Of(string path) => routes.GetValueOrDefault(path);

    // An answer is made in turn, and sent at the pace of whoever reads it.
    private RequestDelegate InTurn(Func<HttpRequest, Reply> make) =>
        async context =>
        {
            await turns.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            Reply reply;
            try
            {
                reply = make(context.Request);
            }
            finally
            {
                turns.Release();
            }

            // What is held for readers is bounded, however many there are and whatever they ask for.
            var size = reply.Bytes.Length;
            try
            {
                if (Interlocked.Add(ref held, size) > maxHeld)
                {
                    context.Response.Headers.RetryAfter = "1";
                    reply = Answer.Problem(503, "Too many answers are waiting for their readers.");
                }

                using var patient = AbortLater(context);
                await Answer
                    .Send(context, reply, () => patient.Change(patience, Timeout.InfiniteTimeSpan))
                    .ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Add(ref held, -size);
            }
        };

    // Disconnects whoever does not read: Kestrel's minimum rate allows an hour for a large answer.
    private ITimer AbortLater(HttpContext context) =>
        clock.CreateTimer(_ => context.Abort(), null, patience, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private Reply Candles(HttpRequest request)
    {
        var query = new Query(request);
        var (from, to) = (
            query.Whole("from", long.MinValue, long.MaxValue),
            query.Whole("to", long.MinValue, long.MaxValue)
        );
        var max = query.Whole("max", 1, MaxBars) ?? DefaultBars;
        var names = query.Text("columns")?.Split(',') ?? [];
        var columns = Array.ConvertAll(names, name => watched.Header.Columns.IndexOf(name));
        if (Array.IndexOf(columns, -1) >= 0)
            query.Refuse("columns must be names of this run's indicator columns, see /api/run.");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            query.Refuse("columns must be different names.");
        var span = SpanOf(query);
        if (query.Fault is { } fault)
            return Answer.Problem(StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(NoBars(names), WebJson.Default.BarsShape);
        var bars = view.Read(new BarsQuery(from ?? long.MinValue, to ?? long.MaxValue, (int)max, span, columns));
        return Answer.Json(bars.Shape(view, names), WebJson.Default.BarsShape);
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
        var run = new RunColumns(EventId.NoRun, watched.Header, 1);
        return new Bars(run.Span, 0, names.Length).Shape(run.Now, names);
    }

    private Reply Steps(HttpRequest request)
    {
        var query = new Query(request);
        var (since, limit) = (query.Whole("since", 0, long.MaxValue - MaxSteps), query.Whole("limit", 1, MaxSteps));
        if (query.Fault is { } fault)
            return Answer.Problem(StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(new StepsShape([], false), WebJson.Default.StepsShape);
        var count = (int)(limit ?? DefaultSteps);
        var first = (since ?? Math.Max(view.Step - count, 0)) + 1;
        var found = steps.Read(view, first, count);
        var last = found.Count > 0 ? found[^1].Step : first - 1;
        return Answer.Json(new StepsShape(found, found.Count > 0 && last < view.Step), WebJson.Default.StepsShape);
    }

    private Reply Trades(HttpRequest request)
    {
        var query = new Query(request);
        var (since, limit) = (query.Whole("since", 0, long.MaxValue), query.Whole("limit", 1, MaxTrades));
        if (query.Fault is { } fault)
            return Answer.Problem(StatusCodes.Status400BadRequest, fault);
        if (watched.Memory.Now is not { } view)
            return Answer.Json(new TradesShape([], false, 0), WebJson.Default.TradesShape);
        // One more than asked for tells whether there are more: newer ones after a step, else older ones.
        var wanted = (int)(limit ?? DefaultTrades);
        var rows = since is { } step ? view.FirstFillsAfter(step, wanted + 1) : view.FillsAfter(0, wanted + 1);
        var hasMore = rows.Length > wanted;
        var shown =
            !hasMore ? rows
            : since is null ? rows[1..]
            : rows[..wanted];
        var trades = new TradesShape(Array.ConvertAll(shown, RunShapes.Shape), hasMore, view.AllFills);
        return Answer.Json(trades, WebJson.Default.TradesShape);
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
        var fills = view?.Fills ?? 0;
        for (var i = 0; i < fills; i += RowsAtOnce)
        {
            await turns.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            try
            {
                for (var row = i; row < Math.Min(i + RowsAtOnce, fills); row++)
                    Append(text, view!.Run.Fills[row]);
            }
            finally
            {
                turns.Release();
            }

            await Flush().ConfigureAwait(false);
        }

        if (fills == 0)
            await Flush().ConfigureAwait(false);

        async Task Flush()
        {
            using var patient = AbortLater(context);
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

    private Reply Summary()
    {
        var view = watched.Memory.Now;
        var summary = view?.Latest?.Summarise() ?? view?.Run.Resumed?.Summarise();
        return summary is null
            ? Answer.Problem(StatusCodes.Status404NotFound, "The run has made no step yet.")
            : new Reply(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(summary.ToJson()), "application/json");
    }

    private Reply Health()
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
        return Answer.Json(health, WebJson.Default.HealthShape);
    }
}

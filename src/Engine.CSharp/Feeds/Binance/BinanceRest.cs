using System.Globalization;
using System.Net;
using System.Reactive.Subjects;
using System.Text.Json;
using BtcBandit.Engine.Feeds.Files;
using Polly;
using Polly.Retry;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Asks the REST interface, one question at a time, until it is answered.</summary>
/// <remarks>
/// Sending, reading the whole body and parsing it are one attempt: a slow, cut or garbled body is a failed attempt like any
/// other. A handler around HttpClient sees only the headers, and retries none of these.
/// </remarks>
/// <param name="http">Sends the requests.</param>
/// <param name="host">Base address.</param>
/// <param name="options">How patient it is.</param>
/// <param name="clock">Measures all waits.</param>
internal sealed class BinanceRest(HttpMessageInvoker http, Uri host, BinanceOptions options, TimeProvider clock)
{
    // Retry-After is in whole seconds: a request that comes too early prolongs the ban.
    private static readonly TimeSpan rounding = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan shortest = TimeSpan.FromSeconds(1);

    private readonly RequestGate gate = new(options.WeightLimit, clock);
    private readonly ISubject<ExchangeNotice> notices = Subject.Synchronize(new Subject<ExchangeNotice>());
    private long? firstAskedAt;
    private ResiliencePipeline? pipeline;
    private bool isReached;
    private bool hasAnswered;

    private delegate T Parse<T>(ReadOnlyMemory<byte> body);

    public IObservable<ExchangeNotice> Notices => notices;

    /// <summary>Name of the host.</summary>
    public string Host => host.Host;

    public Task<long> ServerTime(CancellationToken stop) =>
        Ask("/api/v3/time", static body => RestAnswers.ServerTime(body.Span), stop);

    public Task<IReadOnlyList<Kline>> Klines(
        string symbol,
        string interval,
        long from,
        int limit,
        CancellationToken stop
    ) => Ask(Page(symbol, interval, from, limit), static body => RestAnswers.Klines(body.Span), stop);

    /// <summary>Asks for a page of candles as they are written.</summary>
    /// <param name="symbol">The symbol, in capitals.</param>
    /// <param name="interval">The exchange's name of the timeframe.</param>
    /// <param name="from">Open time of the first candle wanted, ms UTC.</param>
    /// <param name="limit">Number of candles, at most 1,000.</param>
    /// <param name="stop">Ends the call at once.</param>
    /// <exception cref="FeedException">No retry can help, or a row is no candle.</exception>
    public Task<IReadOnlyList<MonthlyRow>> Rows(
        string symbol,
        string interval,
        long from,
        int limit,
        CancellationToken stop
    ) => Ask(Page(symbol, interval, from, limit), body => RowAnswers.Read(body.Span, host.Host), stop);

    public Task<PairFilters> Filters(string symbol, CancellationToken stop) =>
        Ask($"/api/v3/exchangeInfo?symbol={symbol}", body => PairFilters.Read(body, symbol), stop);

    private static string Page(string symbol, string interval, long from, int limit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v3/klines?symbol={symbol}&interval={interval}&startTime={from}&limit={limit}"
        );

    private async Task<T> Ask<T>(string path, Parse<T> parse, CancellationToken stop)
    {
        pipeline ??= Pipeline();
        var answer = await pipeline.ExecuteAsync(async token => await Attempt(path, parse, token), stop);
        Tell(ExchangeNoticeKind.Answered, TimeSpan.Zero, "");
        return answer;
    }

    private async Task<T> Attempt<T>(string path, Parse<T> parse, CancellationToken stop)
    {
        if (gate.Brake() is { } wait)
            Tell(ExchangeNoticeKind.Throttled, wait, "the weight of this minute is nearly used up");
        await gate.Pass(stop);
        firstAskedAt ??= clock.GetTimestamp();
        var answer = parse(await Send(path, stop));
        isReached = hasAnswered = true;
        return answer;
    }

    private ResiliencePipeline Pipeline() =>
        new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Randomizer = options.Jitter,
                    Delay = options.FirstDelay,
                    MaxDelay = options.MaxDelay,
                    ShouldHandle = attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Exception is { } error
                                && IsTransient(error)
                                && !attempt.Context.CancellationToken.IsCancellationRequested
                        ),
                    DelayGenerator = static attempt =>
                        ValueTask.FromResult((attempt.Outcome.Exception as RestException)?.Wait),
                    OnRetry = attempt =>
                    {
                        Report(attempt.Outcome.Exception!, attempt.RetryDelay);
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();

    private static bool IsTransient(Exception error) =>
        error
            is RestException
                or HttpRequestException
                or IOException
                or TimeoutException
                or JsonException
                or FormatException
                or OverflowException
                or InvalidOperationException;

    private void Report(Exception error, TimeSpan wait)
    {
        var reason = Reason(error);
        // Who asks for silence has been reached.
        isReached |= error is RestException { Wait: not null };
        if (
            !isReached
            && options.GiveUpAfter is { } limit
            && clock.GetElapsedTime(firstAskedAt ?? clock.GetTimestamp()) + wait > limit
        )
        {
            var isAnswered = error is not (HttpRequestException or IOException or TimeoutException);
            throw new FeedException(
                new FeedFault.ExchangeUnreachable(host.Host, reason) { IsAnswered = isAnswered },
                error
            );
        }
        var kind = (error as RestException)?.Status switch
        {
            418 => ExchangeNoticeKind.Banned,
            429 => ExchangeNoticeKind.Throttled,
            _ => ExchangeNoticeKind.Retrying,
        };
        Tell(kind, wait, reason);
    }

    private static string Reason(Exception error) =>
        error switch
        {
            // What is behind a time-out is only that it was cancelled.
            TimeoutException => error.Message,
            // Where a parser stopped says nothing; a network's login page is the usual cause.
            JsonException { LineNumber: not null } => "the answer is no JSON",
            _ => error.GetBaseException().Message,
        };

    private async Task<byte[]> Send(string path, CancellationToken stop)
    {
        var time = AttemptTime();
        using var limit = new CancellationTokenSource(time, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, path));
            using var response = await http.SendAsync(request, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            if (UsedWeight(response) is { } used)
                gate.Count(used);
            return response.StatusCode == HttpStatusCode.OK ? body : throw Refusal(response, body);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"no whole answer within {time.TotalSeconds:0} s", error);
        }
    }

    // The first attempts share the time after which it gives up.
    private TimeSpan AttemptTime()
    {
        if (isReached || options.GiveUpAfter is not { } limit)
            return options.AttemptTimeout;
        var left = limit - clock.GetElapsedTime(firstAskedAt ?? clock.GetTimestamp());
        return left < shortest ? shortest
            : left < options.AttemptTimeout ? left
            : options.AttemptTimeout;
    }

    private static int? UsedWeight(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-MBX-USED-WEIGHT-1M", out var stated)
        && int.TryParse(stated.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : null;

    private Exception Refusal(HttpResponseMessage response, byte[] body)
    {
        var (status, code) = ((int)response.StatusCode, RestAnswers.ErrorCode(body));
        if (status is 429 or 418)
        {
            var wait =
                rounding + (response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(status == 418 ? 120 : 10));
            gate.Shut(wait);
            return new RestException(status, code, wait);
        }
        // What is wrong with the question stays wrong: the pair, the timeframe or another parameter. Other refusals may come from something in between; they are final only
        // where no answer has ever come, as from a host of something else. 403 comes from a filter, 408 from a slow line.
        var isFinal =
            code is -1121 or -1120 or (<= -1100 and >= -1106)
            || status == 451
            || (!hasAnswered && status is >= 400 and < 500 and not 403 and not 408);
        return isFinal
            ? new FeedException(new FeedFault.ExchangeRefuses(host.Host, status, code))
            : new RestException(status, code, null);
    }

    private void Tell(ExchangeNoticeKind kind, TimeSpan wait, string reason) =>
        notices.OnNext(new ExchangeNotice(kind, wait, reason, gate.UsedWeight));
}

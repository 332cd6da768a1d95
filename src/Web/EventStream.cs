using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>Answers with the stream of events.</summary>
internal static class EventStream
{
    /// <summary>Sends events until the watcher goes away.</summary>
    public static Task Answer(HttpContext context, Feed feed)
    {
        var (request, response) = (context.Request, context.Response);
        // Proxies must neither keep events back nor change them.
        response.Headers["X-Accel-Buffering"] = "no";
        response.OnStarting(() =>
        {
            response.Headers.CacheControl = "no-cache, no-transform";
            return Task.CompletedTask;
        });
        if (HttpMethods.IsHead(request.Method))
        {
            response.ContentType = "text/event-stream";
            return Task.CompletedTask;
        }

        // A browser sends the header when it connects again by itself; the page can only state where it was in the address.
        var last =
            request.Headers["Last-Event-ID"] is [{ } header] ? header
            : request.Query["since"] is [{ } since] ? since
            : null;
        var events = feed.Watch(last, context.Abort, context.RequestAborted);
        return TypedResults.ServerSentEvents(events).ExecuteAsync(context);
    }
}

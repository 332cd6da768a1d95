using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BtcBandit.Web;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    // A slow reader takes so many bytes well within the patience of the server.
    private const int Part = 32_768;

    /// <summary>Makes an answer of JSON.</summary>
    public static Reply Json<T>(T value, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json");

    /// <summary>Makes an answer of an error, as RFC 9457 describes it.</summary>
    /// <param name="status">Status code.</param>
    /// <param name="detail">What is wrong, for people; it repeats nothing of the request.</param>
    public static Reply Problem(int status, string detail)
    {
        var problem = new ProblemShape("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail);
        return new Reply(
            status,
            JsonSerializer.SerializeToUtf8Bytes(problem, WebJson.Default.ProblemShape),
            "application/problem+json"
        );
    }

    /// <summary>Answers with an error.</summary>
    public static Task Problem(HttpContext context, int status, string detail) =>
        Send(context, Problem(status, detail));

    /// <summary>Sends an answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="progressed">Called when the reader has taken a part of it; null if nobody needs to know.</param>
    public static async Task Send(HttpContext context, Reply reply, Action? progressed = null)
    {
        var (response, bytes) = (context.Response, reply.Bytes);
        (response.StatusCode, response.ContentType) = (reply.Status, reply.Type);
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        for (var at = 0; at < bytes.Length; at += Part)
        {
            var part = bytes.AsMemory(at, Math.Min(Part, bytes.Length - at));
            await response.Body.WriteAsync(part, context.RequestAborted).ConfigureAwait(false);
            progressed?.Invoke();
        }
    }

    /// <summary>Answers with bytes, or only with their headers where nothing else is asked for.</summary>
    public static Task Bytes(HttpContext context, byte[] bytes, string type)
    {
        context.Response.ContentType = type;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}

/// <summary>An answer that is ready to be sent.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Type">Type of the content.</param>
internal sealed record Reply(int Status, byte[] Bytes, string Type);

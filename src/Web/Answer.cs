using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BtcBandit.Web;

/// <summary>Writes answers.</summary>
internal static class Answer
{
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
    public static Task Send(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        return Bytes(context, reply.Bytes, reply.Type);
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

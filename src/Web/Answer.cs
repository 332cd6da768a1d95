using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BtcBandit.Web;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    /// <summary>Answers with JSON.</summary>
    public static Task Json<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        Bytes(context, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json");

    /// <summary>Answers with an error, as RFC 9457 describes it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">Status code.</param>
    /// <param name="detail">What is wrong, for people; it repeats nothing of the request.</param>
    public static Task Problem(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        var problem = new ProblemShape("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail);
        return Bytes(
            context,
            JsonSerializer.SerializeToUtf8Bytes(problem, WebJson.Default.ProblemShape),
            "application/problem+json"
        );
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

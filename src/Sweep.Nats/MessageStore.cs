using System.Globalization;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>Puts and reads messages by their subject. It keeps no state on the server, so nothing is left there.</summary>
internal sealed class MessageStore(NatsLink link)
{
    /// <summary>The error code of a server that holds a message of that subject.</summary>
    private const int SubjectTaken = 10077;

    /// <returns>False where the subject already holds a message: someone was first.</returns>
    internal Task<bool> PutAsync(string subject, byte[] body, NatsHeaders? headers, CancellationToken stop) =>
        link.AgainAsync(
            async token =>
            {
                var answer = await link.Streams.PublishAsync(
                    subject,
                    body,
                    NatsRawSerializer<byte[]>.Default,
                    headers: headers is null ? null : new NatsHeaders(headers.ToDictionary()),
                    cancellationToken: token
                );
                if (answer.Error is { } error && error.ErrCode != SubjectTaken)
                    throw new NatsJSApiException(error);

                return answer.Error is null;
            },
            stop
        );

    /// <returns>The message of that subject, or null.</returns>
    internal Task<byte[]?> GetAsync(string stream, string subject, CancellationToken stop) =>
        link.AgainAsync(
            async token =>
            {
                var answer = await link.Connection.RequestAsync<byte[], byte[]>(
                    $"$JS.API.DIRECT.GET.{stream}.{subject}",
                    [],
                    requestSerializer: NatsRawSerializer<byte[]>.Default,
                    replySerializer: NatsRawSerializer<byte[]>.Default,
                    cancellationToken: token
                );
                return IsThere(answer) ? answer.Data ?? [] : null;
            },
            stop
        );

    /// <returns>The first message at or after a place in the stream; null where there is none, or no such stream.</returns>
    internal Task<StoredMessage?> NextAsync(string stream, string subjects, ulong from, CancellationToken stop) =>
        link.AgainAsync(
            async token =>
            {
                var request =
                    $$"""{"seq":{{from.ToString(CultureInfo.InvariantCulture)}},"next_by_subj":"{{subjects}}"}""";
                var answer = await link.Connection.RequestAsync<byte[], byte[]>(
                    $"$JS.API.DIRECT.GET.{stream}",
                    Encoding.ASCII.GetBytes(request),
                    requestSerializer: NatsRawSerializer<byte[]>.Default,
                    replySerializer: NatsRawSerializer<byte[]>.Default,
                    replyOpts: new NatsSubOpts { ThrowIfNoResponders = false },
                    cancellationToken: token
                );
                return !answer.HasNoResponders && IsThere(answer)
                    ? new StoredMessage(
                        answer.Headers!["Nats-Subject"].ToString(),
                        ulong.Parse(answer.Headers["Nats-Sequence"].ToString(), CultureInfo.InvariantCulture),
                        answer.Data ?? [],
                        answer.Headers
                    )
                    : null;
            },
            stop
        );

    private static bool IsThere(NatsMsg<byte[]> answer)
    {
        answer.EnsureSuccess();
        return answer.Headers switch
        {
            { Code: 404 } => false,
            { Code: >= 400 } headers => throw new NatsException($"{headers.Code} {headers.MessageText}"),
            null => throw new NatsException("an answer without headers"),
            _ => true,
        };
    }
}

/// <summary>A message of a stream.</summary>
internal sealed record StoredMessage(string Subject, ulong Sequence, byte[] Body, NatsHeaders Headers);

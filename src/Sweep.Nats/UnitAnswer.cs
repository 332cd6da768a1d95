using System.Text;
using BtcBandit.Sweep.Distribution;
using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>What a worker says of one unit; the first word of a kind counts.</summary>
internal sealed class UnitAnswer(
    MessageStore messages,
    WorkerLedger ledger,
    TimeProvider clock,
    string code,
    string sweep,
    string key
)
{
    /// <summary>Room that headers and the subject take of the server's largest message.</summary>
    private const int BytesBesideBody = 1024;

    private readonly string done = Subjects.Result(code, sweep, ResultKind.Done, key);

    internal string Key => key;

    internal async Task<bool> IsThereAsync(CancellationToken stop) =>
        await messages.GetAsync(Subjects.Results, done, stop) is not null;

    /// <summary>Does the work and puts its result, or the reason why there is none.</summary>
    /// <param name="work">The work.</param>
    /// <param name="maxPayload">Largest message of the server, in bytes.</param>
    /// <param name="stop">Tells whether the work ended because it was asked to.</param>
    /// <param name="lastWords">Ends the delivery of what is done; later than the stop.</param>
    internal async Task DeliverAsync(
        Func<Task<byte[]>> work,
        int maxPayload,
        CancellationToken stop,
        CancellationToken lastWords
    )
    {
        byte[] body;
        var begun = clock.GetTimestamp();
        try
        {
            body = await work();
        }
        catch (Exception error) when (IsOfTheWork(error, stop))
        {
            await GiveUpAsync($"its work threw {error.GetType().Name}: {error.Message}", lastWords);
            return;
        }

        if (body.Length > maxPayload - BytesBesideBody)
        {
            await GiveUpAsync($"its result has {body.Length} bytes, the server takes {maxPayload}", lastWords);
            return;
        }

        var headers = ResultHeaders.Of(clock.GetElapsedTime(begun));
        if (await messages.PutAsync(done, body, headers, lastWords))
        {
            ledger.Done();
            return;
        }

        ledger.Refused();
        if (
            await messages.GetAsync(Subjects.Results, done, lastWords) is { } first
            && !first.AsSpan().SequenceEqual(body)
        )
        {
            ledger.Differs(key);
            await messages.PutAsync(Subjects.Result(code, sweep, ResultKind.Differs, key), body, headers, lastWords);
        }
    }

    internal async Task GiveUpAsync(string reason, CancellationToken stop)
    {
        ledger.Tell($"unit {key} is given up: {reason}");
        await messages.PutAsync(
            Subjects.Result(code, sweep, ResultKind.Lost, key),
            Encoding.UTF8.GetBytes(reason),
            headers: null,
            stop
        );
    }

    /// <summary>This delivery was not a death. The server counts both.</summary>
    internal Task<bool> NoteHandBackAsync(INatsJSMsg<byte[]> message, CancellationToken stop) =>
        messages.PutAsync($"{BackPrefix(message)}.{message.Metadata?.NumDelivered ?? 1}", [], headers: null, stop);

    internal string BackSubjects(INatsJSMsg<byte[]> message) => $"{BackPrefix(message)}.*";

    /// <summary>The place in the stream tells this message from an earlier one of the same unit.</summary>
    private string BackPrefix(INatsJSMsg<byte[]> message) =>
        $"{Subjects.Result(code, sweep, ResultKind.Back, key)}.{message.Metadata?.Sequence.Stream ?? 0}";

    private static bool IsOfTheWork(Exception error, CancellationToken stop) =>
        error switch
        {
            TransientWorkException or IOException or UnauthorizedAccessException => false,
            OperationCanceledException => !stop.IsCancellationRequested,
            _ => true,
        };
}

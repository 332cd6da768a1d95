using System.Text;
using BtcBandit.Sweep.Distribution;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace BtcBandit.Sweep.Nats;

/// <summary>The loop of a coordinator: read results, look after the server, tell.</summary>
internal sealed class CoordinatorRun(
    NatsLink link,
    NatsOptions options,
    string sweep,
    string code,
    SweepBoard board,
    WorkerRoll roll,
    IReadOnlyList<DataFile> files,
    Func<UnitResult, Task<StoreOutcome>> store,
    Action<ClusterProgress>? onProgress
)
{
    /// <summary>A unit is given up after so many of its results were refused.</summary>
    private const int MostRefusals = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly MessageStore messages = new(link);
    private readonly UnitQueue queue = new(link, sweep, code, board);
    private readonly FileShelf shelf = new(link);
    private readonly Lock telling = new();
    private readonly Dictionary<string, int> refusals = new(StringComparer.Ordinal);
    private (DateTimeOffset, DateTimeOffset, DateTimeOffset) made;
    private ulong next = 1;
    private long waiting;
    private long working;

    internal async Task<ClusterOutcome> RunAsync()
    {
        await PrepareAsync();
        await ForgetLostAsync();
        await CollectAsync();
        queue.Start();
        var clock = options.Clock;
        var (looked, audited) = (clock.GetTimestamp(), clock.GetTimestamp());
        try
        {
            while (!board.IsComplete)
            {
                await CollectAsync();
                if (clock.GetElapsedTime(looked) >= LookEvery)
                {
                    looked = clock.GetTimestamp();
                    var audit = clock.GetElapsedTime(audited) >= options.AuditEvery;
                    await LookAsync(audit);
                    await queue.GoOnAsync();
                    audited = audit ? looked : audited;
                    Tell(message: null);
                }

                if (!board.IsComplete)
                    await link.DelayAsync(Pause);
            }
        }
        finally
        {
            await queue.StopAsync();
        }

        Tell(message: null);
        return board.Outcome(queue.Refused + roll.Count().Refused);
    }

    private async Task PrepareAsync()
    {
        made = await StreamSetup.CreateAsync(link, options, code);
        await PutFilesAsync();
    }

    /// <summary>Their parts expire while a sweep runs.</summary>
    private async Task PutFilesAsync()
    {
        foreach (var file in files)
        {
            if (await shelf.PutAsync(file))
                Tell($"{Path.GetFileName(file.Path)} is uploaded");
        }
    }

    /// <summary>What an earlier run gave up is tried again.</summary>
    private Task ForgetLostAsync() => PurgeAsync(new StreamPurgeRequest { Filter = Subjects.LostOf(code, sweep) });

    /// <summary>Stores every result that has arrived.</summary>
    private async Task CollectAsync()
    {
        var told = options.Clock.GetTimestamp();
        while (
            await messages.NextAsync(Subjects.Results, Subjects.ResultsOf(code, sweep), next, link.End) is { } message
        )
        {
            await TakeAsync(message);
            next = message.Sequence + 1;
            if (options.Clock.GetElapsedTime(told) >= LookEvery)
            {
                told = options.Clock.GetTimestamp();
                Tell(message: null);
            }
        }
    }

    private async Task TakeAsync(StoredMessage message)
    {
        if (Subjects.ParseResult(message.Subject) is not var (kind, key))
            return;

        if (!board.Knows(key))
        {
            if (kind == ResultKind.Differs && board.MarkDiffering(key))
                Tell($"a second result of unit {key} differs from the one that was there when this began");

            return;
        }

        switch (kind)
        {
            case ResultKind.Done or ResultKind.Differs:
                await StoreAsync(message, kind, key);
                break;
            case ResultKind.Lost:
                var unit = new LostUnit(key, Readable(message.Body));
                if (board.MarkLost(unit))
                    Tell($"unit {key} is lost: {unit.Reason}");

                break;
        }
    }

    private async Task StoreAsync(StoredMessage message, string kind, string key)
    {
        try
        {
            var (worker, seconds) = ResultHeaders.Read(message.Headers);
            var outcome = await store(new UnitResult(key, message.Body, worker, seconds));
            // What it differed from was refused: the next run must not take it for a difference.
            if (kind == ResultKind.Differs && outcome == StoreOutcome.Stored && refusals.ContainsKey(key))
                await PurgeAsync(new StreamPurgeRequest { Filter = message.Subject, Seq = message.Sequence + 1 });

            board.MarkDone(key, outcome);
            if (outcome == StoreOutcome.Differs)
                Tell($"a second result of unit {key} differs from the first, which is kept");
            else if (outcome == StoreOutcome.Corrected)
                Tell($"the result of unit {key} is not what this machine gets, whose own result is kept");
        }
        catch (RefusedResultException error)
        {
            await RefuseAsync(message, kind, key, error.Message);
        }
    }

    /// <summary>Makes room for a right result: as the first one wins, a wrong one would stay for ever.</summary>
    private async Task RefuseAsync(StoredMessage message, string kind, string key, string reason)
    {
        await PurgeAsync(new StreamPurgeRequest { Filter = message.Subject, Seq = message.Sequence + 1 });
        var count = refusals[key] = refusals.GetValueOrDefault(key) + (kind == ResultKind.Done ? 1 : 0);
        if (kind != ResultKind.Done || !board.IsMissing(key))
        {
            if (kind == ResultKind.Differs && !board.IsMissing(key))
                board.MarkDiffering(key);

            Tell($"a result of unit {key} is refused: {reason}");
            return;
        }

        if (count < MostRefusals)
        {
            Tell($"a result of unit {key} is refused: {reason}; the unit is handed out again");
            await queue.PutAgainAsync(key);
            return;
        }

        var lost = new LostUnit(key, $"{count} of its results were refused: {reason}");
        board.MarkLost(lost);
        Tell($"unit {key} is lost: {lost.Reason}");
    }

    private async Task PurgeAsync(StreamPurgeRequest request)
    {
        try
        {
            await link.AgainAsync(token => link.Streams.PurgeStreamAsync(Subjects.Results, request, token), link.End);
        }
        catch (NatsJSApiException error) when (error.Error.Code == 404)
        {
            // The server has lost its streams, which is found at the next look.
        }
    }

    /// <summary>A worker's words, which a terminal is to show: no control characters, and not a novel.</summary>
    private static string Readable(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 400));
        return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
    }

    /// <summary>Compares the server with what is expected of it; one that lost something is filled again.</summary>
    private async Task LookAsync(bool audit)
    {
        var asked = audit ? new StreamInfoRequest { SubjectsFilter = Subjects.JobsOf(code, sweep) } : null;
        var jobs = await InfoAsync(Subjects.Jobs, asked);
        var results = await InfoAsync(Subjects.Results, request: null);
        var stored = await InfoAsync(Subjects.Files, request: null);
        if ((jobs?.Created, results?.Created, stored?.Created) != made || !await CountAsync())
        {
            Tell("the server has lost its streams; they are filled again");
            await RefillAsync();
        }
        else if (results!.State.LastSeq + 1 < next)
        {
            next = 1;
        }
        else if (audit)
        {
            await PutFilesAsync();
            var queued = jobs!.State.Subjects ?? new Dictionary<string, long>(StringComparer.Ordinal);
            if (!queue.IsBusy && board.Missing().Any(unit => !queued.ContainsKey(Subjects.Job(code, sweep, unit.Key))))
                await RefillAsync();
        }
    }

    /// <summary>Harmless where nothing is missing: the server refuses what it has.</summary>
    private async Task RefillAsync()
    {
        await queue.StopAsync();
        await PrepareAsync();
        next = 1;
        await CollectAsync();
        queue.Start();
    }

    private async Task<bool> CountAsync()
    {
        try
        {
            var consumer = await link.AgainAsync(
                token => link.Streams.GetConsumerAsync(Subjects.Jobs, code, token),
                link.End
            );
            waiting = (long)consumer.Info.NumPending;
            working = consumer.Info.NumAckPending;
            return true;
        }
        catch (NatsJSApiException error) when (error.Error.Code == 404)
        {
            return false;
        }
    }

    private async Task<StreamInfo?> InfoAsync(string stream, StreamInfoRequest? request)
    {
        try
        {
            var found = await link.AgainAsync(token => link.Streams.GetStreamAsync(stream, request, token), link.End);
            return found.Info;
        }
        catch (NatsJSApiException error) when (error.Error.Code == 404)
        {
            return null;
        }
    }

    internal void Tell(string? message)
    {
        if (onProgress is null)
            return;

        var (done, lost, differing) = board.Counts;
        var (workers, slots, refused) = roll.Count();
        var duplicates = refused + queue.Refused;
        lock (telling)
        {
            onProgress(new(done, board.Total, waiting, working, workers, slots, duplicates, differing, lost, message));
        }
    }
}

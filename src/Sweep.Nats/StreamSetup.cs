using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace BtcBandit.Sweep.Nats;

/// <summary>The three streams and the consumer of a code. Only coordinators make them; making them again changes nothing.</summary>
internal static class StreamSetup
{
    /// <returns>When the streams were made: other times are other streams, which have lost everything.</returns>
    internal static async Task<(DateTimeOffset Jobs, DateTimeOffset Results, DateTimeOffset Files)> CreateAsync(
        NatsLink link,
        NatsOptions options,
        string code
    )
    {
        var jobs = await StreamAsync(
            link,
            FirstWins(Subjects.Jobs, "bandit.job.>", options.KeepResults, StreamConfigRetention.Workqueue)
        );
        var results = await StreamAsync(
            link,
            FirstWins(Subjects.Results, "bandit.result.>", options.KeepResults, StreamConfigRetention.Limits)
        );
        var files = await StreamAsync(
            link,
            FirstWins(Subjects.Files, "bandit.file.>", options.KeepFiles, StreamConfigRetention.Limits)
        );
        await link.AgainAsync(
            token => link.Streams.CreateOrUpdateConsumerAsync(Subjects.Jobs, Consumer(options, code), token),
            link.End
        );
        return (jobs, results, files);
    }

    private static async Task<DateTimeOffset> StreamAsync(NatsLink link, StreamConfig config)
    {
        try
        {
            var stream = await link.AgainAsync(
                token => link.Streams.CreateOrUpdateStreamAsync(config, token),
                link.End
            );
            return stream.Info.Created;
        }
        catch (NatsJSApiException error) when (error.Error.ErrCode is 10039 or 10076)
        {
            throw ServerCheck.NoJetStream(link.Server);
        }
    }

    /// <summary>One message per subject, and the second is refused: by the subject, not by a window of time.</summary>
    private static StreamConfig FirstWins(
        string name,
        string subjects,
        TimeSpan keep,
        StreamConfigRetention retention
    ) =>
        new(name, [subjects])
        {
            Retention = retention,
            Storage = StreamConfigStorage.File,
            NumReplicas = 1,
            MaxMsgsPerSubject = 1,
            Discard = StreamConfigDiscard.New,
            DiscardNewPerSubject = true,
            AllowDirect = true,
            MaxAge = keep,
        };

    private static ConsumerConfig Consumer(NatsOptions options, string code) =>
        new(code)
        {
            AckPolicy = ConsumerConfigAckPolicy.Explicit,
            AckWait = options.Lease,
            FilterSubject = Subjects.JobsOf(code),
            // Above all cores of a cluster: a leased unit must not keep another from a worker.
            MaxAckPending = 20_000,
            MaxDeliver = -1,
            InactiveThreshold = options.KeepFiles,
        };
}

namespace BtcBandit.Sweep.Nats;

/// <summary>The rights that a user of a NATS server needs, and no more: each list goes into the server's configuration.</summary>
public static class NatsRights
{
    /// <summary>Subjects that a worker publishes to: it takes units, puts results and reads files.</summary>
    public static IReadOnlyList<string> WorkerPublish { get; } =
    [
        $"$JS.API.CONSUMER.INFO.{Subjects.Jobs}.*",
        $"$JS.API.CONSUMER.MSG.NEXT.{Subjects.Jobs}.*",
        $"$JS.ACK.{Subjects.Jobs}.>",
        $"$JS.API.STREAM.INFO.{Subjects.Results}",
        $"$JS.API.DIRECT.GET.{Subjects.Results}.>",
        $"$JS.API.DIRECT.GET.{Subjects.Files}.>",
        "bandit.result.>",
        "bandit.hello.*",
    ];

    /// <summary>Subjects that a coordinator publishes to: it makes the streams, puts units and files and reads results.</summary>
    public static IReadOnlyList<string> CoordinatorPublish { get; } =
    [
        .. new[] { Subjects.Jobs, Subjects.Results, Subjects.Files }.SelectMany(stream =>
            new[]
            {
                $"$JS.API.STREAM.CREATE.{stream}",
                $"$JS.API.STREAM.UPDATE.{stream}",
                $"$JS.API.STREAM.INFO.{stream}",
            }
        ),
        $"$JS.API.STREAM.PURGE.{Subjects.Results}",
        $"$JS.API.CONSUMER.CREATE.{Subjects.Jobs}.>",
        $"$JS.API.CONSUMER.INFO.{Subjects.Jobs}.*",
        $"$JS.API.DIRECT.GET.{Subjects.Results}",
        $"$JS.API.DIRECT.GET.{Subjects.Files}.>",
        "bandit.job.>",
        "bandit.file.>",
    ];

    /// <summary>Subjects that a worker listens to.</summary>
    /// <param name="user">The user's name.</param>
    public static IReadOnlyList<string> WorkerSubscribe(string user) => [Inbox(user)];

    /// <summary>Subjects that a coordinator listens to.</summary>
    /// <param name="user">The user's name.</param>
    public static IReadOnlyList<string> CoordinatorSubscribe(string user) => [Inbox(user), "bandit.hello.*"];

    private static string Inbox(string user) => $"{ServerAddress.InboxPrefix(user)}.>";
}

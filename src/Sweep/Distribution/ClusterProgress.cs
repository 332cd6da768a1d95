namespace BtcBandit.Sweep.Distribution;

/// <summary>How far a sweep on many machines has come. Counts are since the coordinator started.</summary>
/// <param name="Done">Units with a stored result.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Waiting">Units of this code that wait for a worker, of all sweeps.</param>
/// <param name="Working">Units of this code that a worker has, of all sweeps.</param>
/// <param name="Workers">Workers of this code heard of within the last ten seconds.</param>
/// <param name="Slots">Units that those workers can do at once.</param>
/// <param name="Refused">Duplicates that the server refused, of units and of results. They are normal.</param>
/// <param name="Differing">Results that differ from the first one of their unit.</param>
/// <param name="Lost">Units that are given up.</param>
/// <param name="Message">Something worth a line of its own; null in the report of every second.</param>
public sealed record ClusterProgress(
    int Done,
    int Total,
    long Waiting,
    long Working,
    int Workers,
    int Slots,
    long Refused,
    int Differing,
    int Lost,
    string? Message
);

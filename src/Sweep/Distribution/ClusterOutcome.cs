namespace BtcBandit.Sweep.Distribution;

/// <summary>What a sweep on many machines came to.</summary>
/// <param name="Done">Units with a stored result.</param>
/// <param name="Total">Units in all. More than done and lost together only where it was stopped.</param>
/// <param name="Refused">Duplicates that the server refused, of units and of results.</param>
/// <param name="Lost">Units that were given up.</param>
/// <param name="Differing">Keys of units that had two different results; the first one was kept.</param>
public sealed record ClusterOutcome(
    int Done,
    int Total,
    long Refused,
    IReadOnlyList<LostUnit> Lost,
    IReadOnlyList<string> Differing
);

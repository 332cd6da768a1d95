namespace BtcBandit.Sweep.Distribution;

/// <summary>What a worker has done since it started.</summary>
/// <param name="Done">Units whose result it delivered.</param>
/// <param name="Busy">Units that it works on now.</param>
/// <param name="Refused">Results that the server refused, as another worker was first.</param>
/// <param name="Differing">Refused results that differ from the first one.</param>
/// <param name="HandedBack">Units given back for another worker or a later time.</param>
/// <param name="Message">Something worth a line of its own, or null.</param>
public sealed record WorkerProgress(int Done, int Busy, int Refused, int Differing, int HandedBack, string? Message);

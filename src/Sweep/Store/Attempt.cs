namespace BtcBandit.Sweep.Store;

/// <summary>Who computed a unit.</summary>
/// <param name="Unit">Identity of the unit.</param>
/// <param name="Worker">Name of the process.</param>
/// <param name="Finished">When it was done.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record Attempt(string Unit, string Worker, DateTimeOffset Finished, double Seconds);

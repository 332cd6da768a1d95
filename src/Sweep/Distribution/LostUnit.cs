namespace BtcBandit.Sweep.Distribution;

/// <summary>A unit that has no result and is not tried again in this sweep.</summary>
/// <param name="Key">The key of the unit.</param>
/// <param name="Reason">Why, for people: its workers died, or its work threw.</param>
public sealed record LostUnit(string Key, string Reason);

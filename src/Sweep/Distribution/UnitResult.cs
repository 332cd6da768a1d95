namespace BtcBandit.Sweep.Distribution;

/// <summary>What a unit came to.</summary>
/// <param name="Key">The key of the unit.</param>
/// <param name="Body">The result, byte for byte as the work returned it.</param>
/// <param name="Worker">Who did it, as it says itself: one short line; null where it says nothing.</param>
/// <param name="Seconds">How long it took, as the worker says; finite and not negative.</param>
public sealed record UnitResult(string Key, byte[] Body, string? Worker = null, double Seconds = 0);

namespace BtcBandit.Sweep.Distribution;

/// <summary>What a unit came to.</summary>
/// <param name="Key">The key of the unit.</param>
/// <param name="Body">The result, byte for byte as the work returned it.</param>
public sealed record UnitResult(string Key, byte[] Body);

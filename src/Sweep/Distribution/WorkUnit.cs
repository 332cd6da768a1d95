namespace BtcBandit.Sweep.Distribution;

/// <summary>A piece of work that any machine can do: the same key is the same work with the same result.</summary>
/// <param name="Key">64 lower-case hexadecimal digits; the identity of the work.</param>
/// <param name="Body">JSON that says what to compute. Whoever carries the unit does not look into it.</param>
/// <param name="Files">SHA-256, in lower-case hexadecimal, of each candle file that the work reads.</param>
public sealed record WorkUnit(string Key, byte[] Body, IReadOnlyList<string> Files);

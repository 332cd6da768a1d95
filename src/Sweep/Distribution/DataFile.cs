namespace BtcBandit.Sweep.Distribution;

/// <summary>A file that units read.</summary>
/// <param name="Hash">SHA-256 of its bytes, in lower-case hexadecimal.</param>
/// <param name="Path">Where it lies on this machine. Workers see its name, never its folder.</param>
public sealed record DataFile(string Hash, string Path);

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The candle files that paths lead to.</summary>
/// <param name="Files">The files to read, in order.</param>
/// <param name="OtherSymbols">For each file that was passed over, the symbol that its name states.</param>
internal sealed record FoundFiles(IReadOnlyList<string> Files, IReadOnlyList<string> OtherSymbols);

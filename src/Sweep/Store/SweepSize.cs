namespace BtcBandit.Sweep.Store;

/// <summary>How large a sweep is, whatever part of it a file holds.</summary>
/// <param name="Runs">Number of its runs; null with halving, where results decide it.</param>
/// <param name="Rungs">Number of its rungs; 1 without halving.</param>
public sealed record SweepSize(int? Runs, int Rungs);

namespace BtcBandit.Sweep.Spec;

/// <summary>A spec cannot be used; the message is one line that says what is wrong and what is accepted.</summary>
/// <param name="message">The line.</param>
public sealed class SweepException(string message) : Exception(message);

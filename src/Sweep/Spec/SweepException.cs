namespace BtcBandit.Sweep.Spec;

/// <summary>A sweep cannot be made, kept or read as it was asked for; the message is one line that says what is wrong and what is accepted.</summary>
/// <param name="message">The line.</param>
public sealed class SweepException(string message) : Exception(message);

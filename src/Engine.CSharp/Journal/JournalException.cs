namespace BtcBandit.Engine.Journal;

/// <summary>Thrown when the files of a run cannot be read, continued or written.</summary>
/// <param name="fault">What is wrong, as data; its text becomes the message.</param>
/// <param name="inner">The exception that caused this one; null if there is none.</param>
public sealed class JournalException(JournalFault fault, Exception? inner = null) : Exception($"{fault}", inner)
{
    /// <summary>What is wrong, as data.</summary>
    public JournalFault Fault { get; } = fault;
}

namespace BtcBandit.Engine.Journal;

/// <summary>The data folder cannot be used; the message is one line for people.</summary>
public sealed class JournalException : Exception
{
    /// <inheritdoc/>
    public JournalException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public JournalException(string message, Exception inner)
        : base(message, inner) { }
}

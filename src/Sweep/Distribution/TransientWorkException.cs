namespace BtcBandit.Sweep.Distribution;

/// <summary>The work could not be done here and now, but can be elsewhere or later: the unit is handed back.</summary>
public sealed class TransientWorkException : Exception
{
    /// <summary>A failure without a word.</summary>
    public TransientWorkException() { }

    /// <summary>A failure with its reason.</summary>
    /// <param name="message">What was missing, for people.</param>
    public TransientWorkException(string message)
        : base(message) { }

    /// <summary>A failure with its reason and its cause.</summary>
    /// <param name="message">What was missing, for people.</param>
    /// <param name="innerException">The cause.</param>
    public TransientWorkException(string message, Exception innerException)
        : base(message, innerException) { }
}

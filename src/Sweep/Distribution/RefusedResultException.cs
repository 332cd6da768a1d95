namespace BtcBandit.Sweep.Distribution;

/// <summary>A result that is none of its unit. Another worker may have a right one: the unit is handed out again.</summary>
public sealed class RefusedResultException : Exception
{
    /// <summary>A refusal without a word.</summary>
    public RefusedResultException() { }

    /// <summary>A refusal with its reason.</summary>
    /// <param name="message">What is wrong with it, for people: a part of a sentence, in one line.</param>
    public RefusedResultException(string message)
        : base(message) { }

    /// <summary>A refusal with its reason and its cause.</summary>
    /// <param name="message">What is wrong with it, for people: a part of a sentence, in one line.</param>
    /// <param name="innerException">The cause.</param>
    public RefusedResultException(string message, Exception innerException)
        : base(message, innerException) { }
}

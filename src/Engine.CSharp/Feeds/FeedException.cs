namespace BtcBandit.Engine.Feeds;

/// <summary>Thrown when candle data from outside cannot be used.</summary>
/// <remarks>
/// <see cref="Fault"/> describes the error as data; <see cref="Exception.Message"/> is the same as one line of text.
/// </remarks>
public sealed class FeedException : Exception
{
    /// <summary>Creates an error without a description.</summary>
    public FeedException()
        : this("the candle data cannot be used") { }

    /// <summary>Creates an error of your own feed, described in words.</summary>
    /// <param name="message">The description, one line of text.</param>
    public FeedException(string message)
        : this(new FeedFault.Other(message)) { }

    /// <summary>Creates an error of your own feed, described in words, with the exception that caused it.</summary>
    /// <param name="message">The description, one line of text.</param>
    /// <param name="innerException">The exception that caused the error.</param>
    public FeedException(string message, Exception innerException)
        : this(new FeedFault.Other(message), innerException) { }

    /// <summary>Creates an error of a known kind.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="innerException">The exception that caused the error; null if there is none.</param>
    public FeedException(FeedFault fault, Exception? innerException = null)
        : base(fault?.Sentence, innerException) => Fault = fault ?? throw new ArgumentNullException(nameof(fault));

    /// <summary>Description of the error as data.</summary>
    public FeedFault Fault { get; }
}

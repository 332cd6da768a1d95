namespace BtcBandit.Engine.Feeds;

/// <summary>Data from outside that cannot be used.</summary>
/// <remarks>
/// <see cref="Exception.Message"/> is one line for people: where (file, line, column), what stood there and what is
/// accepted instead.
/// </remarks>
public sealed class FeedException : Exception
{
    /// <summary>Bad data without a better description.</summary>
    public FeedException()
        : this("the candle data cannot be used") { }

    /// <summary>Bad data.</summary>
    /// <param name="message">One line for people.</param>
    public FeedException(string message)
        : base(message) { }

    /// <summary>Bad data, found by something else.</summary>
    /// <param name="message">One line for people.</param>
    /// <param name="innerException">What found it, for developers.</param>
    public FeedException(string message, Exception innerException)
        : base(message, innerException) { }
}

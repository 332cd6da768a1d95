namespace BtcBandit.Sweep.Nats;

/// <summary>A server that cannot be used as it is. The message is one sentence for people.</summary>
public sealed class NatsFaultException : Exception
{
    /// <summary>A fault that waiting does not mend.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="message">The same in one sentence, without secrets.</param>
    /// <param name="innerException">What the client library said, if anything.</param>
    public NatsFaultException(NatsFaultKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What is wrong.</summary>
    public NatsFaultKind Kind { get; }
}

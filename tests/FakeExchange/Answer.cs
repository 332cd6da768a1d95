namespace BtcBandit.FakeExchange;

/// <summary>How an answer is sent.</summary>
public enum Manner
{
    /// <summary>As it should be.</summary>
    Whole,

    /// <summary>Never.</summary>
    Never,

    /// <summary>Half of it, and after some seconds the rest.</summary>
    Slow,

    /// <summary>Half of it.</summary>
    Cut,

    /// <summary>The connection is reset instead.</summary>
    Reset,
}

/// <summary>An answer of the REST interface.</summary>
/// <param name="Manner">How it is sent.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">Seconds of silence that are asked for; 0 for none.</param>
/// <param name="UsedWeight">Weight used in this minute.</param>
public sealed record Answer(Manner Manner, int Status, byte[] Body, int RetryAfter, int UsedWeight);

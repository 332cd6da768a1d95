namespace BtcBandit.Sweep.Nats;

/// <summary>What a message of the results stream says of its unit; a token of its subject.</summary>
internal static class ResultKind
{
    /// <summary>The first result.</summary>
    internal const string Done = "done";

    /// <summary>A second result with other bytes than the first.</summary>
    internal const string Differs = "differs";

    /// <summary>It is given up; the body is the reason.</summary>
    internal const string Lost = "lost";

    /// <summary>A worker handed it back alive: this delivery was no death.</summary>
    internal const string Back = "back";
}

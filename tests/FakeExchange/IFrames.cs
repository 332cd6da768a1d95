namespace BtcBandit.FakeExchange;

/// <summary>Where the frames of a stream go.</summary>
public interface IFrames
{
    /// <summary>Sends a message.</summary>
    ValueTask Send(byte[] message);

    /// <summary>Closes the stream as the protocol wants.</summary>
    ValueTask Close();

    /// <summary>Resets the connection.</summary>
    ValueTask Reset();

    /// <summary>Says nothing any more, not even to pings.</summary>
    void Hang();
}

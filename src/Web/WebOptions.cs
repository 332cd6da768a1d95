using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BtcBandit.Web;

/// <summary>Where the dashboard listens, and whom it answers.</summary>
/// <param name="Host">Address to listen on.</param>
/// <param name="Port">Port to listen on; 0 takes a free one.</param>
/// <param name="Token">What a request must show; null answers every request from this machine.</param>
internal sealed record WebOptions(IPAddress Host, int Port, string? Token)
{
    /// <summary>Minimum length of a token.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Time between two looks at the run, and so between two events.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time without news after which a watcher hears that the connection is alive.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a watcher that does not read is disconnected.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum number of bytes of answers that wait for their readers.</summary>
    public long MaxHeld { get; init; } = 128 * 1_024 * 1_024;

    /// <summary>Time in which a request must have sent its headers.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether only programs of this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Host);

    /// <summary>Name of the server in its address: <c>localhost</c> if that reaches it, else the address that it listens on.</summary>
    public string Name =>
        Host.Equals(IPAddress.Any)
        || Host.Equals(IPAddress.IPv6Any)
        || Host.Equals(IPAddress.Loopback)
        || Host.Equals(IPAddress.IPv6Loopback)
            ? "localhost"
        : Host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Host}]"
        : Host.ToString();

    /// <summary>Returns a token that nobody can guess: 128 random bits as 32 hexadecimal digits.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

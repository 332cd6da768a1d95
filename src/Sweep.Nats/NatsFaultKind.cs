namespace BtcBandit.Sweep.Nats;

/// <summary>Why a server cannot be used as it is; waiting does not help.</summary>
public enum NatsFaultKind
{
    /// <summary>The address is not one of a NATS server.</summary>
    Address,

    /// <summary>The file or the variables with the credentials cannot be used.</summary>
    Credentials,

    /// <summary>The server is not on this machine and the connection would not be encrypted.</summary>
    TlsRequired,

    /// <summary>The encrypted connection could not be made: certificate, authority or name.</summary>
    Tls,

    /// <summary>Nobody answers at the address.</summary>
    Unreachable,

    /// <summary>The server does not accept these credentials.</summary>
    Refused,

    /// <summary>The user may not do what a worker or a coordinator has to.</summary>
    Rights,

    /// <summary>The server is too old.</summary>
    Version,

    /// <summary>The server keeps no streams.</summary>
    NoJetStream,

    /// <summary>The server has no room, or a message is too large for it.</summary>
    Limit,
}

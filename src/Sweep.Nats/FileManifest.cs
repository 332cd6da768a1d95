namespace BtcBandit.Sweep.Nats;

/// <summary>The last part of a file on the server: a file whose manifest is there is complete.</summary>
internal sealed record FileManifest(string Name, long Bytes, int Chunks);

namespace BtcBandit.Sweep.Nats;

/// <summary>What a worker tells every few seconds to whoever listens.</summary>
internal sealed record Announcement(string Id, int Slots, int Busy, int Done, int Refused);

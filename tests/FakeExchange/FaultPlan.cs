namespace BtcBandit.FakeExchange;

/// <summary>When which fault happens: drawn from a seed, so that the same run happens again.</summary>
/// <param name="kinds">Kinds that happen.</param>
/// <param name="rate">Share of the minutes or requests that each kind strikes.</param>
/// <param name="seed">Seed of the draws.</param>
public sealed class FaultPlan(IEnumerable<Fault> kinds, double rate, int seed)
{
    private readonly HashSet<Fault> kinds = [.. kinds];
    private readonly HashSet<(Fault, long)> spent = [];
    private readonly Dictionary<Fault, int> struck = [];

    /// <summary>Number of times that each kind has struck.</summary>
    public IReadOnlyDictionary<Fault, int> Struck => struck;

    /// <summary>Whether a kind happens at all.</summary>
    public bool Has(Fault fault) => kinds.Contains(fault);

    /// <summary>Whether a kind strikes at a place, at most once there.</summary>
    /// <param name="fault">The kind.</param>
    /// <param name="place">The place, for instance a minute.</param>
    /// <param name="factor">Raises the rate.</param>
    public bool Strikes(Fault fault, long place, double factor = 1)
    {
        if (!Has(fault) || Draw(place, (int)fault) >= rate * factor || !spent.Add((fault, place)))
            return false;
        struck[fault] = struck.GetValueOrDefault(fault) + 1;
        return true;
    }

    /// <summary>A number from 0 to below 1, the same for the same place and stream.</summary>
    public double Draw(long place, int stream)
    {
        var bits =
            ((ulong)place * 0x9E3779B97F4A7C15UL)
            ^ ((ulong)(uint)stream * 0xD1B54A32D192ED03UL)
            ^ ((ulong)(uint)seed * 0x94D049BB133111EBUL);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

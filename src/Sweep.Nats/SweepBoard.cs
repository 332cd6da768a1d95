using BtcBandit.Sweep.Distribution;

namespace BtcBandit.Sweep.Nats;

/// <summary>What a coordinator knows of its units. Thread-safe.</summary>
internal sealed class SweepBoard
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, WorkUnit> missing;
    private readonly HashSet<string> keys;
    private readonly Dictionary<string, LostUnit> lost = new(StringComparer.Ordinal);
    private readonly SortedSet<string> differing = new(StringComparer.Ordinal);

    internal SweepBoard(IReadOnlyList<WorkUnit> units)
    {
        missing = new(units.Count, StringComparer.Ordinal);
        foreach (var unit in units)
        {
            Subjects.CheckHash(unit.Key, nameof(WorkUnit.Key));
            foreach (var file in unit.Files)
                Subjects.CheckHash(file, nameof(WorkUnit.Files));

            missing[unit.Key] = unit;
        }

        keys = new(missing.Keys, StringComparer.Ordinal);
    }

    internal int Total => keys.Count;

    internal bool IsComplete
    {
        get
        {
            lock (gate)
            {
                return missing.Count == 0;
            }
        }
    }

    internal (int Done, int Lost, int Differing) Counts
    {
        get
        {
            lock (gate)
            {
                return (keys.Count - missing.Count - lost.Count, lost.Count, differing.Count);
            }
        }
    }

    /// <summary>Units without a result that are not given up.</summary>
    internal IReadOnlyList<WorkUnit> Missing()
    {
        lock (gate)
        {
            return [.. missing.Values];
        }
    }

    /// <returns>True where a unit of that key had no result when this began.</returns>
    internal bool Knows(string key) => keys.Contains(key);

    internal bool IsMissing(string key)
    {
        lock (gate)
        {
            return missing.ContainsKey(key);
        }
    }

    /// <returns>A unit without a result that is not given up, or null.</returns>
    internal WorkUnit? FindMissing(string key)
    {
        lock (gate)
        {
            return missing.GetValueOrDefault(key);
        }
    }

    /// <summary>A result was stored; it also counts for a unit that was given up before.</summary>
    internal void MarkDone(string key, StoreOutcome outcome)
    {
        lock (gate)
        {
            missing.Remove(key);
            lost.Remove(key);
            if (outcome is StoreOutcome.Differs or StoreOutcome.Corrected)
                differing.Add(key);
        }
    }

    /// <summary>A second result differs from the first, which may be of an earlier run.</summary>
    /// <returns>False where that is known.</returns>
    internal bool MarkDiffering(string key)
    {
        lock (gate)
        {
            // Whoever invents units must not fill the memory.
            return differing.Count < 100_000 && differing.Add(key);
        }
    }

    /// <returns>False where the unit has a result or was given up before.</returns>
    internal bool MarkLost(LostUnit unit)
    {
        lock (gate)
        {
            return missing.Remove(unit.Key) && lost.TryAdd(unit.Key, unit);
        }
    }

    internal ClusterOutcome Outcome(long refused)
    {
        lock (gate)
        {
            return new(
                keys.Count - missing.Count - lost.Count,
                keys.Count,
                refused,
                [.. lost.Values.OrderBy(unit => unit.Key, StringComparer.Ordinal)],
                [.. differing]
            );
        }
    }
}

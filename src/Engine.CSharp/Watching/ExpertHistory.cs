using System.Collections.Immutable;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Watching;

/// <summary>How the experts of an agent stood after a step.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="Standings">The experts, in the order of their horizons.</param>
public sealed record ExpertSample(long Step, ImmutableArray<ExpertStanding> Standings);

/// <summary>Samples of the experts over a run: the newest one, and at most 512 before it, evenly thinned. Any thread may
/// read and add.</summary>
internal sealed class ExpertHistory
{
    private const int Capacity = 512;

    private readonly Lock gate = new();
    private readonly List<ExpertSample> samples = [];
    private long stride = 1;

    /// <summary>Number of steps between two samples that are kept.</summary>
    public long Stride
    {
        get
        {
            lock (gate)
                return stride;
        }
    }

    /// <summary>Number of the newest sample's step; 0 without one.</summary>
    public long Newest
    {
        get
        {
            lock (gate)
                return samples is [.., var last] ? last.Step : 0;
        }
    }

    /// <summary>Adds the standings after a step, which comes after the newest one.</summary>
    public void Add(ExpertSample sample)
    {
        lock (gate)
            AddNext(sample);
    }

    /// <summary>Forgets all samples, as another run begins.</summary>
    public void Clear()
    {
        lock (gate)
        {
            samples.Clear();
            stride = 1;
        }
    }

    private void AddNext(ExpertSample sample)
    {
        // Only the newest sample may be nearer to the one before it than the stride.
        if (samples.Count > 1 && samples[^1].Step - samples[^2].Step < stride)
            samples.RemoveAt(samples.Count - 1);
        samples.Add(sample);
        if (samples.Count > Capacity)
            Thin();
    }

    /// <summary>Returns the samples up to a step, oldest first.</summary>
    public IReadOnlyList<ExpertSample> UpTo(long step)
    {
        lock (gate)
        {
            var end = samples.Count;
            while (end > 0 && samples[end - 1].Step > step)
                end--;
            return samples.GetRange(0, end);
        }
    }

    private void Thin()
    {
        stride = Math.Max(2 * stride, (samples[^1].Step - samples[0].Step) / (Capacity / 2));
        var kept = new List<ExpertSample> { samples[0] };
        foreach (var sample in samples)
        {
            if (sample.Step - kept[^1].Step >= stride)
                kept.Add(sample);
        }

        if (kept[^1] != samples[^1])
            kept.Add(samples[^1]);
        samples.Clear();
        samples.AddRange(kept);
    }
}

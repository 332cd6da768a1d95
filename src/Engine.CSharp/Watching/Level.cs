namespace BtcBandit.Engine.Watching;

/// <summary>What a finished bar of several steps cannot read from its first and last step.</summary>
/// <param name="End">Index of the step after its last one.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Volume">Sum of the volumes.</param>
/// <param name="Drawdown">Largest drawdown at any of its steps.</param>
/// <param name="Invested">Number of its steps with a position.</param>
internal readonly record struct BarSum(int End, double High, double Low, double Volume, float Drawdown, int Invested)
{
    /// <summary>Adds the steps that follow.</summary>
    public BarSum With(in BarSum next) =>
        new(
            next.End,
            Math.Max(High, next.High),
            Math.Min(Low, next.Low),
            Volume + next.Volume,
            Math.Max(Drawdown, next.Drawdown),
            Invested + next.Invested
        );

    /// <summary>The bar of one step.</summary>
    public static BarSum Of(int index, in StepRow row) =>
        new(index + 1, row.High, row.Low, row.Volume, row.Drawdown, row.IsInvested ? 1 : 0);
}

/// <summary>The bars of a run at one coarser span of time. One thread adds steps while others read finished bars.</summary>
/// <param name="span">The span.</param>
internal sealed class Level(BarSpan span)
{
    private readonly Column<BarSum> bars = new();
    private int steps;
    private double high;
    private double low;
    private double volume;
    private float drawdown;
    private int invested;
    private long end = long.MinValue;

    /// <summary>The span of its bars.</summary>
    public BarSpan Span => span;

    /// <summary>Takes the next step. Call it on the writer's thread, before the step is published.</summary>
    public void Add(int index, in StepRow row)
    {
        if (row.Time < end)
        {
            steps = index + 1;
            high = Math.Max(high, row.High);
            low = Math.Min(low, row.Low);
            volume += row.Volume;
            drawdown = Math.Max(drawdown, row.Drawdown);
            invested += row.IsInvested ? 1 : 0;
            return;
        }

        if (index > 0)
        {
            bars.Add(Open);
        }
        Open = BarSum.Of(index, row);
        end = span.StartOf(row.Time) + span.Milliseconds;
    }

    // In fields, because a structure would be copied at each step.
    private BarSum Open
    {
        get => new(steps, high, low, volume, drawdown, invested);
        set => (steps, high, low, volume, drawdown, invested) = value;
    }

    /// <summary>Returns the bars without the first steps. Call it on the writer's thread, and add to the new level only.</summary>
    /// <param name="first">Number of steps that are left out.</param>
    /// <param name="rows">The steps that stay; those of a bar that is cut are added up again.</param>
    public Level Without(int first, Column<StepRow> rows)
    {
        var rest = new Level(span) { end = end };
        var cut = BarOf(first);
        var cutEnd = cut < bars.Count ? bars[cut].End : first + rows.Count;
        var sum = BarSum.Of(0, rows[0]);
        for (var i = 1; i < cutEnd - first; i++)
            sum = sum.With(BarSum.Of(i, rows[i]));
        if (cut == bars.Count)
        {
            rest.Open = sum;
            return rest;
        }

        rest.bars.Add(sum);
        for (var bar = cut + 1; bar < bars.Count; bar++)
            rest.bars.Add(bars[bar] with { End = bars[bar].End - first });
        rest.Open = Open with { End = steps - first };
        return rest;
    }

    /// <summary>Number of finished bars whose steps all lie below an index.</summary>
    public int FinishedBefore(int steps) => bars.FirstNot(bars.Count, bar => bar.End <= steps);

    /// <summary>Number of the bar that contains a step: the number of finished bars that end at or before it.</summary>
    public int BarOf(int index) => FinishedBefore(index);

    /// <summary>A finished bar.</summary>
    public BarSum this[int bar] => bars[bar];

    /// <summary>Index of the first step of a bar, finished or not.</summary>
    public int StartOf(int bar) => bar == 0 ? 0 : bars[bar - 1].End;
}

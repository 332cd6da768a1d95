using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>The steps of one run in columns: 64 bytes a step and 4 for each indicator. One thread adds, others read without a
/// lock.</summary>
internal sealed class RunColumns
{
    /// <summary>Newest steps of which all numbers of their journal rows are kept: more than the journal buffers.</summary>
    internal const int RecentKept = 1_024;

    // How far a reader may be behind the writer while it copies.
    private const int RecentMargin = 64;

    private readonly RecentRow[] recent = new RecentRow[RecentKept];
    private Step? latest;
    private int past;
    private double units;
    private int unitsFrom = int.MaxValue;
    private string? reason;

    /// <summary>Begins a run.</summary>
    /// <param name="id">Names the run.</param>
    /// <param name="header">Identity of the run.</param>
    /// <param name="first">Number of its first step here, from 1; steps before it are not known.</param>
    /// <param name="reason">Reason of the step before it; null if there is none.</param>
    public RunColumns(string id, RunHeader header, long first, string? reason = null)
    {
        this.reason = reason;
        (Id, Header, First) = (id, header, first);
        Span = BarSpan.Of(header.Source.Timeframe);
        Levels = [.. BarSpan.CoarserThan(header.Source.Timeframe).Select(span => new Level(span))];
        (Rows, Indicators) = (new Column<StepRow>(), new FloatRows(header.Columns.Length));
        Fills = new FillRows(Rows, first);
    }

    // The newest half of a longer run, whose columns it shares as far as they stay.
    private RunColumns(RunColumns whole, int first)
    {
        (Id, Header, First, Span) = (whole.Id, whole.Header, whole.First + first, whole.Span);
        (Rows, Indicators) = (whole.Rows.Without(first), whole.Indicators.Without(first));
        Levels = Array.ConvertAll(whole.Levels, level => level.Without(first, Rows));
        Fills = new FillRows(Rows, First);
        for (var i = whole.Fills.From(whole.Fills.Count, First); i < whole.Fills.Count; i++)
            Fills.Add(whole.Fills[i]);
        whole.recent.CopyTo(recent, 0);
        (latest, reason, units) = (whole.latest, whole.reason, whole.units);
        Resumed = whole.Resumed;
        past = Math.Max(whole.past - first, 0);
        unitsFrom = whole.unitsFrom == int.MaxValue ? int.MaxValue : Math.Max(whole.unitsFrom - first, 0);
    }

    /// <summary>Names the run: the same run has the same name in every process.</summary>
    public string Id { get; }

    /// <summary>Identity of the run.</summary>
    public RunHeader Header { get; }

    /// <summary>Number of the step at index 0.</summary>
    public long First { get; }

    /// <summary>The span of the run's own candles.</summary>
    public BarSpan Span { get; }

    /// <summary>Coarser bars, finest first.</summary>
    public Level[] Levels { get; }

    /// <summary>The steps.</summary>
    public Column<StepRow> Rows { get; }

    /// <summary>The indicator columns of each step; NaN where they are not known.</summary>
    public FloatRows Indicators { get; }

    /// <summary>The executions, in order of steps.</summary>
    public FillRows Fills { get; }

    /// <summary>State that a continued run began with; null for a run that began here.</summary>
    public RunState? Resumed { get; init; }

    /// <summary>Number of the step that would go on from the newest one. For the writer's thread.</summary>
    public long Next => First + Rows.Count;

    /// <summary>The run as it is now: number of steps and newest step belong together.</summary>
    public RunView Now
    {
        get
        {
            var step = Volatile.Read(ref latest);
            return new RunView(this, step is null ? Volatile.Read(ref past) : (int)(step.Number - First + 1), step);
        }
    }

    /// <summary>Adds a step and publishes it.</summary>
    public void Add(Step step)
    {
        var (statistics, decision) = (step.Statistics, step.Decision);
        if (unitsFrom == int.MaxValue && statistics.BuyAndHoldUnits is { } bought)
            Hold(bought, Rows.Count);
        var isInvested = step.Portfolio.Position > 0;
        Rows.Next.Set(step.Candle, statistics.Equity, statistics.Drawdown, decision.Action, isInvested);
        Commit();
        Indicators.Add(step.Indicators.AsSpan());
        if (step.Fill is { } fill)
            Fills.Add(RowOf(step, fill));
        reason = step.Reason;
        recent[step.Number % RecentKept] = new RecentRow(
            step.Number,
            step.Reward,
            step.Portfolio.Cash,
            step.Portfolio.Position,
            decision.Sell.Mean,
            decision.Hold.Mean,
            decision.Buy.Mean,
            step.Reason
        );
        Volatile.Write(ref latest, step);
    }

    /// <summary>Adds a step of an earlier session; it is seen after <see cref="PublishPast"/>.</summary>
    public void AddPast(in StepRow row, ReadOnlySpan<double> indicators, FillRow? fill, string why)
    {
        Rows.Next = row;
        Commit();
        Indicators.Add(indicators);
        if (fill is { } known)
            Fills.Add(known);
        reason = why;
    }

    /// <summary>Returns the same run without the older half of its steps. Call it on the writer's thread, and add to the new columns
    /// only; readers of these are not disturbed.</summary>
    public RunColumns Newest() => new(this, Rows.Count / 2 / Column<StepRow>.ChunkSize * Column<StepRow>.ChunkSize);

    /// <summary>Shows the steps of earlier sessions.</summary>
    public void PublishPast() => Volatile.Write(ref past, Rows.Count);

    /// <summary>Sets what the buy-and-hold benchmark holds.</summary>
    /// <param name="bought">Units of the base currency.</param>
    /// <param name="from">Index of the first step at whose close it holds them.</param>
    public void Hold(double bought, int from)
    {
        units = bought;
        Volatile.Write(ref unitsFrom, from);
    }

    /// <summary>Equity of the buy-and-hold benchmark at a step; NaN before it has bought.</summary>
    public double BuyAndHold(int index) =>
        index >= Volatile.Read(ref unitsFrom) ? units * Rows[index].Close : double.NaN;

    /// <summary>Why the newest order was given, for an execution in the next candle; null before the first step.</summary>
    public string? OrderReason => reason is null ? null : Head(reason);

    /// <summary>The part of a reason before the note on an order that was not filled.</summary>
    public static string Head(string reason) =>
        reason.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? reason[..end] : reason;

    /// <summary>What the journal writes of a recent step; null if the step is too old or unknown.</summary>
    public RecentRow? Recent(long number)
    {
        var row = recent[number % RecentKept];
        // The row may have been overwritten meanwhile; then the newest step is far ahead of it.
        Interlocked.MemoryBarrier();
        return row.Number == number && Volatile.Read(ref latest)?.Number - number < RecentKept - RecentMargin
            ? row
            : null;
    }

    private void Commit()
    {
        var index = Rows.Count;
        ref readonly var row = ref Rows.Next;
        Rows.Commit();
        foreach (var level in Levels)
            level.Add(index, row);
    }

    private FillRow RowOf(Step step, Fill fill) =>
        new(
            step.Number,
            fill.OpenTime,
            fill.Side == TradeAction.Buy,
            fill.Price,
            fill.Quantity,
            fill.Fee,
            fill.Slippage,
            fill.Profit ?? double.NaN,
            step.Statistics.Equity,
            Header.Parameters.Fill == FillMoment.Close ? Head(step.Reason) : OrderReason
        );
}

/// <summary>A run at one moment. The columns below its counts never change, so it can be read at leisure.</summary>
/// <param name="Run">The columns.</param>
/// <param name="Count">Number of steps to read.</param>
/// <param name="Latest">The newest of them; null in a run that was continued and has made no step since.</param>
internal sealed record RunView(RunColumns Run, int Count, Step? Latest)
{
    /// <summary>Number of the newest step, which may have been made before those that are here; 0 before the first one.</summary>
    public long Step => Run.First + Count - 1;

    /// <summary>Number of all executions of the run, also of those that are not here.</summary>
    public long AllFills => Latest?.Statistics.Trades ?? Run.Resumed?.Statistics.Trades ?? Fills;

    /// <summary>Number of executions to read.</summary>
    // Those of later steps may be there already.
    public int Fills => Run.Fills.After(Run.Fills.Count, Step);

    /// <summary>Index of a step of which at least the candle is known; null if it is not here.</summary>
    public int? IndexOf(long number) => number >= Run.First && number <= Step ? (int)(number - Run.First) : null;

    /// <summary>The execution of a step; null if it has none, or is not here.</summary>
    public FillRow? FillOf(long number)
    {
        var index = Run.Fills.From(Fills, number);
        return index < Fills && Run.Fills[index].Step == number ? Run.Fills[index] : null;
    }

    /// <summary>The oldest executions after a step, in order of steps.</summary>
    public FillRow[] FirstFillsAfter(long step, int limit)
    {
        var end = Fills;
        var start = Run.Fills.After(end, step);
        return Fill(start, Math.Min(end - start, limit));
    }

    /// <summary>The newest executions after a step, in order of steps.</summary>
    public FillRow[] FillsAfter(long step, int limit)
    {
        var end = Fills;
        var start = Math.Max(Run.Fills.After(end, step), end - limit);
        return Fill(start, end - start);
    }

    private FillRow[] Fill(int start, int count)
    {
        var rows = new FillRow[count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Run.Fills[start + i];
        return rows;
    }
}

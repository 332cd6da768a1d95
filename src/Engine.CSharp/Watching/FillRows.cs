namespace BtcBandit.Engine.Watching;

/// <summary>The executions of a run, in order of steps: 56 bytes each. One thread appends while others read, as in
/// <see cref="Column{T}"/>.</summary>
/// <param name="steps">The steps of the run.</param>
/// <param name="first">Number of the first one of them.</param>
internal sealed class FillRows(Column<StepRow> steps, long first)
{
    private readonly Column<Row> rows = new();
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private string?[] reasons = [null];

    /// <summary>Number of executions; on other threads than the writer's it may be late, but they are there.</summary>
    public int Count => rows.Count;

    /// <summary>The execution at an index below a published count.</summary>
    public FillRow this[int index]
    {
        get
        {
            ref readonly var row = ref rows[index];
            ref readonly var step = ref steps[(int)(row.Step - first)];
            return new FillRow(
                row.Step,
                step.Time,
                row.IsBuy,
                row.Price,
                row.Quantity,
                row.Fee,
                row.Slippage,
                row.Profit,
                step.Equity,
                Volatile.Read(ref reasons)[row.Reason]
            );
        }
    }

    /// <summary>Appends the execution of the newest step, after that step. Call it on the writer's thread only.</summary>
    public void Add(in FillRow fill)
    {
        ref var row = ref rows.Next;
        row.Step = fill.Step;
        row.Price = fill.Price;
        row.Quantity = fill.Quantity;
        row.Fee = fill.Fee;
        row.Slippage = fill.Slippage;
        row.Profit = fill.Profit;
        row.Reason = NumberOf(fill.Reason);
        row.IsBuy = fill.IsBuy;
        rows.Commit();
    }

    /// <summary>Index of the first execution of a step or a later one.</summary>
    /// <param name="end">Number of executions to search, at most a published count.</param>
    /// <param name="step">Number of the step.</param>
    public int From(int end, long step) => rows.FirstNot(end, row => row.Step < step);

    /// <summary>Index of the first execution after a step.</summary>
    /// <inheritdoc cref="From"/>
    public int After(int end, long step) => rows.FirstNot(end, row => row.Step <= step);

    // Reasons are few, and the collector need not look at rows without references.
    private int NumberOf(string? reason)
    {
        if (reason is null)
            return 0;
        if (numbers.TryGetValue(reason, out var known))
            return known;
        var number = reasons.Length;
        string?[] more = [.. reasons, reason];
        Volatile.Write(ref reasons, more);
        numbers.Add(reason, number);
        return number;
    }

    private struct Row
    {
        public long Step;
        public double Price;
        public double Quantity;
        public double Fee;
        public double Slippage;
        public double Profit;
        public int Reason;
        public bool IsBuy;
    }
}

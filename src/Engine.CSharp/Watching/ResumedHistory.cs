using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using JournalRow = BtcBandit.Engine.Journal.TradeRow;

namespace BtcBandit.Engine.Watching;

/// <summary>Fills a memory with the steps of a run's earlier sessions: rows of <c>trades.csv</c>, joined with the candles that the
/// session skips. Not thread-safe.</summary>
/// <remarks>
/// Equity, drawdown, fills and profits are those of the rows, which have 8 decimals. Indicators are computed again; they equal the
/// run's if the candles begin where the run's did. Steps before the newest row without a candle are left out.
/// </remarks>
internal sealed class ResumedHistory : IDisposable
{
    private readonly RunMemory memory;
    private readonly PastSteps past;
    private readonly ObservationRun observations;
    private readonly PastAccount account;
    private readonly IEnumerator<JournalRow> rows;
    private readonly string name;
    private readonly bool fillsAtClose;
    private RunColumns? columns;
    private long first = 1;
    private string? reason;
    private bool hasRow;
    private bool isOver;

    /// <summary>Begins to read the rows.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ResumedHistory(RunMemory memory, PastSteps past)
    {
        (this.memory, this.past) = (memory, past);
        observations = new ObservationRun(past.FeatureSet);
        name = RunName.Of(past.Run.Header, past.Run.Statistics.FirstOpenTime);
        fillsAtClose = past.Run.Header.Parameters.Fill == FillMoment.Close;
        account = new PastAccount(past.Run.Header);
        rows = past.Rows().GetEnumerator();
        hasRow = rows.MoveNext();
    }

    /// <summary>Takes the next candle that the run has seen. The newest one completes the history.</summary>
    public void Take(Candle candle)
    {
        if (isOver)
            return;
        var observation = observations.Next(candle);
        while (hasRow && rows.Current.OpenTime < candle.OpenTime)
        {
            account.Next(rows.Current);
            (columns, first, reason) = (null, rows.Current.Step + 1, rows.Current.Reason);
            hasRow = rows.MoveNext();
        }

        if (hasRow && rows.Current.OpenTime == candle.OpenTime)
        {
            Add(rows.Current, observation);
            hasRow = rows.MoveNext();
        }
        if (candle.OpenTime >= past.Run.LastCandle.OpenTime)
            Complete();
    }

    /// <summary>Takes recorded candles, and completes the history.</summary>
    public void Take(IEnumerable<Candle> candles)
    {
        foreach (var candle in candles)
        {
            if (candle.OpenTime > past.Run.LastCandle.OpenTime)
                break;
            Take(candle);
        }

        Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    private RunColumns Begin() => new(name, past.Run.Header, first, reason) { Resumed = past.Run };

    // A history that does not reach the newest step would leave a hole.
    private void Complete()
    {
        if (isOver)
            return;
        isOver = true;
        var next = past.Run.Statistics.Steps + 1;
        if ((columns?.Next ?? first) < next)
            (columns, first, reason) = (null, next, null);
        columns ??= Begin();
        if (past.Run.Statistics.BuyAndHoldUnits is { } units)
            columns.Hold(units, columns.First == 1 && !fillsAtClose ? 1 : 0);
        columns.PublishPast();
        memory.Begin(columns);
    }

    private void Add(in JournalRow row, Observation observation)
    {
        var candle = observation.Candle;
        columns = columns is null ? Begin() : memory.Bounded(columns);
        var why = fillsAtClose ? RunColumns.Head(row.Reason) : columns.OrderReason;
        FillRow? fill = account.Next(row) is { } made
            ? new FillRow(
                row.Step,
                row.OpenTime,
                made.Side == TradeAction.Buy,
                made.Price,
                made.Quantity,
                made.Fee,
                made.Slippage,
                made.Profit ?? double.NaN,
                row.Equity,
                why
            )
            : null;
        var step = new StepRow(candle, row.Equity, account.Drawdown, row.Action, row.Position > 0);
        var isWarm = observation.Features is not null;
        columns.AddPast(step, isWarm ? observation.Indicators.AsSpan() : [], fill, row.Reason);
    }
}

using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Execution;
using BtcBandit.Engine.Journal;

namespace BtcBandit.Engine.Pipeline;

/// <summary>A checkpoint of nothing, written nowhere.</summary>
/// <remarks>
/// The first checkpoint of a run compiles some thousand methods of the serializer, nearly half of a short run's time.
/// Rehearsed on another thread they are ready when the first candles have been read.
/// </remarks>
public static class Rehearsal
{
    /// <summary>Begins it and does not wait.</summary>
    public static void Begin(SessionPlan plan) => _ = Task.Run(() => Checkpoint(plan));

    private static void Checkpoint(SessionPlan plan)
    {
        var cash = plan.Header.Parameters.InitialCash;
        var state = new RunState
        {
            Header = plan.Header,
            Candles = 0,
            LastCandle = new CandleRow(0, 0, 0, 0, 0, 0),
            QValues = [0, 0, 0],
            Indicators = plan.Context.Start().Save(),
            Agent = AgentCatalogue.Create(plan.Header, null).Snapshot(),
            Portfolio = Portfolio.WithCash(cash),
            PendingOrder = TradeAction.Hold,
            Pending = [new PendingOutcome(0, [], 0, TradeAction.Hold, 1, 0, 1)],
            Statistics = RunStatistics.StartWith(cash),
            Rivals = new Rivals(plan.Header.Parameters, resume: null).Snapshot(),
        };
        StateFile.Write(Stream.Null, new StateDocument(StateFile.Schema, 0, state));
    }
}

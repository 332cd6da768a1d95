using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>What an agent has learned in a folder, with which a new run may begin.</summary>
/// <param name="File">File that holds it: the state of a run, or what a retraining has saved without one.</param>
/// <param name="Header">Header of the run that has learned.</param>
/// <param name="NewestCandle">Open time of the newest candle that the agent has seen, ms UTC.</param>
/// <param name="Agent">State of the agent.</param>
internal sealed record KeptLearning(string File, RunHeader Header, long NewestCandle, AgentState Agent)
{
    /// <summary>Whether it was learned by a run, whose state the file is.</summary>
    public bool IsOfRun { get; private init; }

    /// <summary>Returns what has been learned in a folder: by its run, or without one by a retraining. Null if there is
    /// nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="saved">The run in it; null if there is none.</param>
    /// <exception cref="JournalException">The file cannot be used.</exception>
    public static KeptLearning? Of(RunFolder folder, RunState? saved)
    {
        if (saved is not null)
            return new KeptLearning(folder.StatePath, saved.Header, saved.LastCandle.OpenTime, saved.Agent)
            {
                IsOfRun = true,
            };
        return LearnedFile.Read(folder.LearnedPath) is { } learned
            ? new KeptLearning(folder.LearnedPath, learned.Header, learned.NewestCandle, learned.Agent)
            : null;
    }

    /// <summary>Returns the open time of the newest candle of a market that the agent has learned from, ms UTC; null if it has
    /// learned on another market.</summary>
    public long? ThroughOf(MarketSource market) =>
        !Header.Source.IsSameMarket(market)
            ? null
            // An agent that was kept before may have learned from newer candles than its own run has.
            : Math.Max(NewestCandle, Header.LearnedThrough ?? long.MinValue);

    /// <summary>Throws if a new run cannot begin with it.</summary>
    /// <exception cref="SessionException">Agent, model, horizon or features are others.</exception>
    /// <exception cref="JournalException">The agent does not accept the state.</exception>
    public void RequireFit(RunPlan plan)
    {
        if (LearningFit.FirstObstacle(Header, plan.Header) is { } difference)
            throw new SessionException(new SessionFault.OtherLearner(File, difference));
        try
        {
            _ = plan.CreateAgent(Agent);
        }
        catch (InvalidDataException error)
        {
            throw IsOfRun
                ? StateFile.Misfit(File, error)
                : new JournalException(
                    new JournalFault.LearningUnusable(File, StateFile.FirstLine(error.Message)),
                    error
                );
        }
    }
}

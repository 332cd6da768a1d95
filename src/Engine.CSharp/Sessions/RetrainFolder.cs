using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>The data folder of a retraining, locked from the first look to <see cref="Dispose"/>.</summary>
/// <remarks>Only <see cref="Save"/> writes: it replaces one file atomically, so after a crash at any moment there is the complete
/// old or the complete new file.</remarks>
public sealed class RetrainFolder : IDisposable
{
    private readonly RunFolder folder;
    private readonly RunPlan plan;
    private readonly StateDocument? saved;

    /// <summary>Locks the folder, which is created if needed, and reads its run.</summary>
    /// <param name="plan">The run whose agent is to be trained.</param>
    /// <param name="dataDir">The folder.</param>
    /// <exception cref="JournalException">The folder cannot be used, or another process uses it.</exception>
    /// <exception cref="SessionException">The run in the folder has no use for what the plan's agent learns.</exception>
    public RetrainFolder(RunPlan plan, string dataDir)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        folder = RunFolder.Open(dataDir);
        try
        {
            folder.RequireFiles();
            saved = StateFile.Read(folder.StatePath);
            if (saved is null)
                LearnedFile.Require(folder.LearnedPath);
            else if (LearningFit.FirstDifference(saved.Run.Header, plan.Header) is { } difference)
                throw new SessionException(new SessionFault.OtherLearner(folder.StatePath, difference));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a run in the folder.</summary>
    public bool HasRun => saved is not null;

    /// <summary>Limits on orders of the run in the folder; null without one.</summary>
    public ExchangeRules? Rules => saved?.Run.Header.Parameters.Rules;

    /// <summary>The file that <see cref="Save"/> replaces: <c>state.json</c> of the run, <c>learned.json</c> without one.</summary>
    public string File => HasRun ? folder.StatePath : folder.LearnedPath;

    /// <summary>Returns what has been learned in the folder; null if there is nothing.</summary>
    /// <exception cref="JournalException">The file cannot be used.</exception>
    /// <exception cref="SessionException">The agent has no use for it.</exception>
    public AgentState? Learned()
    {
        if (saved is null)
            return LearningFit.Of(folder, plan);
        try
        {
            _ = plan.CreateAgent(saved.Run.Agent);
            return saved.Run.Agent;
        }
        catch (InvalidDataException error)
        {
            throw StateFile.Misfit(folder.StatePath, error);
        }
    }

    /// <summary>Saves what was learned. In a run nothing else is replaced: portfolio, statistics, indicators and journal stay as
    /// they are.</summary>
    /// <param name="learned">State of the agent.</param>
    /// <param name="newestCandle">Open time of the newest candle that it has seen, ms UTC.</param>
    /// <exception cref="JournalException">The file cannot be written, and is as it was.</exception>
    public void Save(AgentState learned, long newestCandle)
    {
        ArgumentNullException.ThrowIfNull(learned);
        try
        {
            if (saved is null)
            {
                var document = new LearnedDocument(LearnedFile.Schema, plan.Header, newestCandle, learned);
                LearnedFile.Write(folder.LearnedPath, document);
                return;
            }
            StateFile.Write(folder.StatePath, saved with { Run = saved.Run with { Agent = learned } });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new JournalException(
                new JournalFault.FolderUnwritable(folder.Location, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    /// <summary>Unlocks the folder.</summary>
    public void Dispose() => folder.Dispose();
}

using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;

namespace BtcBandit.Engine.Sessions;

/// <summary>Decides whether the run in a folder is continued or archived for a new one.</summary>
/// <param name="Resume">State to continue from; null for a new run.</param>
/// <param name="Learned">State of the agent with which a new run starts; null starts from the prior.</param>
/// <param name="ArchiveOldRun">Moves all files of the old run away; called at the first step of a new run.</param>
internal readonly record struct ResumeDecision(StateDocument? Resume, AgentState? Learned, Action ArchiveOldRun)
{
    /// <summary>Reads the folder and decides; nothing is changed.</summary>
    /// <exception cref="JournalException">The state cannot be used.</exception>
    /// <exception cref="SessionException">The new run cannot use what the old one learned, as the plan asks.</exception>
    public static ResumeDecision Of(SessionPlan plan, RunFolder folder, Action<SessionNote> note)
    {
        folder.RequireFiles();
        var saved = Read(plan, folder);
        var differences = saved is null ? [] : RunDifference.Between(saved.Run.Header, plan.Run.Header);
        if (saved is not null && differences.Count == 0 && !plan.Fresh)
        {
            note(new SessionNote.Continuing(plan.Run.Header.Source, saved.Run.Statistics.Steps));
            if (saved.Arithmetic != StateFile.Arithmetic)
                note(new SessionNote.OtherArithmetic(saved.Arithmetic, StateFile.Arithmetic));
            return new ResumeDecision(saved, null, static () => { });
        }

        var learned = plan.KeepLearning ? LearningOf(saved, plan, note) : null;
        return new ResumeDecision(null, learned, ArchiveOldRun);

        void ArchiveOldRun()
        {
            if (folder.ArchiveOldRun(saved?.Run) is { } kept)
                note(new SessionNote.NewRun(plan.Fresh, differences, kept));
        }
    }

    private static StateDocument? Read(SessionPlan plan, RunFolder folder)
    {
        try
        {
            return StateFile.Read(folder.StatePath);
        }
        catch (JournalException) when (plan.Fresh && !plan.KeepLearning)
        {
            // An unreadable state is archived as it is.
            return null;
        }
    }

    private static AgentState? LearningOf(StateDocument? saved, SessionPlan plan, Action<SessionNote> note)
    {
        if (saved is null)
        {
            note(new SessionNote.NothingToLearnFrom(plan.DataDir));
            return null;
        }

        var (before, now) = (saved.Run.Header, plan.Run.Header);
        if (before.Parameters.Agent != now.Parameters.Agent)
            throw new SessionException(new SessionFault.OtherAgent(before.Parameters.Agent, now.Parameters.Agent));
        if (before.Parameters.Model != now.Parameters.Model)
            throw new SessionException(new SessionFault.OtherModel(before.Parameters.Model, now.Parameters.Model));
        if (before.Parameters.Horizon != now.Parameters.Horizon)
            throw new SessionException(
                new SessionFault.OtherHorizon(before.Parameters.Horizon, now.Parameters.Horizon)
            );
        if (!before.Features.SequenceEqual(now.Features))
            throw new SessionException(
                new SessionFault.OtherFeatures(before.Features, now.Features, before.Parameters.Indicators)
            );
        return saved.Run.Agent;
    }
}

using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>Decides whether the run in a folder is continued or archived for a new one.</summary>
/// <param name="Resume">State to continue from; null for a new run.</param>
/// <param name="Learned">State of the agent with which a new run starts; null starts from the prior.</param>
/// <param name="Notes">Notes for the user, to be passed on once it is known that the run can start.</param>
/// <param name="ArchiveOldRun">Moves all files of the old run away; called at the first step of a new run.</param>
internal sealed record ResumeDecision(
    StateDocument? Resume,
    AgentState? Learned,
    IReadOnlyList<SessionNote> Notes,
    Action ArchiveOldRun
)
{
    /// <summary>Reads the folder and decides; nothing is changed.</summary>
    /// <param name="plan">Description of the session.</param>
    /// <param name="folder">The folder, locked.</param>
    /// <param name="note">Called when the old run is archived.</param>
    /// <exception cref="JournalException">The state cannot be used.</exception>
    /// <exception cref="SessionException">The new run cannot use what the old one learned, as the plan asks.</exception>
    public static ResumeDecision Of(SessionPlan plan, RunFolder folder, Action<SessionNote> note)
    {
        folder.RequireFiles();
        var saved = Read(plan, folder);
        var isForced = plan.Fresh || plan.Learned is not null;
        if (saved is not null && saved.Run.Header == plan.Run.HeaderAfter(saved.Run.Header) && !isForced)
            return new ResumeDecision(saved, null, NotesOf(saved, plan), static () => { });

        var keeps = plan.KeepLearning && plan.Learned is null;
        var learned = keeps && saved is not null ? LearningOf(saved.Run, plan) : plan.Learned;
        SessionNote[] notes = [];
        if (keeps && saved is null)
        {
            learned = LearningFit.Of(folder, plan.Run);
            notes =
            [
                learned is null
                    ? new SessionNote.NothingToLearnFrom(plan.DataDir)
                    : new SessionNote.LearnedBefore(folder.LearnedPath),
            ];
        }
        return new ResumeDecision(null, learned, notes, ArchiveOldRun);

        void ArchiveOldRun()
        {
            if (folder.ArchiveOldRun(saved?.Run) is not { } kept)
                return;
            IReadOnlyList<RunDifference> differences = saved?.Run.Header is { } before
                ? RunDifference.Between(before, plan.Run.HeaderAfter(before))
                : [];
            note(new SessionNote.NewRun(isForced, differences, kept) { IsWarmedUp = plan.Learned is not null });
        }
    }

    private static SessionNote[] NotesOf(StateDocument saved, SessionPlan plan)
    {
        var continuing = new SessionNote.Continuing(plan.Run.Header.Source, saved.Run.Statistics.Steps);
        return saved.Arithmetic == StateFile.Arithmetic
            ? [continuing]
            : [continuing, new SessionNote.OtherArithmetic(saved.Arithmetic, StateFile.Arithmetic)];
    }

    private static StateDocument? Read(SessionPlan plan, RunFolder folder)
    {
        try
        {
            return StateFile.Read(folder.StatePath);
        }
        catch (JournalException) when (plan.Learned is not null || (plan.Fresh && !plan.KeepLearning))
        {
            // An unreadable state is archived as it is.
            return null;
        }
    }

    private static AgentState LearningOf(RunState saved, SessionPlan plan)
    {
        var (before, now) = (saved.Header, plan.Run.Header);
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
        return saved.Agent;
    }
}

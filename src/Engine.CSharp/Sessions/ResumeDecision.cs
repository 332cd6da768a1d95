using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>Decides whether the run in a folder is continued or archived for a new one.</summary>
/// <param name="Resume">State to continue from; null for a new run.</param>
/// <param name="Learned">State of the agent with which a new run starts; null starts from the prior.</param>
/// <param name="Known">Markets that it has learned on; null if there are none, and for a run that is continued.</param>
/// <param name="Notes">Notes for the user, to be passed on once it is known that the run can start.</param>
/// <param name="ArchiveOldRun">Moves all files of the old run away; called at the first step of a new run.</param>
internal sealed record ResumeDecision(
    StateDocument? Resume,
    AgentState? Learned,
    IReadOnlyList<KnownMarket>? Known,
    IReadOnlyList<SessionNote> Notes,
    Action ArchiveOldRun
)
{
    /// <summary>Number of trials out of which the agent of a new run was chosen.</summary>
    public int TrialsBefore { get; private init; }

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
            return new ResumeDecision(saved, null, null, NotesOf(saved, plan), static () => { });

        if (plan.Learned is not null)
            return new ResumeDecision(null, plan.Learned, null, [], ArchiveOldRun) { TrialsBefore = plan.TrialsBefore };
        if (!plan.KeepLearning)
        {
            SessionNote[] unused =
                saved is null && File.Exists(folder.LearnedPath)
                    ? [new SessionNote.LearningUnused(folder.LearnedPath)]
                    : [];
            return new ResumeDecision(null, null, null, unused, ArchiveOldRun);
        }

        var kept = saved is not null
            ? LearnedAgent.OfRun(folder.StatePath, saved.Run)
            : LearnedAgent.OfRetraining(folder.KeptPath) ?? LearnedAgent.OfRetraining(folder.LearnedPath);
        if (kept is null)
        {
            SessionNote[] nothing = [new SessionNote.NothingToLearnFrom(plan.DataDir)];
            return new ResumeDecision(null, null, null, nothing, ArchiveOldRun);
        }
        LearningFit.Require(kept, plan.Run);
        SessionNote[] before = [new SessionNote.LearnedBefore(kept.File, kept.LearnedThrough(plan.Run.Header.Source))];
        return new ResumeDecision(null, kept.State, kept.Known, before, KeepAndArchive)
        {
            TrialsBefore = kept.Header.TrialsBefore,
        };

        // The state is moved away before there is a new one: until then, what was learned is in a file of its own.
        void KeepAndArchive()
        {
            if (kept.IsOfRun)
                LearnedFile.Write(folder.KeptPath, kept);
            ArchiveOldRun();
        }

        void ArchiveOldRun()
        {
            if (folder.ArchiveOldRun(saved?.Run) is not { } movedTo)
                return;
            IReadOnlyList<RunDifference> differences = saved?.Run.Header is { } before
                ? RunDifference.Between(before, plan.Run.HeaderAfter(before))
                : [];
            note(new SessionNote.NewRun(isForced, differences, movedTo) { IsWarmedUp = plan.Learned is not null });
        }
    }

    private static SessionNote[] NotesOf(StateDocument saved, SessionPlan plan)
    {
        var notes = new List<SessionNote>
        {
            new SessionNote.Continuing(plan.Run.Header.Source, saved.Run.Statistics.Steps),
        };
        if (plan.KeepLearning)
            notes.Add(new SessionNote.LearningGoesOn());
        if (saved.Arithmetic != StateFile.Arithmetic)
            notes.Add(new SessionNote.OtherArithmetic(saved.Arithmetic, StateFile.Arithmetic));
        return [.. notes];
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
}

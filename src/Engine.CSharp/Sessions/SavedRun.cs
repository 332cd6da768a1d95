using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>A run in its folder, with what is needed to make it again from its candles. Nothing is locked, changed or created.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Document">The saved state.</param>
/// <param name="Plan">The run, as its header describes it.</param>
internal sealed record SavedRun(string Folder, StateDocument Document, RunPlan Plan)
{
    /// <summary>State of the run.</summary>
    public RunState Run => Document.Run;

    /// <summary>Number of steps.</summary>
    public long Steps => Run.Statistics.Steps;

    /// <summary>Path of its rows.</summary>
    public string TradesPath => Path.Combine(Folder, RunFolder.TradesName);

    /// <summary>Reads the state of a run.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="parts">Custom parts of the run; null uses the built-in ones.</param>
    /// <exception cref="JournalException">The state is missing, unreadable or damaged.</exception>
    /// <exception cref="ExplainException">The run cannot be made again.</exception>
    public static SavedRun Open(string folder, RunParts? parts = null)
    {
        var document = RunInspection.Read(Path.Combine(folder, RunFolder.StateName));
        if (document.Arithmetic != StateFile.Arithmetic)
            throw new ExplainException(new ExplainFault.OtherArithmetic(document.Arithmetic, StateFile.Arithmetic));
        var header = document.Run.Header;
        var created = RunPlan.Create(header.Source, header.Parameters, parts);
        if (created is PlanResult.Refused refused)
            throw new ExplainException(new ExplainFault.NoPlan(refused.Fault));
        var plan = ((PlanResult.Ready)created).Plan.Knowing(header.Known, header.TrialsBefore);
        return RunDifference.Between(header, plan.Header) is [var difference, ..]
            ? throw new ExplainException(new ExplainFault.OtherPlan(difference))
            : new SavedRun(folder, document, plan);
    }

    /// <summary>Returns the number of a step.</summary>
    /// <param name="step">The number, or a negative one that counts from the end: -1 is the newest step.</param>
    /// <exception cref="ExplainException">The run has no such step.</exception>
    public long StepOf(long step)
    {
        var number = step < 0 ? Steps + 1 + step : step;
        return number >= 1 && number <= Steps
            ? number
            : throw new ExplainException(new ExplainFault.NoSuchStep(step, Steps));
    }

    /// <summary>Finds what the agent may have begun with.</summary>
    /// <returns>Null for the prior; otherwise agents that had learned on the markets which the header names, the likeliest
    /// first.</returns>
    /// <exception cref="ExplainException">The run began with an agent of which no file is left.</exception>
    public IReadOnlyList<LearnedAgent?> Starts()
    {
        if (Run.Header.Known is not { Count: > 0 } known)
            return [null];
        var found = Files()
            .Select(Read)
            .Where(agent =>
                agent is not null
                && agent.Known.SequenceEqual(known)
                && LearningFit.FirstObstacle(agent.Header, Run.Header) is null
            )
            .ToList();
        return found.Count > 0 ? found : throw new ExplainException(new ExplainFault.NoLearnedAgent(Folder));
    }

    // Where a run that begins with what was learned takes it from, and where that is moved then.
    private IEnumerable<string> Files()
    {
        var earlier = Path.Combine(Folder, RunFolder.EarlierName);
        var learned = Path.Combine(Folder, RunFolder.LearnedName);
        return
        [
            .. Directory.Exists(earlier)
                ? Directory
                    .GetDirectories(earlier)
                    .Order(StringComparer.Ordinal)
                    .Reverse()
                    .Select(run => Path.Combine(run, RunFolder.StateName))
                : [],
            learned,
            learned + ".bak",
            Path.Combine(Folder, RunFolder.KeptName),
        ];
    }

    // What is not an agent is not the one that is looked for.
    private static LearnedAgent? Read(string file)
    {
        try
        {
            return File.Exists(file) ? LearnedAgent.Read(file) : null;
        }
        catch (JournalException)
        {
            return null;
        }
    }
}

using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>Tells whether what was learned in one run is of use in another: the same market, and every parameter by which the
/// agent sees, learns and is charged.</summary>
internal static class LearningFit
{
    /// <summary>Returns the first difference that rules it out; null if there is none.</summary>
    /// <remarks>Seed, history, cash and the exchange's rules may differ, and so may the kind of source, as long as both markets
    /// are real or of the same synthetic world.</remarks>
    /// <param name="before">Header of the run that has learned.</param>
    /// <param name="now">Header of the other run.</param>
    public static RunDifference? FirstDifference(RunHeader before, RunHeader now)
    {
        var (old, source) = (before.Source, now.Source);
        if (old.Pair != source.Pair)
            return Differ(nameof(MarketSource.Pair), $"{old.Pair}", $"{source.Pair}");
        if (old.Timeframe != source.Timeframe)
            return Differ(nameof(MarketSource.Timeframe), $"{old.Timeframe}", $"{source.Timeframe}");
        var worlds = (World(old), World(source));
        if (worlds.Item1 != worlds.Item2)
        {
            return new RunDifference(
                RunDifferenceKind.Source,
                nameof(MarketSource.Synthetic.World),
                worlds.Item1 ?? old.Kind,
                worlds.Item2 ?? source.Kind
            );
        }

        var same = now.Parameters with
        {
            Seed = before.Parameters.Seed,
            History = before.Parameters.History,
            InitialCash = before.Parameters.InitialCash,
            Rules = before.Parameters.Rules,
        };
        var differences = RunDifference.Between(before, now with { Source = old, Parameters = same });
        return differences.Count > 0 ? differences[0] : null;
    }

    /// <summary>Returns what a retraining has left in a folder for a run; null if there is nothing.</summary>
    /// <exception cref="JournalException">The file cannot be used.</exception>
    /// <exception cref="SessionException">It is of no use in this run.</exception>
    public static AgentState? Of(RunFolder folder, RunPlan plan)
    {
        if (LearnedFile.Read(folder.LearnedPath) is not { } learned)
            return null;
        if (FirstDifference(learned.Header, plan.Header) is { } difference)
            throw new SessionException(new SessionFault.OtherLearner(folder.LearnedPath, difference));
        try
        {
            _ = plan.CreateAgent(learned.Agent);
        }
        catch (InvalidDataException error)
        {
            var reason = StateFile.FirstLine(error.Message);
            throw new JournalException(new JournalFault.LearningUnusable(folder.LearnedPath, reason), error);
        }
        return learned.Agent;
    }

    private static RunDifference Differ(string name, string before, string now) =>
        new(RunDifferenceKind.Parameter, name, before, now);

    private static string? World(MarketSource source) => (source as MarketSource.Synthetic)?.World.Name();
}

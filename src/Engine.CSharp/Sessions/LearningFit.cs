using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>Tells whether what was learned in one run is of use in another.</summary>
internal static class LearningFit
{
    /// <summary>Returns the first difference for which an agent cannot be put into a run that goes on: another market, or another
    /// parameter by which it sees, learns and is charged. Null if there is none.</summary>
    /// <remarks>Seed of the draws, history, cash and the exchange's rules may differ, and so may the kind of source, as long as both
    /// markets are real or the same synthetic one.</remarks>
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
        // What was learned of another seed's market would stand in the state of this one.
        if (
            old is MarketSource.Synthetic { Seed: var seed }
            && source is MarketSource.Synthetic { Seed: var other }
            && seed != other
        )
            return Differ(nameof(RunParameters.Seed), $"{seed}", $"{other}");

        var same = now.Parameters with
        {
            Seed = before.Parameters.Seed,
            History = before.Parameters.History,
            InitialCash = before.Parameters.InitialCash,
            Rules = before.Parameters.Rules,
        };
        var like = now with
        {
            Source = old,
            Parameters = same,
            Known = before.Known,
            TrialsBefore = before.TrialsBefore,
        };
        var differences = RunDifference.Between(before, like);
        return differences.Count > 0 ? differences[0] : null;
    }

    /// <summary>Returns the first difference for which an agent cannot go on in a new run, whose market may be another one; null if
    /// there is none.</summary>
    /// <remarks>Less is asked than by <see cref="FirstDifference"/>. Horizons are counted in candles, and their evidence is net of
    /// costs, so both have to be the same.</remarks>
    /// <param name="before">Header of the run that has learned.</param>
    /// <param name="now">Header of the new run.</param>
    public static RunDifference? FirstObstacle(RunHeader before, RunHeader now)
    {
        if (before.Source.Timeframe != now.Source.Timeframe)
            return Differ(nameof(MarketSource.Timeframe), $"{before.Source.Timeframe}", $"{now.Source.Timeframe}");
        // Another list of indicators that gives the same features is none.
        var isSeenAlike = before.Features.SequenceEqual(now.Features);
        var kept = before.Parameters with
        {
            Agent = now.Parameters.Agent,
            Model = now.Parameters.Model,
            Horizon = now.Parameters.Horizon,
            Costs = now.Parameters.Costs,
            CostModel = now.Parameters.CostModel,
            Indicators = isSeenAlike ? before.Parameters.Indicators : now.Parameters.Indicators,
        };
        var like = before with { Parameters = kept, Features = now.Features };
        return RunDifference.Between(before, like) is [var first, ..] ? first : null;
    }

    /// <summary>Throws if a new run cannot begin with what an agent has learned.</summary>
    /// <exception cref="SessionException">Timeframe, agent, model, horizon, features or costs are others.</exception>
    /// <exception cref="JournalException">The agent does not accept its state.</exception>
    public static void Require(LearnedAgent learned, RunPlan plan)
    {
        if (FirstObstacle(learned.Header, plan.Header) is { } difference)
            throw new SessionException(new SessionFault.OtherLearner(learned.File, difference));
        try
        {
            _ = plan.CreateAgent(learned.State);
        }
        catch (InvalidDataException error)
        {
            throw learned.IsOfRun
                ? StateFile.Misfit(learned.File, error)
                : new JournalException(
                    new JournalFault.LearningUnusable(learned.File, StateFile.FirstLine(error.Message)),
                    error
                );
        }
    }

    private static RunDifference Differ(string name, string before, string now) =>
        new(RunDifferenceKind.Parameter, name, before, now);

    private static string? World(MarketSource source) => (source as MarketSource.Synthetic)?.World.Name();
}

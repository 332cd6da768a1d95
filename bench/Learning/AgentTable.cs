using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Agent by agent, model by model, feedback by feedback: what the defaults were chosen from.</summary>
internal static class AgentTable
{
    private const int Length = 50_000;
    private const int Seeds = 5;

    /// <summary>Prints the table.</summary>
    public static void Print(RealMonths? months)
    {
        Console.WriteLine(
            "| agent | model | feedback | steady edge, H = 1: share of the oracle | candles to 90 % | slow edge, default costs: net share | months, no costs: x buy and hold | months, default costs: equity | fills a month |"
        );
        Console.WriteLine("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var agent in AgentCatalogue.Default.Names)
        {
            foreach (var (model, feedback) in Ways(agent))
                Console.WriteLine(
                    Row(
                        new RunParameters
                        {
                            Agent = agent,
                            Model = model,
                            Feedback = feedback,
                        },
                        months
                    )
                );
        }
    }

    private static IEnumerable<(AgentModel, Feedback)> Ways(string agent)
    {
        var models = AgentCatalogue.Default.WeighingHorizons.Contains(agent)
            ? Enum.GetValues<AgentModel>()
            : [AgentModel.Shared];
        var feedbacks =
            AgentCatalogue.Default.WeighingHorizons.Contains(agent) || agent == "softmax"
                ? Enum.GetValues<Feedback>()
                : [Feedback.Full];
        return models.SelectMany(_ => feedbacks, (model, feedback) => (model, feedback));
    }

    private static string Row(RunParameters parameters, RealMonths? months)
    {
        var learns =
            AgentCatalogue.Default.WeighingHorizons.Contains(parameters.Agent) || parameters.Agent == "softmax";
        // Several horizons where the agent can weigh them, as in the program.
        var baseline = AgentCatalogue.Default.Find(parameters.Agent)!.NeedsHorizon(parameters)
            ? parameters with
            {
                Horizon = AgentCatalogue.DefaultHorizon,
            }
            : parameters;
        var near = Free(parameters with { Horizon = 1 });
        var steady = LearningProofs.Seeded(
            Seeds,
            seed => PlantedRun.Of(LearningProofs.Planted(seed), Length, near with { Seed = seed }, Length / 2)
        );
        var slow = LearningProofs.Seeded(
            Seeds,
            seed => PlantedRun.Of(LearningProofs.Slow(2, 300, seed), 2 * Length, baseline with { Seed = seed })
        );
        var cheap = months?.Run(Free(baseline));
        var dear = months?.Run(baseline);
        string[] cells =
        [
            parameters.Agent,
            learns ? (parameters.Model == AgentModel.Shared ? "shared" : "per-action") : "",
            learns ? (parameters.Feedback == Feedback.Full ? "full" : "bandit") : "",
            LearningProofs.Text(steady.Average(result => result.Share)),
            Median(steady.Select(result => result.CandlesToReach)),
            LearningProofs.Text(slow.Average(result => result.NetShare)),
            cheap is null ? "" : LearningProofs.Text(LearningProofs.GeometricMean(cheap.Select(month => month.Factor))),
            dear is null ? "" : LearningProofs.Text(LearningProofs.GeometricMean(dear.Select(month => month.Equity))),
            dear is null ? "" : dear.Average(month => month.Trades).ToString("N0", CultureInfo.InvariantCulture),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static RunParameters Free(RunParameters parameters) => parameters with { Costs = Costs.None };

    private static string Median(IEnumerable<int?> counts)
    {
        var middle = counts.Select(count => count ?? int.MaxValue).Order().ElementAt(Seeds / 2);
        return middle == int.MaxValue ? "never" : middle.ToString("N0", CultureInfo.InvariantCulture);
    }
}

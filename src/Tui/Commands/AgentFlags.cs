using System.CommandLine;
using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the agent: which one decides, what it learns from, how far it looks ahead and how it trades.</summary>
internal sealed class AgentFlags
{
    private const string Auto = "auto";
    private const int MaxHorizon = 1_440;

    private static readonly RunParameters defaults = new();

    private readonly Option<string> agent = Flags.Text(
        "--agent",
        "NAME",
        $"Who chooses: {string.Join(' ', AgentCatalogue.Default.Names)}",
        defaults.Agent
    );
    private readonly Option<string> model = Flags.Text(
        "--model",
        "NAME",
        "What it models: shared (the market's move) or per-action (each action's reward)",
        AgentModels.Names.Of(defaults.Model)
    );
    private readonly Option<string> feedback = Flags.Text(
        "--feedback",
        "NAME",
        "What it learns from: full (every action's outcome) or bandit (the chosen one's)",
        Feedbacks.Names.Of(defaults.Feedback)
    );
    private readonly Option<string?> horizon = new("--horizon")
    {
        Description =
            $"Candles that a decision looks ahead, or auto: several, weighed by their evidence [default: auto; {AgentCatalogue.DefaultHorizon} if the agent or model cannot weigh several, 1 if the agent does not learn]",
        HelpName = "N",
    };
    private readonly Option<double?> posteriorScale = Flags.Number(
        "--posterior-scale",
        "X",
        "Multiple of the posterior's standard deviation that draws use; 0 is greedy",
        0,
        100,
        "0.35"
    );
    private readonly Option<double?> forgetting = Flags.Number(
        "--forgetting",
        "X",
        "Weight that an observation keeps with each new candle",
        0.5,
        1,
        "0.99999"
    );
    private readonly Option<string> evidence = Flags.Text(
        "--evidence",
        "N",
        "Evidence that an expert needs before money follows it, in standard deviations, a little more the longer the run; off follows the best one at once",
        "3"
    );
    private readonly Option<double?> positionFraction = Flags.Number(
        "--position-fraction",
        "X",
        "Fraction of equity that a buy invests",
        0.01,
        1,
        "1"
    );
    private readonly Option<string> fill = Flags.Text(
        "--fill",
        "NAME",
        "When orders fill: next-open, or close (the close at which the decision was made; no real order could fill there)",
        FillMoments.Names.Of(defaults.Fill)
    );

    /// <summary>Adds the flags.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [agent, model, feedback, horizon, posteriorScale, forgetting, evidence, positionFraction, fill];
        foreach (var option in all)
            command.Add(option);
        OneOf(agent, AgentCatalogue.Default.Names);
        OneOf(model, AgentModels.Names.All);
        OneOf(feedback, Feedbacks.Names.All);
        OneOf(fill, FillMoments.Names.All);
        Flags.Check(evidence, text => ParseEvidence(text) is not null, "off or a number from 0 to 100 is needed");
        Flags.Check(
            horizon!,
            text => text == Auto || ParseHorizon(text) is not null,
            $"auto or a whole number from 1 to {MaxHorizon} is needed"
        );
    }

    /// <summary>Whether several horizons are asked for.</summary>
    public bool IsAuto(ParseResult parsed) => parsed.GetValue(horizon) == Auto;

    /// <summary>Reads the flags that passed the checks; seed, history and costs are filled in elsewhere.</summary>
    public RunParameters Read(ParseResult parsed)
    {
        var asked = parsed.GetValue(horizon);
        var parameters = defaults with
        {
            Agent = parsed.GetValue(agent)!,
            Model = AgentModels.Names.Parse(parsed.GetValue(model)),
            Feedback = Feedbacks.Names.Parse(parsed.GetValue(feedback)),
            Horizon = ParseHorizon(asked),
            PosteriorScale = parsed.GetValue(posteriorScale) ?? defaults.PosteriorScale,
            Forgetting = parsed.GetValue(forgetting) ?? defaults.Forgetting,
            Evidence = ParseEvidence(parsed.GetValue(evidence)) ?? defaults.Evidence,
            PositionFraction = parsed.GetValue(positionFraction) ?? defaults.PositionFraction,
            Fill = FillMoments.Names.Parse(parsed.GetValue(fill)),
        };
        return asked is null && AgentCatalogue.Default.Find(parameters.Agent)!.NeedsHorizon(parameters)
            ? parameters with
            {
                Horizon = AgentCatalogue.DefaultHorizon,
            }
            : parameters;
    }

    private static void OneOf(Option<string> option, IReadOnlyList<string> names) =>
        Flags.Check(option, names.Contains, $"one of {string.Join(' ', names)} is needed");

    private static double? ParseEvidence(string? text) =>
        text == "off" ? 0.0
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and <= 100
            ? value
        : null;

    private static int? ParseHorizon(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value is >= 1 and <= MaxHorizon
            ? value
            : null;
}

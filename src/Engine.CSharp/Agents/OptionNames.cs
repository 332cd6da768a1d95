using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Agents;

/// <summary>Names of the agents' models in options and files.</summary>
internal static class AgentModels
{
    public const string Shared = "shared";
    public const string PerAction = "per-action";

    public static ValueNames<AgentModel> Names { get; } =
        new((AgentModel.Shared, Shared), (AgentModel.PerAction, PerAction));
}

/// <summary>Names of the kinds of feedback in options and files.</summary>
internal static class Feedbacks
{
    public const string Full = "full";
    public const string Bandit = "bandit";

    public static ValueNames<Feedback> Names { get; } = new((Feedback.Full, Full), (Feedback.Bandit, Bandit));
}

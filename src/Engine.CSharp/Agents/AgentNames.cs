namespace BtcBandit.Engine.Agents;

/// <summary>The names of the agents in flags and files.</summary>
public static class AgentNames
{
    /// <summary>Thompson sampling on a linear posterior.</summary>
    public const string LinearThompson = "linear-ts";

    /// <summary>Optimism: the mean and some standard deviations.</summary>
    public const string LinearUcb = "linear-ucb";

    /// <summary>The mean, but for one blind choice in twenty.</summary>
    public const string EpsilonGreedy = "epsilon-greedy";

    /// <summary>The mean.</summary>
    public const string Greedy = "greedy";

    /// <summary>Policy gradient on a softmax of linear preferences.</summary>
    public const string Softmax = "softmax";

    /// <summary>Never does anything.</summary>
    public const string Hold = "hold";

    /// <summary>Any action that is offered.</summary>
    public const string Random = "random";

    /// <summary>Buys once.</summary>
    public const string BuyAndHold = "buy-and-hold";

    /// <summary>In the market while the short average of closes is above the long one.</summary>
    public const string MovingAverageCross = "ma-cross";

    /// <summary>All of them, in the order of <c>--help</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [LinearThompson, LinearUcb, EpsilonGreedy, Greedy, Softmax, Hold, Random, BuyAndHold, MovingAverageCross];

    /// <summary>Those that have a posterior.</summary>
    public static IReadOnlyList<string> WithPosterior { get; } = [LinearThompson, LinearUcb, EpsilonGreedy, Greedy];
}

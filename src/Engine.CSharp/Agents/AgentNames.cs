namespace BtcBandit.Engine.Agents;

/// <summary>Names of the built-in agents in options and files.</summary>
public static class AgentNames
{
    /// <summary>Thompson sampling: chooses by a draw from a linear model's posterior.</summary>
    public const string LinearThompson = "linear-ts";

    /// <summary>Upper confidence bound: chooses by the posterior mean plus a multiple of the standard deviation.</summary>
    public const string LinearUcb = "linear-ucb";

    /// <summary>Epsilon-greedy: chooses by the posterior mean, but uniformly at random in 5 % of the decisions.</summary>
    public const string EpsilonGreedy = "epsilon-greedy";

    /// <summary>Greedy: chooses by the posterior mean.</summary>
    public const string Greedy = "greedy";

    /// <summary>Policy gradient on a softmax over linear preferences.</summary>
    public const string Softmax = "softmax";

    /// <summary>Baseline that always holds.</summary>
    public const string Hold = "hold";

    /// <summary>Baseline that chooses uniformly among the allowed actions.</summary>
    public const string Random = "random";

    /// <summary>Baseline that buys at the first opportunity and never sells.</summary>
    public const string BuyAndHold = "buy-and-hold";

    /// <summary>Baseline that is in the market while the 20-candle mean of closes is above the 50-candle mean.</summary>
    public const string MovingAverageCross = "ma-cross";
}

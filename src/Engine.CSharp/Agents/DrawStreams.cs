namespace BtcBandit.Engine.Agents;

/// <summary>Numbers of the random streams that are drawn with the seed of a run. Two users of one number draw the same.</summary>
/// <remarks>The streams of a synthetic market are those of its own seed.</remarks>
internal static class DrawStreams
{
    /// <summary>Values of actions; that of horizon k, from 0, has 100 x k added.</summary>
    public const int Values = 1;

    /// <summary>Whether epsilon-greedy explores.</summary>
    public const int Exploring = 2;

    /// <summary>What epsilon-greedy explores.</summary>
    public const int Explored = 3;

    /// <summary>Actions of the agent that chooses at random.</summary>
    public const int RandomActions = 4;

    /// <summary>Actions of softmax.</summary>
    public const int SoftmaxActions = 5;

    /// <summary>Seeds of the cycles of a retraining.</summary>
    public const int RetrainingSeeds = 6;

    /// <summary>Trades of the baseline that trades at random.</summary>
    public const int RandomTurnover = 7;

    /// <summary>Blocks of the bootstrap.</summary>
    public const int BootstrapBlocks = 8;

    /// <summary>Places at which a causality check cuts the candles.</summary>
    public const int CausalityCuts = 9;

    /// <summary>Settings of a sweep.</summary>
    public const int SweepSettings = 10;

    /// <summary>Units of a sweep that are computed again to check the results of others.</summary>
    public const int SweepChecks = 11;
}

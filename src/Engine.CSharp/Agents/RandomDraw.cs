using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>What a random number of a decision is for.</summary>
internal enum DrawUse
{
    /// <summary>Value of the actions, or of one of them: a standard normal number.</summary>
    Values,

    /// <summary>Whether the choice is blind: a uniform number.</summary>
    Exploring,

    /// <summary>Which action a blind choice takes: a uniform number.</summary>
    Explored,

    /// <summary>The action itself: a uniform number.</summary>
    Action,
}

/// <summary>A random number of a decision, and what it follows from.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Stream">Number of the random stream; see <see cref="DrawStreams"/>.</param>
/// <param name="Counter">Number of the draw in its stream: the open time of the candle, ms UTC.</param>
/// <param name="Value">The number: standard normal, or uniform in 0..1.</param>
internal sealed record RandomDraw(DrawUse Use, long Seed, int Stream, long Counter, double Value)
{
    /// <summary>Draws a standard normal number.</summary>
    public static RandomDraw Normal(DrawUse use, long seed, int stream, long counter) =>
        new(use, seed, stream, counter, CounterRandom.Normal(seed, stream, counter));

    /// <summary>Draws a uniform number.</summary>
    public static RandomDraw Uniform(DrawUse use, long seed, int stream, long counter) =>
        new(use, seed, stream, counter, CounterRandom.Uniform(seed, stream, counter));
}

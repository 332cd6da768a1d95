using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>Everything that happened to a run in one candle: all that the journal and every view ever see.</summary>
public sealed class Step
{
    private readonly IRunStateSource source;
    private readonly Observation observation;

    /// <summary>Made by the trade operator, which also answers <see cref="Capture"/>.</summary>
    /// <param name="source">Gives the state of the run.</param>
    /// <param name="observation">What was seen; warm.</param>
    public Step(IRunStateSource source, Observation observation) =>
        (this.source, this.observation) = (source, observation);

    /// <summary>Position in the run, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Candles of the run so far, history and warm-up included.</summary>
    public long Candles => observation.Index + 1;

    /// <summary>The closed candle.</summary>
    public Candle Candle => observation.Candle;

    /// <summary>What the run is called and computes; the same object in every step of a run.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>The indicator row, one value for each of the header's columns.</summary>
    public ImmutableArray<double> Indicators => ImmutableCollectionsMarshal.AsImmutableArray(observation.Indicators);

    /// <summary>The context vector, one value for each of the header's features, within -5..5.</summary>
    public ImmutableArray<double> Features => ImmutableCollectionsMarshal.AsImmutableArray(observation.Features);

    /// <summary>What was chosen at this close, and what the agent thought of each action.</summary>
    public required Choice Choice { get; init; }

    /// <summary>The execution at this open of what was chosen at the close before, if there was one.</summary>
    public required Fill? Fill { get; init; }

    /// <summary>Money and position after the fill.</summary>
    public required Portfolio Portfolio { get; init; }

    /// <summary>What matured with this candle, as a fraction of equity; absent while nothing has.</summary>
    public required double? Reward { get; init; }

    /// <summary>Why: "exploit" or "explore", and after it what happened to an order that was not filled.</summary>
    public required string Reason { get; init; }

    /// <summary>Running statistics, this step included.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>What others made of the same candles, this step included.</summary>
    public required RivalResults Rivals { get; init; }

    /// <summary>The whole state of the run after this step, as a value of its own.</summary>
    /// <remarks>
    /// Copies what the agent learned, so it is asked for at checkpoints only, while the step is being delivered or after
    /// the stream has ended with it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The run has gone on since.</exception>
    public RunState Capture() => source.Capture(this);
}

/// <summary>Gives the state of a run at its newest step.</summary>
public interface IRunStateSource
{
    /// <summary>Copies the state.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="step"/> is not the newest one.</exception>
    RunState Capture(Step step);
}

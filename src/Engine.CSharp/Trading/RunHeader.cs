using System.Collections.Immutable;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Identity of a run: market source, parameters, and names of its columns and features. Two runs with equal headers
/// on the same candles are the same run.</summary>
public sealed record RunHeader
{
    /// <summary>Creates a header from its parts.</summary>
    /// <param name="source">Pair, timeframe and source of the candles.</param>
    /// <param name="parameters">All other parameters that affect the results.</param>
    /// <param name="columns">Names of the indicator columns, in order.</param>
    /// <param name="features">Names of the features, in the order of the context vector.</param>
    [JsonConstructor]
    public RunHeader(
        MarketSource source,
        RunParameters parameters,
        ImmutableArray<string> columns,
        ImmutableArray<string> features
    ) => (Source, Parameters, Columns, Features) = (source, parameters, columns, features);

    /// <summary>Pair, timeframe and source of the candles.</summary>
    public MarketSource Source { get; init; }

    /// <summary>All other parameters that affect the results.</summary>
    public RunParameters Parameters { get; init; }

    /// <summary>Names of the indicator columns, in order.</summary>
    public ImmutableArray<string> Columns { get; init; }

    /// <summary>Names of the features, in the order of the context vector.</summary>
    public ImmutableArray<string> Features { get; init; }

    /// <summary>Markets that the agent had learned on when the run began, each once; null if it began with the prior.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<KnownMarket>? Known { get; init; }

    /// <summary>Number of trials out of which the run's agent was chosen before it began, or since: passes of a warm-up and cycles of
    /// a retraining; 0 by default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int TrialsBefore { get; init; }

    /// <summary>Whether that number can be one: 0 to 1,000,000,000.</summary>
    internal bool HasSoundTrials => TrialsBefore is >= 0 and <= 1_000_000_000;

    /// <summary>Open time of the newest candle of this market that the agent had learned from when the run began, ms UTC; null if
    /// there was none. Candles up to it only warm the indicators up: a trade on them would not be out-of-sample.</summary>
    [JsonIgnore]
    public long? LearnedThrough => KnownMarket.NewestOf(Known, Source);

    /// <summary>Options and feature names from which the run's agent is created.</summary>
    [JsonIgnore]
    public AgentSetup AgentSetup => new(Parameters, Features);

    /// <summary>Creates a header; the feature set's list of indicators replaces the one in the parameters.</summary>
    internal static RunHeader For(MarketSource source, FeatureSet featureSet, RunParameters parameters) =>
        new(
            source,
            parameters with
            {
                Indicators = featureSet.List,
            },
            [.. featureSet.Columns],
            [.. featureSet.Features]
        );

    /// <summary>Compares two headers, all names included.</summary>
    public bool Equals(RunHeader? other) =>
        ReferenceEquals(this, other)
        || other is not null
            && Source == other.Source
            && Parameters == other.Parameters
            && TrialsBefore == other.TrialsBefore
            && (Known ?? []).SequenceEqual(other.Known ?? [])
            && Columns.SequenceEqual(other.Columns)
            && Features.SequenceEqual(other.Features);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Parameters, Columns.Length, Features.Length);
}

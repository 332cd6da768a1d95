using System.Globalization;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>What a run trades and where its candles come from. Runs with equal sources see the same market.</summary>
/// <remarks>
/// A closed union. File and host names are not part of it, so a run can continue on other months of the same pair or
/// from another mirror of the exchange.
/// </remarks>
[JsonConverter(typeof(MarketSourceConverter))]
public abstract record MarketSource
{
    private MarketSource(TradingPair pair, Timeframe timeframe) => (Pair, Timeframe) = (pair, timeframe);

    /// <summary>The traded pair.</summary>
    public TradingPair Pair { get; init; }

    /// <summary>Length of a candle.</summary>
    public Timeframe Timeframe { get; init; }

    /// <summary>Name of this kind of source in files: <c>synthetic</c>, <c>archive</c> or <c>live</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether a candle of this market tells something of the candles of another one at the same time: both are real and
    /// trade the same pair, whatever their timeframes, or both are the same synthetic market.</summary>
    /// <param name="other">The other market.</param>
    internal bool IsSameMarket(MarketSource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this, other) switch
        {
            (Synthetic, Synthetic) => this == other,
            (Synthetic, _) or (_, Synthetic) => false,
            _ => Pair == other.Pair,
        };
    }

    /// <summary>Returns what the function of this kind of source returns; a new kind is a new parameter, so no caller can forget
    /// it.</summary>
    internal T Match<T>(Func<Synthetic, T> synthetic, Func<Files, T> files, Func<Live, T> live) =>
        this switch
        {
            Synthetic source => synthetic(source),
            Files source => files(source),
            Live source => live(source),
            _ => throw new InvalidOperationException($"There is no source {Kind}."),
        };

    /// <summary>A synthetic market.</summary>
    /// <param name="Pair">The traded pair.</param>
    /// <param name="Timeframe">Length of a candle.</param>
    /// <param name="World">What can be predicted in the market.</param>
    /// <param name="Seed">Seed of the random numbers that generate the market.</param>
    public sealed record Synthetic(TradingPair Pair, Timeframe Timeframe, SyntheticWorld World, long Seed)
        : MarketSource(Pair, Timeframe)
    {
        /// <summary>Value of <see cref="Kind"/> for synthetic sources.</summary>
        internal const string Name = "synthetic";

        /// <inheritdoc/>
        public override string Kind => Name;

        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Kind} {World.Name()} seed {Seed} {Pair} {Timeframe}");
    }

    /// <summary>Recorded candles from files.</summary>
    /// <param name="Pair">The traded pair.</param>
    /// <param name="Timeframe">Length of a candle.</param>
    /// <param name="Missing">What takes the place of missing candles.</param>
    public sealed record Files(TradingPair Pair, Timeframe Timeframe, MissingCandles Missing = MissingCandles.None)
        : MarketSource(Pair, Timeframe)
    {
        /// <summary>Value of <see cref="Kind"/> for files.</summary>
        internal const string Name = "archive";

        /// <inheritdoc/>
        public override string Kind => Name;

        /// <inheritdoc/>
        public override string ToString() =>
            Missing == MissingCandles.None
                ? $"{Kind} {Pair} {Timeframe}"
                : $"{Kind} {Pair} {Timeframe} missing {MissingCandlesNames.Values.Of(Missing)}";
    }

    /// <summary>Candles from the exchange as they close.</summary>
    /// <param name="Pair">The traded pair.</param>
    /// <param name="Timeframe">Length of a candle.</param>
    public sealed record Live(TradingPair Pair, Timeframe Timeframe) : MarketSource(Pair, Timeframe)
    {
        /// <summary>Value of <see cref="Kind"/> for live sources.</summary>
        internal const string Name = "live";

        /// <inheritdoc/>
        public override string Kind => Name;

        /// <inheritdoc/>
        public override string ToString() => $"{Kind} {Pair} {Timeframe}";
    }
}

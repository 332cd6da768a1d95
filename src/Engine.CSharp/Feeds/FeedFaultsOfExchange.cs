using System.Globalization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds;

// Faults of an exchange.
public abstract partial record FeedFault
{
    /// <summary>An exchange has never answered.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Reason">What the last attempt ended with.</param>
    public sealed record ExchangeUnreachable(string Host, string Reason) : FeedFault
    {
        /// <summary>Whether something has answered, but not as an exchange does: with an error, or a page of a network's login.</summary>
        public bool IsAnswered { get; init; }

        /// <inheritdoc/>
        public override string Sentence =>
            IsAnswered
                ? $"{Host} does not answer as an exchange ({Reason}): try again later"
                : $"{Host} cannot be reached ({Reason}): check the network";
    }

    /// <summary>An exchange refuses a request, and will refuse it again.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Status">HTTP status of the answer.</param>
    /// <param name="Code">The exchange's own number of the error; 0 if the answer has none.</param>
    public sealed record ExchangeRefuses(string Host, int Status, int Code) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            (Status, Code) switch
            {
                (_, -1121) => $"{Host} does not know the pair (error -1121)",
                (_, -1120) => $"{Host} does not know the timeframe (error -1120)",
                (451, _) => $"{Host} does not serve this region (HTTP 451); use a host that does",
                (_, 0) => $"{Host} refuses the request (HTTP {Status})",
                _ => $"{Host} refuses the request (HTTP {Status}, error {Code})",
            };
    }

    /// <summary>An exchange has a pair, but does not trade it now.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Pair">The pair.</param>
    /// <param name="Status">The exchange's word for it, such as BREAK.</param>
    public sealed record NotTraded(string Host, TradingPair Pair, string Status) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Host} does not trade {Pair} now (status {Status})";
    }

    /// <summary>There are too few candles for a warm-up.</summary>
    /// <param name="Found">Number of candles that there are.</param>
    /// <param name="Needed">Number of candles that the indicators and the gate need.</param>
    public sealed record TooFewToWarmUp(int Found, int Needed) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"a warm-up needs at least {Needed} candles, there {(Found == 1 ? "is" : "are")} {Found}";
    }

    /// <summary>There are too few candles for a retraining.</summary>
    /// <param name="Found">Number of candles that there are.</param>
    /// <param name="Needed">Number of candles that the indicators and the slices need.</param>
    /// <param name="RunEnds">Open time of the newest candle of the run whose agent is trained, ms UTC, as the candles after it are left
    /// out; null if none are.</param>
    public sealed record TooFewToRetrain(int Found, int Needed, long? RunEnds) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            RunEnds is { } time
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"a retraining needs at least {Needed} candles up to the newest one of the run, {DateTimeOffset.FromUnixTimeMilliseconds(time):yyyy-MM-dd HH:mm} UTC, there {(Found == 1 ? "is" : "are")} {Found}"
                )
                : $"a retraining needs at least {Needed} candles, there {(Found == 1 ? "is" : "are")} {Found}";
    }
}

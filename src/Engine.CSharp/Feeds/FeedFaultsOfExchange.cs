namespace BtcBandit.Engine.Feeds;

// Faults of an exchange.
public abstract partial record FeedFault
{
    /// <summary>An exchange has never answered.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Reason">What the last attempt ended with.</param>
    public sealed record ExchangeUnreachable(string Host, string Reason) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Host} cannot be reached ({Reason}): check the network";
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
                _ => $"{Host} refuses the request (HTTP {Status}, error {Code})",
            };
    }
}

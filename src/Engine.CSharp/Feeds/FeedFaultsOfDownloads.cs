namespace BtcBandit.Engine.Feeds;

// What keeps candles of an exchange from being written to files.
public abstract partial record FeedFault
{
    /// <summary>An exchange asks for silence, for longer than is waited here.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Reason">What the last attempt ended with.</param>
    /// <param name="Wait">For how long it asks.</param>
    public sealed record ExchangeSilence(string Host, string Reason, TimeSpan Wait) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Host} asks for {Wait.TotalSeconds:0} s of silence ({Reason})";
    }

    /// <summary>An exchange sent a candle that it had sent before, or one before those that were asked for.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="OpenTime">Open time of the candle, ms UTC.</param>
    /// <param name="Earliest">Earliest open time of a candle at this place, ms UTC.</param>
    public sealed record ExchangeOutOfOrder(string Host, long OpenTime, long Earliest) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{Host} sent the candle of {FeedText.Time(OpenTime)} where one from {FeedText.Time(Earliest)} on belongs";
    }

    /// <summary>An exchange sent a row that is no candle.</summary>
    /// <param name="Host">The host that was asked.</param>
    /// <param name="Row">The row, cut.</param>
    public sealed record ExchangeRow(string Host, string Row) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Host} sent a row that is no candle: {Row}";
    }

    /// <summary>A file that should hold the candles of a month holds something else.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Number of the line, from 1.</param>
    /// <param name="Value">The line, cut.</param>
    public sealed record NotMonthly(string File, long Line, string Value) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: expected a row of 12 columns, in this month and after the row before, found '{Value}'; move the file away";
    }

    /// <summary>Candles cannot be written.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Reason">The operating system's message.</param>
    public sealed record Unwritable(string Folder, string Reason) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Folder}: cannot be written: {Reason}";
    }

    /// <summary>Another process writes candles into the same folder.</summary>
    /// <param name="Folder">The folder.</param>
    public sealed record CandlesInUse(string Folder) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Folder}: another process writes candles there; wait for it";
    }
}

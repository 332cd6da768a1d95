using System.Globalization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds;

// Files that cannot be read as a whole, and timeframes that do not fit. A table inside a zip is called zip/table.
public abstract partial record FeedFault
{
    /// <summary>The operating system cannot read a file or folder.</summary>
    /// <param name="File">The file or folder.</param>
    /// <param name="Reason">The operating system's message.</param>
    public sealed record Unreadable(string File, string Reason) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: cannot be read: {Reason}";
    }

    /// <summary>A compressed file is corrupt or truncated.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Reason">How the damage was detected.</param>
    public sealed record Damaged(string File, string Reason) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: damaged or incomplete, fetch it again ({Reason})";
    }

    /// <summary>A file has no bytes, or only empty lines.</summary>
    /// <param name="File">The file.</param>
    public sealed record EmptyFile(string File) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: the file is empty";
    }

    /// <summary>A file has a header and no row below it.</summary>
    /// <param name="File">The file.</param>
    public sealed record HeaderOnly(string File) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: the file has a header but no rows";
    }

    /// <summary>A zip holds no .csv.</summary>
    /// <param name="File">The zip.</param>
    public sealed record ZipWithoutTable(string File) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: there is no .csv in this zip";
    }

    /// <summary>The rows of a file are a regular time apart that is not a timeframe.</summary>
    /// <param name="File">The file.</param>
    /// <param name="StepMilliseconds">The most common distance between two rows, in milliseconds.</param>
    public sealed record NotATimeframe(string File, long StepMilliseconds) : FeedFault
    {
        /// <summary>The names of all timeframes.</summary>
        public static string Accepted => Timeframe.Names;

        /// <inheritdoc/>
        public override string Sentence =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{File}: rows are {StepMilliseconds / 1_000.0} s apart, which is no timeframe; accepted: {Accepted}"
            );
    }

    /// <summary>A file holds longer candles than the ones wanted.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Found">The timeframe of its rows.</param>
    /// <param name="Wanted">The timeframe wanted.</param>
    public sealed record LongerTimeframe(string File, Timeframe Found, Timeframe Wanted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: holds {Found} candles, longer than {Wanted}";
    }

    /// <summary>A file holds shorter candles, but the timeframe wanted is not a multiple of theirs.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Found">The timeframe of its rows.</param>
    /// <param name="Wanted">The timeframe wanted.</param>
    public sealed record IndivisibleTimeframe(string File, Timeframe Found, Timeframe Wanted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: holds {Found} candles, which do not add up to {Wanted}";
    }

    /// <summary>A file holds candles of another timeframe than the files before it.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Found">The timeframe of its rows.</param>
    /// <param name="Before">The timeframe of the files before it.</param>
    public sealed record MixedTimeframes(string File, Timeframe Found, Timeframe Before) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: holds {Found} candles among files of {Before}; read one timeframe at a time";
    }

    /// <summary>No row of a file opens at a multiple of its timeframe.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Timeframe">The timeframe.</param>
    /// <param name="FirstOpenTime">Open time of its first row, ms UTC.</param>
    public sealed record OffGrid(string File, Timeframe Timeframe, long FirstOpenTime) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: no row is on the grid of {Timeframe}, the first opens at {FeedText.Time(FirstOpenTime)}";
    }
}

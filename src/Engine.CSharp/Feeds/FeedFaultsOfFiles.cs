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

    /// <summary>A file holds something other than its name says.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Content">What it holds, for instance "a zip".</param>
    /// <param name="Accepted">What is accepted instead.</param>
    public sealed record OtherContent(string File, string Content, string Accepted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: the file is {Content}; accepted: {Accepted}";
    }

    /// <summary>A table inside a zip is packed in a way that cannot be unpacked here.</summary>
    /// <param name="File">The table.</param>
    /// <param name="How">How it is packed, for instance "is encrypted".</param>
    public sealed record PackedOtherwise(string File, string How) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: {How}; accepted: a zip that is packed with Deflate or not at all";
    }

    /// <summary>A file has a format that another program has to convert.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Format">Name of the format.</param>
    /// <param name="Way">How to convert it.</param>
    public sealed record NeedsConversion(string File, string Format, string Way) : FeedFault
    {
        private static readonly (string Extension, string Format, string Way)[] formats =
        [
            (".parquet", "Parquet", WithPandas("parquet")),
            (".feather", "Feather", Freqtrade),
            (".arrow", "Arrow", WithPandas("feather")),
            (".h5", "HDF5", WithPandas("hdf")),
            (".hdf5", "HDF5", WithPandas("hdf")),
            (".pkl", "a Python pickle", WithPandas("pickle")),
            (".xlsx", "an Excel workbook", "save it as CSV UTF-8"),
            (".xls", "an Excel workbook", "save it as CSV UTF-8"),
        ];

        private const string Freqtrade = "convert it with freqtrade convert-data, from feather to json";

        /// <inheritdoc/>
        public override string Sentence => $"{File}: {Format} is not read; {Way}";

        internal static string WithPandas(string reader) =>
            $"convert it with Python: pandas.read_{reader}(FILE).to_csv('candles.csv')";

        internal static NeedsConversion? Of(string file) =>
            Array.Find(formats, format => file.EndsWith(format.Extension, StringComparison.OrdinalIgnoreCase))
                is { Format: { } format, Way: { } way }
                ? new NeedsConversion(file, format, way)
                : null;
    }

    /// <summary>A JSON file is not an array of arrays of numbers.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Found">What was found in the place of a candle or a number.</param>
    public sealed record NotJsonRows(string File, string Found) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: {Found} where a candle was expected; accepted: [[time, open, high, low, close, volume], ...]";
    }

    /// <summary>A JSON file holds a word, such as NaN, in the place of a number.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Value">The word.</param>
    public sealed record NotJsonNumber(string File, long Line, string Value) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: '{Value}' is not JSON; accepted: a number or a text in quotes";
    }

    /// <summary>The interval in a file's name is not that of its rows.</summary>
    /// <param name="File">The file.</param>
    /// <param name="StatedMilliseconds">The interval in the name, in milliseconds.</param>
    /// <param name="StepMilliseconds">The distance of the rows, in milliseconds.</param>
    public sealed record NameDisagrees(string File, long StatedMilliseconds, long StepMilliseconds) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: the name says {FeedText.Length(StatedMilliseconds)}, but rows are "
            + $"{FeedText.Length(StepMilliseconds)} apart; rename the file if the rows are right";
    }

    /// <summary>A file gives other values for most candles that another file has too.</summary>
    /// <param name="First">The file read first.</param>
    /// <param name="Second">The other file.</param>
    /// <param name="Restated">Number of candles that differ.</param>
    /// <param name="Overlapping">Number of candles that both have.</param>
    public sealed record TwoSources(string First, string Second, int Restated, int Overlapping) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{First} and {Second}: {Restated} of {FeedText.Count(Overlapping, "candle")} that both have differ, so these "
            + "are two sources; accepted: files of one source";
    }

    /// <summary>The price of a row is too far from that of the row before it, in the same file or in the one before.</summary>
    /// <param name="Before">The file of the row before.</param>
    /// <param name="Close">The close of that row.</param>
    /// <param name="File">The file of the row.</param>
    /// <param name="Open">The open of the row.</param>
    /// <param name="OpenTime">Open time of the row, ms UTC.</param>
    public sealed record TwoMarkets(string Before, double Close, string File, double Open, long OpenTime) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{File}: opens at {Open} at {FeedText.Time(OpenTime)}, but {Before} closes at {Close}: no market moves that "
                    + $"far in that time; accepted: candles of one market"
            );
    }

    /// <summary>A zip holds no table.</summary>
    /// <param name="File">The zip.</param>
    public sealed record ZipWithoutTable(string File) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: there is no .csv, .tsv or .json in this zip";
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

    /// <summary>A file holds candles of two timeframes.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Source">Timeframe of most of its first rows.</param>
    /// <param name="StepMilliseconds">The distance of other rows, in milliseconds.</param>
    /// <param name="OpenTime">Open time of a row among these, ms UTC.</param>
    public sealed record TwoTimeframes(string File, Timeframe Source, long StepMilliseconds, long OpenTime) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: rows around {FeedText.Time(OpenTime)} are {FeedText.Length(StepMilliseconds)} apart, others {Source}; "
            + "accepted: one timeframe per file";
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

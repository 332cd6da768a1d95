using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

// Headers and rows. Lines and columns count from 1, empty lines included; a value is what the file holds, cut to 40
// characters and free of control characters.
public abstract partial record FeedFault
{
    /// <summary>The first row is neither a candle nor a header.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the row, from 1.</param>
    /// <param name="Value">The row, shortened for messages.</param>
    public sealed record NotATable(string File, long Line, string Value) : FeedFault
    {
        /// <summary>Layouts that are accepted.</summary>
        public static string Accepted =>
            "columns separated by commas, semicolons or tabs, a header naming open_time, timestamp, date or time, and "
            + "open, high, low, close, volume, or an exchange's archive without a header";

        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: '{Value}' is neither a candle nor a header; accepted: {Accepted}";
    }

    /// <summary>A table without a header has a number of columns whose meaning is not known.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the first row, from 1.</param>
    /// <param name="Columns">Number of columns in the row.</param>
    public sealed record UnknownColumns(string File, long Line, int Columns) : FeedFault
    {
        /// <summary>Layouts that are accepted without a header.</summary>
        public static string Accepted =>
            $"the {CandleColumns.BinanceColumns} columns of Binance's archive are accepted, the first "
            + $"{CandleColumns.CandleFields} of them, and the {CandleColumns.KrakenColumns} or "
            + $"{CandleColumns.KrakenRestColumns} columns of Kraken";

        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: {FeedText.Count(Columns, "column")} and no header; without one, {Accepted}";
    }

    /// <summary>The first row of a table has fewer columns than were stated.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the row, from 1.</param>
    /// <param name="Columns">Number of columns in the row.</param>
    /// <param name="Stated">Number of columns stated.</param>
    public sealed record FewerColumns(string File, long Line, int Columns, int Stated) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: {FeedText.Count(Columns, "column")}, fewer than the {Stated} stated; separated by commas, "
            + "semicolons or tabs are accepted";
    }

    /// <summary>A header lacks a required column.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the header, from 1.</param>
    /// <param name="Title">The missing title.</param>
    /// <param name="Header">The header, shortened for messages.</param>
    public sealed record MissingColumn(string File, long Line, string Title, string Header) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File} line {Line}: the header has no column '{Title}'{Whose}: '{Header}'";

        // A header may well have a volume, of the other currency.
        private string Whose => Title == "volume" ? " of the traded currency" : "";
    }

    /// <summary>A header names a required column twice.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the header, from 1.</param>
    /// <param name="Title">The repeated title.</param>
    public sealed record RepeatedColumn(string File, long Line, string Title) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File} line {Line}: the header names '{Title}' twice";
    }

    /// <summary>Two columns of times are some hours apart, and nothing tells which one is UTC.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the header, from 1.</param>
    /// <param name="First">Title of one column.</param>
    /// <param name="Second">Title of the other column.</param>
    public sealed record TwoTimes(string File, long Line, string First, string Second) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: the times of '{First}' and '{Second}' are some hours apart; accepted: one column of open "
            + "times in UTC";
    }

    /// <summary>Dates end with their year, and no row shows whether the day or the month comes first.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">Line of the first row, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    /// <param name="Value">The first date.</param>
    public sealed record AmbiguousDates(string File, long Line, int Column, string Value) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}, column {Column}: the day or the month may come first in '{Value}', and no row settles it";
    }

    /// <summary>Commas or points in the numbers of a table may separate decimals or thousands.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Value">A number of the table.</param>
    public sealed record AmbiguousDecimals(string File, string Value) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            Value.Contains(',', StringComparison.Ordinal)
                ? Doubt("comma") + "accepted: numbers with a decimal point"
                : Doubt("point") + "accepted: columns separated by commas, beside which a point is decimal";

        private string Doubt(string mark) =>
            $"{File}: the {mark} in '{Value}' may separate decimals or thousands, and no number settles it; ";
    }

    /// <summary>More than half of the times of a table occur again at once, with other values.</summary>
    /// <param name="File">The file.</param>
    /// <param name="OpenTime">The first time that does, ms UTC.</param>
    public sealed record RepeatedTimes(string File, long OpenTime) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File}: more than half of the times occur twice with other values, first {FeedText.Time(OpenTime)}; "
            + "is the time of day in another column, or are these rows of several markets?";
    }

    /// <summary>A column of symbols states another market than in the first row.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The row's line, from 1.</param>
    /// <param name="Value">The symbol of the row, shortened for messages.</param>
    /// <param name="First">The symbol of the first row.</param>
    public sealed record RowOfOtherSymbol(string File, long Line, string Value, string First) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: a row of '{Value}' among rows of '{First}'; accepted: one market per file";
    }

    /// <summary>A line is longer than any row of candles.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="MaxBytes">Maximum length of a line, in bytes.</param>
    public sealed record LineTooLong(string File, long Line, int MaxBytes) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: longer than {FeedText.Count(MaxBytes, "byte")}, no row of candles is";
    }

    /// <summary>A row has another number of columns than the first one.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The row's line, from 1.</param>
    /// <param name="Value">The row, shortened for messages.</param>
    /// <param name="Columns">Number of columns in the row.</param>
    /// <param name="Accepted">Number of columns in the first row.</param>
    public sealed record WrongColumnCount(string File, long Line, string Value, int Columns, int Accepted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}: '{Value}' has {FeedText.Count(Columns, "column")}; "
            + $"accepted: {Accepted} as in the first row (is the file cut off?)";
    }

    /// <summary>The open time of a row is not a time.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The row's line, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    /// <param name="Value">The value found, shortened for messages.</param>
    /// <param name="Format">The format that was stated; null if notations are recognised.</param>
    public sealed record NotATime(string File, long Line, int Column, string Value, string? Format = null) : FeedFault
    {
        /// <summary>Notations that are accepted.</summary>
        public string Accepted => Format is null ? OpenTimes.Accepted : $"{Format}, as stated";

        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}, column {Column} (open_time): '{Value}' is not a time; accepted: {Accepted}";
    }

    /// <summary>A price or volume of a row is not a number.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The row's line, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    /// <param name="Field">The field: <c>open</c>, <c>high</c>, <c>low</c>, <c>close</c> or <c>volume</c>.</param>
    /// <param name="Value">The value found, shortened for messages.</param>
    /// <param name="HasDecimalComma">Whether the other numbers of the table have a decimal comma.</param>
    public sealed record NotANumber(
        string File,
        long Line,
        int Column,
        string Field,
        string Value,
        bool HasDecimalComma = false
    ) : FeedFault
    {
        /// <summary>Notation that is accepted.</summary>
        public string Accepted =>
            HasDecimalComma
                ? "a number with a decimal comma as in the first rows, such as 43000,5"
                : "a number with a decimal point, such as 43000.5";

        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}, column {Column} ({Field}): '{Value}' is not a number; accepted: {Accepted}";
    }

    /// <summary>The numbers of a row do not form a valid candle.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The row's line, from 1.</param>
    /// <param name="Column">The column of the first wrong field, from 1.</param>
    /// <param name="Problem">The field, its value and what is wrong with it.</param>
    public sealed record NotACandle(string File, long Line, int Column, CandleError Problem) : FeedFault
    {
        /// <summary>Conditions of a valid candle.</summary>
        public static string Accepted => "prices above 0, low <= open and close <= high, volume at least 0";

        /// <inheritdoc/>
        public override string Sentence =>
            $"{File} line {Line}, column {Column}: {Problem.Message}; accepted: {Accepted}";
    }
}

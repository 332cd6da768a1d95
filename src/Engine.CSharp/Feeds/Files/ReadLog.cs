using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Takes down what is read from files: candles, and what the report has to count, in the order of the rows.</summary>
/// <param name="block">Where the first entries go.</param>
/// <param name="next">Takes a full block, and gives an empty one.</param>
internal sealed class ReadLog(ReadBlock block, Func<ReadBlock, ReadBlock> next)
{
    private ReadBlock current = block;
    private int rows;

    /// <summary>How much of the files has been read.</summary>
    public FilesProgress Progress { get; } = new();

    /// <summary>A log that nobody reads.</summary>
    public static ReadLog Ignored()
    {
        return new ReadLog(new ReadBlock(), Emptied);

        static ReadBlock Emptied(ReadBlock full)
        {
            full.Clear();
            return full;
        }
    }

    public void CountFile(string name)
    {
        Progress.Begin();
        Note(report =>
        {
            report.CountFile();
            report.CurrentFile = name;
        });
    }

    public void CountRow()
    {
        if (++rows < ReadBlock.Size)
            return;
        // Where all rows are read before the first candle, they are still counted as they are read.
        Note(static _ => { });
        HandOver();
    }

    public void CountBadRow(FeedFault fault) => Note(report => report.CountBadRow(fault));

    public void CountRowWithoutTrade() => Note(static report => report.CountRowWithoutTrade());

    public void CountRepeatedHeader() => Note(static report => report.CountRepeatedHeader());

    public void CountReversedFile() => Note(static report => report.CountReversedFile());

    public void CountBackwardJump(BackwardJump jump) => Note(report => report.CountBackwardJump(jump));

    public void PassOver(string symbol) => Note(report => report.PassOver(symbol));

    public void Pass(in Candle candle) => Add(new ReadEntry(candle, Progress.Done, rows, Note: null));

    /// <summary>Ends the log: returns the last block, with what has not been told yet.</summary>
    public ReadBlock End()
    {
        Note(static _ => { });
        return current;
    }

    private void Note(Action<FeedReport> note) => Add(new ReadEntry(default, Progress.Done, rows, note));

    private void Add(in ReadEntry entry)
    {
        rows = 0;
        current.Add(entry);
        if (current.IsFull)
            HandOver();
    }

    private void HandOver() => current = next(current);
}

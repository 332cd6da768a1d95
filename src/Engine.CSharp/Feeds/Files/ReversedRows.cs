using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A table that begins with its newest row, read whole and reversed.</summary>
/// <remarks>Rows of the same time keep their order: the one read last stays last, as in every other table.</remarks>
/// <param name="inner">The rows as they are; disposed with this reader.</param>
/// <param name="progress">Is told how many rows have been passed on.</param>
internal sealed class ReversedRows(CandleRows inner, TableProgress progress) : ICandleRows
{
    private readonly List<Candle> all = [];
    private bool isRead;

    // The rows from here on have been passed on, except those of one time: next is the following one, end their end.
    private int start;
    private int next;
    private int end;
    private int passed;

    public bool TryRead(out Candle candle)
    {
        if (!isRead)
            ReadAll();
        if (next == end && !BeforeThat())
        {
            progress.End();
            candle = default;
            return false;
        }
        progress.Pass(passed++);
        candle = all[next++];
        return true;
    }

    public void Dispose() => inner.Dispose();

    private void ReadAll()
    {
        isRead = true;
        while (inner.TryRead(out var candle))
            all.Add(candle);
        start = next = end = all.Count;
        progress.Expect(all.Count);
    }

    private bool BeforeThat()
    {
        if (start == 0)
            return false;
        end = start--;
        while (start > 0 && all[start - 1].OpenTime == all[end - 1].OpenTime)
            start--;
        next = start;
        return true;
    }
}

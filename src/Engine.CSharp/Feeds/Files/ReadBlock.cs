using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>What one thread has read and another one has still to take, in order.</summary>
internal sealed class ReadBlock
{
    /// <summary>The number of entries that fit.</summary>
    // Half a kibi: the first candle waits for no more, and two threads meet a thousand times in a year of minutes.
    public const int Size = 512;

    private readonly ReadEntry[] entries = new ReadEntry[Size];

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more entries fit.</summary>
    public bool IsFull => Count == Size;

    /// <summary>An entry, from 0.</summary>
    public ref readonly ReadEntry this[int index] => ref entries[index];

    /// <summary>Adds an entry.</summary>
    public void Add(in ReadEntry entry) => entries[Count++] = entry;

    /// <summary>Forgets all entries.</summary>
    public void Clear()
    {
        // Also what the notes hold.
        Array.Clear(entries, 0, Count);
        Count = 0;
    }
}

/// <summary>A candle, or a note for the report.</summary>
/// <param name="Candle">The candle, if there is no note.</param>
/// <param name="Fraction">Fraction of the files that has been read, 0 to 1; NaN where that is not known.</param>
/// <param name="Rows">Number of rows that were read since the entry before.</param>
/// <param name="Note">Tells the report; null with a candle.</param>
internal readonly record struct ReadEntry(Candle Candle, double Fraction, int Rows, Action<FeedReport>? Note);

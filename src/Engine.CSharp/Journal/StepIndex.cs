namespace BtcBandit.Engine.Journal;

/// <summary>Finds rows of <c>trades.csv</c> by the number of their step, also while a run appends more. Thread-safe.</summary>
/// <remarks>Keeps the position of every 1,024th row, 8 bytes each. The file is read once, as far as rows were asked for.</remarks>
/// <param name="path">The file.</param>
internal sealed class StepIndex(string path)
{
    private const int Stride = 1_024;

    private readonly Lock gate = new();

    // Positions of the rows of the steps 1, 1,025, 2,049 and so on.
    private readonly List<long> positions = [];
    private long rows;
    private long scanned;

    /// <summary>Returns the rows of consecutive steps, as many as the file has.</summary>
    /// <param name="first">Number of the first step, at least 1.</param>
    /// <param name="count">Maximum number of rows.</param>
    /// <returns>The rows; none if the file is missing, cannot be read or is not that of a run.</returns>
    public IReadOnlyList<TradeRow> Read(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        try
        {
            using var file = TradesReader.OpenToRead(path);
            lock (gate)
            {
                if (!Scan(file, first + count - 1))
                    return [];
                if (RowsAt(file, first, count) is { } found)
                    return found;
                // Another run's file has taken the place of the one that was scanned.
                Forget();
                return Scan(file, first + count - 1) ? RowsAt(file, first, count) ?? [] : [];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Forget()
    {
        positions.Clear();
        (rows, scanned) = (0, 0);
    }

    // Reads on until the wanted step's row is known; false if the file does not begin as one of a run.
    private bool Scan(FileStream file, long wanted)
    {
        if (file.Length < scanned)
            Forget();
        if (rows >= wanted)
            return true;
        file.Position = scanned;
        var lines = new TradeLines(file, file.Length - scanned);
        if (scanned == 0 && !(lines.TryRead(out var header) && header.SequenceEqual(TradesFile.HeaderLine)))
            return false;
        var at = lines.Position;
        while (rows < wanted && lines.TryRead(out _))
        {
            if (rows % Stride == 0)
                positions.Add(at);
            rows++;
            at = lines.Position;
        }

        scanned = at;
        return true;
    }

    // Null if a row is not the one of its step.
    private List<TradeRow>? RowsAt(FileStream file, long first, int count)
    {
        var found = new List<TradeRow>();
        if (first > rows)
            return found;
        var place = (int)((first - 1) / Stride);
        file.Position = positions[place];
        var lines = new TradeLines(file, file.Length - file.Position);
        var number = (long)place * Stride + 1;
        for (; number < first + count && number <= rows; number++)
        {
            if (!lines.TryReadRow(out var row) || row.Step != number)
                return null;
            if (number >= first)
                found.Add(row);
        }

        return found;
    }
}

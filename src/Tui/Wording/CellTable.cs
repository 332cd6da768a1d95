using System.Text;

namespace BtcBandit.Tui.Wording;

/// <summary>A row of a table, or a line of text between rows.</summary>
/// <param name="Name">What stands at the left.</param>
/// <param name="Cells">One cell per column; null for a line of text.</param>
internal readonly record struct CellRow(string Name, IReadOnlyList<string>? Cells = null);

/// <summary>Tables of numbers that end at the right, after a name at the left.</summary>
internal static class CellTable
{
    /// <summary>Appends the rows, each a line with its end.</summary>
    /// <param name="text">Takes the lines.</param>
    /// <param name="nameWidth">Width of the names.</param>
    /// <param name="leastWidths">Least widths of the columns, with the blank before each; one is wider where a cell needs it.</param>
    /// <param name="rows">The rows.</param>
    public static void Append(
        StringBuilder text,
        int nameWidth,
        IEnumerable<int> leastWidths,
        IReadOnlyList<CellRow> rows
    )
    {
        var widths = leastWidths
            .Select((width, place) => rows.Max(row => Math.Max(width, 1 + (row.Cells?[place].Length ?? 0))))
            .ToArray();
        foreach (var (name, cells) in rows)
        {
            text.Append(cells is null ? name : name.PadRight(nameWidth));
            // A name that is too long takes from the first column.
            var taken = Math.Max(0, name.Length - nameWidth);
            foreach (var (cell, width) in (cells ?? []).Zip(widths))
            {
                // The blank stays where nothing is left of the column.
                text.Append(' ').Append(cell.PadLeft(Math.Max(0, width - 1 - taken)));
                taken = 0;
            }
            text.Append('\n');
        }
    }
}

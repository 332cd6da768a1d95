using System.Text;

namespace BtcBandit.Tui.Wording;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its title.</param>
/// <param name="IsText">Whether its cells begin at the left; numbers end at the right.</param>
internal readonly record struct TableColumn(string Title, bool IsText = false);

/// <summary>Tables as text, in columns that are as wide as their widest cell.</summary>
internal static class TextTable
{
    // Blanks between two columns.
    private const int Gap = 2;

    /// <summary>The titles and the rows, each a line with its end and without blanks before it.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">Rows with one cell per column.</param>
    public static string Of(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns
            .Select(
                (column, place) => rows.Aggregate(column.Title.Length, (most, row) => Math.Max(most, row[place].Length))
            )
            .ToArray();
        var text = new StringBuilder();
        Line(text, columns, widths, [.. columns.Select(column => column.Title)]);
        foreach (var row in rows)
            Line(text, columns, widths, row);
        return text.ToString();
    }

    private static void Line(
        StringBuilder text,
        IReadOnlyList<TableColumn> columns,
        int[] widths,
        IReadOnlyList<string> cells
    )
    {
        var line = cells.Select(
            (cell, place) => columns[place].IsText ? cell.PadRight(widths[place]) : cell.PadLeft(widths[place])
        );
        text.Append(string.Join(new string(' ', Gap), line).TrimEnd()).Append('\n');
    }
}

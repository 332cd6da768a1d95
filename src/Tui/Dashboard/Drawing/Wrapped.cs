namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>Text in lines that are not wider than a given number of columns.</summary>
internal static class Wrapped
{
    private const int MinValue = 16;
    private const int Indent = 2;

    /// <summary>Breaks a text between words, and within a word that is longer than a line.</summary>
    /// <param name="text">The text, without line ends. Where it has to be broken, one space stands between two words.</param>
    /// <param name="width">Columns of a line; less than 1 counts as 1.</param>
    /// <returns>At least one line.</returns>
    public static IEnumerable<string> Lines(string text, int width)
    {
        width = Math.Max(width, 1);
        var line = "";
        foreach (var word in text.Length <= width ? [text] : text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line.Length > 0 && line.Length + 1 + word.Length <= width)
                rest = $"{line} {word}";
            else if (line.Length > 0)
                yield return line;
            for (; rest.Length > width; rest = rest[width..])
                yield return rest[..width];
            line = rest;
        }

        yield return line;
    }

    /// <summary>Breaks the values of a table; where names leave too little room for them, they stand below their names.</summary>
    /// <param name="rows">Names and values.</param>
    /// <param name="width">Columns of the table.</param>
    /// <returns>The column of the values, and the rows; a row that continues a value has no name.</returns>
    public static (int Column, IReadOnlyList<(string Name, string Value)> Rows) Table(
        IReadOnlyList<(string Name, string Value)> rows,
        int width
    )
    {
        var column = rows.Select(row => row.Name.Length).DefaultIfEmpty(0).Max() + 2;
        return width - column >= MinValue || rows.All(row => column + row.Value.Length <= width)
            ? (column, [.. rows.SelectMany(row => Beside(row.Name, row.Value, width - column))])
            : (Indent, [.. rows.SelectMany(row => Below(row.Name, row.Value, width))]);
    }

    /// <summary>The first of several texts that fits; the last one where none does.</summary>
    /// <param name="width">Columns that there are.</param>
    /// <param name="texts">One statement in fewer and fewer words.</param>
    public static string First(int width, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
            if (text.Length <= width)
                return text;
        return texts[^1];
    }

    private static IEnumerable<(string, string)> Beside(string name, string value, int room) =>
        Lines(value, room).Select((line, place) => (place == 0 ? name : "", line));

    private static IEnumerable<(string, string)> Below(string name, string value, int width)
    {
        if (name.Length > 0)
            foreach (var line in Lines(name, width))
                yield return (line, "");
        if (name.Length == 0 || value.Length > 0)
            foreach (var line in Lines(value, width - Indent))
                yield return ("", line);
    }
}

using System.Net;
using System.Text;

namespace BtcBandit.Tui.Report;

/// <summary>Pieces of HTML. What is passed as text is escaped.</summary>
internal static class Html
{
    /// <summary>A text, escaped for elements and attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A table whose first column is the name of its row.</summary>
    /// <param name="titles">Titles of the columns, the first one included.</param>
    /// <param name="rows">The rows, as HTML.</param>
    public static string Table(IEnumerable<string> titles, IEnumerable<string> rows)
    {
        var table = new StringBuilder("<table><thead><tr>");
        foreach (var title in titles)
            table.Append("<th scope=\"col\">").Append(Text(title)).Append("</th>");
        table.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
            table.Append(row).Append('\n');
        return table.Append("</tbody></table>").ToString();
    }

    /// <summary>A row of a table.</summary>
    /// <param name="name">Name of the row, as text.</param>
    /// <param name="cells">Its cells, as text.</param>
    /// <param name="kind">Class of the row; empty for none.</param>
    /// <param name="cellKind">Class of a cell by its place; null for none.</param>
    public static string Row(
        string name,
        IReadOnlyList<string> cells,
        string kind = "",
        Func<int, string>? cellKind = null
    )
    {
        var row = new StringBuilder(kind.Length > 0 ? $"<tr class=\"{kind}\">" : "<tr>");
        row.Append("<th scope=\"row\">").Append(Text(name)).Append("</th>");
        for (var place = 0; place < cells.Count; place++)
        {
            var own = cellKind?.Invoke(place) ?? "";
            row.Append(own.Length > 0 ? $"<td class=\"{own}\">" : "<td>").Append(Text(cells[place])).Append("</td>");
        }
        return row.Append("</tr>").ToString();
    }

    /// <summary>A list of names and values.</summary>
    /// <param name="kind">Class of the list.</param>
    /// <param name="facts">Names and values, as text.</param>
    public static string Facts(string kind, IEnumerable<(string Name, string Value)> facts)
    {
        var list = new StringBuilder($"<dl class=\"facts {kind}\">");
        foreach (var (name, value) in facts)
            list.Append("<dt>").Append(Text(name)).Append("</dt><dd>").Append(Text(value)).Append("</dd>");
        return list.Append("</dl>").ToString();
    }
}

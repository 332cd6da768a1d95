namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells whether the numbers of a table have a decimal comma.</summary>
internal static class DecimalMarks
{
    /// <summary>Whether numbers have a decimal comma: <c>62000,5</c> beside columns that another mark separates, or <c>62.000,50</c>.</summary>
    /// <param name="name">The table's name in messages.</param>
    /// <param name="separator">What separates its columns.</param>
    /// <param name="fields">Prices and volumes of the first rows.</param>
    /// <exception cref="FeedException">Commas or points may separate decimals or thousands.</exception>
    public static bool IsComma(string name, byte separator, List<string> fields)
    {
        // Where a number has both marks, the last one is decimal.
        if (fields.Find(IsCommaLast) is { } commaLast)
        {
            if (fields.Exists(IsPointLast))
                throw new FeedException(new FeedFault.AmbiguousDecimals(name, commaLast));
            return true;
        }
        if (separator == (byte)',')
            return false;
        var (commas, points) = (fields.FindAll(field => Has(field, ',')), fields.FindAll(field => Has(field, '.')));
        var marked = points.Count == 0 ? commas : points;
        // With tabs and without commas, a point is decimal.
        var mayGroup = points.Count == 0 || separator == (byte)';' || commas.Exists(field => !Has(field, '.'));
        // A mark that occurs twice in a number groups thousands, and in 62,123 it may.
        var grouped = marked.Find(field => IsTwice(field) && !(Has(field, ',') && Has(field, '.')));
        if (grouped is not null || (mayGroup && marked.Count > 0 && marked.TrueForAll(MayBeGrouped)))
            throw new FeedException(new FeedFault.AmbiguousDecimals(name, grouped ?? marked[0]));
        return points.Count == 0 && commas.Count > 0;
    }

    private static bool Has(string field, char mark) => field.Contains(mark, StringComparison.Ordinal);

    private static bool IsCommaLast(string field) =>
        field.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && field.LastIndexOf(',') > point;

    private static bool IsPointLast(string field) =>
        field.IndexOf(',', StringComparison.Ordinal) is >= 0 and var comma && field.LastIndexOf('.') > comma;

    private static bool IsTwice(string field) => field.IndexOfAny([',', '.']) != field.LastIndexOfAny([',', '.']);

    // 62,123 is sixty-two or sixty-two thousand; 0,523 and 62,12 are clear.
    private static bool MayBeGrouped(string field)
    {
        var mark = field.IndexOfAny([',', '.']);
        return mark is >= 1 and <= 3 && field[0] != '0' && field.Length == mark + 4;
    }
}

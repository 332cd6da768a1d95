namespace BtcBandit.Engine.Watching;

/// <summary>A table of numbers in single precision, to which rows of double precision are appended.</summary>
internal sealed class FloatRows
{
    private readonly Column<float> rows;

    /// <summary>Makes an empty table.</summary>
    /// <param name="width">Numbers of a row.</param>
    public FloatRows(int width)
        : this(new Column<float>(width)) { }

    private FloatRows(Column<float> rows) => this.rows = rows;

    /// <inheritdoc cref="Column{T}.Row"/>
    public ReadOnlySpan<float> this[int index] => rows.Row(index);

    /// <summary>Appends a row. Call it on the writer's thread only.</summary>
    /// <param name="values">The numbers; a missing one is NaN.</param>
    public void Add(ReadOnlySpan<double> values)
    {
        var row = rows.NextRow;
        var known = Math.Min(values.Length, row.Length);
        for (var i = 0; i < known; i++)
            row[i] = (float)values[i];
        row[known..].Fill(float.NaN);
        rows.Commit();
    }

    /// <inheritdoc cref="Column{T}.Without"/>
    public FloatRows Without(int first) => new(rows.Without(first));
}

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells how much of several tables has been read, as one fraction.</summary>
internal sealed class FilesProgress
{
    private IReadOnlyList<long>? sizes;
    private TableProgress? table;
    private int index = -1;
    private double before;
    private double size = 1;
    private double all = 1;

    /// <summary>Fraction that has been read, 0 to 1; NaN before the first table is opened, and where a size is not known.</summary>
    public double Done => table?.Done is { } done ? Math.Clamp((before + size * done) / all, 0.0, 1.0) : double.NaN;

    /// <summary>Takes the sizes of the tables that will be read, in their order; null if they are not known.</summary>
    public void Expect(IReadOnlyList<long>? sizes) => this.sizes = sizes;

    /// <summary>Goes on to the next table, which counts as soon as it is followed.</summary>
    public void Begin() => index++;

    /// <summary>Follows the table that has begun.</summary>
    public void Follow(TableProgress table)
    {
        if (sizes is null || index < 0 || index >= sizes.Count)
            return;
        (before, size, all) = (sizes.Take(index).Sum(), sizes[index], sizes.Sum());
        this.table = table;
    }

    /// <summary>Follows the rows of all tables as one.</summary>
    public void FollowAll(TableProgress rows) => (before, size, all, table) = (0, 1, 1, rows);
}

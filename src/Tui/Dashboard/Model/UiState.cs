namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>The groups of lines that can be drawn over the candles, one bit each: see <see cref="OverlayGroups"/>.</summary>
[Flags]
public enum Overlays
{
    /// <summary>No lines.</summary>
    None = 0,

    /// <summary>The catalogue's first group, moving averages.</summary>
    Averages = 1,
}

/// <summary>A place in the chart area of a pane, which the cross-hair marks.</summary>
/// <param name="Column">Column from the left, from 0.</param>
/// <param name="Row">Row from the top, from 0.</param>
public readonly record struct ChartPoint(int Column, int Row);

/// <summary>Which page the user is on, which moment is looked at, and what is switched on. A value; commands make the next
/// one.</summary>
public sealed record UiState
{
    /// <summary>The zooms to choose from, in candles per column.</summary>
    public static readonly IReadOnlyList<int> Zooms = [1, 2, 3, 5, 10, 15, 30, 60];

    /// <summary>Place of the page in the list of pages, from 0.</summary>
    public int Page { get; init; }

    /// <summary>Number of pages.</summary>
    public int Pages { get; init; } = 1;

    /// <summary>Place of the zoom in <see cref="Zooms"/>, from 0.</summary>
    public int ZoomPlace { get; init; }

    /// <summary>The lines that are drawn over the candles.</summary>
    public Overlays Overlays { get; init; } = Overlays.Averages;

    /// <summary>Number of the step that the user looks at; null follows the newest.</summary>
    public long? At { get; init; }

    /// <summary>Place of the mouse's cross-hair; null shows none.</summary>
    public ChartPoint? CrossHair { get; init; }

    /// <summary>Place of the keyboard's cross-hair, which is shown in place of the mouse's; null shows none.</summary>
    public ChartPoint? Pinned { get; init; }

    /// <summary>Number of the last line of the log that the user has marked as read.</summary>
    public long ReadUpTo { get; init; }

    /// <summary>Numbers of the oldest and the newest step that can be looked at.</summary>
    public (long Oldest, long Newest) Range { get; init; }

    /// <summary>Lines of the log so far.</summary>
    public long LogLines { get; init; }

    /// <summary>Candles per column.</summary>
    public int Zoom => Zooms[ZoomPlace];

    /// <summary>The same state for a run that has these steps and so many lines in its log.</summary>
    public UiState With((long Oldest, long Newest) range, long logLines) =>
        this with
        {
            Range = range,
            LogLines = logLines,
        };

    /// <summary>The state on another page; the cross-hair stays behind.</summary>
    /// <param name="page">Place of the page.</param>
    public UiState Showing(int page) =>
        page == Page ? this : this with { Page = page, CrossHair = null, Pinned = null };

    /// <summary>The state some pages on; after the last page comes the first.</summary>
    public UiState Turned(int by) => Showing((Page + by % Pages + Pages) % Pages);

    /// <summary>The state with more candles in a column, or fewer if negative.</summary>
    public UiState Zoomed(int by) => this with { ZoomPlace = Math.Clamp(ZoomPlace + by, 0, Zooms.Count - 1) };

    /// <summary>The state with lines over the candles shown that were hidden, or hidden that were shown.</summary>
    public UiState Toggled(Overlays overlay) => this with { Overlays = Overlays ^ overlay };

    /// <summary>The state some columns back in time, or forward if negative. At the newest step it follows the run again.</summary>
    public UiState Back(long columns) => Looking((At ?? Range.Newest) - columns * Zoom);

    /// <summary>The state at the oldest step that is kept.</summary>
    public UiState Oldest() => Looking(Range.Oldest);

    /// <summary>The state that follows the newest step, without a cross-hair.</summary>
    public UiState Newest() => this with { At = null, CrossHair = null, Pinned = null };

    /// <summary>The state with all warnings read.</summary>
    public UiState Read() => this with { ReadUpTo = LogLines };

    /// <summary>The state at a step, or at the nearest that is kept; the newest follows the run.</summary>
    public UiState Looking(long step)
    {
        var (oldest, newest) = Range;
        var kept = Math.Max(step, Math.Min(oldest, newest));
        return this with { At = kept >= newest ? null : kept };
    }
}

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

/// <summary>Which page the user is on and what is switched on. A value; keys make the next one.</summary>
public sealed record UiState
{
    /// <summary>The zooms to choose from, in candles per column.</summary>
    public static readonly IReadOnlyList<int> Zooms = [1, 2, 3, 5, 10, 15, 30, 60];

    /// <summary>Place of the page in the list of pages, from 0.</summary>
    public int Page { get; init; }

    /// <summary>Whether the list of keys is shown.</summary>
    public bool Help { get; init; }

    /// <summary>Whether the user is being asked whether to quit.</summary>
    public bool AsksToQuit { get; init; }

    /// <summary>Place in <see cref="Zooms"/>.</summary>
    public int ZoomPlace { get; init; }

    /// <summary>The lines that are drawn over the candles.</summary>
    public Overlays Overlays { get; init; } = Overlays.Averages;

    /// <summary>Number of the step that the user looks at; null follows the newest.</summary>
    public long? At { get; init; }

    /// <summary>Lines by which a list is scrolled, at least 0; 0 shows the newest.</summary>
    public int Scroll { get; init; }

    /// <summary>Number of the last line of the log that the user has marked as read.</summary>
    public long ReadUpTo { get; init; }

    /// <summary>Numbers of the oldest and the newest step that can be looked at.</summary>
    public (long Oldest, long Newest) Range { get; init; }

    /// <summary>Lines of the log so far.</summary>
    public long LogLines { get; init; }

    /// <summary>Whether the user is asked before quitting.</summary>
    public bool ConfirmsQuit { get; init; }

    /// <summary>Candles per column.</summary>
    public int Zoom => Zooms[ZoomPlace];

    /// <summary>The same state for a run that has these steps and so many lines in its log.</summary>
    public UiState With((long Oldest, long Newest) range, long logLines) =>
        this with
        {
            Range = range,
            LogLines = logLines,
        };

    /// <summary>The same state, in which the user is asked before quitting or not.</summary>
    public UiState Confirming(bool confirms = true) => this with { ConfirmsQuit = confirms };

    /// <summary>The same state without the list of keys and the question.</summary>
    public UiState Closed() => this with { Help = false, AsksToQuit = false };
}

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>The pages of the dashboard.</summary>
public enum Tab
{
    /// <summary>Everything at a glance.</summary>
    Overview,

    /// <summary>The chart.</summary>
    Market,

    /// <summary>What the agent thinks, and why.</summary>
    Bandit,

    /// <summary>Money and executions.</summary>
    Trades,

    /// <summary>The run and what happened to it.</summary>
    Log,
}

/// <summary>What may be drawn over the candles.</summary>
[Flags]
public enum Overlays
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Moving averages.</summary>
    Averages = 1,

    /// <summary>Bollinger bands.</summary>
    Bollinger = 2,

    /// <summary>Volume-weighted average price.</summary>
    Vwap = 4,

    /// <summary>Parabolic SAR.</summary>
    Sar = 8,

    /// <summary>SuperTrend.</summary>
    SuperTrend = 16,
}

/// <summary>Where the user is and what is switched on.</summary>
public sealed record UiState
{
    /// <summary>Candles per column that can be chosen.</summary>
    public static readonly IReadOnlyList<int> Zooms = [1, 2, 3, 5, 10, 15, 30, 60];

    /// <summary>The page.</summary>
    public Tab Tab { get; init; }

    /// <summary>Whether the keys are shown.</summary>
    public bool Help { get; init; }

    /// <summary>Whether the question to quit is being asked.</summary>
    public bool AsksToQuit { get; init; }

    /// <summary>Place in <see cref="Zooms"/>.</summary>
    public int ZoomPlace { get; init; }

    /// <summary>What is drawn over the candles.</summary>
    public Overlays Overlays { get; init; } = Overlays.Averages;

    /// <summary>The step looked at; null follows the newest.</summary>
    public long? At { get; init; }

    /// <summary>Lines that a list is scrolled back.</summary>
    public int Scroll { get; init; }

    /// <summary>Lines of the log up to here have been read.</summary>
    public long ReadUpTo { get; init; }

    /// <summary>Oldest and newest step that can be looked at.</summary>
    public (long Oldest, long Newest) Range { get; init; }

    /// <summary>Lines of the log so far.</summary>
    public long LogLines { get; init; }

    /// <summary>Whether quitting needs an answer first.</summary>
    public bool ConfirmsQuit { get; init; }

    /// <summary>Candles per column.</summary>
    public int Zoom => Zooms[ZoomPlace];

    /// <summary>The same while the run has these steps and its log so many lines.</summary>
    public UiState With((long Oldest, long Newest) range, long logLines) =>
        this with
        {
            Range = range,
            LogLines = logLines,
        };

    /// <summary>The same where quitting needs an answer first.</summary>
    public UiState Confirming(bool confirms = true) => this with { ConfirmsQuit = confirms };

    /// <summary>The same without help or question in front.</summary>
    public UiState Closed() => this with { Help = false, AsksToQuit = false };
}

/// <summary>What a key asks of the run; the reducer asks nothing of it.</summary>
public enum Command
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Halt, or go on.</summary>
    TogglePause,

    /// <summary>One step, then halt.</summary>
    SingleStep,

    /// <summary>A shorter pause between steps.</summary>
    Faster,

    /// <summary>A longer one.</summary>
    Slower,

    /// <summary>A checkpoint.</summary>
    Save,

    /// <summary>The end.</summary>
    Quit,

    /// <summary>Draw everything anew.</summary>
    Redraw,
}

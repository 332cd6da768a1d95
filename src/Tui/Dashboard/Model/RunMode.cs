namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>What kind of run is watched, and how far it is.</summary>
public abstract record RunMode
{
    private RunMode() { }

    /// <summary>A synthetic market.</summary>
    public sealed record Synthetic(string World, long Seed) : RunMode;

    /// <summary>Candle files.</summary>
    public sealed record Archive : RunMode;

    /// <summary>Candles as they close.</summary>
    /// <param name="IsConnected">Whether the feed is up.</param>
    /// <param name="SinceLastMessage">How long it has been silent.</param>
    /// <param name="Reconnects">How often it was lost.</param>
    /// <param name="Missing">Candles that never came.</param>
    public sealed record Live(bool IsConnected, TimeSpan SinceLastMessage, long Reconnects, long Missing) : RunMode;

    /// <summary>Passes over a window of the past until they earn enough.</summary>
    /// <param name="Pass">The pass, from 1.</param>
    /// <param name="Window">Length of the window.</param>
    /// <param name="Target">Return asked for, a fraction.</param>
    /// <param name="Best">Best return of a pass so far, a fraction; absent before the first.</param>
    public sealed record WarmUp(int Pass, TimeSpan Window, double Target, double? Best) : RunMode;
}

/// <summary>The run as a process.</summary>
public sealed record RunInfo
{
    /// <summary>Where the candles come from.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>How much is done, 0..1; absent where there is no end in sight.</summary>
    public double? Progress { get; init; }

    /// <summary>What is left at this speed; absent where nobody knows.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Steps per second lately; absent before there is a measurement.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>Pause between two steps.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the run stands still.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsOver { get; init; }

    /// <summary>Where times are shown besides UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}

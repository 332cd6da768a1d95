using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Engine.Watching;

/// <summary>Status of a run at one time: its mode, progress and speed. Immutable.</summary>
public sealed record RunInfo
{
    /// <summary>Mode of the run, such as live or synthetic.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Time since a live feed's last message, rounded to seconds; null if there was none.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Time until the forming candle of a live feed closes by the exchange's clock, in whole seconds; null for others,
    /// and while the length of a candle is not known.</summary>
    public TimeSpan? NextClose { get; init; }

    /// <summary>Fraction of the run's candles that is done, 0..1, to three decimals; null if it is not known how many there
    /// are.</summary>
    public double? Progress { get; init; }

    /// <summary>Estimated time left, rounded to seconds; null if it cannot be estimated, while the run is paused, and once it has
    /// ended.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Steps per second, measured over about the last second; null before the first measurement.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>Delay between two steps; zero means no delay.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the run is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether the run has ended.</summary>
    public bool IsOver { get; init; }

    /// <summary>Whether the result up to one of the newest steps is skill or may be luck; null before the first step, where nobody
    /// tells, and during a warm-up.</summary>
    public SkillVerdict? Skill { get; init; }

    /// <summary>Local time zone, for showing times in addition to UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}

namespace BtcBandit.Sweep.Runs;

/// <summary>One run of a sweep with its result: a setting with one seed on one window of one market.</summary>
public sealed record RunRow
{
    /// <summary>Identity of the run, 64 hexadecimal digits.</summary>
    public required string Key { get; init; }

    /// <summary>Hash of the code that computed it.</summary>
    public required string Code { get; init; }

    /// <summary>Hash of its candles.</summary>
    public required string Data { get; init; }

    /// <summary>Name of the market's pair or world.</summary>
    public required string Symbol { get; init; }

    /// <summary>Length of a candle.</summary>
    public required string Timeframe { get; init; }

    /// <summary>Its candles.</summary>
    public required Window Window { get; init; }

    /// <summary>Key of its parameters without seed and costs.</summary>
    public required string Setting { get; init; }

    /// <summary>Fee per side, basis points.</summary>
    public required double FeeBps { get; init; }

    /// <summary>Slippage per side, basis points.</summary>
    public required double SlippageBps { get; init; }

    /// <summary>Seed of its draws.</summary>
    public required long Seed { get; init; }

    /// <summary>Why the run failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Result of the train part; null without one, and for a run that failed.</summary>
    public PartResult? Train { get; init; }

    /// <summary>Result of the test; null for a run that failed.</summary>
    public PartResult? Test { get; init; }

    /// <summary>Growth in the test; null for a run that failed.</summary>
    public GrowthSeries? Growth { get; init; }
}

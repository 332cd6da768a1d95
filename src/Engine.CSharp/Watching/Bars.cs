namespace BtcBandit.Engine.Watching;

/// <summary>Which bars a chart asks for.</summary>
/// <param name="From">First time wanted, ms UTC.</param>
/// <param name="To">Time after the last one wanted, ms UTC.</param>
/// <param name="Max">Maximum number of bars, at least 1; the newest ones of the range.</param>
/// <param name="Span">Their span; null picks the finest one of which at most <paramref name="Max"/> bars lie in the
/// range.</param>
/// <param name="Columns">Indices of the indicator columns wanted.</param>
internal sealed record BarsQuery(long From, long To, int Max, BarSpan? Span, IReadOnlyList<int> Columns);

/// <summary>Bars of one span as columns, oldest first. Missing numbers are NaN.</summary>
internal sealed class Bars
{
    /// <summary>Makes room for bars.</summary>
    /// <param name="span">Their span.</param>
    /// <param name="count">Their number.</param>
    /// <param name="columns">Number of indicator columns.</param>
    public Bars(BarSpan span, int count, int columns)
    {
        Span = span;
        (Time, Step) = (new long[count], new long[count]);
        (Open, High, Low, Close) = (new double[count], new double[count], new double[count], new double[count]);
        (Volume, Equity, BuyAndHold) = (new double[count], new double[count], new double[count]);
        (Drawdown, Invested, Action) = (new float[count], new float[count], new int[count]);
        Columns = new float[columns][];
        for (var i = 0; i < columns; i++)
            Columns[i] = new float[count];
    }

    /// <summary>Span of the bars.</summary>
    public BarSpan Span { get; }

    /// <summary>Whether older bars of the range were left out.</summary>
    public bool HasMore { get; init; }

    /// <summary>Start of each bar, ms UTC: a whole span, even if its first candles are missing.</summary>
    public long[] Time { get; }

    /// <summary>First price.</summary>
    public double[] Open { get; }

    /// <summary>Highest price.</summary>
    public double[] High { get; }

    /// <summary>Lowest price.</summary>
    public double[] Low { get; }

    /// <summary>Last price.</summary>
    public double[] Close { get; }

    /// <summary>Traded volume.</summary>
    public double[] Volume { get; }

    /// <summary>Equity at the last close.</summary>
    public double[] Equity { get; }

    /// <summary>Equity of the buy-and-hold benchmark at the last close.</summary>
    public double[] BuyAndHold { get; }

    /// <summary>Largest drawdown at any close of the bar, a fraction.</summary>
    public float[] Drawdown { get; }

    /// <summary>Fraction of its steps with a position.</summary>
    public float[] Invested { get; }

    /// <summary>Action chosen at the last close: 0 sells, 1 holds, 2 buys.</summary>
    public int[] Action { get; }

    /// <summary>Number of the last step.</summary>
    public long[] Step { get; }

    /// <summary>Indicator columns at the last close, in the order asked for.</summary>
    public float[][] Columns { get; }

    /// <summary>Executions, added up by bar and side.</summary>
    public Mark[] Marks { get; set; } = [];
}

/// <summary>The executions of one side within a bar.</summary>
/// <param name="Time">Start of the bar, ms UTC.</param>
/// <param name="IsBuy">Whether they bought.</param>
/// <param name="Count">Their number.</param>
/// <param name="Price">Their mean price, weighted by quantity.</param>
/// <param name="Quantity">Sum of their quantities.</param>
/// <param name="Profit">Sum of the profits of the round trips that they closed; NaN for buys.</param>
/// <param name="Step">Number of the step of the last one.</param>
internal readonly record struct Mark(
    long Time,
    bool IsBuy,
    int Count,
    double Price,
    double Quantity,
    double Profit,
    long Step
);

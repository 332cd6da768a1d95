using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Reporting;

/// <summary>What is shown of a market: the setting that was chosen in train parts, or the best one where there are none, on test
/// parts. Returns are fractions, means over the seeds.</summary>
/// <param name="Key">The market.</param>
/// <param name="Settings">Number of settings that compete in it.</param>
/// <param name="Values">Values of the setting; of the one chosen most often where folds chose different ones.</param>
/// <param name="Choices">Number of different settings that folds chose; 1 without folds.</param>
/// <param name="Folds">Number of tests.</param>
/// <param name="Days">Days of all tests together.</param>
/// <param name="TotalReturn">Return over all tests, one after the other.</param>
/// <param name="LowestReturn">The same of the worst seed of each test.</param>
/// <param name="HighestReturn">The same of the best seed of each test.</param>
/// <param name="BuyAndHoldReturn">The same of buying and holding.</param>
/// <param name="Trades">Number of executions.</param>
/// <param name="Exposure">Fraction of the steps with a position.</param>
/// <param name="OverFlat">Sum of the returns of all blocks, with its 95 % interval; null below 20 blocks.</param>
/// <param name="OverBuyAndHold">The same minus those of buying and holding.</param>
/// <param name="PValue">Adjusted p-value within the symbol that neither is luck, the larger of the two; 1 where nothing was
/// tested.</param>
/// <param name="QValue">Adjusted p-value across symbols of the best market of the symbol.</param>
/// <param name="DeflatedSharpe">Probability that the true Sharpe ratio is above the one that the best of all trials would show by
/// luck; the smaller of the two series; null where it is not defined.</param>
/// <param name="Trials">Number of settings and timeframes that were ever tried on these candles.</param>
/// <param name="Sharpe">Sharpe ratio of the blocks, annualised; null where it is not defined.</param>
/// <param name="LuckySharpe">The same that the best of all trials would be expected to show without skill.</param>
/// <param name="Overfitting">Probability of backtest overfitting of choosing the best setting of the market; null where it is not
/// defined.</param>
/// <param name="IsClaim">Whether luck explains neither.</param>
public sealed record CellReport(
    CellKey Key,
    int Settings,
    string Values,
    int Choices,
    int Folds,
    double Days,
    double TotalReturn,
    double LowestReturn,
    double HighestReturn,
    double BuyAndHoldReturn,
    double Trades,
    double Exposure,
    SumInterval? OverFlat,
    SumInterval? OverBuyAndHold,
    double PValue,
    double QValue,
    double? DeflatedSharpe,
    int Trials,
    double? Sharpe,
    double LuckySharpe,
    double? Overfitting,
    bool IsClaim
);

/// <summary>A sum of returns with the interval in which its expectation lies with a confidence of 95 %.</summary>
/// <param name="Sum">The sum, a fraction.</param>
/// <param name="Interval">The interval.</param>
public sealed record SumInterval(double Sum, Interval Interval);

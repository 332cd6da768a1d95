namespace BtcBandit.Engine.Exchange;

/// <summary>A number outside its accepted range.</summary>
/// <param name="Name">Name of the number.</param>
/// <param name="Value">Its value.</param>
/// <param name="Accepted">The accepted range, in words.</param>
internal readonly record struct RangeFault(string Name, double Value, string Accepted);

/// <summary>Ranges of fees and slippage.</summary>
internal static class CostRanges
{
    private const double Whole = 10_000;
    private const string Cost = "at least 0 and below 10000";
    private const string CostOrRebate = "above -10000 and below 10000";

    /// <summary>Returns the first number out of its range, such as <c>Buy.TakerFeeBps</c>; null if there is none.</summary>
    public static RangeFault? FirstFault(Costs costs) =>
        AreSound(costs.Buy) && AreSound(costs.Sell) ? null : Of("Buy", costs.Buy) ?? Of("Sell", costs.Sell);

    // Comparisons with NaN are false, so NaN lies outside every range.
    private static bool AreSound(in SideCosts side) =>
        IsCost(side.TakerFeeBps) && side.MakerFeeBps is > -Whole and < Whole && IsCost(side.SlippageBps);

    private static bool IsCost(double bps) => bps is >= 0 and < Whole;

    private static RangeFault? Of(string name, in SideCosts side) =>
        !IsCost(side.TakerFeeBps) ? new($"{name}.{nameof(side.TakerFeeBps)}", side.TakerFeeBps, Cost)
        : side.MakerFeeBps is not (> -Whole and < Whole)
            ? new($"{name}.{nameof(side.MakerFeeBps)}", side.MakerFeeBps, CostOrRebate)
        : !IsCost(side.SlippageBps) ? new($"{name}.{nameof(side.SlippageBps)}", side.SlippageBps, Cost)
        : null;
}

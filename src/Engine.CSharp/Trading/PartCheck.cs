using System.Globalization;
using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;

namespace BtcBandit.Engine.Trading;

/// <summary>Checks what agents and cost models return, where it enters the run; the message names the part that is wrong.</summary>
internal static class PartCheck
{
    /// <summary>Returns whether a decision has an action, and finite numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSound(Decision? decision) =>
        decision is not null
        && decision.Action is >= TradeAction.Sell and <= TradeAction.Buy
        // The sum is finite only if every number is.
        && double.IsFinite(SumOf(decision.Sell) + SumOf(decision.Hold) + SumOf(decision.Buy));

    /// <summary>The error of a decision that is not sound.</summary>
    public static InvalidOperationException Unsound(Decision? decision, long openTime)
    {
        if (decision is null)
            return Fault(openTime, $"the agent returned no decision");
        if (!Enum.IsDefined(decision.Action))
        {
            return Fault(
                openTime,
                $"the agent chose action {(int)decision.Action}, which is not one of 0 (sell), 1 (hold) and 2 (buy)"
            );
        }

        var (sell, hold, buy) = (Text(decision.Sell), Text(decision.Hold), Text(decision.Buy));
        return Fault(openTime, $"the agent's action values are not all finite (sell {sell}; hold {hold}; buy {buy})");
    }

    /// <summary>Returns the costs that a model gave.</summary>
    /// <exception cref="InvalidOperationException">There are none, or one is out of its range.</exception>
    public static Costs Sound(Costs? costs, ICostModel model, long openTime)
    {
        if (costs is null)
            throw Fault(openTime, $"cost model {model.Id} returned no costs");
        return CostRanges.FirstFault(costs) is { } fault
            ? throw Fault(
                openTime,
                $"cost model {model.Id} returned {fault.Name} {fault.Value}, which is not {fault.Accepted}"
            )
            : costs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SumOf(in ActionValue value) => value.Mean + value.StandardDeviation + value.Draw;

    private static string Text(ActionValue value) =>
        Invariant($"mean {value.Mean}, deviation {value.StandardDeviation}, draw {value.Draw}");

    private static InvalidOperationException Fault(long openTime, FormattableString what) =>
        new(
            Invariant($"at {DateTimeOffset.FromUnixTimeMilliseconds(openTime):yyyy-MM-dd HH:mm} UTC {Invariant(what)}")
        );

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Engine.Trading;

/// <summary>Checks what agents and cost models return, where it enters the run; the message names the part that is wrong.</summary>
internal static class PartCheck
{
    // As the file of a run is read: each name once, and 64 levels deep, of which three are above the agent's state.
    private static readonly JsonDocumentOptions readable = new() { AllowDuplicateProperties = false, MaxDepth = 61 };

    /// <summary>Returns whether a decision has an action, and finite numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSound(Decision? decision) =>
        decision is not null
        && decision.Action is >= TradeAction.Sell and <= TradeAction.Buy
        // The sum is finite only if every number is.
        && double.IsFinite(SumOf(decision.Sell) + SumOf(decision.Hold) + SumOf(decision.Buy));

    /// <summary>The error of a decision that is not sound, or that is for a horizon which is none of the agent's.</summary>
    public static InvalidOperationException Unsound(Decision? decision, IReadOnlyList<int> horizons, long openTime)
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

        if (IsSound(decision))
        {
            return Fault(
                openTime,
                $"the agent decided for a horizon of {FeedText.Count(decision.Horizon, "candle")}, which is not one of {string.Join(' ', horizons)}"
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

    /// <summary>Returns the state that an agent gave.</summary>
    /// <param name="state">The state.</param>
    /// <param name="agent">Name of the agent's recipe, by which a saved run restores the agent.</param>
    /// <exception cref="InvalidOperationException">There is none, or no run can continue with it.</exception>
    public static AgentState Sound(AgentState? state, string agent)
    {
        if (state is null)
            throw new InvalidOperationException($"agent {agent} returned no state");
        if (state.Kind != agent)
            throw new InvalidOperationException(
                $"agent {agent} returned a state of agent {state.Kind}, not of {agent}"
            );
        try
        {
            using var document = JsonDocument.Parse(state.State.GetRawText(), readable);
            return state;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"agent {agent} returned a state that cannot be read back: {error.Message}",
                error
            );
        }
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

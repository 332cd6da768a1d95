using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What the panes say of a decision, in words that need no knowledge of bandits.</summary>
internal static class PlainWords
{
    /// <summary>The unit of expected returns, explained.</summary>
    public const string Bps = "1 bps = 0.01 %";

    /// <summary>The evidence of a gate, and what opens or closes it: <c>0.73 of 3.10</c>, or <c>2.10, open until below 0</c>.</summary>
    public static string Evidence(Gate gate) =>
        Figures.Number2(gate.Evidence)
        + (
            gate.Required <= 0 ? ", none needed"
            : gate.IsOpen ? ", open until below 0"
            : $" of {Figures.Number2(gate.Required)}"
        );

    /// <summary>Why an action was chosen. The reason of a step is one of three words, and after a semicolon why an order was
    /// refused.</summary>
    public static string Reason(Step step)
    {
        var parts = step.Reason.Split(';', 2, StringSplitOptions.TrimEntries);
        var why = parts[0] switch
        {
            "exploit" => "highest expected return",
            "explore" => "a try, to learn more",
            "gate" => "the gate is closed",
            var other => other,
        };
        return parts.Length == 1 ? why : $"{why}; {parts[1]}";
    }
}

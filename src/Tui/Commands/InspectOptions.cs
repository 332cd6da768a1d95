namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit inspect</c>.</summary>
/// <param name="DataDir">The folder of the run.</param>
/// <param name="Trades">Number of executions to show, the newest ones.</param>
/// <param name="Json">Whether the result is one JSON object.</param>
public sealed record InspectOptions(string DataDir, int Trades = InspectOptions.DefaultTrades, bool Json = false)
{
    /// <summary>Number of executions that are shown unless <c>--trades</c> says otherwise.</summary>
    public const int DefaultTrades = 10;
}

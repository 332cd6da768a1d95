using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>The steps that a continued run made in earlier sessions, as far as its files tell.</summary>
/// <param name="Run">State of the run at the end of them.</param>
/// <param name="FeatureSet">The run's indicators.</param>
/// <param name="TradesPath">The file with their rows.</param>
/// <param name="TradesBytes">Number of its bytes that the state counts.</param>
internal sealed record PastSteps(RunState Run, FeatureSet FeatureSet, string TradesPath, long TradesBytes)
{
    /// <summary>Reads the rows in order, up to the first damaged one.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<TradeRow> Rows() => TradesReader.Rows(TradesPath, TradesBytes);
}

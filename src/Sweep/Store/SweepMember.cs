namespace BtcBandit.Sweep.Store;

/// <summary>A setting on a market of a sweep.</summary>
/// <param name="Market">Name of the market in the report, without the length of a candle.</param>
/// <param name="Symbol">Name of its pair or world.</param>
/// <param name="Timeframe">Length of a candle.</param>
/// <param name="FeeBps">Fee per side, basis points.</param>
/// <param name="SlippageBps">Slippage per side, basis points.</param>
/// <param name="Setting">Key of the setting.</param>
/// <param name="Label">Values of the setting in the spec, without costs.</param>
public sealed record SweepCandidate(
    string Market,
    string Symbol,
    string Timeframe,
    double FeeBps,
    double SlippageBps,
    string Setting,
    string Label
);

/// <summary>A run of a sweep.</summary>
/// <param name="Key">Identity of the run.</param>
/// <param name="Candidate">Its setting on its market.</param>
/// <param name="Fold">Number of its fold or rung, from 0.</param>
/// <param name="Parameters">Returns the parameters of its setting as JSON.</param>
public sealed record SweepMember(string Key, SweepCandidate Candidate, int Fold, Func<string> Parameters);

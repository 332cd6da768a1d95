using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>State of one expert's paper account.</summary>
/// <param name="IsIn">Whether the account is in the market.</param>
/// <param name="WantsIn">Whether it will be in the market after the next fill.</param>
/// <param name="Gain">Exponentially weighted sum of its net timing gains, fractions.</param>
/// <param name="TimeIn">Exponentially weighted number of candles in the market.</param>
/// <param name="Equity">Its equity after costs, as a multiple of what it began with; 1 if a state of an earlier version does not
/// have it.</param>
/// <param name="Trades">Number of times that it has bought or sold, counted since a version that does.</param>
[method: JsonConstructor]
internal readonly record struct Wallet(
    [property: JsonRequired] bool IsIn,
    [property: JsonRequired] bool WantsIn,
    [property: JsonRequired] double Gain,
    [property: JsonRequired] double TimeIn,
    double Equity = 1.0,
    long Trades = 0
);

/// <summary>Saved state of <see cref="Evidence"/>.</summary>
/// <param name="Wallets">Paper accounts, one for each expert.</param>
/// <param name="Candles">Exponentially weighted number of candles.</param>
/// <param name="SquaredWeights">Sum of the squared exponential weights.</param>
/// <param name="SquaredMoves">Exponentially weighted sum of squared market returns.</param>
internal sealed record EvidenceState(
    [property: JsonRequired] Wallet[] Wallets,
    [property: JsonRequired] double Candles,
    [property: JsonRequired] double SquaredWeights,
    [property: JsonRequired] double SquaredMoves
);

/// <summary>Tracks which expert earns most after costs, and how likely its gain is to be chance.</summary>
/// <remarks>
/// Every expert trades a paper account of its own. Paper orders do not move the market, so each result is known whether or
/// not the expert is followed. The gain is measured against a constant exposure equal to the account's average exposure,
/// so that it reflects timing and not a rising market. The evidence is that gain divided by the standard deviation of the
/// market's own return over the same weighted time, as if always invested: one lucky jump of an account that is rarely in
/// the market is weak evidence.
/// </remarks>
/// <param name="experts">Number of experts.</param>
/// <param name="asked">Required evidence, in standard deviations, when trading is expensive; 0 requires none.</param>
internal sealed class Evidence(int experts, double asked = Evidence.Standard)
{
    /// <summary>Required evidence, in standard deviations, when trading is expensive and nothing else is asked for.</summary>
    internal const double Standard = 3.0;

    // Candles after which a gain has half its weight: one week of minutes.
    private const double HalfLife = 10_000;

    // From this ratio of a side's cost to a candle's standard deviation on, the full evidence is required.
    private const double FullPressureRatio = 0.2;

    // Accounts of runs without an end stay within the range of numbers.
    private static readonly double largest = Math.ScaleB(1.0, 512);

    private static readonly double fading = Portable.Exp(Portable.Log(0.5) / HalfLife);

    // One number per expert, padded to whole lanes; positions are 1 in the market and 0 out of it. Lanes replace a loop over
    // wallets, here and in the agent's units and means: together 20 ns less per candle. Delete when the compiler turns such
    // a loop into vectors.
    private readonly double[] isIn = new double[Lanes.Padded(experts)];
    private readonly double[] wantsIn = new double[Lanes.Padded(experts)];
    private readonly double[] gains = new double[Lanes.Padded(experts)];
    private readonly double[] timesIn = new double[Lanes.Padded(experts)];
    private readonly double[] equities = Ones(Lanes.Padded(experts));
    private readonly double[] trades = new double[Lanes.Padded(experts)];
    private double candles;
    private double squaredWeights;
    private double squaredMoves;

    /// <summary>Books the market's return between two fills, then moves each account to its wanted position.</summary>
    public void Move(double move, CostFractions costs)
    {
        candles = fading * candles + 1.0;
        squaredWeights = fading * fading * squaredWeights + 1.0;
        squaredMoves = fading * squaredMoves + move * move;
        for (var k = 0; k < gains.Length; k += Lanes.Width)
        {
            var (now, next) = (Lanes.Load(ref isIn[k], 0), Lanes.Load(ref wantsIn[k], 0));
            var timeIn = Lanes.Load(ref timesIn[k], 0);
            var averageExposure = timeIn / Vector256.Create(candles);
            var side = Vector256.ConditionalSelect(
                Vector256.GreaterThan(next, now),
                Vector256.Create(costs.Buy),
                Vector256.Create(costs.Sell)
            );
            var stays = Vector256.Equals(now, next);
            var cost = Vector256.AndNot(side, stays);
            var gain = (now - averageExposure) * Vector256.Create(move) - cost;
            var fade = Vector256.Create(fading);
            Lanes.Store(fade * Lanes.Load(ref gains[k], 0) + gain, ref gains[k], 0);
            Lanes.Store(fade * timeIn + next, ref timesIn[k], 0);
            Lanes.Store(next, ref isIn[k], 0);
            var equity = Lanes.Load(ref equities[k], 0) * (Vector256<double>.One + now * Vector256.Create(move) - cost);
            var bounded = Vector256.Min(
                Vector256.Max(equity, Vector256.Create(1.0 / largest)),
                Vector256.Create(largest)
            );
            Lanes.Store(bounded, ref equities[k], 0);
            var traded = Lanes.Load(ref trades[k], 0) + Vector256.AndNot(Vector256<double>.One, stays);
            Lanes.Store(traded, ref trades[k], 0);
        }
    }

    /// <summary>Sets the wanted positions: enter above the cost of buying, leave below minus the cost of selling.</summary>
    /// <param name="expectedMoves">Expected returns, one per expert, padded to whole lanes.</param>
    /// <param name="costs">Trading costs of each side.</param>
    public void Decide(double[] expectedMoves, CostFractions costs)
    {
        Debug.Assert(expectedMoves.Length == wantsIn.Length, "Moves come in whole lanes.");
        for (var k = 0; k < wantsIn.Length; k += Lanes.Width)
        {
            var expected = Lanes.Load(ref expectedMoves[k], 0);
            var wants = Vector256.ConditionalSelect(
                Vector256.GreaterThan(Lanes.Load(ref isIn[k], 0), Vector256<double>.Zero),
                Vector256.GreaterThanOrEqual(expected, Vector256.Create(-costs.Sell)),
                Vector256.GreaterThan(expected, Vector256.Create(costs.Buy))
            );
            Lanes.Store(wants & Vector256<double>.One, ref wantsIn[k], 0);
        }
    }

    /// <summary>Returns the expert with the most evidence, and whether it reaches the threshold.</summary>
    public (int Expert, Gate Gate) Best(CostFractions costs)
    {
        var costFraction = costs.Mean;
        var best = 0;
        for (var i = 1; i < experts; i++)
        {
            if (gains[i] > gains[best])
                best = i;
        }

        var evidence = Of(best);
        var required = costFraction > 0 ? asked * CostPressure(costFraction, Deviation) : 0.0;
        // If trading is free, a wrong decision costs nothing on average, but waiting for evidence does.
        return (best, new Gate(evidence, required, costFraction <= 0 || asked <= 0 || evidence >= required));
    }

    /// <summary>Returns the evidence of one expert, in standard deviations of a gain by chance.</summary>
    public double Of(int expert) =>
        Deviation is > 0 and var deviation ? gains[expert] / (deviation * Math.Sqrt(squaredWeights)) : 0.0;

    /// <summary>Returns the equity of one expert's account after costs, as a multiple of what it began with.</summary>
    public double EquityOf(int expert) => equities[expert];

    /// <summary>Returns how often one expert's account has bought or sold.</summary>
    public long TradesOf(int expert) => (long)trades[expert];

    /// <summary>Returns the weighted net gain of one expert's account, a fraction.</summary>
    public double GainOf(int expert) => gains[expert];

    // Standard deviation of the market's return over one candle.
    private double Deviation => squaredMoves > 0 ? Math.Sqrt(squaredMoves / candles) : 0.0;

    public EvidenceState Snapshot() =>
        new([.. Enumerable.Range(0, experts).Select(WalletOf)], candles, squaredWeights, squaredMoves);

    /// <exception cref="InvalidDataException">The state does not fit the experts.</exception>
    public void Restore(EvidenceState state)
    {
        if (state.Wallets.Length != experts)
            throw new InvalidDataException($"{state.Wallets.Length} wallets where there are {experts}");
        if (!(state.Candles >= 0 && state.SquaredWeights >= 0 && state.SquaredMoves >= 0))
            throw new InvalidDataException("the evidence's sums are below 0");
        // An account cannot gain more than the market moved, nor be invested for longer than there were candles.
        var maxTimeIn = state.Candles * (1 + 1e-9) + 1;
        if (
            !state.Wallets.All(wallet =>
                wallet.TimeIn >= 0
                && wallet.TimeIn <= maxTimeIn
                && Math.Abs(wallet.Gain) < 1e6
                && wallet.Equity >= 1 / largest
                && wallet.Equity <= largest
                && wallet.Trades >= 0
            )
        )
            throw new InvalidDataException(
                "a wallet's time in the market, its gain, its equity or its number of trades is out of range"
            );
        for (var i = 0; i < experts; i++)
        {
            var wallet = state.Wallets[i];
            (isIn[i], wantsIn[i]) = (wallet.IsIn ? 1.0 : 0.0, wallet.WantsIn ? 1.0 : 0.0);
            (gains[i], timesIn[i], equities[i], trades[i]) = (wallet.Gain, wallet.TimeIn, wallet.Equity, wallet.Trades);
        }

        (candles, squaredWeights, squaredMoves) = (state.Candles, state.SquaredWeights, state.SquaredMoves);
    }

    private Wallet WalletOf(int expert) =>
        new(isIn[expert] > 0, wantsIn[expert] > 0, gains[expert], timesIn[expert], equities[expert], TradesOf(expert));

    private static double[] Ones(int length)
    {
        var ones = new double[length];
        Array.Fill(ones, 1.0);
        return ones;
    }

    private static double CostPressure(double costFraction, double deviation) =>
        costFraction >= FullPressureRatio * deviation ? 1.0 : costFraction / (FullPressureRatio * deviation);
}

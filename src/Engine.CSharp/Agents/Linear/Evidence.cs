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
/// <param name="SquaredTimings">Exponentially weighted sum of its squared timing gains before costs.</param>
[method: JsonConstructor]
internal readonly record struct Wallet(
    [property: JsonRequired] bool IsIn,
    [property: JsonRequired] bool WantsIn,
    [property: JsonRequired] double Gain,
    [property: JsonRequired] double TimeIn,
    [property: JsonRequired] double SquaredTimings,
    double Equity = 1.0,
    long Trades = 0
);

/// <summary>Saved state of <see cref="Evidence"/>.</summary>
/// <param name="Wallets">Paper accounts, one for each expert.</param>
/// <param name="Candles">Exponentially weighted number of candles.</param>
/// <param name="Looked">Number of candles looked at; none is forgotten.</param>
/// <param name="SquaredMoves">Sum of squared market returns, with the squares of the exponential weights.</param>
/// <param name="IsOpen">Whether the gate is open.</param>
internal sealed record EvidenceState(
    [property: JsonRequired] Wallet[] Wallets,
    [property: JsonRequired] double Candles,
    [property: JsonRequired] long Looked,
    [property: JsonRequired] double SquaredMoves,
    [property: JsonRequired] bool IsOpen
);

/// <summary>Tracks which expert earns most after costs, and how likely its gain is to be chance.</summary>
/// <remarks>
/// <para>
/// Every expert trades a paper account of its own. Paper orders do not move the market, so each result is known whether or
/// not the expert is followed. The gain is measured against a constant exposure equal to the account's average exposure,
/// so that it reflects timing and not a rising market.
/// </para>
/// <para>
/// The evidence is that gain after costs, divided by the standard deviation that the account's timing would have had by
/// chance: the root of the sum of its squared timing gains (de la Pena, Klass and Lai 2007, self-normalised processes). A
/// twentieth of the market's own variance is added, because one lucky jump of an account that is rarely in the market is
/// weak evidence.
/// </para>
/// <para>
/// The gate opens when the best evidence reaches what is asked for, and closes when that evidence falls below 0. What is
/// asked for does not depend on costs, and grows slowly with the number of candles looked at, because the best of many looks
/// is high by chance. Where trading is free the gate is always open.
/// </para>
/// </remarks>
/// <param name="experts">Number of experts.</param>
/// <param name="asked">Evidence asked for at first, in standard deviations; 0 asks for none.</param>
internal sealed class Evidence(int experts, double asked = Evidence.Standard)
{
    /// <summary>Evidence asked for at first, in standard deviations, when nothing else is said.</summary>
    internal const double Standard = 3.0;

    // Share of the market's variance that is added to every account's own. With it, an account that is in the market half of
    // the time needs 3.03 for a chance of one in twenty by Ville's inequality, which is where the standard comes from.
    private const double MarketShare = 0.05;

    // Candles after which a gain has half its weight: one week of minutes.
    private const double HalfLife = 10_000;

    // Candles between two computations of what is asked for; a power of two.
    private const long AskedEvery = 64;

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
    private readonly double[] squaredTimings = new double[Lanes.Padded(experts)];
    private readonly double[] evidences = new double[Lanes.Padded(experts)];
    private double candles;
    private long looked;
    private double squaredMoves;
    private readonly double askedAtFirst = asked;
    private double askedNow = asked;
    private int best;
    private bool isOpen;

    /// <summary>Books the market's return between two fills, then moves each account to its wanted position.</summary>
    public void Move(double move, CostFractions costs)
    {
        candles = fading * candles + 1.0;
        squaredMoves = fading * fading * squaredMoves + move * move;
        if (++looked % AskedEvery == 0)
            askedNow = AskedAfter(looked);
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
            var timing = (now - averageExposure) * Vector256.Create(move);
            var fade = Vector256.Create(fading);
            Lanes.Store(fade * Lanes.Load(ref gains[k], 0) + (timing - cost), ref gains[k], 0);
            var squared = Vector256.Create(fading * fading) * Lanes.Load(ref squaredTimings[k], 0) + timing * timing;
            Lanes.Store(squared, ref squaredTimings[k], 0);
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

        Rank();
        isOpen = evidences[best] >= (isOpen ? 0.0 : askedNow);
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

    /// <summary>Returns the expert with the most evidence, and whether the gate is open.</summary>
    public (int Expert, Gate Gate) Best(CostFractions costs)
    {
        // If trading is free, a wrong decision costs nothing on average, but waiting for evidence does.
        var isFree = askedAtFirst <= 0 || costs.Mean <= 0;
        return (best, new Gate(evidences[best], isFree ? 0.0 : askedNow, isFree || isOpen));
    }

    /// <summary>Returns the evidence of one expert, in standard deviations of a gain by chance.</summary>
    public double Of(int expert) => evidences[expert];

    /// <summary>Returns the equity of one expert's account after costs, as a multiple of what it began with.</summary>
    public double EquityOf(int expert) => equities[expert];

    /// <summary>Returns how often one expert's account has bought or sold.</summary>
    public long TradesOf(int expert) => (long)trades[expert];

    /// <summary>Returns the weighted net gain of one expert's account, a fraction.</summary>
    public double GainOf(int expert) => gains[expert];

    /// <summary>Returns the standard deviation that one expert's gain would have by chance, a fraction.</summary>
    public double DeviationOf(int expert) => Math.Sqrt(squaredTimings[expert] + MarketShare * squaredMoves);

    /// <summary>Returns why the gate is open or closed.</summary>
    public GateRule Rule(CostFractions costs) =>
        askedAtFirst <= 0 ? GateRule.NoneAsked
        : costs.Mean <= 0 ? GateRule.Free
        : !isOpen
            ? evidences[best] < 0 ? GateRule.BelowZero
                : GateRule.NotReached
        : evidences[best] >= askedNow ? GateRule.Reached
        : GateRule.Kept;

    public EvidenceState Snapshot() =>
        new([.. Enumerable.Range(0, experts).Select(WalletOf)], candles, looked, squaredMoves, isOpen);

    /// <exception cref="InvalidDataException">The state does not fit the experts.</exception>
    public void Restore(EvidenceState state)
    {
        if (state.Wallets.Length != experts)
            throw new InvalidDataException($"{state.Wallets.Length} wallets where there are {experts}");
        if (!(state.Candles >= 0 && state.Looked >= 0 && state.SquaredMoves >= 0))
            throw new InvalidDataException("the evidence's sums are below 0");
        // An account cannot gain more than the market moved, nor be invested for longer than there were candles.
        var maxTimeIn = state.Candles * (1 + 1e-9) + 1;
        if (
            !state.Wallets.All(wallet =>
                wallet.TimeIn >= 0
                && wallet.TimeIn <= maxTimeIn
                && Math.Abs(wallet.Gain) < 1e6
                && wallet.SquaredTimings >= 0
                && wallet.Equity >= 1 / largest
                && wallet.Equity <= largest
                && wallet.Trades >= 0
            )
        )
            throw new InvalidDataException(
                "a wallet's time in the market, its gains, its equity or its number of trades is out of range"
            );
        for (var i = 0; i < experts; i++)
        {
            var wallet = state.Wallets[i];
            (isIn[i], wantsIn[i]) = (wallet.IsIn ? 1.0 : 0.0, wallet.WantsIn ? 1.0 : 0.0);
            (gains[i], timesIn[i], equities[i], trades[i]) = (wallet.Gain, wallet.TimeIn, wallet.Equity, wallet.Trades);
            squaredTimings[i] = wallet.SquaredTimings;
        }

        (candles, looked, squaredMoves, isOpen) = (state.Candles, state.Looked, state.SquaredMoves, state.IsOpen);
        askedNow = AskedAfter(looked - looked % AskedEvery);
        Rank();
    }

    // The evidence of every expert, and the first of those that have the most.
    private void Rank()
    {
        var floor = Vector256.Create(MarketShare * squaredMoves);
        for (var k = 0; k < evidences.Length; k += Lanes.Width)
        {
            var variance = Lanes.Load(ref squaredTimings[k], 0) + floor;
            var evidence = Lanes.Load(ref gains[k], 0) / Vector256.Sqrt(variance);
            // A market that has not moved proves nothing.
            var known = Vector256.GreaterThan(variance, Vector256<double>.Zero);
            Lanes.Store(Vector256.ConditionalSelect(known, evidence, Vector256<double>.Zero), ref evidences[k], 0);
        }

        best = 0;
        for (var i = 1; i < experts; i++)
        {
            if (evidences[i] > evidences[best])
                best = i;
        }
    }

    // Forgetting starts a new look every 1 / (1 - fading) candles; a chance that is shared by n looks is n times as small for each,
    // which adds 2 ln n to the square: 3.15 after a year of hours, 4.03 after one of minutes, 4.41 after five.
    private double AskedAfter(long candles) =>
        Math.Sqrt(askedAtFirst * askedAtFirst + 2.0 * Portable.Log(1.0 + (1.0 - fading) * candles));

    private Wallet WalletOf(int expert) =>
        new(
            isIn[expert] > 0,
            wantsIn[expert] > 0,
            gains[expert],
            timesIn[expert],
            squaredTimings[expert],
            equities[expert],
            TradesOf(expert)
        );

    private static double[] Ones(int length)
    {
        var ones = new double[length];
        Array.Fill(ones, 1.0);
        return ones;
    }
}

using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>One expert's virtual wallet.</summary>
/// <param name="IsIn">Whether it is in the market.</param>
/// <param name="WantsIn">Whether it wants to be, from the next fill on.</param>
/// <param name="Gain">Faded sum of its net gains by timing.</param>
/// <param name="TimeIn">Faded number of candles in the market.</param>
internal readonly record struct Wallet(
    [property: JsonRequired] bool IsIn,
    [property: JsonRequired] bool WantsIn,
    [property: JsonRequired] double Gain,
    [property: JsonRequired] double TimeIn
);

/// <summary>The state of the evidence.</summary>
/// <param name="Wallets">One for each expert.</param>
/// <param name="Candles">Faded number of candles.</param>
/// <param name="SquaredWeights">Faded sum of the squared weights.</param>
/// <param name="SquaredMoves">Faded sum of the squared moves.</param>
internal sealed record EvidenceState(
    [property: JsonRequired] Wallet[] Wallets,
    [property: JsonRequired] double Candles,
    [property: JsonRequired] double SquaredWeights,
    [property: JsonRequired] double SquaredMoves
);

/// <summary>Which expert earns after costs, and whether that can be luck.</summary>
/// <remarks>
/// Every expert trades a virtual wallet on the same market, which paper orders do not move, so its result is known whether
/// it is followed or not. Its gain is counted against holding the same share of the market all the time: what counts is
/// timing, not that the market rose. The evidence is that gain in standard deviations of what the market itself did, as
/// if the wallet had always been in it: one lucky jump of a wallet that is hardly ever in the market proves little.
/// </remarks>
internal sealed class Evidence(int experts)
{
    /// <summary>Standard deviations asked for where trading costs.</summary>
    internal const double Standard = 3.0;

    // Candles after which a gain counts half: a week of minutes.
    private const double HalfLife = 10_000;

    // Where a side costs this share of a candle's standard deviation or more, all of the evidence is asked for.
    private const double DearShare = 0.2;

    private static readonly double fading = Indicators.Portable.Exp(Indicators.Portable.Log(0.5) / HalfLife);

    // One number for each expert, in whole lanes; in the market is 1, out of it 0.
    private readonly double[] isIn = new double[Lanes.Padded(experts)];
    private readonly double[] wantsIn = new double[Lanes.Padded(experts)];
    private readonly double[] gains = new double[Lanes.Padded(experts)];
    private readonly double[] timesIn = new double[Lanes.Padded(experts)];
    private double candles;
    private double squaredWeights;
    private double squaredMoves;

    /// <summary>The market moved from one possible fill to the next: gains come in, wishes are carried out.</summary>
    public void Move(double move, double costFraction)
    {
        candles = fading * candles + 1.0;
        squaredWeights = fading * fading * squaredWeights + 1.0;
        squaredMoves = fading * squaredMoves + move * move;
        for (var k = 0; k < gains.Length; k += Lanes.Width)
        {
            var (now, next) = (Lanes.Load(ref isIn[k], 0), Lanes.Load(ref wantsIn[k], 0));
            var timeIn = Lanes.Load(ref timesIn[k], 0);
            var usualShare = timeIn / Vector256.Create(candles);
            var cost = Vector256.AndNot(Vector256.Create(costFraction), Vector256.Equals(now, next));
            var gain = (now - usualShare) * Vector256.Create(move) - cost;
            var fade = Vector256.Create(fading);
            Lanes.Store(fade * Lanes.Load(ref gains[k], 0) + gain, ref gains[k], 0);
            Lanes.Store(fade * timeIn + next, ref timesIn[k], 0);
            Lanes.Store(next, ref isIn[k], 0);
        }
    }

    /// <summary>What the wallets do about expected moves: in above the cost of a side, out below minus that.</summary>
    /// <param name="expectedMoves">One for each expert, in whole lanes.</param>
    /// <param name="costFraction">Cost of a side.</param>
    public void Decide(double[] expectedMoves, double costFraction)
    {
        Debug.Assert(expectedMoves.Length == wantsIn.Length, "Moves come in whole lanes.");
        for (var k = 0; k < wantsIn.Length; k += Lanes.Width)
        {
            var expected = Lanes.Load(ref expectedMoves[k], 0);
            var wants = Vector256.ConditionalSelect(
                Vector256.GreaterThan(Lanes.Load(ref isIn[k], 0), Vector256<double>.Zero),
                Vector256.GreaterThanOrEqual(expected, Vector256.Create(-costFraction)),
                Vector256.GreaterThan(expected, Vector256.Create(costFraction))
            );
            Lanes.Store(wants & Vector256<double>.One, ref wantsIn[k], 0);
        }
    }

    /// <summary>The expert with most evidence, and whether that is enough.</summary>
    public (int Expert, Gate Gate) Best(double costFraction)
    {
        var best = 0;
        for (var i = 1; i < experts; i++)
        {
            if (gains[i] > gains[best])
                best = i;
        }

        var deviation = squaredMoves > 0 ? Math.Sqrt(squaredMoves / candles) : 0.0;
        var evidence = deviation > 0 ? gains[best] / (deviation * Math.Sqrt(squaredWeights)) : 0.0;
        var required = costFraction > 0 ? Standard * Dearness(costFraction, deviation) : 0.0;
        // Where trading is free, being wrong costs nothing on average, and waiting for evidence does.
        return (best, new Gate(evidence, required, costFraction <= 0 || evidence >= required));
    }

    public EvidenceState Snapshot() =>
        new([.. Enumerable.Range(0, experts).Select(WalletOf)], candles, squaredWeights, squaredMoves);

    /// <exception cref="InvalidDataException">The state does not fit.</exception>
    public void Restore(EvidenceState state)
    {
        if (state.Wallets.Length != experts)
            throw new InvalidDataException($"{state.Wallets.Length} wallets where there are {experts}");
        if (!(state.Candles >= 0 && state.SquaredWeights >= 0 && state.SquaredMoves >= 0))
            throw new InvalidDataException("the evidence's sums are below 0");
        // A wallet gains no more than its market moves, and is in it for no longer than there were candles.
        var most = state.Candles * (1 + 1e-9) + 1;
        if (!state.Wallets.All(wallet => wallet.TimeIn >= 0 && wallet.TimeIn <= most && Math.Abs(wallet.Gain) < 1e6))
            throw new InvalidDataException("a wallet's time or gain is none");
        for (var i = 0; i < experts; i++)
        {
            var wallet = state.Wallets[i];
            (isIn[i], wantsIn[i]) = (wallet.IsIn ? 1.0 : 0.0, wallet.WantsIn ? 1.0 : 0.0);
            (gains[i], timesIn[i]) = (wallet.Gain, wallet.TimeIn);
        }

        (candles, squaredWeights, squaredMoves) = (state.Candles, state.SquaredWeights, state.SquaredMoves);
    }

    private Wallet WalletOf(int expert) => new(isIn[expert] > 0, wantsIn[expert] > 0, gains[expert], timesIn[expert]);

    private static double Dearness(double costFraction, double deviation) =>
        costFraction >= DearShare * deviation ? 1.0 : costFraction / (DearShare * deviation);
}

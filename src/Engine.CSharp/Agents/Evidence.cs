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

    private readonly Wallet[] wallets = new Wallet[experts];
    private double candles;
    private double squaredWeights;
    private double squaredMoves;

    /// <summary>The market moved from one possible fill to the next: gains come in, wishes are carried out.</summary>
    public void Move(double move, double costFraction)
    {
        candles = fading * candles + 1.0;
        squaredWeights = fading * fading * squaredWeights + 1.0;
        squaredMoves = fading * squaredMoves + move * move;
        for (var i = 0; i < wallets.Length; i++)
        {
            ref var wallet = ref wallets[i];
            var usualShare = wallet.TimeIn / candles;
            var gain = ((wallet.IsIn ? 1.0 : 0.0) - usualShare) * move;
            if (wallet.WantsIn != wallet.IsIn)
                gain -= costFraction;
            wallet = new Wallet(
                wallet.WantsIn,
                wallet.WantsIn,
                fading * wallet.Gain + gain,
                fading * wallet.TimeIn + (wallet.WantsIn ? 1.0 : 0.0)
            );
        }
    }

    /// <summary>What an expert's wallet does about an expected move: in above the cost of a side, out below minus that.</summary>
    public void Decide(int expert, double expectedMove, double costFraction)
    {
        ref var wallet = ref wallets[expert];
        var wantsIn = wallet.IsIn ? expectedMove >= -costFraction : expectedMove > costFraction;
        wallet = wallet with { WantsIn = wantsIn };
    }

    /// <summary>The expert with most evidence, and whether that is enough.</summary>
    public (int Expert, Gate Gate) Best(double costFraction)
    {
        var best = 0;
        for (var i = 1; i < wallets.Length; i++)
        {
            if (wallets[i].Gain > wallets[best].Gain)
                best = i;
        }

        var deviation = squaredMoves > 0 ? Math.Sqrt(squaredMoves / candles) : 0.0;
        var evidence = deviation > 0 ? wallets[best].Gain / (deviation * Math.Sqrt(squaredWeights)) : 0.0;
        var required = costFraction > 0 ? Standard * Dearness(costFraction, deviation) : 0.0;
        // Where trading is free, being wrong costs nothing on average, and waiting for evidence does.
        return (best, new Gate(evidence, required, costFraction <= 0 || evidence >= required));
    }

    public EvidenceState Snapshot() => new([.. wallets], candles, squaredWeights, squaredMoves);

    /// <exception cref="InvalidDataException">The state does not fit.</exception>
    public void Restore(EvidenceState state)
    {
        if (state.Wallets.Length != wallets.Length)
            throw new InvalidDataException($"{state.Wallets.Length} wallets where there are {wallets.Length}");
        if (!(state.Candles >= 0 && state.SquaredWeights >= 0 && state.SquaredMoves >= 0))
            throw new InvalidDataException("the evidence's sums are below 0");
        // A wallet gains no more than its market moves, and is in it for no longer than there were candles.
        var most = state.Candles * (1 + 1e-9) + 1;
        if (!state.Wallets.All(wallet => wallet.TimeIn >= 0 && wallet.TimeIn <= most && Math.Abs(wallet.Gain) < 1e6))
            throw new InvalidDataException("a wallet's time or gain is none");
        state.Wallets.CopyTo(wallets, 0);
        (candles, squaredWeights, squaredMoves) = (state.Candles, state.SquaredWeights, state.SquaredMoves);
    }

    private static double Dearness(double costFraction, double deviation) =>
        costFraction >= DearShare * deviation ? 1.0 : costFraction / (DearShare * deviation);
}

namespace BtcBandit.Engine.Market;

/// <summary>The predictable pattern in a synthetic market, if any.</summary>
public enum SyntheticWorld
{
    /// <summary>The price drifts up or down; the direction switches at random times.</summary>
    Drifts,

    /// <summary>The price reverts to a slowly moving level.</summary>
    MeanReverting,

    /// <summary>Returns alternate between momentum and reversal, each for a fixed number of candles.</summary>
    Flips,

    /// <summary>Returns are unpredictable.</summary>
    Martingale,

    /// <summary>The price never moves.</summary>
    Flat,
}

/// <summary>Names of the synthetic worlds in options and files.</summary>
public static class SyntheticWorlds
{
    private static readonly ValueNames<SyntheticWorld> names = new(
        (SyntheticWorld.Drifts, "drifts"),
        (SyntheticWorld.MeanReverting, "mean-reverting"),
        (SyntheticWorld.Flips, "flips"),
        (SyntheticWorld.Martingale, "martingale"),
        (SyntheticWorld.Flat, "flat")
    );

    /// <summary>All names, separated by spaces, for messages.</summary>
    public static string Names => string.Join(' ', names.All);

    /// <summary>The worlds and their names.</summary>
    internal static ValueNames<SyntheticWorld> Values => names;

    /// <summary>Returns the name of a world.</summary>
    /// <exception cref="InvalidOperationException">The value is not a defined world.</exception>
    public static string Name(this SyntheticWorld world) =>
        names.Has(world) ? names.Of(world) : throw new InvalidOperationException($"There is no world {world:D}.");

    /// <summary>Looks up a world by its exact name.</summary>
    public static bool TryParse(string? name, out SyntheticWorld world) => names.TryParse(name, out world);
}

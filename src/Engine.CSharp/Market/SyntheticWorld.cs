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

/// <summary>Names of the synthetic worlds on the command line and in files.</summary>
public static class SyntheticWorlds
{
    private static readonly (SyntheticWorld World, string Name)[] Named =
    [
        (SyntheticWorld.Drifts, "drifts"),
        (SyntheticWorld.MeanReverting, "mean-reverting"),
        (SyntheticWorld.Flips, "flips"),
        (SyntheticWorld.Martingale, "martingale"),
        (SyntheticWorld.Flat, "flat"),
    ];

    /// <summary>All names, separated by spaces, for messages.</summary>
    public static string Names => string.Join(' ', Named.Select(pair => pair.Name));

    /// <summary>Returns the name of a world.</summary>
    /// <exception cref="InvalidOperationException">The value is not a defined world.</exception>
    public static string Name(this SyntheticWorld world) => Named.First(pair => pair.World == world).Name;

    /// <summary>Looks up a world by its exact name.</summary>
    public static bool TryParse(string? name, out SyntheticWorld world)
    {
        var index = Array.FindIndex(Named, pair => pair.Name == name);
        world = index < 0 ? default : Named[index].World;
        return index >= 0;
    }
}

namespace BtcBandit.Engine.Feeds;

/// <summary>What, if anything, can be predicted in a synthetic market.</summary>
public enum SyntheticWorld
{
    /// <summary>Rises or falls steadily; the direction switches at random moments.</summary>
    Drifts,

    /// <summary>Falls back towards a slowly moving level.</summary>
    MeanReverting,

    /// <summary>The next return follows the last one, then opposes it, for a fixed number of candles each.</summary>
    Flips,

    /// <summary>Nothing can be predicted.</summary>
    Martingale,

    /// <summary>The price never moves.</summary>
    Flat,
}

/// <summary>The names of the worlds on the command line and in files.</summary>
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

    /// <summary>Every name, for messages.</summary>
    public static string Names => string.Join(' ', Named.Select(pair => pair.Name));

    /// <summary>The name of a world.</summary>
    /// <exception cref="InvalidOperationException">Not one of the worlds.</exception>
    public static string Name(this SyntheticWorld world) => Named.First(pair => pair.World == world).Name;

    /// <summary>Finds a world by its exact name.</summary>
    public static bool TryParse(string? name, out SyntheticWorld world)
    {
        var index = Array.FindIndex(Named, pair => pair.Name == name);
        world = index < 0 ? default : Named[index].World;
        return index >= 0;
    }
}

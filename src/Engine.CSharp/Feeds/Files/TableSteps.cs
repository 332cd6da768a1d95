namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The distances between the first rows of a table.</summary>
/// <param name="Step">The most common one in milliseconds, of equally common ones the shortest.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="All">How many there are.</param>
internal readonly record struct TableSteps(long Step, int Count, int All)
{
    private const int MinSteps = 10;

    /// <summary>Whether the step is certain: few steps that differ, or steps without a majority, may be gaps.</summary>
    public bool IsClear => Count == All || (IsMany && 2 * Count > All);

    /// <summary>Whether there are so many steps that they cannot all be gaps.</summary>
    public bool IsMany => All >= MinSteps;

    /// <param name="counts">How often each distance occurs.</param>
    /// <returns>The steps; null without any.</returns>
    public static TableSteps? Of(Dictionary<long, int> counts)
    {
        if (counts.Count == 0)
            return null;
        var (step, count) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First();
        return new TableSteps(step, count, counts.Values.Sum());
    }
}

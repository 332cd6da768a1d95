namespace BtcBandit.Sweep.Reporting;

/// <summary>The blocks of a test that all settings of a market have in common. Indicators that take longer to warm up leave fewer
/// steps, and with them other blocks.</summary>
/// <param name="StepsPerBlock">Number of steps of a block.</param>
/// <param name="Hold">Return of buying and holding in each.</param>
internal sealed record CommonBlocks(long StepsPerBlock, float[] Hold)
{
    /// <summary>Returns the longest blocks of a test, as many as the setting with the most steps has.</summary>
    /// <param name="tests">The test of each setting, at least one.</param>
    /// <param name="holds">Growth of buying and holding by its key.</param>
    public static CommonBlocks Of(IEnumerable<FoldMean> tests, IReadOnlyDictionary<long, float[]> holds)
    {
        var all = tests.ToList();
        var steps = all.Max(test => test.StepsPerBlock);
        return new CommonBlocks(
            steps,
            all.Select(test => Joined(holds[test.Hold], steps / test.StepsPerBlock)).MaxBy(hold => hold.Length)!
        );
    }

    /// <summary>Returns a test in these blocks. Before its first step it was out of the market.</summary>
    /// <param name="test">The test.</param>
    /// <param name="hold">Return of buying and holding in each of its own blocks.</param>
    public (float[] Own, float[] Hold) Of(FoldMean test, float[] hold)
    {
        var width = StepsPerBlock / test.StepsPerBlock;
        var (own, held) = (Joined(test.Own(hold.Length), width), Joined(hold, width));
        var before = Hold.Length - held.Length;
        return ([.. new float[before], .. own], [.. Hold.AsSpan(0, before), .. held]);
    }

    /// <summary>Joins so many neighbours each; those at the end that fill no joined one are left out.</summary>
    public static float[] Joined(IReadOnlyList<float> returns, long width)
    {
        if (width <= 1)
            return [.. returns];
        var joined = new float[returns.Count / width];
        for (var block = 0; block < joined.Length; block++)
        {
            var growth = 1.0;
            for (var part = 0; part < width; part++)
                growth *= 1.0 + returns[(int)(block * width) + part];
            joined[block] = (float)(growth - 1.0);
        }
        return joined;
    }
}

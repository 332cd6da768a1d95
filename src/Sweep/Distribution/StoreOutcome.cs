namespace BtcBandit.Sweep.Distribution;

/// <summary>What a store answers to a result. Storing the same result twice is normal.</summary>
public enum StoreOutcome
{
    /// <summary>It was new and is now stored.</summary>
    Stored,

    /// <summary>The same result was there before.</summary>
    SameAgain,

    /// <summary>Another result was there before and stays: a broken machine, or work that is not deterministic.</summary>
    Differs,

    /// <summary>It is not what this machine gets, whose own result is stored instead.</summary>
    Corrected,
}

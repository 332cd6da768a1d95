namespace BtcBandit.Engine.Evaluation;

/// <summary>Why there is, or is not, evidence of skill in a run.</summary>
public enum SkillFinding
{
    /// <summary>There is: luck explains neither the return over flat nor that over buying and holding.</summary>
    Evidence,

    /// <summary>There is none: the run was begun by a version that did not record its growth.</summary>
    NotRecorded,

    /// <summary>There is none: some of the candles were known to the agent before the run.</summary>
    InSample,

    /// <summary>There is none: the run has fewer than <see cref="SkillVerdict.FewestBlocks"/> blocks.</summary>
    TooShort,

    /// <summary>There is none: equity changed in fewer than <see cref="SkillVerdict.FewestActive"/> blocks.</summary>
    TooIdle,

    /// <summary>There is none: the return over flat may be luck, or is a loss.</summary>
    OverFlat,

    /// <summary>There is none: the return over buying and holding may be luck, or is negative.</summary>
    OverBuyAndHold,

    /// <summary>There is none: the best of so many trials without skill may do as well.</summary>
    Trials,
}

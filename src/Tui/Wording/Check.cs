namespace BtcBandit.Tui.Wording;

/// <summary>How a check came out.</summary>
internal enum CheckMark
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Live training can start, with something to know.</summary>
    Note,

    /// <summary>Live training cannot start.</summary>
    Fail,
}

/// <summary>One thing that live training needs, and how it is.</summary>
/// <param name="Name">What it is, in a word.</param>
/// <param name="Mark">How the check came out.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
internal sealed record Check(string Name, CheckMark Mark, string Text, string? Advice = null)
{
    /// <summary>The mark in a word.</summary>
    public string Word =>
        Mark switch
        {
            CheckMark.Ok => "ok",
            CheckMark.Note => "note",
            _ => "FAIL",
        };

    /// <summary>The check in one line.</summary>
    public string Line => $"{Word, -4}  {Name, -8}  {Text}{(Advice is null ? "" : $"; {Advice}")}";
}

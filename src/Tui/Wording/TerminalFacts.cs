namespace BtcBandit.Tui.Wording;

/// <summary>What the terminal can show.</summary>
/// <param name="IsTerminal">Whether stdout is a terminal that can be drawn on.</param>
/// <param name="Columns">Width in characters; 0 without a terminal.</param>
/// <param name="Rows">Height in lines; 0 without a terminal.</param>
/// <param name="Colours">How many colours, in words.</param>
/// <param name="HasColours">Whether it has any.</param>
/// <param name="IsUtf8">Whether it shows all characters, or only those of ASCII.</param>
internal readonly record struct TerminalFacts(
    bool IsTerminal,
    int Columns,
    int Rows,
    string Colours,
    bool HasColours,
    bool IsUtf8
);

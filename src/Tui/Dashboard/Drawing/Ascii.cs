namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>Substitutes for characters where the locale has only ASCII.</summary>
internal static class Ascii
{
    // Each character is followed by its substitute.
    private const string Pairs =
        "─-│|┌+┐+└+┘+├[┤]┬+┴+┼+┃O╽O╿O╷|╵|╻O╹O█#▀#▄#▁.▂.▃:▅=▆="
        + "▇#░.▒:▓%▲^▼v◆*●o◀<▷>▶>…~·.•:°'┄-━=═~–-—-±~×x→>←<↑^↓v⠒*";

    private static readonly Dictionary<char, char> table = Enumerable
        .Range(0, Pairs.Length / 2)
        .ToDictionary(i => Pairs[2 * i], i => Pairs[2 * i + 1]);

    public static char Of(char glyph) => glyph < 127 ? glyph : table.GetValueOrDefault(glyph, Other(glyph));

    private static char Other(char glyph) => glyph is > '\u2800' and <= '\u28ff' ? '*' : '?';
}

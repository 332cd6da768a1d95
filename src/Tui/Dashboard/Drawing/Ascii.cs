namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>What stands for a character where the locale has ASCII only.</summary>
internal static class Ascii
{
    private const string From = "─│┌┐└┘├┤┬┴┼╭╮╰╯━┃╽╿╷╵╻╹█▀▄▁▂▃▄▅▆▇▌▐░▒▓▲▼◆●○◀▶▷◁…·•°┄═–—×±→←↑↓";
    private const string To = "-|+++++++++++++-O||||OO#####..:-=+*#[].:#^v*oo<>><.......-==--x~><^v";

    private static readonly Dictionary<char, char> table = Build();

    public static char Of(char glyph) => glyph < 127 ? glyph : table.GetValueOrDefault(glyph, Braille(glyph));

    private static char Braille(char glyph) => glyph is > '\u2800' and <= '\u28ff' ? '*' : '?';

    private static Dictionary<char, char> Build()
    {
        var all = new Dictionary<char, char>();
        for (var i = 0; i < Math.Min(From.Length, To.Length); i++)
            all[From[i]] = To[i];
        return all;
    }
}

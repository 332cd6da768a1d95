using System.Globalization;
using System.Text;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace BtcBandit.Tui.Gui.Output;

/// <summary>Turns attributes into escape sequences, with as many colours as a terminal can show.</summary>
/// <param name="depth">How many colours to use.</param>
internal sealed class Sequences(ColourDepth depth)
{
    // Levels of red, green and blue in the 6 x 6 x 6 cube of xterm's 256 colours, which begins at 16.
    private static readonly int[] levels = [0, 95, 135, 175, 215, 255];

    // The inks of the terminal's own theme are the names that the user's theme gives its colours to.
    private static readonly Dictionary<Color, int> themed = new()
    {
        [Theme.Terminal[Ink.Good]] = 32,
        [Theme.Terminal[Ink.Bad]] = 31,
        [Theme.Terminal[Ink.Accent]] = 36,
        [Theme.Terminal[Ink.Warning]] = 33,
        [Theme.Terminal[Ink.Muted]] = 90,
        [Theme.Terminal[Ink.Second]] = 35,
        [Theme.Terminal[Ink.Third]] = 34,
    };

    private readonly Dictionary<Attribute, string> known = [];

    /// <summary>The escape sequence that switches to an attribute from any other.</summary>
    public string Of(Attribute attribute)
    {
        if (!known.TryGetValue(attribute, out var sequence))
            known[attribute] = sequence = Build(attribute);
        return sequence;
    }

    /// <summary>The number of the nearest of xterm's 256 colours, without the 16 that follow the user's theme.</summary>
    public static int Indexed(byte red, byte green, byte blue)
    {
        var (r, g, b) = (Nearest(red), Nearest(green), Nearest(blue));
        var cube = 16 + 36 * r + 6 * g + b;
        // 24 greys from 8 in steps of 10, which begin at 232.
        var grey = Math.Clamp(((red + green + blue) / 3 - 3) / 10, 0, 23);
        var level = 8 + 10 * grey;
        return Distance(level, level, level) < Distance(levels[r], levels[g], levels[b]) ? 232 + grey : cube;

        int Distance(int x, int y, int z) => Square(x - red) + Square(y - green) + Square(z - blue);

        static int Square(int x) => x * x;
    }

    private string Build(Attribute attribute)
    {
        var codes = new StringBuilder("\e[0");
        foreach (var (style, code) in styles)
        {
            if (attribute.Style.HasFlag(style))
                codes.Append(CultureInfo.InvariantCulture, $";{code}");
        }

        if (depth != ColourDepth.None)
        {
            Append(codes, attribute.Foreground, isBackground: false);
            Append(codes, attribute.Background, isBackground: true);
        }

        return codes.Append('m').ToString();
    }

    private static readonly (TextStyle Style, int Code)[] styles =
    [
        (TextStyle.Bold, 1),
        (TextStyle.Faint, 2),
        (TextStyle.Underline, 4),
        (TextStyle.Reverse, 7),
    ];

    private void Append(StringBuilder codes, Color colour, bool isBackground)
    {
        // The terminal's own colour.
        if (colour == Color.None)
            return;
        var kind = isBackground ? 48 : 38;
        _ = depth switch
        {
            ColourDepth.Named => codes.Append(
                CultureInfo.InvariantCulture,
                $";{Named(colour) + (isBackground ? 10 : 0)}"
            ),
            ColourDepth.Indexed => codes.Append(
                CultureInfo.InvariantCulture,
                $";{kind};5;{Indexed(colour.R, colour.G, colour.B)}"
            ),
            _ => codes.Append(CultureInfo.InvariantCulture, $";{kind};2;{colour.R};{colour.G};{colour.B}"),
        };
    }

    private static int Named(Color colour) => themed.TryGetValue(colour, out var code) ? code : Closest(colour);

    private static int Closest(Color colour) =>
        colour.GetClosestNamedColor16() switch
        {
            ColorName16.Black => 30,
            ColorName16.Red => 31,
            ColorName16.Green => 32,
            ColorName16.Yellow => 33,
            ColorName16.Blue => 34,
            ColorName16.Magenta => 35,
            ColorName16.Cyan => 36,
            ColorName16.Gray => 37,
            ColorName16.DarkGray => 90,
            ColorName16.BrightRed => 91,
            ColorName16.BrightGreen => 92,
            ColorName16.BrightYellow => 93,
            ColorName16.BrightBlue => 94,
            ColorName16.BrightMagenta => 95,
            ColorName16.BrightCyan => 96,
            _ => 97,
        };

    private static int Nearest(byte value)
    {
        var best = 0;
        for (var i = 1; i < levels.Length; i++)
        {
            if (Math.Abs(levels[i] - value) < Math.Abs(levels[best] - value))
                best = i;
        }

        return best;
    }
}

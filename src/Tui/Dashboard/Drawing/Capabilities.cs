namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>What a terminal can show, as its environment says.</summary>
/// <remarks>Replaces the detection of Terminal.Gui 2.5.0, which knows neither 256 colours nor NO_COLOR nor the locale.
/// Delete it when the library knows all three.</remarks>
/// <param name="Colours">How many colours the terminal can show.</param>
/// <param name="Charset">Which characters the terminal can show.</param>
public readonly record struct Capabilities(ColourDepth Colours, Charset Charset)
{
    private static readonly string[] localeVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Reads COLORTERM, TERM, NO_COLOR, LC_ALL, LC_CTYPE and LANG.</summary>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    public static Capabilities Of(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new Capabilities(ColoursOf(environment), CharsetOf(environment));
    }

    private static ColourDepth ColoursOf(Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(environment("NO_COLOR")))
            return ColourDepth.None;
        var (colour, term) = (environment("COLORTERM") ?? "", environment("TERM") ?? "");
        return colour is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal) ? ColourDepth.True
            : term.Contains("256color", StringComparison.Ordinal) ? ColourDepth.Indexed
            : term.EndsWith("-mono", StringComparison.Ordinal) || term is "vt100" or "vt220" ? ColourDepth.None
            : ColourDepth.Named;
    }

    // The first variable that is set decides, as in every other program.
    private static Charset CharsetOf(Func<string, string?> environment)
    {
        var locale = localeVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        var isUtf8 =
            locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
        return isUtf8 || OperatingSystem.IsWindows() ? Charset.Unicode : Charset.Ascii;
    }
}

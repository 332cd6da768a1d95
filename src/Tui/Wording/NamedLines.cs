using System.Text;

namespace BtcBandit.Tui.Wording;

/// <summary>Lines of a name and a value, in two columns.</summary>
internal static class NamedLines
{
    // Width of the first column.
    private const int NameWidth = 16;

    // Width of a narrow terminal.
    private const int Width = 80;

    /// <summary>Adds a line.</summary>
    public static void Line(this StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(' ').Append(value).Append('\n');

    /// <summary>Adds a value in lines of at most 80 characters, broken between its parts. A longer part has a line of its own.</summary>
    /// <param name="text">What to add to.</param>
    /// <param name="name">The name, in the first line.</param>
    /// <param name="parts">Parts of the value, each with its comma, to be divided by blanks.</param>
    public static void Wrapped(this StringBuilder text, string name, IEnumerable<string> parts)
    {
        var line = "";
        foreach (var part in parts)
        {
            if (line.Length > 0 && NameWidth + 1 + line.Length + 1 + part.Length > Width)
            {
                text.Line(name, line);
                (name, line) = ("", "");
            }
            line = line.Length == 0 ? part : $"{line} {part}";
        }
        text.Line(name, line);
    }

    /// <summary>Adds a sentence in such lines, broken between words.</summary>
    /// <param name="text">What to add to.</param>
    /// <param name="name">The name, in the first line.</param>
    /// <param name="sentence">The sentence.</param>
    /// <param name="command">A command after it, in one line so that it can be copied; null if there is none.</param>
    public static void Sentence(this StringBuilder text, string name, string sentence, string? command = null) =>
        text.Wrapped(name, command is null ? sentence.Split(' ') : [.. sentence.Split(' '), command]);

    /// <summary>The parts of a list for <see cref="Wrapped"/>.</summary>
    public static IEnumerable<string> Listed(IReadOnlyList<string> items) =>
        items.Select((item, place) => place < items.Count - 1 ? $"{item}," : item);
}

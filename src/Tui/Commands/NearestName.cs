using System.CommandLine;

namespace BtcBandit.Tui.Commands;

/// <summary>Guesses what was meant by a word that is no flag and no command.</summary>
/// <remarks>System.CommandLine has such corrections, but writes them only within its own report of errors, of several lines. Delete
/// this when they can be asked for.</remarks>
internal static class NearestName
{
    // More changed letters than that are another word.
    private const int MostChanges = 2;

    /// <summary>A question that names the nearest flag or command, as <c>(did you mean --seeds?)</c>; empty where none is near.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="command">The command to which it was passed.</param>
    public static string Hint(string word, Command command)
    {
        var name = word.Split('=', 2)[0];
        var nearest = command
            .Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            .Concat(command.Subcommands.Select(sub => sub.Name))
            .Select(known => (Known: known, Changes: Changes(name, known)))
            .MinBy(one => one.Changes);
        var isNear = nearest.Changes <= MostChanges && nearest.Changes < name.TrimStart('-').Length;
        return isNear ? $" (did you mean {nearest.Known}?)" : "";
    }

    // Damerau and Levenshtein: letters put in, left out or replaced, and neighbours that changed places.
    private static int Changes(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        for (var j = 0; j <= other.Length; j++)
            table[i, j] =
                i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                        Math.Min(
                            table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1),
                            i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]
                                ? table[i - 2, j - 2] + 1
                                : int.MaxValue
                        )
                    );
        return table[one.Length, other.Length];
    }
}

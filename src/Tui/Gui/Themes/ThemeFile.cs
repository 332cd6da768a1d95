using System.Text;

namespace BtcBandit.Tui.Gui.Themes;

/// <summary>The file that keeps the chosen theme: its name, on one line.</summary>
/// <param name="path">Path of the file; null if the choice is not kept.</param>
internal sealed class ThemeFile(string? path)
{
    /// <summary>The file of a user: <c>btcbandit/theme</c> in XDG_CONFIG_HOME, else in the folder of the platform. A relative path
    /// in that variable is invalid, as the XDG specification says. Folders need not exist.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static ThemeFile Of(Func<string, string?> environment)
    {
        var folder =
            environment("XDG_CONFIG_HOME") is { } stated && Path.IsPathFullyQualified(stated)
                ? stated
                : Environment.GetFolderPath(
                    Environment.SpecialFolder.ApplicationData,
                    // A new account has no such folder yet; writing makes it.
                    Environment.SpecialFolderOption.DoNotVerify
                );
        return new ThemeFile(folder.Length == 0 ? null : Path.Combine(folder, "btcbandit", "theme"));
    }

    /// <summary>The theme that was kept; null if there is none, or it cannot be read.</summary>
    public Theme? Read()
    {
        try
        {
            return path is not null && File.Exists(path) ? Theme.Of(File.ReadAllText(path).Trim()) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the name of a theme to the file.</summary>
    /// <returns>Why it could not be kept; null if it was.</returns>
    public string? Write(Theme theme)
    {
        if (path is null)
            return "there is no folder for settings";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, theme.Name + "\n", Encoding.ASCII);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}

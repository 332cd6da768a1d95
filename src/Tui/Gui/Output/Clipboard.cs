using System.Text;

namespace BtcBandit.Tui.Gui.Output;

/// <summary>Copies text through the terminal, which has a clipboard even where the program runs on another machine.</summary>
/// <remarks>Replaces the clipboard of Terminal.Gui 2.5.0, which says that it has copied where it could not. Delete it when the
/// library copies with OSC 52.</remarks>
internal static class Clipboard
{
    /// <summary>The sequence that asks a terminal to copy text (OSC 52).</summary>
    public static string Sequence(string text) => $"\e]52;c;{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\a";
}

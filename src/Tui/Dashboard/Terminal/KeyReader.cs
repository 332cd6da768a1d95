using BtcBandit.Tui.Dashboard.Input;

namespace BtcBandit.Tui.Dashboard.Terminal;

/// <summary>Reads keys from the terminal, on a thread of its own that ends with the process.</summary>
/// <remarks>Stands in for the input loop of Terminal.Gui (decision 0001). Delete it when the front end moves to Terminal.Gui.</remarks>
internal static class KeyReader
{
    /// <summary>Begins to read. Does nothing where input is redirected.</summary>
    /// <param name="pressed">Called for each key, on the reading thread.</param>
    public static void Start(Action<Key> pressed)
    {
        if (Console.IsInputRedirected)
            return;
        new Thread(() => Read(pressed)) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>The key of a keystroke; null for keystrokes that have no meaning here.</summary>
    public static Key? Of(ConsoleKeyInfo stroke) =>
        stroke.Key switch
        {
            ConsoleKey.UpArrow => new Key(KeyName.Up),
            ConsoleKey.DownArrow => new Key(KeyName.Down),
            ConsoleKey.LeftArrow => new Key(KeyName.Left),
            ConsoleKey.RightArrow => new Key(KeyName.Right),
            ConsoleKey.PageUp => new Key(KeyName.PageUp),
            ConsoleKey.PageDown => new Key(KeyName.PageDown),
            ConsoleKey.Home => new Key(KeyName.Home),
            ConsoleKey.End => new Key(KeyName.End),
            ConsoleKey.Escape => new Key(KeyName.Escape),
            ConsoleKey.Enter => new Key(KeyName.Enter),
            ConsoleKey.Tab => new Key(stroke.Modifiers.HasFlag(ConsoleModifiers.Shift) ? KeyName.BackTab : KeyName.Tab),
            ConsoleKey.L when stroke.Modifiers.HasFlag(ConsoleModifiers.Control) => Key.Of('\f'),
            _ => stroke.KeyChar >= ' ' ? Key.Of(stroke.KeyChar) : null,
        };

    private static void Read(Action<Key> pressed)
    {
        try
        {
            while (true)
            {
                if (Of(Console.ReadKey(intercept: true)) is { } key)
                    pressed(key);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            // The terminal is gone. The run goes on until the hang-up signal ends it.
        }
    }
}

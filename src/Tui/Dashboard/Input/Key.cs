namespace BtcBandit.Tui.Dashboard.Input;

/// <summary>The kinds of key.</summary>
public enum KeyName
{
    /// <summary>A key that types a character.</summary>
    Character,

    /// <summary>Arrow up.</summary>
    Up,

    /// <summary>Arrow down.</summary>
    Down,

    /// <summary>Arrow left.</summary>
    Left,

    /// <summary>Arrow right.</summary>
    Right,

    /// <summary>Page up.</summary>
    PageUp,

    /// <summary>Page down.</summary>
    PageDown,

    /// <summary>Home.</summary>
    Home,

    /// <summary>End.</summary>
    End,

    /// <summary>Tab.</summary>
    Tab,

    /// <summary>Shift and tab.</summary>
    BackTab,

    /// <summary>Enter.</summary>
    Enter,

    /// <summary>Escape.</summary>
    Escape,
}

/// <summary>One keystroke.</summary>
/// <param name="Name">The kind of key.</param>
/// <param name="Character">The character of a key that types one, else 0.</param>
public readonly record struct Key(KeyName Name, char Character = '\0')
{
    /// <summary>The key of a character.</summary>
    public static Key Of(char character) => new(KeyName.Character, character);

    /// <summary>The key, with the letters of vi read as the arrows they stand for.</summary>
    public KeyName Move =>
        (Name, Character) switch
        {
            (KeyName.Character, 'h') => KeyName.Left,
            (KeyName.Character, 'l') => KeyName.Right,
            (KeyName.Character, 'k') => KeyName.Up,
            (KeyName.Character, 'j') => KeyName.Down,
            (KeyName.Character, 'H' or '[') => KeyName.PageUp,
            (KeyName.Character, 'L' or ']') => KeyName.PageDown,
            (KeyName.Character, 'g') => KeyName.Home,
            (KeyName.Character, 'G') => KeyName.End,
            _ => Name,
        };
}

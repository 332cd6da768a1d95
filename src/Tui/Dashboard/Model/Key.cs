namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Keys that are no characters.</summary>
public enum KeyName
{
    /// <summary>A character.</summary>
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

/// <summary>One stroke.</summary>
public readonly record struct Key(KeyName Name, char Character = '\0')
{
    /// <summary>The key of a character.</summary>
    public static Key Of(char character) => new(KeyName.Character, character);

    /// <summary>The same move with the letters of vi as with the arrows.</summary>
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

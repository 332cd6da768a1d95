using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>Keys as people write them.</summary>
internal static class KeyText
{
    /// <summary>The name of a key, for instance <c>z</c>, <c>←</c> or <c>Ctrl-L</c>.</summary>
    public static string Of(Key key)
    {
        var bare = key.NoAlt.NoCtrl;
        var name = bare.KeyCode switch
        {
            KeyCode.Space => "space",
            KeyCode.CursorLeft => "←",
            KeyCode.CursorRight => "→",
            KeyCode.CursorUp => "↑",
            KeyCode.CursorDown => "↓",
            KeyCode.PageUp => "PgUp",
            KeyCode.PageDown => "PgDn",
            KeyCode.Home => "Home",
            KeyCode.End => "End",
            KeyCode.Tab => "Tab",
            KeyCode.Tab | KeyCode.ShiftMask => "Shift-Tab",
            KeyCode.Esc => "Esc",
            KeyCode.Enter => "Enter",
            >= KeyCode.F1 and <= KeyCode.F12 => $"F{bare.KeyCode - KeyCode.F1 + 1}",
            _ => bare.AsRune.ToString(),
        };
        return (key.IsCtrl ? $"Ctrl-{name.ToUpperInvariant()}" : name) is var text && key.IsAlt ? $"Alt-{text}" : text;
    }
}

using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;

namespace BtcBandit.Tui.Dashboard.Input;

/// <summary>What keys do. Pure functions, so that a test can try any sequence of keys.</summary>
public static class Reducer
{
    private const int Jump = 10;

    /// <summary>The state after a key.</summary>
    public static UiState Reduce(UiState state, Key key)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.AsksToQuit)
            return state with { AsksToQuit = false };
        if (state.Help)
            return key.Name == KeyName.Escape || key.Character is '?' or 'q' ? state with { Help = false } : state;
        return key.Name == KeyName.Character && Switch(state, key.Character) is { } switched
            ? switched
            : Move(state, key);
    }

    /// <summary>What a key asks of the run or of the terminal, in a state.</summary>
    public static Command CommandOf(UiState state, Key key)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.AsksToQuit)
            return key.Character is 'y' or 'Y' ? Command.Quit : Command.None;
        if (state.Help)
            return Command.None;
        return key.Character switch
        {
            ' ' or 'p' => Command.TogglePause,
            'n' or '.' => Command.SingleStep,
            '+' or '=' => Command.Faster,
            '-' or '_' => Command.Slower,
            'w' => Command.Save,
            'q' when !state.ConfirmsQuit => Command.Quit,
            '\f' => Command.Redraw,
            _ => Command.None,
        };
    }

    private static UiState? Switch(UiState state, char key) =>
        key switch
        {
            '?' => state with { Help = true },
            'q' => state.ConfirmsQuit ? state with { AsksToQuit = true } : state,
            'z' => Zoom(state, +1),
            'Z' => Zoom(state, -1),
            'c' => state with { ReadUpTo = state.LogLines },
            _ when OverlayGroups.Of(key) is var group and not Overlays.None => Toggle(state, group),
            _ => Pages.Find(key) is { } page ? Show(state, page) : null,
        };

    private static UiState Move(UiState state, Key key) =>
        key.Move switch
        {
            KeyName.Tab => Show(state, (state.Page + 1) % Pages.All.Count),
            KeyName.BackTab => Show(state, (state.Page + Pages.All.Count - 1) % Pages.All.Count),
            KeyName.Left => Back(state, state.Zoom),
            KeyName.Right => Back(state, -state.Zoom),
            KeyName.PageUp => Lists(state) ? Scrolled(state, -Jump) : Back(state, Jump * state.Zoom),
            KeyName.PageDown => Lists(state) ? Scrolled(state, Jump) : Back(state, -Jump * state.Zoom),
            KeyName.Up => Lists(state) ? Scrolled(state, -1) : Zoom(state, -1),
            KeyName.Down => Lists(state) ? Scrolled(state, +1) : Zoom(state, +1),
            KeyName.Home => Back(state, state.Range.Newest),
            KeyName.End or KeyName.Escape => state with { At = null, Scroll = 0 },
            _ => state,
        };

    private static bool Lists(UiState state) => Pages.All[state.Page].IsList;

    private static UiState Show(UiState state, int page) =>
        state with
        {
            Page = page,
            Scroll = page == state.Page ? state.Scroll : 0,
        };

    private static UiState Zoom(UiState state, int by) =>
        state with
        {
            ZoomPlace = Math.Clamp(state.ZoomPlace + by, 0, UiState.Zooms.Count - 1),
        };

    private static UiState Toggle(UiState state, Overlays overlay) =>
        state with
        {
            Overlays = state.Overlays ^ overlay,
        };

    private static UiState Scrolled(UiState state, int by) =>
        state with
        {
            Scroll = (int)Math.Clamp((long)state.Scroll + by, 0, 1_000),
        };

    // Goes back in time by so many candles, forward if negative; at the newest step the view follows the run again.
    private static UiState Back(UiState state, long candles)
    {
        var (oldest, newest) = state.Range;
        var at = (state.At ?? newest) - candles;
        return state with { At = at >= newest ? null : Math.Max(at, Math.Min(oldest, newest)) };
    }
}

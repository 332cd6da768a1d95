using System.Collections.ObjectModel;
using BtcBandit.Tui.Gui.Input;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Dialogs;

/// <summary>All commands in a list that narrows as one types; Enter executes the selected command.</summary>
internal sealed class CommandPalette : Dialog
{
    // The field of Terminal.Gui 2.5.0 keeps a copy of its whole text for each letter, to undo it, and measures it all again: at
    // 280 keys a second it needed a gigabyte after a minute, and no longer kept up.
    private const int MostLetters = 60;

    private readonly TextField search = new() { Width = Dim.Fill() };
    private readonly ListView list = new()
    {
        Y = 1,
        Width = Dim.Fill(),
        Height = Dim.Fill(),
        CanFocus = false,
    };
    private readonly int keyWidth = CommandTable.All.Max(command => command.KeyText.Length) + 2;
    private IReadOnlyList<DashboardCommand> found = CommandTable.All;

    /// <summary>Makes the dialog; run it to show it.</summary>
    public CommandPalette()
    {
        Title = "Commands";
        Width = Dim.Percent(70);
        Height = Dim.Percent(70);
        Add(search, list);
        // Enter accepts the selected row of the list, so the field must not take it.
        search.KeyBindings.Remove(Key.Enter);
        search.TextChanging += (_, change) => change.Handled = change.Result?.Length > MostLetters;
        search.TextChanged += (_, _) => Find();
        list.MouseBindings.Clear();
        list.MouseEvent += Click;
        Find();
    }

    /// <summary>The command that was chosen; null while there is none.</summary>
    public DashboardCommand? Chosen { get; private set; }

    /// <summary>The commands whose title or menu contains every word. First come those that begin with the first word, then those in
    /// which another word begins with it.</summary>
    public static IReadOnlyList<DashboardCommand> Find(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
        [
            .. CommandTable
                .All.Where(command =>
                    words.All(word =>
                        $"{command.Menu} {command.Title}".Contains(word, StringComparison.OrdinalIgnoreCase)
                    )
                )
                .OrderBy(command => words.Length == 0 ? 0 : Rank(command.Title, words[0])),
        ];
    }

    private static int Rank(string title, string word) =>
        title.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 0
        : title.Contains($" {word}", StringComparison.OrdinalIgnoreCase) ? 1
        : 2;

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        switch (key.KeyCode)
        {
            case KeyCode.CursorUp:
                Move(-1);
                return true;
            case KeyCode.CursorDown:
                Move(1);
                return true;
            case KeyCode.PageUp:
                Move(-10);
                return true;
            case KeyCode.PageDown:
                Move(10);
                return true;
            case KeyCode.Enter:
                Choose(list.SelectedItem ?? 0);
                return true;
            case KeyCode.Esc:
                RequestStop();
                return true;
            default:
                return base.OnKeyDown(key);
        }
    }

    private void Find()
    {
        found = Find(search.Text);
        list.SetSource(new ObservableCollection<string>(found.Select(Line)));
        list.SelectedItem = found.Count > 0 ? 0 : null;
    }

    private string Line(DashboardCommand command) =>
        $"{command.KeyText.PadRight(keyWidth)}{command.Menu}: {command.Title}";

    private void Move(int by)
    {
        if (found.Count == 0)
            return;
        list.SelectedItem = Math.Clamp((list.SelectedItem ?? 0) + by, 0, found.Count - 1);
        list.EnsureSelectedItemVisible();
        list.SetNeedsDraw();
    }

    private void Choose(int place)
    {
        if (place >= found.Count)
            return;
        Chosen = found[place];
        RequestStop();
    }

    private void Click(object? sender, Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.WheeledUp))
            Move(-3);
        else if (mouse.Flags.HasFlag(MouseFlags.WheeledDown))
            Move(3);
        else if (mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) && mouse.Position is { } at)
            Choose(at.Y + list.Viewport.Y);
        else
            return;
        mouse.Handled = true;
    }
}

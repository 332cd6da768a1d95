using System.Drawing;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Gui.Views;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Dialogs;

/// <summary>A dialog that shows names and values, which can be scrolled. Any of its keys closes it.</summary>
internal sealed class TextDialog : Dialog
{
    // Columns and rows of a dialog around its text: frame, shadow, button, and what stays visible of the page.
    private const int Around = 6;

    private readonly IReadOnlyList<(string Name, string Value)> rows;
    private readonly PaneView text;
    private int first;

    /// <summary>Makes the dialog; run it to show it.</summary>
    /// <param name="title">Title of the dialog.</param>
    /// <param name="rows">Names and values that the dialog shows. Values that are wider than the screen are broken between words.</param>
    /// <param name="looks">Colours of the theme that is used.</param>
    public TextDialog(string title, IReadOnlyList<(string Name, string Value)> rows, Looks looks)
    {
        this.rows = rows;
        Title = title;
        var widest = Math.Max(rows.Max(row => row.Name.Length) + 2 + rows.Max(row => row.Value.Length), 20);
        text = new PaneView(looks, isOfDialog: true) { Drawing = Draw };
        text.Width = Dim.Func(_ => Math.Min(widest, Room.Width));
        text.Height = Dim.Func(_ =>
            Math.Min(Wrapped.Table(rows, Math.Min(widest, Room.Width)).Rows.Count, Room.Height)
        );
        Add(text);
        AddButton(new Button { Title = "_Close", IsDefault = true });
        MouseBindings.Clear();
    }

    private Size Room =>
        App is { Screen: var screen }
            ? new Size(Math.Max(screen.Width - Around, 1), Math.Max(screen.Height - Around, 1))
            : new Size(int.MaxValue, int.MaxValue);

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        var by = key.KeyCode switch
        {
            Terminal.Gui.Drivers.KeyCode.CursorUp => -1,
            Terminal.Gui.Drivers.KeyCode.CursorDown => 1,
            Terminal.Gui.Drivers.KeyCode.PageUp => -10,
            Terminal.Gui.Drivers.KeyCode.PageDown => 10,
            _ => 0,
        };
        if (by != 0)
        {
            Scroll(by);
            return true;
        }

        if (key == Key.Esc || key == new Key('q') || key == new Key('?'))
        {
            RequestStop();
            return true;
        }

        return base.OnKeyDown(key);
    }

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.WheeledUp))
            Scroll(-3);
        else if (mouse.Flags.HasFlag(MouseFlags.WheeledDown))
            Scroll(3);
        else
            return base.OnMouseEvent(mouse);
        return true;
    }

    private void Scroll(int by)
    {
        first = Math.Max(first + by, 0);
        text.SetNeedsDraw();
    }

    private void Draw(Canvas canvas)
    {
        var (column, lines) = Wrapped.Table(rows, canvas.Width);
        first = Math.Clamp(first, 0, Math.Max(lines.Count - canvas.Height, 0));
        for (var y = 0; y < canvas.Height && first + y < lines.Count; y++)
        {
            var (name, value) = lines[first + y];
            canvas.Text(0, y, name, Dashboard.Drawing.Style.Strong);
            canvas.Text(column, y, value);
        }
    }
}

using System.Drawing;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Gui.Views;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui.Dialogs;

/// <summary>A dialog that shows names and values, which can be scrolled. Any of its keys closes it.</summary>
internal sealed class TextDialog : Dialog
{
    private readonly IReadOnlyList<(string Name, string Value)> rows;
    private readonly PaneView text;
    private readonly int nameWidth;
    private int first;

    /// <summary>Makes the dialog; run it to show it.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="rows">What it shows. A row without a name continues the one above.</param>
    /// <param name="looks">The colours.</param>
    public TextDialog(string title, IReadOnlyList<(string Name, string Value)> rows, Looks looks)
    {
        this.rows = rows;
        Title = title;
        nameWidth = rows.Max(row => row.Name.Length) + 2;
        text = new PaneView(looks, isOfDialog: true) { Drawing = Draw };
        text.Width = Math.Max(rows.Max(row => nameWidth + row.Value.Length), 20);
        text.Height = rows.Count;
        Add(text);
        AddButton(new Button { Title = "_Close", IsDefault = true });
        MouseBindings.Clear();
    }

    /// <summary>Draws again, at the size that the screen leaves.</summary>
    public void Fit(Size screen)
    {
        text.Width = Math.Min(rows.Max(row => nameWidth + row.Value.Length), Math.Max(screen.Width - 6, 1));
        text.Height = Math.Min(rows.Count, Math.Max(screen.Height - 6, 1));
    }

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
        first = Math.Clamp(first + by, 0, Math.Max(rows.Count - text.Viewport.Height, 0));
        text.SetNeedsDraw();
    }

    private void Draw(Canvas canvas)
    {
        first = Math.Clamp(first, 0, Math.Max(rows.Count - canvas.Height, 0));
        for (var y = 0; y < canvas.Height && first + y < rows.Count; y++)
        {
            var (name, value) = rows[first + y];
            canvas.Text(0, y, name, Dashboard.Drawing.Style.Strong);
            canvas.Text(Math.Min(nameWidth, Math.Max(canvas.Width - 10, 0)), y, value);
        }
    }
}

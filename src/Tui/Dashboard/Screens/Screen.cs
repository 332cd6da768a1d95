using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Draws the dashboard as a pure function of what it shows and of the screen's size.</summary>
public static class Screen
{
    /// <summary>On a smaller screen boxes would leave no room for figures, so pages are drawn in plain lines.</summary>
    internal const int MinColumns = 60,
        MinRows = 16;

    /// <summary>Draws one frame of exactly this size.</summary>
    public static Frame Draw(ViewModel model, int width, int height, Charset charset = Charset.Unicode)
    {
        ArgumentNullException.ThrowIfNull(model);
        var frame = new Frame(width, height);
        var canvas = frame.Canvas;
        if (canvas.Width < MinColumns || canvas.Height < MinRows)
            Pages.Shown(model).DrawSmall(canvas, model);
        else
            Full(canvas, model);
        if (model.Ui.Help)
            HelpPane.Draw(canvas);
        if (model.Ui.AsksToQuit)
            Question(canvas, "Quit? The run is saved.  y yes   any other key no");
        return charset == Charset.Ascii ? frame.ToAscii() : frame;
    }

    /// <summary>Draws the frame that is shown before the first step.</summary>
    public static Frame Waiting(IReadOnlyList<string> lines, int width, int height, Charset charset)
    {
        var frame = new Frame(width, height);
        frame.Canvas.Text(1, 0, "BtcBandit", Style.Strong);
        for (var index = 0; index < lines.Count; index++)
            frame.Canvas.Text(1, Math.Min(2 + index, frame.Height - 1), lines[index], Style.Muted);
        return charset == Charset.Ascii ? frame.ToAscii() : frame;
    }

    private static void Full(Canvas canvas, ViewModel model)
    {
        Bands.Title(canvas.Part(0, 0, canvas.Width, 1), model);
        Bands.Tabs(canvas.Part(0, 1, canvas.Width, 1), model);
        Bands.Footer(canvas.Part(0, canvas.Height - 1, canvas.Width, 1), model);
        var body = canvas.Part(0, 2, canvas.Width, canvas.Height - 3);
        Pages.Shown(model).Draw(body, model);
    }

    private static void Question(Canvas canvas, string text)
    {
        var width = Math.Min(text.Length + 4, canvas.Width);
        var part = canvas.Part((canvas.Width - width) / 2, Math.Max((canvas.Height - 3) / 2, 0), width, 3);
        part.Clear();
        part.Box("").Text(0, 0, text, Style.Warning);
    }
}

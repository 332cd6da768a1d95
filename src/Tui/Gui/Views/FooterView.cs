using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Gui.Input;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Views;

/// <summary>The status bar: the commands that fit, which can be clicked, or the last warning that is not read.</summary>
/// <remarks>Replaces StatusBar of Terminal.Gui 2.5.0, which cuts commands off in the middle where they do not fit, and makes three
/// views of each. Delete it when StatusBar leaves out what does not fit.</remarks>
/// <param name="looks">Colours of the theme that is used.</param>
/// <param name="run">Executes the command that was clicked.</param>
internal sealed class FooterView(Looks looks, Action<DashboardCommand> run) : PaneView(looks)
{
    private IReadOnlyList<DashboardCommand> offered = [];
    private IReadOnlyList<(string, string)> hints = [];
    private int page = -1;
    private bool isWarning;
    private bool isEnd;

    /// <summary>Shows the commands of the page.</summary>
    public void Show(ViewModel model)
    {
        if (page != model.Ui.Page)
            Offer(page = model.Ui.Page);
        (isWarning, isEnd) = (model.Unread.Any(), model.End is not null);
        Show((canvas, shown) => Bands.Footer(canvas, shown, hints), model);
    }

    private void Offer(int shown)
    {
        offered =
        [
            .. CommandTable
                .All.Where(command =>
                    command.Hint is not null && (command.Pages is null || command.Pages.Contains(shown))
                )
                .OrderBy(command => command.HintRank),
        ];
        hints =
        [
            .. offered.Select(command => (command.Keys.Count > 0 ? KeyText.Of(command.Keys[0]) : "", command.Hint!)),
        ];
    }

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (!mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) || mouse.Position is not { } at)
            return false;
        if (isWarning)
        {
            run(CommandTable.Of(new Key('c'))!);
            return true;
        }

        if (isEnd)
            return false;
        foreach (var (column, index) in Bands.Fitting(hints, Viewport.Width))
        {
            var (key, means) = hints[index];
            if (at.X < column || at.X > column + key.Length + means.Length)
                continue;
            run(offered[index]);
            return true;
        }

        return false;
    }
}

using System.Drawing;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Gui.Input;
using BtcBandit.Tui.Gui.Output;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Gui.Views;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace BtcBandit.Tui.Gui;

/// <summary>The dashboard: menu, tabs, page and footer, or plain lines on a small screen. Lives on the thread of its loop.</summary>
internal sealed partial class DashboardWindow : Runnable
{
    private readonly RunMonitor run;
    private readonly DashboardHost host;
    private readonly Looks looks;
    private readonly MenuWords words;
    private readonly PaneView title;
    private readonly TabBar tabs;
    private readonly PaneView status;
    private readonly FooterView footer;
    private readonly PaneView whole;
    private readonly PageView[] pages;

    // Made when they are opened for the first time.
    private MenuBar? menu;
    private PopoverMenu? chartMenu;
    private FrameWriter? writer;
    private int focused = -1;
    private (bool IsSmall, bool HasFooter)? arranged;
    private ViewModel? model;

    /// <summary>Makes the window.</summary>
    /// <param name="run">The run that it shows and controls.</param>
    /// <param name="host">The program around it.</param>
    public DashboardWindow(RunMonitor run, DashboardHost host)
    {
        (this.run, this.host) = (run, host);
        looks = new Looks(Effective(host.Kept.Read() ?? Theme.Terminal));
        looks.Theme.Apply();
        Title = "BtcBandit";
        (Width, Height) = (Dim.Fill(), Dim.Fill());
        KeyBindings.Clear();
        State = new UiState { Pages = Pages.All.Count };
        words = new MenuWords(OpenMenu);
        title = new PaneView(looks)
        {
            X = Pos.Right(words),
            Width = Dim.Fill(),
            Height = 1,
        };
        tabs = new TabBar(
            looks,
            [.. Pages.All.Select(page => $"{page.Key} {page.Name}")],
            place => Do(run => run.State = run.State.Showing(place))
        )
        {
            Y = 1,
        };
        status = new PaneView(looks)
        {
            X = Pos.Right(tabs),
            Y = 1,
            Width = Dim.Fill(),
            Height = 1,
        };
        footer = new FooterView(looks, Do)
        {
            Y = Pos.AnchorEnd(1),
            Width = Dim.Fill(),
            Height = 1,
        };
        whole = new PaneView(looks)
        {
            Width = Dim.Fill(),
            Height = Dim.Fill(),
            Visible = false,
        };
        pages = [.. Pages.All.Select(page => new PageView(page, MakeView) { Y = 2, Height = Dim.Fill(1) })];
        Add([words, title, tabs, status, .. pages, whole, footer]);
    }

    /// <inheritdoc/>
    public UiState State { get; set; }

    /// <summary>The colours and characters of the screen, which differ from what was chosen where the terminal has no colours.</summary>
    public Theme Theme
    {
        get => looks.Theme;
        set
        {
            looks.Theme = Effective(value);
            looks.Theme.Apply();
        }
    }

    /// <summary>Whether a command was done since the last frame, so that the next one differs.</summary>
    public bool IsStale { get; private set; } = true;

    /// <summary>What the last command came to; null where that shows by itself.</summary>
    public string? Notice { get; private set; }

    /// <summary>Sends frames to the terminal; null before the window is shown.</summary>
    internal FrameWriter? Writer => writer;

    private PageView Page => pages[State.Page];

    private Size Screen => App!.Screen.Size;

    /// <summary>Shows a moment of the run.</summary>
    public void Show(ViewModel next)
    {
        model = next;
        IsStale = false;
        var isSmall = Dashboard.Screens.Screen.IsSmall(Screen.Width, Screen.Height);
        Arrange(isSmall, hasFooter: !isSmall || Screen.Height >= 8);
        footer.Show(next);
        if (isSmall)
        {
            whole.Show(Pages.Shown(next).DrawSmall, next);
            return;
        }

        title.Show(Bands.Title, next);
        tabs.Value = next.Ui.Page;
        status.Show(Bands.Status, next);
        Page.Show(next, new Size(Screen.Width, Screen.Height - 3));
    }

    /// <summary>Shows lines, before there is a step to show.</summary>
    public void Wait(IReadOnlyList<string> lines)
    {
        IsStale = false;
        Arrange(isSmall: true, hasFooter: false);
        whole.Drawing = canvas => Dashboard.Screens.Screen.Waiting(canvas, lines);
    }

    /// <inheritdoc/>
    public override void EndInit()
    {
        base.EndInit();
        writer = new FrameWriter(App!, host.Terminal.Colours, Charset);
        App!.Driver!.SetTerminalTitle("BtcBandit");
        App.Keyboard.KeyDown += TakeEverywhere;
    }

    /// <inheritdoc/>
    protected override void OnDrawComplete(DrawContext? context)
    {
        base.OnDrawComplete(context);
        writer?.Write();
    }

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        if (CommandTable.Of(key) is not { } command)
            return menu is null && words.Takes(key) || base.OnKeyDown(key);
        Do(command);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (App is { } app)
                app.Keyboard.KeyDown -= TakeEverywhere;
            writer?.Dispose();
            chartMenu?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Dashboard.Drawing.Charset Charset =>
        looks.Theme.Charset == Dashboard.Drawing.Charset.Ascii ? looks.Theme.Charset : host.Terminal.Charset;

    private void Arrange(bool isSmall, bool hasFooter)
    {
        if (arranged != (isSmall, hasFooter))
        {
            // Placing a view anew clears the whole screen, so it is done only where something changes.
            arranged = (isSmall, hasFooter);
            words.Visible = title.Visible = tabs.Visible = status.Visible = !isSmall;
            if (menu is not null)
                menu.Visible = !isSmall;
            whole.Visible = isSmall;
            whole.Height = Dim.Fill(hasFooter ? 1 : 0);
            footer.Visible = hasFooter;
        }

        for (var i = 0; i < pages.Length; i++)
            pages[i].Visible = !isSmall && i == State.Page;
        // Only a page that is new takes the focus, which may be with the menu.
        if (isSmall || focused == State.Page)
            return;
        focused = State.Page;
        Page.SetFocus();
    }

    private View MakeView(Pane pane) =>
        pane == Pages.TradesTable ? new FramedView(looks, new TradesTable(looks, OpenTrade))
        : pane == Pages.LogList ? new FramedView(looks, new LogList(looks))
        : pane == Pages.Market ? new ChartView(looks, new ChartActions(Point, Look, ZoomChart, Drag, OpenChartMenu))
        : new PaneView(looks);

    // A terminal without colours shows what is selected by other means.
    private Theme Effective(Theme theme) =>
        host.Terminal.Colours == Dashboard.Drawing.ColourDepth.None && theme != Theme.Ascii ? Theme.Mono : theme;

    // A terminal in raw mode makes keys of what would be signals, whatever has the focus.
    private void TakeEverywhere(object? sender, Key key)
    {
        if (key.Handled || CommandTable.Of(key) is not { IsEverywhere: true } command)
            return;
        Do(command);
        key.Handled = true;
    }

    private void Do(DashboardCommand command) => Do(command.Run);

    private void Do(Action<IDashboardActions> act)
    {
        State = State.With(run.Range ?? (0, 0), run.Log.Seen);
        Notice = model?.End is null ? null : "";
        act(this);
        IsStale = true;
    }

    private void Point(ChartPoint? place)
    {
        if (place != State.CrossHair)
            Do(actions => actions.State = actions.State with { CrossHair = place });
    }

    private void Look(ChartPoint place) => Do(_ => LookAt(place));

    private void ZoomChart(int by) => Do(actions => actions.State = actions.State.Zoomed(by));

    private void Drag(int columns) => Do(actions => actions.State = actions.State.Back(columns));

    private void OpenMenu(int place)
    {
        if (menu is null)
        {
            menu = DashboardMenu.Bar(this, Do);
            (menu.Width, menu.Visible) = (Dim.Width(words), words.Visible);
            Add(menu);
        }

        menu.SubViews.OfType<MenuBarItem>().ElementAt(place).InvokeCommand(Command.Activate);
    }

    private void OpenChartMenu(Point at)
    {
        if (chartMenu is null)
        {
            chartMenu = DashboardMenu.OfChart(this, Do);
            App!.Popovers?.Register(chartMenu);
        }

        chartMenu.MakeVisible(at);
    }
}

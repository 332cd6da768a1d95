using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>The menus of the dashboard.</summary>
internal enum MenuName
{
    /// <summary>The run itself.</summary>
    Run,

    /// <summary>Pages and themes.</summary>
    View,

    /// <summary>Moving in time.</summary>
    Go,

    /// <summary>How charts are drawn.</summary>
    Chart,

    /// <summary>Trades and log.</summary>
    List,

    /// <summary>Keys and commands.</summary>
    Help,
}

/// <summary>The order of commands in the footer, where those that do not fit are left out.</summary>
internal enum FooterRank
{
    /// <summary>How to find out more.</summary>
    Help,

    /// <summary>How to leave.</summary>
    Quit,

    /// <summary>How to stop the run for a look.</summary>
    Pause,

    /// <summary>Commands of the page that is shown.</summary>
    OfPage,

    /// <summary>The palette, which has all commands.</summary>
    Commands,

    /// <summary>All other commands.</summary>
    Other,
}

/// <summary>A command: what keys, menu, footer, palette, help and documentation know of it.</summary>
/// <param name="Menu">The menu that lists the command.</param>
/// <param name="Title">What the command does, in the words of menu, palette and help.</param>
/// <param name="Keys">The keys of the command; empty if it is only in menu and palette.</param>
/// <param name="Run">Executes the command.</param>
internal sealed record DashboardCommand(
    MenuName Menu,
    string Title,
    IReadOnlyList<Key> Keys,
    Action<IDashboardActions> Run
)
{
    /// <summary>One word for the footer; null if the footer leaves the command out.</summary>
    public string? Hint { get; init; }

    /// <summary>Place of the command among those in the footer.</summary>
    public FooterRank HintRank { get; init; } = FooterRank.Other;

    /// <summary>Places of the pages whose footer names the command; null for every page.</summary>
    public IReadOnlyList<int>? Pages { get; init; }

    /// <summary>Whether what the command switches is on; null for a command that switches nothing.</summary>
    public Func<IDashboardActions, bool>? IsOn { get; init; }

    /// <summary>Whether the context menu of the chart lists the command.</summary>
    public bool IsOfChart { get; init; }

    /// <summary>Whether the keys of the command work in dialogs and menus, too.</summary>
    public bool IsEverywhere { get; init; }

    /// <summary>The keys of the command as people write them, for instance "space p".</summary>
    public string KeyText { get; } = string.Join(' ', Keys.Select(Input.KeyText.Of));
}

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

/// <summary>A command: what keys, menu, footer, palette, help and documentation know of it.</summary>
/// <param name="Menu">The menu that it stands in.</param>
/// <param name="Title">What it does, as menu, palette and help say it.</param>
/// <param name="Keys">Its keys; none for what is only in menu and palette.</param>
/// <param name="Run">Does it.</param>
internal sealed record DashboardCommand(
    MenuName Menu,
    string Title,
    IReadOnlyList<Key> Keys,
    Action<IDashboardActions> Run
)
{
    /// <summary>One word for the footer; null leaves it out there.</summary>
    public string? Hint { get; init; }

    /// <summary>Pages whose footer names it, by their place; null is every page.</summary>
    public IReadOnlyList<int>? Pages { get; init; }

    /// <summary>Whether it is switched on; null for what cannot be.</summary>
    public Func<IDashboardActions, bool>? IsOn { get; init; }

    /// <summary>Whether it belongs into the context menu of the chart.</summary>
    public bool IsOfChart { get; init; }

    /// <summary>Its keys as people write them.</summary>
    public string KeyText { get; } = string.Join(' ', Keys.Select(Input.KeyText.Of));
}

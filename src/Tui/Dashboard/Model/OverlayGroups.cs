using BtcBandit.Indicators;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>The groups of overlays that the catalogue's recipes state, each with its bit, key and name.</summary>
internal static class OverlayGroups
{
    /// <summary>All of them, in the order of the catalogue.</summary>
    public static readonly (Overlays Group, char Key, string Name)[] All =
    [
        .. Catalogue
            .BuiltIn.Recipes.Select(recipe => recipe.Overlay)
            .OfType<IndicatorOverlay>()
            .DistinctBy(overlay => overlay.Key)
            .Select((overlay, i) => ((Overlays)(1 << i), overlay.Key, overlay.Group)),
    ];

    /// <summary>The group that a key shows and hides; none for other keys.</summary>
    public static Overlays Of(char key) => All.FirstOrDefault(group => group.Key == key).Group;
}

using System.Reflection;

namespace BtcBandit.Tui.Host;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary>What <c>--version</c> prints: the version, and the commit that it was built from if that is known.</summary>
    public static string Full { get; } =
        typeof(ProgramVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "of no known version";
}

using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Storage;

/// <summary>Which code this is: equal for the same sources of the engine and the indicators, wherever and however they were built.</summary>
/// <remarks>Results that are kept under it never mix with those of other code. build/SourceHash.targets says what it covers.</remarks>
internal static class CodeIdentity
{
    private const string Key = "SourceHash";

    private static readonly Lazy<string> Both = new(() =>
        Combine(SourceHash(typeof(Candle).Assembly), SourceHash(typeof(CodeIdentity).Assembly))
    );

    /// <summary>The identity, as 64 hexadecimal digits.</summary>
    /// <exception cref="InvalidOperationException">An assembly was built without the hash of its sources.</exception>
    public static string Hash => Both.Value;

    /// <summary>The hash of the sources that an assembly was built from, as 64 hexadecimal digits.</summary>
    /// <exception cref="InvalidOperationException">The assembly was built without it.</exception>
    internal static string SourceHash(Assembly assembly) =>
        assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(one => string.Equals(one.Key, Key, StringComparison.Ordinal))
            ?.Value
        ?? throw new InvalidOperationException(
            $"{assembly.GetName().Name} was built without the hash of its sources ({Key}): see build/SourceHash.targets"
        );

    private static string Combine(string indicators, string engine) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(indicators + engine)));
}

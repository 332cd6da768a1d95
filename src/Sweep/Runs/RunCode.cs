using System.Security.Cryptography;
using System.Text;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Sweep.Runs;

/// <summary>Which code makes runs: equal for the same sources of indicators, engine, and of what reads markets and makes units here.</summary>
/// <remarks>A change of reports or files makes no run anew.</remarks>
public static class RunCode
{
    private static readonly Lazy<string> all = new(() =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.ASCII.GetBytes(CodeIdentity.Hash + CodeIdentity.SourceHash(typeof(RunCode).Assembly))
            )
        )
    );

    /// <summary>The identity, 64 hexadecimal digits.</summary>
    public static string Hash => all.Value;
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Sweep.Runs;

/// <summary>Identities of runs: equal for the same code on the same candles with the same parameters, whatever machine or sweep.</summary>
internal static class RunKey
{
    /// <summary>Version of what a row holds; another one is another identity.</summary>
    public const int Schema = 1;

    /// <summary>Returns the key of a run: SHA-256 of its identity as JSON, 64 hexadecimal digits.</summary>
    /// <param name="identity">What identifies it.</param>
    public static string Of(RunIdentity identity) =>
        Hex(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(identity, RunJson.Default.RunIdentity)));

    /// <summary>Returns the key of a setting: that of its parameters without seed and costs, 16 hexadecimal digits.</summary>
    public static string OfSetting(RunParameters parameters) => Hex(SHA256.HashData(SettingBytes(parameters)))[..16];

    /// <summary>Returns the parameters of a setting as JSON, without seed and costs.</summary>
    public static string SettingText(RunParameters parameters) => Encoding.UTF8.GetString(SettingBytes(parameters));

    /// <summary>Returns the key of several runs, 64 hexadecimal digits.</summary>
    public static string OfAll(IEnumerable<string> keys) =>
        Hex(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', keys))));

    private static byte[] SettingBytes(RunParameters parameters) =>
        JsonSerializer.SerializeToUtf8Bytes(
            parameters with
            {
                Seed = 0,
                Costs = Engine.Exchange.Costs.Of(0, 0),
                Rules = null,
            },
            RunJson.Default.RunParameters
        );

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

/// <summary>What identifies a run.</summary>
/// <param name="Schema">Version of what a row holds.</param>
/// <param name="Code">Hash of the code that computes it.</param>
/// <param name="Data">Hash of its candles.</param>
/// <param name="Window">Its train and test part.</param>
/// <param name="Header">Market, parameters with the seed, and names of features.</param>
internal sealed record RunIdentity(int Schema, string Code, string Data, Window Window, RunHeader Header);

/// <summary>JSON metadata of identities.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never
)]
[JsonSerializable(typeof(RunIdentity))]
[JsonSerializable(typeof(RunParameters))]
internal sealed partial class RunJson : JsonSerializerContext;

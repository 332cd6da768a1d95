using System.IO.Hashing;
using System.Text.Json;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Names runs, and writes what identifies them.</summary>
internal static class RunName
{
    /// <summary>Returns the name of a run: 16 hexadecimal digits, a hash of its header and its first step's time.</summary>
    /// <param name="header">Identity of the run.</param>
    /// <param name="firstOpenTime">Open time of its first step, ms UTC.</param>
    public static string Of(RunHeader header, long firstOpenTime)
    {
        var hash = new XxHash3();
        hash.Append(JsonSerializer.SerializeToUtf8Bytes(header, StateJson.Default.RunHeader));
        hash.Append(BitConverter.GetBytes(firstOpenTime));
        return $"{hash.GetCurrentHashAsUInt64():x16}";
    }

    /// <summary>Returns a header as JSON, as <c>state.json</c> has it.</summary>
    public static JsonElement HeaderJson(RunHeader header) =>
        JsonSerializer.SerializeToElement(header, StateJson.Default.RunHeader);
}

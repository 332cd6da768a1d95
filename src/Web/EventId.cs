using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Web;

/// <summary>The ids of events, by which watchers say where they were: <c>RUN.STEP.CHECK</c>, without the check before the first
/// step.</summary>
/// <remarks>A run that is begun anew on other candles has the name of the one before; the check tells them apart.</remarks>
internal static class EventId
{
    /// <summary>Name of the run before its first step.</summary>
    public const string NoRun = "new";

    /// <summary>Returns the id of a moment.</summary>
    /// <param name="view">The run; null before its first step.</param>
    public static string Of(RunView? view)
    {
        var place = FormattableString.Invariant($"{view?.Run.Id ?? NoRun}.{view?.Step ?? 0}");
        return CheckOf(view, view?.Step ?? 0) is { } check ? $"{place}.{check}" : place;
    }

    /// <summary>Returns the step that an id names.</summary>
    /// <param name="id">The id; its check may be missing.</param>
    /// <param name="view">The run as it is now; null before its first step.</param>
    /// <returns>The step; null if the id is of another run, or of a step that this one has not made.</returns>
    public static long? Find(string? id, RunView? view)
    {
        if (id?.Split('.') is not [var run, var number, .. var rest] || rest.Length > 1)
            return null;
        return
            run == (view?.Run.Id ?? NoRun)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && step <= (view?.Step ?? 0)
            && (rest is not [var check] || CheckOf(view, step) is not { } expected || check == expected)
            ? step
            : null;
    }

    // Prices are those of the candle, but a run that goes on knows the equity of its earlier steps with 8 decimals only.
    private static string? CheckOf(RunView? view, long step)
    {
        if (view?.IndexOf(step) is not { } index)
            return null;
        ref readonly var row = ref view.Run.Rows[index];
        Span<byte> bytes = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, row.Time);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[sizeof(long)..], row.Close);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[(2 * sizeof(long))..], Math.Round(row.Equity, 4));
        return XxHash32.HashToUInt32(bytes).ToString("x8", CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>
/// Who made a result and how long it took. It goes beside the result and not into it, so that the same result is the same
/// bytes whoever made it.
/// </summary>
internal static class ResultHeaders
{
    internal const string Worker = "Bandit-Worker";
    internal const string Seconds = "Bandit-Seconds";

    private const int MostOfName = 100;

    /// <summary>Machine and process.</summary>
    private static readonly string Own = string.Concat(
        $"{Environment.MachineName}:{Environment.ProcessId}".Select(c => c is > ' ' and <= '~' ? c : '_')
    );

    internal static NatsHeaders Of(TimeSpan time) =>
        new()
        {
            [Worker] = Own,
            [Seconds] = Math.Round(time.TotalSeconds, 3).ToString("0.###", CultureInfo.InvariantCulture),
        };

    /// <summary>Reads what another machine says of itself: a short line without control characters, and a time that can be.</summary>
    internal static (string? Worker, double Seconds) Read(NatsHeaders? headers)
    {
        var name = headers is null ? "" : headers[Worker].ToString();
        var time = headers is null ? "" : headers[Seconds].ToString();
        name = string.Concat(name.Where(c => !char.IsControl(c)).Take(MostOfName)).Trim();
        var isTime = double.TryParse(time, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds);
        return (name.Length == 0 ? null : name, isTime && double.IsFinite(seconds) && seconds >= 0 ? seconds : 0);
    }
}

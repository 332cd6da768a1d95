using System.Globalization;

namespace BtcBandit.Engine.Sessions;

/// <summary>Why a plan does not match the run in its folder. A closed union; the front end words the message.</summary>
/// <remarks><see cref="object.ToString"/> gives a plain sentence for logs and exceptions.</remarks>
public abstract record SessionFault
{
    private SessionFault() { }

    /// <summary>What a file holds was learned in a run with another market or other parameters, so this run has no use for
    /// it.</summary>
    /// <param name="File">The file: a state, or what a retraining has learned.</param>
    /// <param name="Difference">The first difference.</param>
    public sealed record OtherLearner(string File, RunDifference Difference) : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{File} was learned with {Difference.Name} {Difference.Before}, not {Difference.Now}";
    }

    /// <summary>The source gives prices far from those of the run's newest candle for that candle.</summary>
    /// <param name="OpenTime">Open time of the newest candle that the run has seen, ms UTC.</param>
    /// <param name="Close">Close of that candle in the source.</param>
    /// <param name="SeenClose">Close of that candle in the saved run.</param>
    /// <param name="Folder">Folder of the run.</param>
    public sealed record OtherCandles(long OpenTime, double Close, double SeenClose, string Folder) : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"the candle of {DateTimeOffset.FromUnixTimeMilliseconds(OpenTime):yyyy-MM-dd HH:mm} UTC closes at {Close} here and at {SeenClose} in the run of {Folder}: these are other candles"
            );
    }

    /// <summary>The first new candle is so far from the run's newest candle that it must be of another market.</summary>
    /// <param name="LastOpenTime">Open time of the run's newest candle, ms UTC.</param>
    /// <param name="LastClose">Its close.</param>
    /// <param name="OpenTime">Open time of the first new candle, ms UTC.</param>
    /// <param name="Open">Its open.</param>
    /// <param name="Folder">Folder of the run.</param>
    public sealed record OtherMarket(long LastOpenTime, double LastClose, long OpenTime, double Open, string Folder)
        : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"the run of {Folder} ends at {LastClose} ({DateTimeOffset.FromUnixTimeMilliseconds(LastOpenTime):yyyy-MM-dd HH:mm} UTC) and the first new candle opens at {Open} ({DateTimeOffset.FromUnixTimeMilliseconds(OpenTime):yyyy-MM-dd HH:mm} UTC), too far apart for one market: these are other candles"
            );
    }
}

/// <summary>Thrown when a plan does not match the run in its folder.</summary>
/// <param name="fault">What is wrong, as data; its text becomes the message.</param>
public sealed class SessionException(SessionFault fault) : Exception($"{fault}")
{
    /// <summary>What is wrong, as data.</summary>
    public SessionFault Fault { get; } = fault;
}

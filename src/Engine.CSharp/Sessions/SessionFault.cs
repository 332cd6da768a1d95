using System.Collections.Immutable;
using System.Globalization;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Sessions;

/// <summary>Why a plan does not match the run in its folder. A closed union; the front end words the message.</summary>
/// <remarks><see cref="object.ToString"/> gives a plain sentence for logs and exceptions.</remarks>
public abstract record SessionFault
{
    private SessionFault() { }

    /// <summary>The previous run, whose learning should be kept, used another agent.</summary>
    /// <param name="Before">Agent of the previous run.</param>
    /// <param name="Now">Agent of the plan.</param>
    public sealed record OtherAgent(string Before, string Now) : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"the run before used agent {Before}, this one {Now}";
    }

    /// <summary>The previous run, whose learning should be kept, used another model.</summary>
    /// <param name="Before">Model of the previous run.</param>
    /// <param name="Now">Model of the plan.</param>
    public sealed record OtherModel(AgentModel Before, AgentModel Now) : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"the run before used model {AgentModels.Names.Of(Before)}, this one {AgentModels.Names.Of(Now)}";
    }

    /// <summary>The previous run, whose learning should be kept, used another horizon.</summary>
    /// <param name="Before">Horizon of the previous run in candles; null if it weighed several.</param>
    /// <param name="Now">Horizon of the plan in candles; null if it weighs several.</param>
    public sealed record OtherHorizon(int? Before, int? Now) : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"the run before used horizon {Name(Before)}, this one {Name(Now)}";

        private static string Name(int? horizon) => horizon?.ToString(CultureInfo.InvariantCulture) ?? "auto";
    }

    /// <summary>The previous run, whose learning should be kept, used other features.</summary>
    /// <param name="Before">Features of the previous run.</param>
    /// <param name="Now">Features of the plan.</param>
    /// <param name="Indicators">List of indicators that gives the previous run's features.</param>
    public sealed record OtherFeatures(ImmutableArray<string> Before, ImmutableArray<string> Now, string Indicators)
        : SessionFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"the run before learned on features {string.Join(' ', Before)}, this one has {string.Join(' ', Now)}";
    }

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

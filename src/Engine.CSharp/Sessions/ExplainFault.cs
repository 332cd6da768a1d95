using System.Globalization;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>Why the decisions of a saved run cannot be derived again, as data. A closed union; the front end words the message.</summary>
/// <remarks><see cref="object.ToString"/> gives a plain sentence for logs and exceptions.</remarks>
internal abstract record ExplainFault
{
    private ExplainFault() { }

    /// <summary>The run has no such step.</summary>
    /// <param name="Step">The number that was asked for.</param>
    /// <param name="Steps">Number of steps of the run.</param>
    public sealed record NoSuchStep(long Step, long Steps) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Invariant($"the run has the steps 1 to {Steps}, from its end -1 to -{Steps}, and no step {Step}");
    }

    /// <summary>The state was saved with another arithmetic, so this program would make other digits.</summary>
    /// <param name="Saved">Version of the arithmetic that saved the state.</param>
    /// <param name="Now">Version of this program's arithmetic.</param>
    public sealed record OtherArithmetic(int Saved, int Now) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Invariant(
                $"the run was saved by a version with arithmetic {Saved}, this one has {Now}: its steps cannot be made again bit for bit"
            );
    }

    /// <summary>The plan of the run cannot be made from its header: it has parts that are not built in.</summary>
    /// <param name="Fault">What is wrong with the plan.</param>
    public sealed record NoPlan(PlanFault Fault) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"the run has parts that this program does not have: {Fault}";
    }

    /// <summary>The plan made from the header of the run is that of another run.</summary>
    /// <param name="Difference">The first difference.</param>
    public sealed record OtherPlan(RunDifference Difference) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"the run has parts that this program does not have: {Difference.Name} is {Difference.Before} in the run, and {Difference.Now} here";
    }

    /// <summary>The run began with an agent that had learned before, of which no file is left.</summary>
    /// <param name="Folder">Folder of the run.</param>
    public sealed record NoLearnedAgent(string Folder) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"the run began with what an agent had learned before, and neither learned.json nor an earlier run in {Folder} holds that any more";
    }

    /// <summary>The agent with which the run began is no agent of this program.</summary>
    /// <param name="File">The file that holds what it had learned.</param>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record UnfitAgent(string File, string Reason) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} does not hold an agent of the run: {Reason}";
    }

    /// <summary>The candle of the first step, or some that came before it, are missing.</summary>
    /// <param name="OpenTime">Open time of the candle of the first step, ms UTC.</param>
    /// <param name="Needed">Number of candles that the run took before it.</param>
    /// <param name="Found">Number of candles found before it; null if the candle itself is missing.</param>
    public sealed record NoStart(long OpenTime, long Needed, long? Found) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Found is { } found
                ? Invariant($"{found} candles come before the first step, {Time(OpenTime)} UTC; the run took {Needed}")
                : Invariant($"the candles do not have that of the first step, {Time(OpenTime)} UTC");
    }

    /// <summary>The candles end too early.</summary>
    /// <param name="Step">Number of the last step that they are enough for.</param>
    /// <param name="Needed">Number of the last step that is needed: for what came of a decision, some after it.</param>
    public sealed record CandlesEnd(long Step, long Needed) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Invariant($"the candles end at step {Step} of the run, and are needed up to step {Needed}");
    }

    /// <summary>A row of the journal is not the one that was derived again.</summary>
    /// <param name="Step">Number of the step.</param>
    /// <param name="OpenTime">Open time of its candle in the derivation, ms UTC.</param>
    /// <param name="Column">The first column that differs.</param>
    /// <param name="Saved">Its value in the journal.</param>
    /// <param name="Derived">Its value in the derivation.</param>
    public sealed record OtherRow(long Step, long OpenTime, string Column, string Saved, string Derived) : ExplainFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Invariant(
                $"step {Step}, {Time(OpenTime)} UTC: {Column} is {Text(Saved)} in trades.csv and {Text(Derived)} derived again: {Cause}"
            );

        private string Cause =>
            Step == 1
                ? "these are other candles, or the run began with what a warm-up had learned, which no file keeps"
                : "these are other candles, a file of the run was changed, or its agent was replaced by a retraining";

        private static string Text(string value) => value.Length == 0 ? "empty" : value;
    }

    private static string Time(long openTime) =>
        DateTimeOffset.FromUnixTimeMilliseconds(openTime).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Thrown when the decisions of a saved run cannot be derived again.</summary>
/// <param name="fault">Why, as data; its text becomes the message.</param>
internal sealed class ExplainException(ExplainFault fault) : Exception($"{fault}")
{
    /// <summary>Why, as data.</summary>
    public ExplainFault Fault { get; } = fault;
}

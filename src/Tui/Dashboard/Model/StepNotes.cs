using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Writes what is worth a line into the log: executions, refusals, the gate.</summary>
/// <remarks>Sees every step on the run's thread; a step without an event costs a few comparisons.</remarks>
public sealed class StepNotes(RunLog log) : IObserver<Step>
{
    private bool? wasOpen;

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        if (value.Fill is { } fill)
            Filled(value, fill);
        if (value.Reason.Contains(';', StringComparison.Ordinal))
            Refused(value);
        if (value.Choice.Gate is not { } gate)
            return;
        if (wasOpen is { } before && before != gate.IsOpen)
            Switched(value, gate);
        wasOpen = gate.IsOpen;
    }

    /// <inheritdoc/>
    public void OnCompleted() => log.Add("the run has ended");

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        log.Add(error.Message, isWarning: true);
    }

    // Methods of their own: a lambda in the one above would cost every step an object.
    private void Filled(Step step, Fill fill) =>
        log.Add(() =>
            FormattableString.Invariant(
                $"{StepLine.Time(step.Candle.OpenTime)}  {StepLine.Name(fill.Side)} {fill.Quantity:0.00000} at {fill.Price:N2}{Profit(fill)}"
            )
        );

    private void Refused(Step step) =>
        log.Add(() => $"{StepLine.Time(step.Candle.OpenTime)}  not filled: {step.Reason}", isWarning: true);

    private void Switched(Step step, Gate gate) =>
        log.Add(() =>
            FormattableString.Invariant(
                $"{StepLine.Time(step.Candle.OpenTime)}  the gate {(gate.IsOpen ? "opened" : "closed")}: evidence {gate.Evidence:0.00} of {gate.Required:0.00}"
            )
        );

    private static string Profit(in Fill fill) =>
        fill.Profit is { } profit ? FormattableString.Invariant($", profit {profit:+0.00;-0.00;0.00}") : "";
}

using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Logs what happens in a step: fills, orders not filled, and changes of the gate.</summary>
/// <remarks>Called at every step on the run's thread; a step without an event costs a few comparisons.</remarks>
internal sealed class StepNotes(RunLog log) : IObserver<Step>
{
    private bool? wasOpen;

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        var openTime = value.Candle.OpenTime;
        if (value.Fill is { } fill)
            log.Add(new RunNote.Filled(openTime, fill));
        if (value.Reason.Contains(';', StringComparison.Ordinal))
            log.Add(new RunNote.NotFilled(openTime, value.Reason));
        if (value.Decision.Gate is not { } gate)
            return;
        if (wasOpen is { } before && before != gate.IsOpen)
            log.Add(new RunNote.GateSwitched(openTime, gate));
        wasOpen = gate.IsOpen;
    }

    /// <inheritdoc/>
    public void OnCompleted() => log.Add(new RunNote.Ended());

    /// <inheritdoc/>
    public void OnError(Exception error) => log.Add(new RunNote.Failed(error));
}

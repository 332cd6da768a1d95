using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Engine.Watching;

/// <summary>An event in a run's log, as data. A closed union; the front end words the message.</summary>
public abstract record RunNote
{
    private RunNote() { }

    /// <summary>Whether the note is a warning.</summary>
    public virtual bool IsWarning => false;

    /// <summary>An order was filled.</summary>
    /// <param name="OpenTime">Open time of the candle, ms UTC.</param>
    /// <param name="Fill">The fill.</param>
    public sealed record Filled(long OpenTime, Fill Fill) : RunNote;

    /// <summary>An order was not filled.</summary>
    /// <param name="OpenTime">Open time of the candle, ms UTC.</param>
    /// <param name="Reason">The step's reason, with why the order was not filled after a semicolon.</param>
    public sealed record NotFilled(long OpenTime, string Reason) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>The gate opened or closed.</summary>
    /// <param name="OpenTime">Open time of the candle, ms UTC.</param>
    /// <param name="Gate">The gate after the change.</param>
    public sealed record GateSwitched(long OpenTime, Gate Gate) : RunNote;

    /// <summary>A save was requested.</summary>
    public sealed record SaveRequested : RunNote;

    /// <summary>The run ended without an error.</summary>
    public sealed record Ended : RunNote;

    /// <summary>The run ended with an error.</summary>
    /// <param name="Error">The error, with its fault as data if it is one of the engine's.</param>
    public sealed record Failed(Exception Error) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>Candles are missing from the feed; logged once, for the first gap.</summary>
    /// <param name="First">The first gap.</param>
    public sealed record CandlesMissing(Gap First) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>The feed skipped rows that are not valid candles; logged once, for the first row.</summary>
    /// <param name="First">Fault in the first skipped row.</param>
    public sealed record RowsSkipped(FeedFault First) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>The feed repeated a candle with other values; logged once.</summary>
    public sealed record CandleRestated : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>A live feed dropped a candle that came after a newer one; logged once.</summary>
    public sealed record CandleLate : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }

    /// <summary>A note of the session about its run.</summary>
    /// <param name="Note">The session's note.</param>
    public sealed record FromSession(SessionNote Note) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning =>
            Note is not SessionNote.Continuing and not SessionNote.NewRun { IsForced: true };
    }

    /// <summary>A free-text remark of the front end.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Remark(string Text) : RunNote
    {
        /// <inheritdoc/>
        public override bool IsWarning => true;
    }
}

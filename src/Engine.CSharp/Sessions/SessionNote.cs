using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>A note of a session about its run, as data. A closed union; the front end words the message.</summary>
public abstract record SessionNote
{
    private SessionNote() { }

    /// <summary>The run in the folder is continued.</summary>
    /// <param name="Source">Market source of the run.</param>
    /// <param name="Steps">Number of steps that the run has made.</param>
    public sealed record Continuing(MarketSource Source, long Steps) : SessionNote;

    /// <summary>The run was saved by a version of the program whose results differ in the last digits.</summary>
    /// <param name="Saved">Arithmetic version of the program that saved the run.</param>
    /// <param name="Now">Arithmetic version of this program.</param>
    public sealed record OtherArithmetic(int Saved, int Now) : SessionNote;

    /// <summary>A new run starts; the previous one was moved to another folder.</summary>
    /// <param name="IsForced">Whether the plan asked for a new run.</param>
    /// <param name="Differences">Differences between the previous run and the plan; empty if there are none or no
    /// state.</param>
    /// <param name="KeptIn">Folder that now holds the previous run.</param>
    public sealed record NewRun(bool IsForced, IReadOnlyList<RunDifference> Differences, string KeptIn) : SessionNote
    {
        /// <summary>Whether the run starts with what a warm-up learned.</summary>
        public bool IsWarmedUp { get; init; }
    }

    /// <summary>The plan keeps the previous run's learning, but there is no previous run.</summary>
    /// <param name="Folder">Folder of the session.</param>
    public sealed record NothingToLearnFrom(string Folder) : SessionNote;

    /// <summary>A new run starts with what was learned before, by the previous run or by a retraining.</summary>
    /// <param name="File">File that holds it.</param>
    /// <param name="Through">Open time of the newest candle of this market that the agent has learned from, ms UTC; candles up to it
    /// are not traded. Null if it has learned on another market.</param>
    public sealed record LearnedBefore(string File, long? Through) : SessionNote;

    /// <summary>The plan keeps what was learned, and the run is continued, which does so anyway.</summary>
    public sealed record LearningGoesOn : SessionNote;

    /// <summary>A new run starts from the prior although a retraining has saved what it learned.</summary>
    /// <param name="File">File that holds it.</param>
    public sealed record LearningUnused(string File) : SessionNote;

    /// <summary>Rows after the last checkpoint are cut off and written again.</summary>
    /// <param name="File">The file of rows.</param>
    /// <param name="Bytes">Number of bytes cut off.</param>
    public sealed record RowsRemade(string File, long Bytes) : SessionNote;

    /// <summary>Candles are missing between the run's last candle and the first new one.</summary>
    /// <param name="Missing">Number of missing candles.</param>
    public sealed record CandlesMissing(long Missing) : SessionNote;

    /// <summary>The source has other values for the run's newest candle: it was not complete, or was restated. The run keeps
    /// the values on which it traded, and continues with the next candle.</summary>
    /// <param name="Before">The candle in the run.</param>
    /// <param name="Now">The candle in the source.</param>
    public sealed record LastCandleRestated(CandleRow Before, CandleRow Now) : SessionNote;

    /// <summary>The exchange accepts no order of the run, neither a buy nor a sell; noted once per session.</summary>
    /// <param name="Limit">The numbers that show why.</param>
    public sealed record NothingTradeable(TradingLimit Limit) : SessionNote;
}

using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>When notes were made.</summary>
internal static class Moments
{
    extension(RunNote note)
    {
        /// <summary>Open time of the candle that a note is about, ms UTC; null where it is about none.</summary>
        public long? CandleTime =>
            note switch
            {
                RunNote.Filled filled => filled.OpenTime,
                RunNote.NotFilled refused => refused.OpenTime,
                RunNote.GateSwitched switched => switched.OpenTime,
                _ => null,
            };
    }
}

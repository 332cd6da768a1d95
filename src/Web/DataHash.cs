using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Web;

/// <summary>Hashes the candles of a run when somebody asks, from where the last question ended. Thread-safe.</summary>
internal sealed class DataHash
{
    private readonly Lock gate = new();
    private CandleHash hash = new();
    private RunColumns? run;
    private string text = "";

    /// <summary>Returns the hash of the candles of all steps of a run so far; of an older view that of the newest one.</summary>
    public string Of(RunView view)
    {
        lock (gate)
        {
            if (view.Run == run && hash.Count >= view.Count)
                return text;
            if (view.Run != run)
                (run, hash) = (view.Run, new CandleHash());
            for (var i = (int)hash.Count; i < view.Count; i++)
            {
                ref readonly var row = ref view.Run.Rows[i];
                hash.Append(row.Time, row.Open, row.High, row.Low, row.Close, row.Volume);
            }

            return text = $"{hash}";
        }
    }
}

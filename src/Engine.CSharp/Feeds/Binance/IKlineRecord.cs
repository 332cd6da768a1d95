namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Takes every closed candle of a live feed before it is handed on.</summary>
public interface IKlineRecord
{
    /// <summary>Takes the next candle. An exception ends the feed.</summary>
    void Take(in Kline closed);

    /// <summary>The feed has ended or was left; more candles may come with another subscription.</summary>
    void Close();
}

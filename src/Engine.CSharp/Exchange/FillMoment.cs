using System.Text.Json.Serialization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Exchange;

/// <summary>When a market order fills.</summary>
[JsonConverter(typeof(EnumNames<FillMoment>))]
public enum FillMoment
{
    /// <summary>At the open of the candle after the decision.</summary>
    [JsonStringEnumMemberName("next-open")]
    NextOpen,

    /// <summary>At the close on which the decision is based; optimistic, because no real order could fill there.</summary>
    [JsonStringEnumMemberName("close")]
    Close,
}

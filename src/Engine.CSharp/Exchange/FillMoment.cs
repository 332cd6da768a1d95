using System.Text.Json.Serialization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Exchange;

/// <summary>When a market order fills.</summary>
[JsonConverter(typeof(EnumNames<FillMoment>))]
public enum FillMoment
{
    /// <summary>At the open of the candle after the decision.</summary>
    [JsonStringEnumMemberName(FillMoments.NextOpen)]
    NextOpen,

    /// <summary>At the close on which the decision is based; optimistic, because no real order could fill there.</summary>
    [JsonStringEnumMemberName(FillMoments.Close)]
    Close,
}

/// <summary>Names of the fill moments in options and files.</summary>
internal static class FillMoments
{
    public const string NextOpen = "next-open";
    public const string Close = "close";

    public static ValueNames<FillMoment> Names { get; } =
        new((FillMoment.NextOpen, NextOpen), (FillMoment.Close, Close));
}

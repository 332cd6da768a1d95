using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>Writes an enum by the names of its members, and refuses numbers, which could be values that it does not define.</summary>
internal sealed class EnumNames<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;

using System.Data.Common;
using System.Runtime.InteropServices;
using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Store;

/// <summary>Rows as values of columns, in the order of <see cref="SweepSchema.RunColumns"/>.</summary>
internal static class RowValues
{
    private const string Ok = "ok";
    private const string Failed = "failed";

    private static readonly int train = Array.IndexOf(SweepSchema.RunColumns, "train_steps");
    private static readonly int test = Array.IndexOf(SweepSchema.RunColumns, "steps");
    private static readonly int growth = Array.IndexOf(SweepSchema.RunColumns, "block_steps");

    /// <summary>Returns the values of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="holdId">Key of the growth of buying and holding; null for a run that failed.</param>
    public static object?[] Of(RunRow row, long? holdId) =>
        [
            row.Key,
            row.Code,
            row.Data,
            row.Symbol,
            row.Timeframe,
            row.Window.From,
            row.Window.Seam,
            row.Window.To,
            row.Setting,
            row.FeeBps,
            row.SlippageBps,
            row.Seed,
            row.Error is null ? Ok : Failed,
            row.Error,
            .. Part(row.Train),
            .. Part(row.Test),
            row.Growth?.StepsPerBlock,
            row.Growth is null ? null : GrowthSeries.Pack(row.Growth.Own),
            holdId,
        ];

    /// <summary>Reads a row, followed by the growth of buying and holding.</summary>
    public static RunRow Read(DbDataReader reader) =>
        new()
        {
            Key = reader.GetString(0),
            Code = reader.GetString(1),
            Data = reader.GetString(2),
            Symbol = reader.GetString(3),
            Timeframe = reader.GetString(4),
            Window = new Window(reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7)),
            Setting = reader.GetString(8),
            FeeBps = reader.GetDouble(9),
            SlippageBps = reader.GetDouble(10),
            Seed = reader.GetInt64(11),
            Error = reader.IsDBNull(13) ? null : reader.GetString(13),
            Train = ReadPart(reader, train),
            Test = ReadPart(reader, test),
            Growth = reader.IsDBNull(growth) ? null : ReadGrowth(reader),
        };

    private static GrowthSeries ReadGrowth(DbDataReader reader)
    {
        var blocks = reader.GetInt32(growth + 3);
        return new GrowthSeries(
            reader.GetInt64(growth),
            Numbers((byte[])reader.GetValue(growth + 1), blocks),
            Numbers((byte[])reader.GetValue(growth + 4), blocks)
        );
    }

    private static float[] Numbers(byte[] bytes, int count) =>
        bytes.Length == 0 ? new float[count] : MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static object?[] Part(PartResult? part) =>
        part is null
            ? new object?[SweepSchema.PartColumns.Length]
            :
            [
                part.Steps,
                part.TotalReturn,
                part.BuyAndHoldReturn,
                part.MaxDrawdown,
                part.Sharpe,
                part.Sortino,
                part.Trades,
                part.RoundTrips,
                part.WinRate,
                part.ProfitFactor,
                part.FeesPaid,
                part.SlippagePaid,
                part.Exposure,
                part.Turnover,
                part.CumulativeReward,
            ];

    private static PartResult? ReadPart(DbDataReader reader, int first)
    {
        if (reader.IsDBNull(first))
            return null;
        return new PartResult(
            reader.GetInt64(first),
            reader.GetDouble(first + 1),
            Maybe(first + 2),
            reader.GetDouble(first + 3),
            Maybe(first + 4),
            Maybe(first + 5),
            reader.GetInt64(first + 6),
            reader.GetInt64(first + 7),
            Maybe(first + 8),
            Maybe(first + 9),
            reader.GetDouble(first + 10),
            reader.GetDouble(first + 11),
            Maybe(first + 12),
            reader.GetDouble(first + 13),
            reader.GetDouble(first + 14)
        );

        double? Maybe(int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
    }
}

using System.Buffers.Binary;

namespace BtcBandit.Engine.Feeds;

/// <summary>The checksum zip files carry (IEEE 802.3), eight bytes at a time.</summary>
/// <remarks>Source: Kounavis and Berry (2005), "slicing by 8". The framework reads zips without comparing it.</remarks>
internal sealed class Crc32
{
    private static readonly uint[] s_tables = Tables();
    private uint _state = uint.MaxValue;

    public uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        var tables = s_tables.AsSpan(0, 8 * 256);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state =
                tables[(7 * 256) + (byte)low]
                ^ tables[(6 * 256) + (byte)(low >> 8)]
                ^ tables[(5 * 256) + (byte)(low >> 16)]
                ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (byte)high]
                ^ tables[(2 * 256) + (byte)(high >> 8)]
                ^ tables[256 + (byte)(high >> 16)]
                ^ tables[(int)(high >> 24)];
        }
        foreach (var octet in bytes)
            state = tables[(byte)(state ^ octet)] ^ (state >> 8);
        _state = state;
    }

    private static uint[] Tables()
    {
        var tables = new uint[8 * 256];
        for (var index = 0u; index < 256; index++)
        {
            var entry = index;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry >> 1) ^ ((entry & 1) * 0xEDB88320u);
            tables[index] = entry;
        }
        for (var index = 256; index < tables.Length; index++)
            tables[index] = (tables[index - 256] >> 8) ^ tables[(byte)tables[index - 256]];
        return tables;
    }
}

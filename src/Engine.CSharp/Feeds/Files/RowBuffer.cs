using System.Buffers;
using System.Text;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Rows as bytes, written all at once: a program that is killed leaves whole lines.</summary>
internal sealed class RowBuffer
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>Number of bytes that are not written yet.</summary>
    public int Length => bytes.WrittenCount;

    /// <summary>Adds a row.</summary>
    public void Add(MonthlyRow row)
    {
        Encoding.ASCII.GetBytes(row.Line, bytes);
        bytes.Write("\n"u8);
    }

    /// <summary>Writes all rows to a file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteTo(FileStream file)
    {
        file.Write(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
    }
}

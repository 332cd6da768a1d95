using System.Data.Common;

namespace BtcBandit.Sweep.Store;

/// <summary>A file format of exports, while a file is written.</summary>
internal interface IExportFormat : IAsyncDisposable
{
    /// <summary>Adds a row.</summary>
    /// <param name="row">A reader that stands on the row, with the columns in order.</param>
    Task AddAsync(DbDataReader row);

    /// <summary>Writes what is left, and the end of the file.</summary>
    Task EndAsync();
}

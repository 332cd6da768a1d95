namespace BtcBandit.Tests.Shared

open System
open System.IO

/// A folder that is gone when the test is.
type Temporary() =
    let path = Directory.CreateTempSubdirectory("btcbandit-").FullName
    member _.Path = path
    member _.File name = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() =
            // What is thrown here would take the place of the test's own failure.
            try
                Directory.Delete(path, true)
            with
            | :? IOException
            | :? UnauthorizedAccessException -> ()

/// Where this repository stands on disk, for tests that read its files.
module BtcBandit.Tests.Shared.Repository

open System
open System.IO

/// The folder of BtcBandit.sln, looked for from the test program upwards.
let root =
    let rec climb (folder: DirectoryInfo | null) =
        match folder with
        | null -> failwith $"No BtcBandit.sln above {AppContext.BaseDirectory}"
        | folder when File.Exists(Path.Combine(folder.FullName, "BtcBandit.sln")) -> folder.FullName
        | folder -> climb folder.Parent

    climb (DirectoryInfo AppContext.BaseDirectory)

/// A path inside the repository, given with forward slashes.
let path (relative: string) = Path.Combine(Array.append [| root |] (relative.Split '/'))

/// A text file of the repository, its lines ended by LF wherever it was checked out.
let read relative = (File.ReadAllText(path relative)).ReplaceLineEndings "\n"

/// One week of real one-minute BTCUSDT candles; see data/README.md.
let sampleWeek = path "data/BTCUSDT-1m-2024-03-04_10.csv.gz"

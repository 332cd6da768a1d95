module BtcBandit.Runner.Tests.Program

open System
open BtcBandit.Tests.Runner

/// With BTCBANDIT_SAMPLE the program is what its own tests start: it runs that sample.
[<EntryPoint>]
let main arguments =
    match Environment.GetEnvironmentVariable "BTCBANDIT_SAMPLE" with
    | null -> Runner.main arguments
    | sample -> Runner.run (Runner.suite sample (Samples.called sample)) arguments

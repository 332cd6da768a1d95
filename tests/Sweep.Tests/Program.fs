module BtcBandit.Sweep.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main args = Runner.main args

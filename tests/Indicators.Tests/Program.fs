module BtcBandit.Indicators.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main args = Runner.main args

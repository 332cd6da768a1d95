module BtcBandit.Indicators.Laws.Expecto.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main arguments = Runner.main arguments

module BtcBandit.Runner.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main arguments = Runner.main arguments

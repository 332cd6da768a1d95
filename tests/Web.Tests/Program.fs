module BtcBandit.Web.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main args = Runner.main args

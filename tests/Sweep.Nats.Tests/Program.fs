module BtcBandit.Sweep.Nats.Tests.Program

open BtcBandit.Tests.Runner

[<EntryPoint>]
let main args =
    match List.ofArray args with
    | "stand-in" :: rest -> StandIn.run rest
    | _ -> Runner.main args

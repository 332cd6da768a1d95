/// Runs in virtual time.
module BtcBandit.Engine.Tests.Feeds.Binance.Virtual

open System.Threading
open System.Threading.Tasks

/// Runs something on a thread of its own: what the test runner's thread brings along would take continuations off it.
let run (action: unit -> 'a) =
    let result = TaskCompletionSource<'a>()

    let thread =
        Thread(fun () ->
            try
                result.SetResult(action ())
            with error ->
                result.SetException error)

    thread.Start()
    result.Task.GetAwaiter().GetResult()

namespace global

open System
open System.Threading
open Microsoft.Extensions.Logging
open Terminal.Gui.App

/// Fails in the library's loop, where the library says that it has read an answer that nobody asked for.
type private FailingLogger() =
    interface ILogger with
        member _.BeginScope _ = null
        member _.IsEnabled _ = true

        member _.Log(_, _, state, error, format) =
            if format.Invoke(state, error).Contains "unrecognized response" then
                raise (InvalidOperationException "a fault on purpose")

/// For `tests/dashboard.sh crash` and `faults`, which have the runtime load this into the program: a fault that nobody catches, or
/// faults of the library's loop.
type StartupHook =

    static member private Crash() =
        let fail () =
            Thread.Sleep 5_000
            raise (InvalidOperationException "a crash on purpose")

        Thread(fail, IsBackground = true).Start()

    static member private FailInLoop() = Logging.Logger <- FailingLogger()

    static member Initialize() =
        if Environment.GetEnvironmentVariable "BTCBANDIT_FAULTS" = "loop" then
            StartupHook.FailInLoop()
        else
            StartupHook.Crash()

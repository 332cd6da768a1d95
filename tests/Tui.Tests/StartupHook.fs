namespace global

open System
open System.Threading

/// For `tests/dashboard.sh crash`, which has the runtime load this into the program: a fault that nobody catches.
type StartupHook =

    static member Initialize() =
        let fail () =
            Thread.Sleep 5_000
            raise (InvalidOperationException "a crash on purpose")

        Thread(fail, IsBackground = true).Start()

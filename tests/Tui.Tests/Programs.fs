namespace BtcBandit.Tui.Tests

open System
open System.IO
open System.Text
open System.Text.Json
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host

/// What a call of the program printed and answered.
type Answer = { Code: int; Out: string; Error: string }

/// The program without its process: arguments in, output and exit code out.
module Programs =
    /// On a terminal of a size, and on a clock; no terminal where there are no columns.
    let onClock (clock: TimeProvider) size (arguments: string seq) =
        use out = new StringWriter()
        use error = new StringWriter()
        use bytes = new MemoryStream()
        let columns, rows = size
        let isTerminal = columns > 0

        let host =
            ConsoleHost(
                out,
                error,
                isTerminal,
                isTerminal,
                clock,
                (fun _ -> null),
                (fun () -> struct (columns, rows)),
                OpenOut = (fun () -> bytes)
            )

        let code = CommandLine.RunAsync(Array.ofSeq arguments, host).GetAwaiter().GetResult()

        {
            Code = code
            Out =
                // What is drawn comes before what is said when the screen is gone.
                (let drawn, said = Encoding.UTF8.GetString(bytes.ToArray()), out.ToString()
                 if isTerminal then drawn + said else said + drawn)
            Error = error.ToString()
        }

    let on size arguments = onClock TimeProvider.System size arguments

    /// Where output is redirected, on a clock.
    let runOn clock arguments = onClock clock (0, 0) arguments

    /// Where output is redirected.
    let run arguments = on (0, 0) arguments

    let words (line: string) = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)

    let json (answer: Answer) = JsonDocument.Parse(answer.Out).RootElement

    /// One line, and nothing of the program's insides.
    let isOneLine (text: string) =
        equal 1 (text.TrimEnd('\n').Split('\n').Length)
        lacks " at " text

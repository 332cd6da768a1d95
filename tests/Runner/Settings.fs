namespace BtcBandit.Tests.Runner

open System

/// What the command line asks for, the same under `dotnet test` and `dotnet run`.
type internal Settings = {
    Filter: Filter option
    Sequenced: bool
    /// The seed of properties: its two halves, and the size at which to begin.
    Replay: (uint64 * uint64 * int option) option
    /// Where to write the names of the failed tests.
    Failed: string option
    /// Where to write JUnit's XML.
    Junit: string option
}

/// An option of the command line.
type internal Option = {
    Name: string
    /// What its value is called in the help, for those that have one.
    Value: string option
    Meaning: string
    /// The settings with this option, or in one line what is wrong with its value.
    Apply: string -> Settings -> Result<Settings, string>
}

[<RequireQualifiedAccess>]
module internal Settings =

    let none = { Filter = None; Sequenced = false; Replay = None; Failed = None; Junit = None }

    let private seed (text: string) =
        let parts = text.Split ','
        let halves = parts |> Array.truncate 2 |> Array.map UInt64.TryParse
        let size = parts |> Array.skip (min 2 parts.Length) |> Array.map Int32.TryParse

        match halves, size with
        | [| true, first; true, second |], [||] -> Ok(first, second, None)
        | [| true, first; true, second |], [| true, size |] when size >= 0 -> Ok(first, second, Some size)
        | _ -> Error $"--replay '{text}': what a failed property prints is expected, as in 123,457,10"

    let options: Option list = [
        {
            Name = "filter"
            Value = Some "EXPRESSION"
            Meaning =
                @"Run only these tests: FullyQualifiedName~text (or =, !=, !~; also Name), combined with & | ! ( ); \ escapes."
            Apply =
                fun text settings ->
                    Filter.parse text
                    |> Result.map (fun filter -> { settings with Filter = Some filter })
        }
        {
            Name = "sequenced"
            Value = None
            Meaning = "One test at a time."
            Apply = fun _ settings -> Ok { settings with Sequenced = true }
        }
        {
            Name = "replay"
            Value = Some "SEED"
            Meaning = "Begin every property with this case; a failed property prints its seed."
            Apply = fun text settings -> seed text |> Result.map (fun seed -> { settings with Replay = Some seed })
        }
        {
            Name = "failed"
            Value = Some "FILE"
            Meaning =
                "Write the names of the failed tests, one a line; no file is left by a run that did not get that far."
            Apply = fun path settings -> Ok { settings with Failed = Some path }
        }
        {
            Name = "junit-summary"
            Value = Some "FILE"
            Meaning = "Write the results as JUnit XML."
            Apply = fun path settings -> Ok { settings with Junit = Some path }
        }
    ]

    /// What is wrong with the value of one of these options in a command line that has others as well.
    let rec fault (arguments: string list) : string option =
        match arguments with
        | [] -> None
        | argument :: rest when argument.StartsWith "--" && argument.Contains '=' ->
            let parts = argument.Split('=', 2)
            fault (parts[0] :: parts[1] :: rest)
        | argument :: value :: rest ->
            let option =
                options
                |> List.tryFind (fun option -> option.Value.IsSome && "--" + option.Name = argument)

            match option |> Option.map (fun option -> option.Apply value none) with
            | Some(Error message) -> Some message
            | Some(Ok _) -> fault rest
            | None -> fault (value :: rest)
        | [ _ ] -> None

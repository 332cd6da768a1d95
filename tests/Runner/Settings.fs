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

    /// What these options ask for in a command line that has others as well, or in one line what is wrong with a value.
    let read (arguments: string list) : Result<Settings, string> =
        let rec next settings (arguments: string list) =
            match arguments with
            | [] -> Ok settings
            | argument :: rest when argument.StartsWith "--" && argument.Contains '=' ->
                let parts = argument.Split('=', 2)
                next settings (parts[0] :: parts[1] :: rest)
            | argument :: rest ->
                let apply (option: Option) value rest =
                    option.Apply value settings |> Result.bind (fun settings -> next settings rest)

                match options |> List.tryFind (fun option -> "--" + option.Name = argument), rest with
                | Some({ Value = Some _ } as option), value :: rest -> apply option value rest
                | Some({ Value = None } as option), rest -> apply option "" rest
                | _ -> next settings rest

        next none arguments

    /// Sees to it that the files that are asked for can be written, or says in one line which cannot. The files of an earlier
    /// run are gone then.
    let prepareFiles (settings: Settings) : Result<unit, string> =
        let prepare option path =
            match path with
            | Some path -> Report.prepare path |> Result.mapError (fun message -> $"--{option}: {message}")
            | None -> Ok()

        prepare "failed" settings.Failed
        |> Result.bind (fun () -> prepare "junit-summary" settings.Junit)

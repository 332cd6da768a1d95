namespace BtcBandit.Engine.Tests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Market

/// The analyzer behind BannedSymbols.txt reads C# only; here the same list is held against what F# compiled to.
module PurityTests =

    let private banned =
        File.ReadAllLines(Repository.path "BannedSymbols.txt")
        |> Array.filter (fun line -> line.Trim() <> "" && not (line.StartsWith "//"))
        |> Array.map (fun line -> line.Split(';')[0])

    /// A member's name as documentation files write it.
    let private documentationId (info: MemberInfo) =
        let owner =
            info.DeclaringType
            |> Option.ofObj
            |> Option.map _.FullName
            |> Option.defaultValue ""

        match info with
        | :? Type as kind -> $"T:{kind.FullName}"
        | :? MethodInfo as method when method.IsSpecialName && method.Name.StartsWith "get_" ->
            $"P:{owner}.{method.Name[4..]}"
        | :? MethodBase as method ->
            let parameters =
                method.GetParameters()
                |> Array.map (fun parameter -> string parameter.ParameterType.FullName)
                |> String.concat ","

            let list = if parameters = "" then "" else $"({parameters})"
            $"M:{owner}.{method.Name.Replace('.', '#')}{list}"
        | other -> $"F:{owner}.{other.Name}"

    let private doesInputOrOutput (info: MemberInfo) =
        let outside =
            Regex
                @"^System\.(IO\.|Net\.|Console$|Environment$|Diagnostics\.Process|Threading\.(Timer|Thread|Tasks\.Task)\b)"

        let prints =
            Regex "^(PrintFormat|PrintFormatLine|PrintFormatToError|PrintFormatLineToError|ConsoleOut|ConsoleError)$"

        match Mentions.targetType info with
        | None -> false
        | Some kind when typeof<exn>.IsAssignableFrom kind -> false
        | Some kind ->
            outside.IsMatch(string kind.FullName)
            || kind.Assembly = typeof<unit>.Assembly && prints.IsMatch info.Name

    let private offences (assembly: Assembly) (isOffence: MemberInfo -> bool) =
        Mentions.ofAssembly assembly
        |> Seq.filter (fun mention -> isOffence mention.Of)
        |> Seq.map (fun mention -> $"{mention.By}.{mention.Where}: {documentationId mention.Of}")
        |> Seq.distinct
        |> Seq.toArray

    let private isBanned (info: MemberInfo) = Array.contains (documentationId info) banned

    /// What the two searches below must find, inside a function value as F# code has it.
    let forbidden () = [
        fun () -> DateTimeOffset.UtcNow.Ticks
        fun () -> int64 (Math.Log 2.0)
        fun () -> int64 (Random().Next())
        fun () ->
            // Expecto has a printfn of its own.
            Printf.printfn "out"
            0L
        fun () -> File.GetLastWriteTime("x").Ticks
    ]

    [<Tests>]
    let tests =
        testList "PurityTests" [
            testCase "no indicator asks a clock, chance or the platform's mathematics"
            <| fun () -> isEmpty (offences typeof<Candle>.Assembly isBanned)

            testCase "no indicator reads or writes anything"
            <| fun () -> isEmpty (offences typeof<Candle>.Assembly doesInputOrOutput)

            testCase "the search finds what is forbidden in a function value"
            <| fun () ->
                let here = Assembly.GetExecutingAssembly()
                let found = String.Join('\n', Array.append (offences here isBanned) (offences here doesInputOrOutput))

                for expected in
                    [
                        "P:System.DateTimeOffset.UtcNow"
                        "M:System.Math.Log(System.Double)"
                        "M:System.Random.#ctor"
                        "PrintFormatLine"
                        "T:System.IO.File"
                    ] do
                    matches ($@"PurityTests.*: \S*{Regex.Escape expected}") found

            testCase "every banned symbol exists: a misspelt one bans nothing"
            <| fun () ->
                let known =
                    [
                        // All of them live in the core library so far.
                        for kind in typeof<obj>.Assembly.GetExportedTypes() do
                            documentationId kind
                            yield! kind.GetMembers() |> Seq.map documentationId
                    ]
                    |> Set.ofList

                isNotEmpty banned
                isEmpty (banned |> Array.filter (known.Contains >> not))
        ]

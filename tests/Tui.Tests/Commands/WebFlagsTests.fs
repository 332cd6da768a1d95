namespace BtcBandit.Tui.Tests.Commands

open System.CommandLine
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// What the flags of the web dashboard accept.
module WebFlagsTests =

    let private token = "0123456789abcdef"

    [<Tests>]
    let tests =
        testList "WebFlagsTests" [
            cases "wrong usage is one line that names the flag, the value and what is accepted, and 2" [
                "--web-port 8001", "--web-port needs --web-dashboard"
                "--web-host 0.0.0.0", "--web-host needs --web-dashboard"
                "--web-token 0123456789abcdef", "--web-token needs --web-dashboard"
                "--web-dashboard false --web-port 8001", "--web-port needs --web-dashboard"
                "--web-dashboard --web-port 65536", "--web-port 65536: a whole number from 0 to 65535 is needed"
                "--web-dashboard --web-port -1", "--web-port -1: a whole number from 0 to 65535 is needed"
                "--web-dashboard --web-port http", "--web-port http: a whole number from 0 to 65535 is needed"
                "--web-dashboard --web-port --json", "--web-port: a value is needed before --json"
                "--web-dashboard --web-host example.com",
                "--web-host example.com: an IP address of this machine is needed"
                "--web-dashboard --web-host *",
                "--web-host *: an IP address of this machine is needed, for instance 0.0.0.0"
                "--web-dashboard --web-host 127.0.0.1:80",
                "--web-host 127.0.0.1:80: an IP address of this machine is needed"
                "--web-dashboard --web-host --json", "--web-host: a value is needed before --json"
                "--web-dashboard --web-token short",
                "--web-token short: 16 or more letters, digits, dashes, dots or underscores are needed"
                "--web-dashboard --web-token 0123456789abcde",
                "--web-token 0123456789abcde: 16 or more letters, digits, dashes, dots or underscores are needed"
                "--web-dashboard --web-token 0123456789abcdef;", "--web-token 0123456789abcdef;: 16 or more letters"
                "--web-dashboard --web-token 0123456789abcdeé", "--web-token 0123456789abcdeé: 16 or more letters"
                "--web-dashboard --web-token --json", "--web-token: a value is needed before --json"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words $"--offline --steps 1 {line}")
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error
                isOneLine answer.Error

            cases "blanks are refused" [
                "--web-host", "", "--web-host '': an IP address of this machine is needed"
                "--web-token", "", "--web-token '': 16 or more letters"
                "--web-token", "0123456789 abcdef", "--web-token 0123456789 abcdef: 16 or more letters"
                "--web-token", "0123456789abcdef\n", "16 or more letters"
            ]
            <| fun (flag: string, value: string, expected: string) ->
                let answer = run [ "--offline"; "--steps"; "1"; "--web-dashboard"; flag; value ]
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error

            cases "who watches sees a step each second, unless another pace is asked for" [
                "", 0.0
                "--dashboard", 1.0
                "--web-dashboard", 1.0
                "--web-dashboard --dashboard", 1.0
                "--web-dashboard --delay 0", 0.0
                "--web-dashboard --delay 0.25", 0.25
            ]
            <| fun (line: string, seconds: float) ->
                let flags = TrainFlags()
                let parsed = flags.AddTo(RootCommand()).Parse(words $"--offline {line}")
                let read = flags.Read(parsed, (fun _ -> null))
                equal seconds read.Delay.TotalSeconds

            cases "commands other than the main one do not know them" [
                "backtest --offline"
                "retrain --offline"
                "indicators"
                "inspect"
                "download"
                "doctor"
            ]
            <| fun (command: string) ->
                for flag in
                    [
                        "--web-dashboard"
                        "--web-port 8000"
                        "--web-host 0.0.0.0"
                        $"--web-token {token}"
                    ] do
                    let answer = run (words $"{command} {flag}")
                    equal (2, "") (answer.Code, answer.Out)
                    contains $"{(words flag)[0]}: no such flag" answer.Error
                    isOneLine answer.Error
        ]

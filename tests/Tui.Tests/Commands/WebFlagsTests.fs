namespace BtcBandit.Tui.Tests.Commands

open System.CommandLine
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// What the flags of the web dashboard accept.
[<TestFixture>]
type WebFlagsTests() =

    let token = "0123456789abcdef"

    [<TestCase("--web-port 8001", "--web-port needs --web-dashboard")>]
    [<TestCase("--web-host 0.0.0.0", "--web-host needs --web-dashboard")>]
    [<TestCase("--web-token 0123456789abcdef", "--web-token needs --web-dashboard")>]
    [<TestCase("--web-dashboard false --web-port 8001", "--web-port needs --web-dashboard")>]
    [<TestCase("--web-dashboard --web-port 65536", "--web-port 65536: a whole number from 0 to 65535 is needed")>]
    [<TestCase("--web-dashboard --web-port -1", "--web-port -1: a whole number from 0 to 65535 is needed")>]
    [<TestCase("--web-dashboard --web-port http", "--web-port http: a whole number from 0 to 65535 is needed")>]
    [<TestCase("--web-dashboard --web-port --json", "--web-port: a value is needed before --json")>]
    [<TestCase("--web-dashboard --web-host example.com",
               "--web-host example.com: an IP address of this machine is needed")>]
    [<TestCase("--web-dashboard --web-host *",
               "--web-host *: an IP address of this machine is needed, for instance 0.0.0.0")>]
    [<TestCase("--web-dashboard --web-host 127.0.0.1:80",
               "--web-host 127.0.0.1:80: an IP address of this machine is needed")>]
    [<TestCase("--web-dashboard --web-host --json", "--web-host: a value is needed before --json")>]
    [<TestCase("--web-dashboard --web-token short",
               "--web-token short: 16 or more letters, digits, dashes, dots or underscores are needed")>]
    [<TestCase("--web-dashboard --web-token 0123456789abcde",
               "--web-token 0123456789abcde: 16 or more letters, digits, dashes, dots or underscores are needed")>]
    [<TestCase("--web-dashboard --web-token 0123456789abcdef;", "--web-token 0123456789abcdef;: 16 or more letters")>]
    [<TestCase("--web-dashboard --web-token 0123456789abcdeé", "--web-token 0123456789abcdeé: 16 or more letters")>]
    [<TestCase("--web-dashboard --web-token --json", "--web-token: a value is needed before --json")>]
    member _.``wrong usage is one line that names the flag, the value and what is accepted, and 2``
        (line: string, expected: string)
        =
        let answer = run (words $"--offline --steps 1 {line}")
        equal (2, "") (answer.Code, answer.Out)
        contains expected answer.Error
        isOneLine answer.Error

    [<TestCase("--web-host", "", "--web-host '': an IP address of this machine is needed")>]
    [<TestCase("--web-token", "", "--web-token '': 16 or more letters")>]
    [<TestCase("--web-token", "0123456789 abcdef", "--web-token 0123456789 abcdef: 16 or more letters")>]
    [<TestCase("--web-token", "0123456789abcdef\n", "16 or more letters")>]
    member _.``blanks are refused``(flag: string, value: string, expected: string) =
        let answer = run [ "--offline"; "--steps"; "1"; "--web-dashboard"; flag; value ]
        equal (2, "") (answer.Code, answer.Out)
        contains expected answer.Error

    [<TestCase("", 0.0)>]
    [<TestCase("--dashboard", 1.0)>]
    [<TestCase("--web-dashboard", 1.0)>]
    [<TestCase("--web-dashboard --dashboard", 1.0)>]
    [<TestCase("--web-dashboard --delay 0", 0.0)>]
    [<TestCase("--web-dashboard --delay 0.25", 0.25)>]
    member _.``who watches sees a step each second, unless another pace is asked for``(line: string, seconds: float) =
        let flags = TrainFlags()
        let parsed = flags.AddTo(RootCommand()).Parse(words $"--offline {line}")
        let read = flags.Read(parsed, (fun _ -> null))
        Assert.That(read.Delay.TotalSeconds, Is.EqualTo seconds)

    [<TestCase("backtest --offline")>]
    [<TestCase("retrain --offline")>]
    [<TestCase("indicators")>]
    [<TestCase("inspect")>]
    [<TestCase("download")>]
    [<TestCase("doctor")>]
    member _.``commands other than the main one do not know them``(command: string) =
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

namespace BtcBandit.Tui.Tests.Report

open System.Net
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Report

/// A page, taken apart.
module internal Pages =
    let decode (text: string) = nonNull (WebUtility.HtmlDecode text)
    let encode (text: string) = nonNull (WebUtility.HtmlEncode text)
    let maker = ReportMaker("1.2.3", 3, "a machine")
    let library = lazy (HtmlReport.Resource HtmlReport.Library)

    /// The page without the library of charts.
    let own (page: string) = page.Replace(library.Value, "")

    let block (page: string) =
        Regex
            .Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)
            .Groups[1].Value

    let data (page: string) = JsonDocument.Parse(block page).RootElement

    /// The texts of the cells of a table row by the name of the row.
    let row (page: string) (name: string) =
        let found = Regex.Match(page, $"<th scope=\"row\">{Regex.Escape(encode name)}</th>(.*?)</tr>")

        Expect.isTrue found.Success name

        [
            for cell in Regex.Matches(found.Groups[1].Value, "<td[^>]*>(.*?)</td>") -> decode cell.Groups[1].Value
        ]

    let text (name: string) (element: JsonElement) = nonNull ((element.GetProperty name).GetString())

    /// The first item of an array of an object.
    let first (name: string) (element: JsonElement) = (element.GetProperty name)[0]

    let summaryOf (json: JsonElement) = (json |> first "agents" |> first "runs").GetProperty "summary"

    let numbers (element: JsonElement) = [ for item in element.EnumerateArray() -> item.GetDouble() ]

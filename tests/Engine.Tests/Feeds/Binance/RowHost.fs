namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
open System.Globalization
open System.Net
open System.Net.Http
open System.Text
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks

/// Rows of the exchange's archive, in its own text.
module ArchiveRows =
    let minute = 60_000L

    /// Milliseconds of a time in UTC.
    let at (text: string) =
        DateTimeOffset
            .Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds()

    /// The row of a minute. It has zeros that no number would keep.
    let line (openTime: int64) =
        let price = 100L + openTime / minute % 50L

        $"{openTime},{price}.10000000,{price + 3L}.00000000,{price - 1L}.00000000,{price + 1L}.50000000,1.20000000,"
        + $"{openTime + 59_999L},321.00000000,17,0.50000000,50.25000000,0"

    /// Open times of the minutes of a range.
    let minutes (from: int64) (until: int64) = [| for time in from..minute .. until - 1L -> time |]

    /// The text of a file.
    let text (times: int64 seq) = String.Join("", [ for time in times -> line time + "\n" ])

    /// A row as the REST interface writes it: times and the number of trades are numbers, the rest are texts.
    let json (line: string) =
        let quoted =
            line.Split ','
            |> Array.mapi (fun column field ->
                if column = 0 || column = 6 || column = 8 then field else "\"" + field + "\"")

        "[" + String.Join(",", quoted) + "]"

    /// A page as the REST interface writes it.
    let page (times: int64 array) = "[" + String.Join(",", [ for time in times -> json (line time) ]) + "]"

/// A host with the minutes of BTCUSDT, without sockets.
type RowHost(clock: TimeProvider) =
    inherit HttpMessageHandler()

    let info status =
        """{"symbols":[{"symbol":"BTCUSDT","status":"STATUS","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","maxQty":"9000.00000000","stepSize":"0.00001000"},{"filterType":"NOTIONAL","minNotional":"5.00000000"}]}]}"""
            .Replace("STATUS", status)

    let number (name: string) (query: string) =
        Int64.Parse(Regex.Match(query, name + "=([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture)

    /// What the host says of the pair.
    member val Status = "TRADING" with get, set

    /// Open times of the candles that exist, in order.
    member val Candles: int64 array = [||] with get, set

    /// How far its clock is ahead.
    member val Skew = TimeSpan.Zero with get, set

    /// The JSON of a page with some rows.
    member val Page = ArchiveRows.page with get, set

    /// Called with path and query before each answer.
    member val BeforeAnswer: (string -> unit) = ignore with get, set

    /// Path and query of each request.
    member val Asked = List<string>()

    /// Where each page of candles began that was asked for; the first question of a download is for a single candle.
    member this.Pages = [
        for query in this.Asked do
            if query.Contains "limit=1000" then
                number "startTime" query
    ]

    member private this.Answer(query: string) =
        let now = (clock.GetUtcNow() + this.Skew).ToUnixTimeMilliseconds()

        if query.StartsWith "/api/v3/time" then
            (200, "{\"serverTime\":" + string now + "}")
        elif not (query.Contains "symbol=BTCUSDT") then
            (400, """{"code":-1121,"msg":"Invalid symbol."}""")
        elif query.StartsWith "/api/v3/exchangeInfo" then
            (200, info this.Status)
        else
            let from, limit = number "startTime" query, int (number "limit" query)

            let rows =
                this.Candles
                |> Array.filter (fun time -> time >= from && time <= now)
                |> Array.truncate limit

            (200, this.Page rows)

    override this.SendAsync(request: HttpRequestMessage, stop: CancellationToken) : Task<HttpResponseMessage> =
        let query = (nonNull request.RequestUri).PathAndQuery
        this.Asked.Add query
        this.BeforeAnswer query
        stop.ThrowIfCancellationRequested()
        let status, body = this.Answer query
        let response = new HttpResponseMessage(enum<HttpStatusCode> status)
        response.Content <- new ByteArrayContent(Encoding.UTF8.GetBytes body)
        response.Headers.TryAddWithoutValidation("X-MBX-USED-WEIGHT-1M", "7") |> ignore
        Task.FromResult response

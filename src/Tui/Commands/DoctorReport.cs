using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Journal;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>A check as JSON.</summary>
/// <param name="Name">What it is, in a word.</param>
/// <param name="Mark"><c>ok</c>, <c>note</c> or <c>FAIL</c>.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
internal sealed record DoctorCheck(string Name, string Mark, string Text, string? Advice);

/// <summary>What <c>btcbandit doctor</c> found, as JSON; null where it is not known.</summary>
internal sealed record DoctorReport
{
    public required bool CanStart { get; init; }
    public required string Version { get; init; }
    public required string Runtime { get; init; }
    public required string Platform { get; init; }
    public required string Symbol { get; init; }
    public required string Timeframe { get; init; }
    public required string Rest { get; init; }
    public required double? RestMilliseconds { get; init; }
    public required string Stream { get; init; }
    public required double? StreamMilliseconds { get; init; }
    public required double? ClockSkewMs { get; init; }
    public required int? UsedWeight { get; init; }
    public required int WeightLimit { get; init; }
    public required double? TickSize { get; init; }
    public required double? LotSize { get; init; }
    public required double? LargestQuantity { get; init; }
    public required double? SmallestNotional { get; init; }
    public required string DataDir { get; init; }
    public required bool DataDirIsWritable { get; init; }
    public required bool DataDirIsInUse { get; init; }
    public required long? FreeBytes { get; init; }
    public required bool IsTerminal { get; init; }
    public required int? Columns { get; init; }
    public required int? Rows { get; init; }
    public required string Colours { get; init; }
    public required bool IsUtf8 { get; init; }
    public required IReadOnlyList<DoctorCheck> Checks { get; init; }

    /// <summary>Puts together what was found.</summary>
    public static DoctorReport Of(
        DoctorOptions options,
        DoctorProgram program,
        ExchangeFindings exchange,
        FolderFindings folder,
        TerminalFacts terminal,
        IReadOnlyList<Check> checks
    ) =>
        new()
        {
            CanStart = checks.All(check => check.Mark != CheckMark.Fail),
            Version = program.Version,
            Runtime = program.Runtime,
            Platform = program.Platform,
            Symbol = $"{options.Pair}",
            Timeframe = options.Timeframe.Name,
            Rest = options.Hosts.Rest.OriginalString,
            RestMilliseconds = exchange.RestTime?.TotalMilliseconds,
            Stream = options.Hosts.Stream.OriginalString,
            StreamMilliseconds = exchange.StreamTime?.TotalMilliseconds,
            ClockSkewMs = exchange.ClockSkew?.TotalMilliseconds,
            UsedWeight = exchange.UsedWeight,
            WeightLimit = program.WeightLimit,
            TickSize = exchange.Filters?.TickSize,
            LotSize = exchange.Filters?.LotSize,
            LargestQuantity = exchange.Filters?.LargestQuantity,
            SmallestNotional = exchange.Filters?.SmallestNotional,
            DataDir = folder.Folder,
            DataDirIsWritable = folder.Problem is null,
            DataDirIsInUse = folder.IsInUse,
            FreeBytes = folder.FreeBytes,
            IsTerminal = terminal.IsTerminal,
            Columns = terminal.IsTerminal ? terminal.Columns : null,
            Rows = terminal.IsTerminal ? terminal.Rows : null,
            Colours = terminal.Colours,
            IsUtf8 = terminal.IsUtf8,
            Checks = [.. checks.Select(check => new DoctorCheck(check.Name, check.Word, check.Text, check.Advice))],
        };

    /// <summary>The report as indented JSON with snake_case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DoctorJson.Default.DoctorReport);
}

/// <summary>This program and what it runs on.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Runtime">The runtime and its version.</param>
/// <param name="Platform">The operating system and the processor's architecture.</param>
/// <param name="WeightLimit">Request weight that the exchange allows in a minute.</param>
internal sealed record DoctorProgram(string Version, string Runtime, string Platform, int WeightLimit);

/// <summary>Source-generated JSON serialiser of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;

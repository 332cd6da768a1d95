using System.Globalization;
using BtcBandit.Engine.Agents.Linear;

namespace BtcBandit.Sweep.Store;

/// <summary>What the values of an exported column are. Each may be absent.</summary>
internal enum ExportKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Numbers.</summary>
    Real,

    /// <summary>Times, ms UTC in the file of the sweep.</summary>
    Time,
}

/// <summary>A column of an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Sql">Where its values come from: run <c>r</c>, membership of a sweep <c>m</c> or setting <c>s</c>.</param>
internal sealed record ExportColumn(string Name, ExportKind Kind, string Sql)
{
    /// <summary>All columns, in order: what the run belongs to, the run, the parameters of its setting, its results.</summary>
    /// <remarks>The growth of a run, its blocks and that of buying and holding are left out: they are for programs, which read
    /// them in the file of the sweep.</remarks>
    public static IReadOnlyList<ExportColumn> All { get; } =
    [
        new("sweep", ExportKind.Text, "m.sweep"),
        new("market", ExportKind.Text, "m.market"),
        new("label", ExportKind.Text, "m.label"),
        new("fold", ExportKind.Integer, "m.fold"),
        .. SweepSchema.RunColumns.Where(name => Identity.Contains(name)).Select(OfRun),
        .. Parameters,
        .. SweepSchema.RunColumns.Where(name => !Identity.Contains(name) && !Series.Contains(name)).Select(OfRun),
    ];

    private static string[] Identity =>
        [.. SweepSchema.RunColumns.TakeWhile(name => !string.Equals(name, "status", StringComparison.Ordinal))];

    private static string[] Series => ["block_steps", "growth", "hold"];

    // Names of RunParameters in JSON. Seed and costs are columns of the run.
    private static ExportColumn[] Parameters =>
        [
            OfSetting("agent", ExportKind.Text),
            OfSetting("indicators", ExportKind.Text),
            OfSetting("model", ExportKind.Text),
            OfSetting("feedback", ExportKind.Text),
            OfSetting("horizon", ExportKind.Integer),
            OfSetting("posterior_scale", ExportKind.Real),
            OfSetting("forgetting", ExportKind.Real),
            // Saved only where it is not the usual one.
            new(
                "evidence",
                ExportKind.Real,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"case when s.id is null then null else ifnull(s.parameters ->> 'evidence', {Evidence.Standard:0.0###}) end"
                )
            ),
            OfSetting("fill", ExportKind.Text),
            OfSetting("position_fraction", ExportKind.Real),
            OfSetting("initial_cash", ExportKind.Real),
        ];

    private static ExportColumn OfSetting(string name, ExportKind kind) =>
        new(name, kind, $"s.parameters ->> '{name}'");

    private static ExportColumn OfRun(string name) => new(name, KindOf(name), $"r.{name}");

    private static ExportKind KindOf(string name) =>
        name switch
        {
            "key" or "code" or "data" or "symbol" or "timeframe" or "setting" or "status" or "message" =>
                ExportKind.Text,
            "first" or "seam" or "last" => ExportKind.Time,
            "seed" => ExportKind.Integer,
            _ when Counts.Contains(name, StringComparer.Ordinal) => ExportKind.Integer,
            _ => ExportKind.Real,
        };

    private static string[] Counts =>
        ["train_steps", "train_trades", "train_round_trips", "steps", "trades", "round_trips"];
}

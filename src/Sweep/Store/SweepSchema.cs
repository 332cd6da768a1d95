namespace BtcBandit.Sweep.Store;

/// <summary>The tables of a sweep's file, version 1. Docs: docs/sweep.md.</summary>
internal static class SweepSchema
{
    /// <summary>Mark of the file, "BBsw", in <c>pragma application_id</c>.</summary>
    public const int ApplicationId = 0x42427377;

    /// <summary>Version, in <c>pragma user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Columns of a part of a run, with the prefix of the part.</summary>
    public static readonly string[] PartColumns =
    [
        "steps",
        "total_return",
        "buy_and_hold_return",
        "max_drawdown",
        "sharpe",
        "sortino",
        "trades",
        "round_trips",
        "win_rate",
        "profit_factor",
        "fees_paid",
        "slippage_paid",
        "exposure",
        "turnover",
        "cumulative_reward",
    ];

    /// <summary>Columns of a run, in order.</summary>
    public static readonly string[] RunColumns =
    [
        "key",
        "code",
        "data",
        "symbol",
        "timeframe",
        "first",
        "seam",
        "last",
        "setting",
        "fee_bps",
        "slippage_bps",
        "seed",
        "status",
        "message",
        .. PartColumns.Select(name => $"train_{name}"),
        .. PartColumns,
        "block_steps",
        "growth",
        "hold",
    ];

    /// <summary>Creates all tables.</summary>
    public static string Create =>
        $"""
            create table run (
              key text primary key, code text not null, data text not null, symbol text not null, timeframe text not null,
              first integer not null, seam integer not null, last integer not null,
              setting text not null, fee_bps real not null, slippage_bps real not null, seed integer not null,
              status text not null, message text,
              {string.Join(", ", PartColumns.Select(name => $"train_{name}"))},
              {string.Join(", ", PartColumns)},
              block_steps integer, growth blob, hold integer) without rowid;
            create table setting (id text primary key, parameters text not null) without rowid;
            create table hold (id integer primary key, hash text not null unique, blocks integer not null, growth blob not null);
            create table sweep (number integer primary key, id text not null unique, spec text not null, created text not null,
              runs integer, rungs integer not null);
            create table candidate (id integer primary key, market text not null, symbol text not null, timeframe text not null,
              fee_bps real not null, slippage_bps real not null, setting text not null, label text not null,
              unique (market, symbol, timeframe, fee_bps, slippage_bps, setting, label));
            create table sweep_run (sweep integer not null, key text not null, candidate integer not null, fold integer not null,
              primary key (sweep, key, candidate)) without rowid;
            create table attempt (unit text not null, worker text not null, finished text not null, seconds real not null,
              runs integer not null);
            create index run_of_symbol on run (symbol, setting);
            pragma application_id = {ApplicationId};
            pragma user_version = {Version};
            """;
}

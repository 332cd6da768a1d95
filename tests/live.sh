#!/usr/bin/env bash
# What only processes and sockets show about live candles, against the fake exchange. `check` runs it; by hand:
#
#   tests/live.sh NAME...   stop plug network
#
# Each part prints what it measured and fails with 1. PROGRAM=... tries another build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

read -ra program <<<"${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}"
exchange="$PWD/tests/FakeExchange/bin/Debug/net10.0/BtcBandit.FakeExchange.dll"
temporary=$(mktemp -d)
served=
trap 'close; rm -rf "$temporary"' EXIT
week=data/BTCUSDT-1m-2024-03-04_10.csv.gz

# serve ARGUMENTS... - starts the exchange; its address is in $rest and $stream, its keys go to descriptor 3.
serve() {
    close
    rm -f "$temporary/keys" "$temporary/served"
    mkfifo "$temporary/keys"
    dotnet "$exchange" --candles $week --port 0 "$@" <"$temporary/keys" >"$temporary/served" 2>&1 &
    served=$!
    exec 3>"$temporary/keys"
    soon grep -q serves "$temporary/served" || return 1
    rest=$(sed -nE 's/^(http[^ ]*) serves.*/\1/p' "$temporary/served")
    rest=${rest%/}
    stream=ws${rest#http}
}

close() {
    [ -n "$served" ] || return 0
    exec 3>&-
    kill "$served" 2>/dev/null
    wait "$served" 2>/dev/null
    served=
}

# run FOLDER ARGUMENTS... - starts the program; its process is $running, what it says is in FOLDER.log.
run() {
    local folder=$1
    shift
    # With job control: a shell without it starts its background jobs deaf to INT.
    set -m
    env --default-signal=INT "${program[@]}" --binance-rest "$rest" --binance-stream "$stream" --data-dir "$folder" "$@" \
        >"$folder.out" 2>"$folder.log" &
    running=$!
    set +m
}

soon() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then
            echo "not within a minute: $*"
            tail -n 20 "$temporary"/*.log 2>/dev/null
            return 1
        fi
        sleep 0.05
    done
}

holds() { echo "holds: $1" && awk "BEGIN { exit !($1) }"; }
milliseconds() { date +%s%3N; }
has_rows() { [ -f "$1/trades.csv" ] && [ "$(wc -l <"$1/trades.csv")" -ge "$2" ]; }

# ends NAME CODE - Ctrl-C, and the program ends within two seconds.
ends() {
    local begun status=0
    begun=$(milliseconds)
    kill -INT "$running"
    wait "$running" || status=$?
    echo "$1: ended after $(($(milliseconds) - begun)) ms with $status"
    holds "$status == $2 && $(($(milliseconds) - begun)) < 2000"
}

# Ctrl-C while nothing answers, while the history comes slowly, while banned, while the stream is refused, live, while the
# stream says nothing, while a gap is fetched.
stop() {
    local name rows
    for name in Timeout:silence SlowBody:history Ban:banned; do
        serve --speed 1 --faults "${name%:*}" --rate 1 || return 1
        run "$temporary/${name#*:}" --continuous
        sleep 2
        ends "${name#*:}" 130 || return 1
    done

    for name in Refuse:refused HalfOpen:half-open; do
        serve --speed 20 --faults "${name%:*}" --rate 1 || return 1
        run "$temporary/${name#*:}" --continuous --history 100
        soon grep -q 'connection lost' "$temporary/${name#*:}.log" || return 1
        ends "${name#*:}" 130 || return 1
    done

    serve --speed 60 || return 1
    run "$temporary/live" --continuous --history 100
    soon has_rows "$temporary/live" 4 || return 1
    ends live 130 && grep -q 'live == replay' "$temporary/live.log" || return 1
    rows=$(wc -l <"$temporary/live/trades.csv")
    run "$temporary/live" --continuous --history 100
    # A fast start finds no candle closed since the end, and without a step there is nothing to replay.
    soon grep -q 'live: candles come' "$temporary/live.log" && soon has_rows "$temporary/live" $((rows + 1)) || return 1
    echo p >&3
    soon grep -q 'connection lost' "$temporary/live.log" || return 1
    ends unplugged 130 && [ -s "$temporary/live/state.json" ] && grep -q 'live == replay' "$temporary/live.log" || return 1
    echo p >&3
}

# The plug is pulled for two minutes and put back; the program is left and started again. No candle is lost.
plug() {
    local folder="$temporary/plug"
    serve --speed 60 || return 1
    run "$folder" --continuous --history 200
    soon has_rows "$folder" 5 || return 1
    echo p >&3
    sleep 2
    echo p >&3
    soon grep -q 'connected again' "$folder.log" || return 1
    soon has_rows "$folder" 10 || return 1
    ends plug 130 || return 1
    cat "$folder.log"
    [ "$(grep -c 'connection lost' "$folder.log")" = 1 ] && [ "$(grep -c 'connected again' "$folder.log")" = 1 ] &&
        grep -q 'live == replay' "$folder.log" || return 1
    sleep 3
    run "$folder" --continuous --history 200
    soon has_rows "$folder" 16 || return 1
    ends "plug again" 130 || return 1
    cat "$folder.log"
    grep -q 'live == replay' "$folder.log" || return 1
    # Every minute once, as in the recorded file.
    cut -d, -f1 "$folder"/candles/BTCUSDT/1m/*.csv | sort -n >"$temporary/taken"
    gzip -dc $week | cut -d, -f1 | grep -E '^[0-9]+$' | sed -E 's/^([0-9]{13}).*/\1/' >"$temporary/recorded"
    holds "$(comm -12 "$temporary/taken" "$temporary/recorded" | wc -l) == $(wc -l <"$temporary/taken")" || return 1
    holds "$(awk 'NR > 1 && $1 != before + 60000 { n++ } { before = $1 } END { print n + 0 }' "$temporary/taken") == 0"
}

# Without a network: one line within ten seconds; with --continuous it goes on waiting.
network() {
    local begun status=0
    rest=http://127.0.0.1:9 stream=ws://127.0.0.1:9
    begun=$(milliseconds)
    run "$temporary/none"
    wait "$running" || status=$?
    echo "ended after $(($(milliseconds) - begun)) ms"
    cat "$temporary/none.log"
    holds "$status == 1 && $(($(milliseconds) - begun)) < 10000" &&
        grep -q '127.0.0.1 cannot be reached' "$temporary/none.log" || return 1
    run "$temporary/waiting" --continuous
    sleep 12
    kill -0 "$running" && grep -q 'waiting for 127.0.0.1' "$temporary/waiting.log" && ends waiting 130
}

[ $# -gt 0 ] || set -- stop plug network
for part in "$@"; do
    $part || { echo "failed: $part" && exit 1; }
done

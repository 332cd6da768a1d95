#!/usr/bin/env bash
# What only processes show about the web dashboard. `check` runs it; by hand:
#
#   tests/web.sh NAME...        signals taken silent stays
#   tests/web.sh page PROGRAM   the page of a program that was installed
#
# Needs curl, node for `silent` and tmux for `stays`. Each part prints what it measured and fails with 1.
# PROGRAM=... tries another build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

read -ra program <<<"${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}"
temporary=$(mktemp -d)
socket="btcbandit-web-$$"
others=()
trap 'tmux -L "$socket" kill-server 2>/dev/null; end_others; rm -rf "$temporary"' EXIT

end_others() {
    local other
    for other in ${others[@]+"${others[@]}"}; do kill "$other" 2>/dev/null; done
    others=()
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
now() { date +%s%N; }

# run NAME ARGUMENTS... - starts the program; its process is $running, what it says is in NAME.log, its address $address.
run() {
    local name=$1
    shift
    # With job control: a shell without it starts its background jobs deaf to INT.
    set -m
    env --default-signal=INT,TERM,HUP "${program[@]}" --offline --data-dir "$temporary/$name" --web-dashboard --web-port 0 "$@" \
        >"$temporary/$name.out" 2>"$temporary/$name.log" &
    running=$!
    set +m
    soon grep -q '^Dashboard available at' "$temporary/$name.log" || return 1
    address=$(sed -nE 's/^Dashboard available at (.*)/\1/p' "$temporary/$name.log")
}

# watched NAME - whether streams that were opened have heard of steps.
watched() { grep -q '^event: steps' "$temporary/$1.stream"; }

# ends CODE START - the program ends with a code, within two seconds of a moment.
ends() {
    local status=0 took
    wait "$running" || status=$?
    took=$((($(now) - $2) / 1000000))
    echo "ended after $took ms"
    holds "$status == $1 && $took < 2000"
}

# signals - each signal ends the program within two seconds, whoever watches: browsers that read and browsers that do not.
signals() {
    local signal code i name start
    for signal in INT:130 TERM:143 HUP:129; do
        code=${signal#*:} name=${signal%:*}
        run "$name" --duration 600 --delay 0.005 || return 1
        for i in 1 2 3 4 5; do
            curl -sN --max-time 60 "$address/api/stream" >"$temporary/$name.stream" &
            others+=($!)
            # Asks, and never reads what comes.
            (exec 4<>"/dev/tcp/127.0.0.1/${address##*:}" && printf 'GET /api/stream HTTP/1.1\r\nHost: localhost:%s\r\n\r\n' "${address##*:}" >&4 &&
                exec sleep 60) &
            others+=($!)
        done
        soon watched "$name" || return 1
        start=$(now)
        kill "-$name" "$running"
        ends "$code" "$start" || return 1
        end_others
        # The last steps were told before the end.
        [ "$(tail -n 1 "$temporary/$name/trades.csv" | cut -d, -f2)" = \
            "$(sed -nE 's|^id: [^.]*\.([0-9]+)(\.[0-9a-f]{8})?$|\1|p' "$temporary/$name.stream" | tail -n 1)" ] ||
            { echo "the stream ends before the run" && return 1; }
    done
}

# taken - a port in use: one line, 1, and nothing is written.
taken() {
    run first --duration 600 --delay 0.01 || return 1
    local port=${address##*:} status=0
    "${program[@]}" --offline --data-dir "$temporary/second" --web-dashboard --web-port "$port" >"$temporary/second.out" 2>"$temporary/second.log" || status=$?
    cat "$temporary/second.log"
    holds "$status == 1" && [ "$(wc -l <"$temporary/second.log")" = 1 ] && [ ! -e "$temporary/second" ] && [ ! -s "$temporary/second.out" ] &&
        grep -q "^btcbandit: --web-port $port: another program uses the port" "$temporary/second.log" || return 1
    local start
    start=$(now)
    kill -TERM "$running"
    ends 143 "$start"
}

# silent - a collector of metrics that never answers holds up neither the run nor its end.
silent() {
    node -e 'require("net").createServer(() => {}).listen(0, "127.0.0.1", function () { console.log(this.address().port) })' \
        >"$temporary/collector" &
    others+=($!)
    soon test -s "$temporary/collector" || return 1
    export OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_METRIC_EXPORT_INTERVAL=200
    OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$(cat "$temporary/collector")"
    run silent --duration 600 --delay 0.005 || return 1
    unset OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_PROTOCOL OTEL_METRIC_EXPORT_INTERVAL
    soon test -s "$temporary/silent/trades.csv" && sleep 1 || return 1
    local start
    start=$(now)
    kill -TERM "$running"
    ends 143 "$start"
    local status=$?
    end_others
    return $status
}

# stays - alone on a terminal the page stays until Ctrl-C, and the exit code is that of the run.
stays() {
    tmux -L "$socket" -f /dev/null new-session -d -x 120 -y 30 \
        "export LANG=C.UTF-8 TERM=tmux-256color; ${program[*]} --offline --steps 50 --delay 0 --web-dashboard --web-port 0 --data-dir $temporary/stays; echo code \$? >$temporary/code; sleep 600"
    shows() { tmux -L "$socket" capture-pane -p | grep -qE -- "$1"; }
    soon shows 'stays until Ctrl-C' || { tmux -L "$socket" capture-pane -p && return 1; }
    address=$(tmux -L "$socket" capture-pane -p | sed -nE 's/^Dashboard available at (.*[0-9]) *$/\1/p')
    curl -sf "$address/api/health" | grep -q '"steps":50' || { echo "$address does not answer" && return 1; }
    [ ! -e "$temporary/code" ] || return 1
    tmux -L "$socket" send-keys C-c
    soon grep -qs 'code 0' "$temporary/code"
}

# page PROGRAM - it serves the page, the chart with its licence, and the API, also from a folder of its own.
page() {
    local start file
    set -m
    "$1" --offline --duration 600 --delay 0.01 --data-dir "$temporary/page" --web-dashboard --web-port 0 >"$temporary/page.out" 2>"$temporary/page.log" &
    running=$!
    set +m
    soon grep -q '^Dashboard available at' "$temporary/page.log" || return 1
    address=$(sed -nE 's/^Dashboard available at (.*)/\1/p' "$temporary/page.log")
    while read -r file part; do
        curl -sf --compressed "$address$file" >"$temporary/answer" && grep -q "$part" "$temporary/answer" || { echo "$address$file lacks $part" && return 1; }
    done <<'FILES'
/ <html
/app.css body
/js/app.js import
/js/lightweight-charts.js TradingView
/lightweight-charts.LICENSE.txt Apache
/api/run "mode"
/metrics btcbandit_
FILES
    start=$(now)
    kill -TERM "$running"
    ends 143 "$start"
}

if [ "${1-}" = page ] && [ $# -eq 2 ]; then
    page "$2"
    exit
fi
[ $# -gt 0 ] || { echo "usage: tests/web.sh signals|taken|silent|stays..." && exit 2; }
for part in "$@"; do
    echo "$part"
    $part || exit 1
done

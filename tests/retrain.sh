#!/usr/bin/env bash
# What only processes show about retraining: kill -9 in each phase, a run beside it, thirty nights in one folder. `check` runs
# it; by hand:
#
#   tests/retrain.sh NAME...   kill beside nights
#
# Each part prints what it measured and fails with 1. PROGRAM=... tries another build. `nights` needs
# the files BTCUSDT-1m-2024-05.csv.gz and -06 in the folder that BTCBANDIT_CANDLES names.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

read -ra program <<<"${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}"
candles=${BTCBANDIT_CANDLES:-../shared/data/spot-1m/BTCUSDT}
temporary=$(mktemp -d)
trap 'jobs -p | xargs -r kill -9 2>/dev/null; rm -rf "$temporary"' EXIT

agent=(--fee-bps 0 --slippage-bps 0 --horizon 5)
easy=(--min-success-rate 0 --min-excess-return -100)
# Cycles without an end, and the length of a run that can be trained: 7 days and 24 hours.
endless=(--train-steps 8000 --validate-steps 1440 --max-cycles 1000 --min-excess-return 1000000)
steps=13000

run() { "${program[@]}" "$@"; }
holds() { echo "holds: $1" && awk "BEGIN { exit !($1) }"; }
hash_of() { sha256sum "$@" | cut -d' ' -f1 | tr '\n' ' '; }
# rest_of FILE - a state without its agent and the number of trials out of which it was chosen: the lines of the agent are those
# from its name to the next one as deep. Commas at the ends of lines depend on what is left out.
rest_of() {
    awk '/^  "agent": \{/ { skip = 1 } !skip && !/"trials_before":/ { sub(/,$/, ""); print } /^  \},?$/ { skip = 0 }' "$1"
}
has() { [ -s "$1" ]; }

soon() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then echo "not within a minute: $*" && return 1; fi
    done
}

# killed PHASE FOLDER ARGUMENTS... - kill -9 as soon as a retraining is in that phase. Says whether it was still there.
killed() {
    local phase=$1 folder=$2 status=0
    shift 2
    rm -f "$temporary/said"
    # What it says comes once a second at most; a bar comes ten times as often.
    "${program[@]}" retrain --data-dir "$folder" "$@" >"$temporary/out" 2>"$temporary/said" &
    local process=$!
    case $phase in
        reading) soon held "$process" "$folder" ;;
        cycle) soon grep -qs '^cycle [1-9]' "$temporary/said" || { kill -9 $process; return 1; } ;;
        # The new state is written beside the old one: no other program is started in this loop.
        saving) while [ ! -e "$folder/state.json.tmp" ] && [ -d "/proc/$process" ]; do :; done ;;
    esac
    kill -9 $process 2>/dev/null
    wait $process 2>/dev/null || status=$?
    [ $status -eq 137 ]
}

# held PROCESS FOLDER - whether the process has locked the folder.
held() { [ "$(cat "$2/lock.pid" 2>/dev/null)" = "$1" ]; }

# A kill in each phase leaves the old state, byte for byte, or the complete new one; the same command then ends as ever.
kill_each() {
    local folder="$temporary/killed" phase before rows after tries saving=0
    run --offline "${agent[@]}" --steps $steps --data-dir "$folder" >/dev/null || return 1
    before=$(hash_of "$folder/state.json") rows=$(hash_of "$folder/trades.csv")
    cp -r "$folder" "$temporary/whole"
    run retrain --offline "${agent[@]}" "${easy[@]}" --data-dir "$temporary/whole" >/dev/null 2>&1 || return 1
    after=$(hash_of "$temporary/whole/state.json")
    [ "$before" != "$after" ] || return 1

    killed reading "$folder" --offline "${agent[@]}" "${endless[@]}" || return 1
    [ "$before$rows" = "$(hash_of "$folder/state.json")$(hash_of "$folder/trades.csv")" ] || return 1
    echo "killed while it read: as before"
    killed cycle "$folder" --offline "${agent[@]}" "${endless[@]}" || return 1
    [ "$before$rows" = "$(hash_of "$folder/state.json")$(hash_of "$folder/trades.csv")" ] || return 1
    echo "killed in $(tail -n 1 "$temporary/said" | sed 's/,.*//'): as before"
    for tries in 1 2 3 4 5 6 7 8 9 10; do
        cp "$temporary/whole/state.json.bak" "$folder/state.json"
        rm -f "$folder/state.json.bak"
        killed saving "$folder" --offline "${agent[@]}" "${easy[@]}" --train-steps 500 --validate-steps 500 || continue
        saving=$((saving + 1))
        [ "$rows" = "$(hash_of "$folder/trades.csv")" ] || return 1
        if [ "$before" != "$(hash_of "$folder/state.json")" ]; then
            # The move was done: the state is whole, and differs in the agent only.
            cmp <(rest_of "$folder/state.json") <(rest_of "$temporary/whole/state.json") || return 1
        fi
        [ $saving -lt 3 ] || break
    done
    holds "$saving >= 1" || return 1
    echo "killed $saving times while it saved, of $tries"
    cp "$temporary/whole/state.json.bak" "$folder/state.json"
    run retrain --offline "${agent[@]}" "${easy[@]}" --data-dir "$folder" >/dev/null 2>&1 || return 1
    [ "$after$rows" = "$(hash_of "$folder/state.json")$(hash_of "$folder/trades.csv")" ] || return 1
    cmp <(rest_of "$folder/state.json") <(rest_of "$folder/state.json.bak") || return 1
    run --offline "${agent[@]}" --steps 5 --data-dir "$folder" 2>&1 >/dev/null | grep -q "^continuing .* after step $steps"
}

# A run uses the folder: refused with its process, nothing changed. In a folder of its own it goes well beside the run.
beside() {
    local folder="$temporary/beside" process status=0 before
    set -m
    env --default-signal=INT "${program[@]}" --offline "${agent[@]}" --continuous --delay 0.05 --checkpoint-every 1000000 \
        --data-dir "$folder" >/dev/null 2>&1 &
    process=$!
    set +m
    soon has "$folder/state.json" || return 1
    before=$(hash_of "$folder/state.json")
    run retrain --offline "${agent[@]}" "${easy[@]}" --data-dir "$folder" >"$temporary/out" 2>"$temporary/said" || status=$?
    cat "$temporary/said"
    holds "$status == 1" && grep -q "in use by process $process" "$temporary/said" && [ ! -s "$temporary/out" ] &&
        [ "$before" = "$(hash_of "$folder/state.json")" ] || return 1
    run retrain --offline "${agent[@]}" "${easy[@]}" --data-dir "$temporary/alone" >/dev/null 2>&1 || return 1
    status=0
    kill -INT $process
    wait $process || status=$?
    holds "$status == 130" || return 1
    # Ctrl-C in a cycle: the code of the signal, a line that says how to go on, and the state as it was.
    folder="$temporary/stopped"
    run --offline "${agent[@]}" --steps $steps --data-dir "$folder" >/dev/null || return 1
    before=$(hash_of "$folder/state.json")
    set -m
    env --default-signal=INT "${program[@]}" retrain --offline "${agent[@]}" "${endless[@]}" \
        --data-dir "$folder" >"$temporary/out" 2>"$temporary/said" &
    process=$!
    set +m
    soon grep -qs '^cycle [1-9]' "$temporary/said" || return 1
    status=0
    kill -INT $process
    wait $process || status=$?
    tail -n 1 "$temporary/said" && cat "$temporary/out"
    holds "$status == 130" && grep -q '^stopped in cycle [0-9]*; nothing was changed' "$temporary/said" &&
        grep -q 'excess return not above' "$temporary/out" && [ "$before" = "$(hash_of "$folder/state.json")" ]
}

# met FILE - 0 if the last cycle of a report meets its terms, computed anew from its counts and returns; else 3.
met() {
    awk '/"minimum_success_rate"/ { rate = $2 + 0 } /"minimum_excess_return"/ { excess = $2 + 0 }
        /"maximum_drawdown"/ { most = $2 + 0 } /"(train|validation|last_day)": \{/ { slice = $1 }
        slice ~ /validation/ && /"round_trips"/ { trips = $2 + 0 } slice ~ /validation/ && /"wins"/ { wins = $2 + 0 }
        slice ~ /validation/ && /"return"/ { earned = $2 + 0 } slice ~ /validation/ && /"buy_and_hold_return"/ { held = $2 + 0 }
        slice ~ /validation/ && /"max_drawdown"/ { fell = $2 + 0 }
        END { print (trips > 0 && wins / trips >= rate && earned - (held > 0 ? held : 0) > excess && fell <= most ? 0 : 3) }' "$1"
}

# Each night of June 2024 in one folder: the day is traded while a retraining beside it is refused; then one is killed, by turns
# while it reads, in a cycle and while it saves; then one is made. The state is the one before or differs in the agent, the rows
# are those of the run, the exit code is what the figures say, and the next day continues the run.
nights() {
    local folder="$temporary/nights" days="$temporary/days" night status process before rows passed=0 failed=0 kills=0 phase day file
    for file in "$candles"/BTCUSDT-1m-2024-0[56].csv.gz; do
        if [ ! -e "$file" ]; then echo "skipped: no $file (set BTCBANDIT_CANDLES)" && return; fi
    done
    mkdir -p "$days"
    gzip -dc "$candles"/BTCUSDT-1m-2024-0[56].csv.gz | grep -E '^[0-9]' |
        awk -F, -v days="$days" '{ file = days "/BTCUSDT-1m-" strftime("%Y-%m-%d", substr($1, 1, 10), 1) ".csv"; print >file }'
    holds "$(find "$days" -name '*2024-06*' | wc -l) == 30" || return 1
    # The success rate that is asked for is near the one that the agent has, so that some nights pass and some do not.
    local terms=(--train-steps 5760 --validate-steps 1440 --max-cycles 2 --min-success-rate 40 --json)
    for night in $(seq 1 30); do
        day=$(printf '2024-06-%02d' "$night")
        local window=()
        for before in 7 6 5 4 3 2 1 0; do
            window+=("$days/BTCUSDT-1m-$(date -u -d "$day - $before days" +%F).csv")
        done
        # A live run beside it: paced, so that it is there for a while.
        "${program[@]}" --data "$days/BTCUSDT-1m-$day.csv" "${agent[@]}" --delay 0.002 --checkpoint-every 1000000 \
            --data-dir "$folder" >"$temporary/day" 2>"$temporary/day.said" &
        process=$!
        soon held $process "$folder" || return 1
        status=0
        run retrain --data "${window[@]}" "${agent[@]}" "${terms[@]}" --data-dir "$folder" >/dev/null 2>"$temporary/said" || status=$?
        if [ $status -ne 1 ] || ! grep -q "in use by process $process" "$temporary/said"; then
            echo "night $night: beside the run $status: $(cat "$temporary/said")" && return 1
        fi
        wait $process || { cat "$temporary/day.said" && return 1; }
        if [ "$night" -gt 1 ] && ! grep -q '^continuing archive BTC/USDT 1m after step' "$temporary/day.said"; then
            cat "$temporary/day.said" && return 1
        fi
        before=$(hash_of "$folder/state.json") rows=$(hash_of "$folder/trades.csv")
        cp "$folder/state.json" "$temporary/state"
        case $((night % 3)) in 0) phase=saving ;; 1) phase=reading ;; 2) phase=cycle ;; esac
        local way=("${terms[@]}")
        if [ $phase = saving ]; then way=(--train-steps 5760 --validate-steps 1440 "${easy[@]}"); fi
        if [ $phase = cycle ]; then way=("${endless[@]}"); fi
        if killed $phase "$folder" --data "${window[@]}" "${agent[@]}" "${way[@]}"; then kills=$((kills + 1)); fi
        [ "$rows" = "$(hash_of "$folder/trades.csv")" ] && cmp <(rest_of "$temporary/state") <(rest_of "$folder/state.json") || return 1
        if [ $phase != saving ] && [ "$before" != "$(hash_of "$folder/state.json")" ]; then
            echo "night $night: a kill while $phase changed the state" && return 1
        fi
        before=$(hash_of "$folder/state.json")
        status=0
        run retrain --data "${window[@]}" "${agent[@]}" "${terms[@]}" --data-dir "$folder" >"$temporary/night.json" 2>"$temporary/said" || status=$?
        if [ $status -ne "$(met "$temporary/night.json")" ]; then
            echo "night $night ended with $status" && cat "$temporary/said" "$temporary/night.json" && return 1
        fi
        [ "$rows" = "$(hash_of "$folder/trades.csv")" ] && cmp <(rest_of "$temporary/state") <(rest_of "$folder/state.json") || return 1
        if [ $status -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
        if [ $status -eq 3 ] && [ "$before" != "$(hash_of "$folder/state.json")" ]; then echo "night $night: changed" && return 1; fi
        if [ $status -eq 0 ] && [ "$before" = "$(hash_of "$folder/state.json")" ]; then echo "night $night: not saved" && return 1; fi
    done
    echo "30 nights: $passed passed, $failed did not, $kills were killed, 30 were refused beside a run"
    holds "$passed > 0" && holds "$failed > 0" && holds "$kills >= 25" &&
        holds "$(wc -l <"$folder/trades.csv") == 30 * 1440 - 52 + 1"
}

[ $# -gt 0 ] || set -- kill beside nights
for part in "$@"; do
    case $part in
        kill) kill_each ;;
        *) $part ;;
    esac || { echo "failed: $part" && exit 1; }
done

#!/usr/bin/env bash
# What only processes show about sweeps. `check` runs it; by hand:
#
#   tests/sweep.sh NAME...    same kill stop
#
# Each part compares the export of a sweep with that of an uninterrupted one, byte for byte. PROGRAM=... tries another program,
# SPEC=... another spec, with results of its own folder.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

read -ra program <<<"${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
spec=${SPEC:-$temporary/spec.json}
cat >"$temporary/spec.json" <<JSON
{ "data": ["$PWD/data/BTCUSDT-1m-2024-03-04_10.csv.gz"], "timeframes": ["1m", "5m"], "seeds": 6,
  "grid": { "agent": ["linear-ts", "softmax"], "evidence": ["off", "3"], "fee-bps": [0, 1, 10], "slippage-bps": [0] },
  "random": { "draws": 2, "forgetting": { "one-minus-log": [1e-6, 1e-3] } },
  "folds": { "train_days": 2, "test_days": 1 } }
JSON

# sweep NAME ARGUMENTS... - a sweep into a file of that name.
sweep() {
    local name=$1
    shift
    "${program[@]}" sweep "$spec" --out "$temporary/$name.db" "$@" 2>>"$temporary/errors"
}

# export NAME - its rows as CSV.
export_of() { "${program[@]}" sweep export "$temporary/$1.db" "$temporary/$1.csv" >/dev/null; }

# whole - the sweep without interruption, once.
whole() {
    if [ -s "$temporary/whole.csv" ]; then return; fi
    sweep whole --threads 2 && export_of whole || return 1
    echo "$(($(wc -l <"$temporary/whole.csv") - 1)) rows, $(cut -d, -f5 "$temporary/whole.csv" | tail -n +2 | sort | uniq -d | wc -l) keys twice, $(grep -c ',failed,' "$temporary/whole.csv") failed"
    [ "$(cut -d, -f5 "$temporary/whole.csv" | tail -n +2 | sort | uniq -d | wc -l)" = 0 ] && ! grep -q ',failed,' "$temporary/whole.csv"
}

equal() {
    export_of "$1" && cmp "$temporary/whole.csv" "$temporary/$1.csv" && echo "$1: the same"
}

# One thread and two, and one, three and seven parts, give the same rows; once more costs nothing.
same() {
    local parts part
    whole && sweep one --threads 1 && equal one || return 1
    for parts in 3 7; do
        for ((part = 1; part <= parts; part++)); do sweep "part-$parts-$part" --shard "$part/$parts" >/dev/null || return 1; done
        "${program[@]}" sweep merge "$temporary/merged$parts.db" "$temporary"/part-$parts-*.db && equal "merged$parts" || return 1
    done
    sweep whole | grep ': 0 made'
}

# results_of NAME - how many runs have a result; 0 if there is no file yet.
results_of() {
    if export_of "$1" 2>/dev/null; then echo $(($(wc -l <"$temporary/$1.csv") - 1)); else echo 0; fi
}

# kill TIMES - killed again and again, it goes on where it was.
kill_again() {
    local i process all results partial=0
    whole || return 1
    all=$(results_of whole)
    for ((i = 1; i <= ${1:-8}; i++)); do
        "${program[@]}" sweep "$spec" --out "$temporary/killed.db" >/dev/null 2>>"$temporary/errors" &
        process=$!
        # Every second one dies with some of its results, unless it ends before; the others at any time.
        if ((i % 2)); then begun "$temporary/killed.db" $process; else sleep "$((RANDOM % 2)).$((RANDOM % 10))"; fi
        kill -9 $process 2>/dev/null
        wait $process 2>/dev/null
        # This takes the journal in, so that the next wait sees one of its own.
        results=$(results_of killed)
        echo "kill $i: $results of $all results"
        if ((results > 0 && results < all)); then partial=$((partial + 1)); fi
    done
    if ((partial == 0)); then echo "no kill left some of the results" && return 1; fi
    sweep killed && equal killed
}

# begun FILE PROCESS - waits until a sweep has written some of its results.
begun() {
    until [ "$(stat -c %s "$1-wal" 2>/dev/null || echo 0)" -gt 400000 ]; do
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.01
    done
}

# Ctrl-C and SIGTERM keep the units that are finished.
stop() {
    local signal code=0 process
    whole || return 1
    # With job control, a command in the background does not ignore SIGINT.
    set -m
    for signal in INT TERM; do
        # Whoever runs this script may be deaf to INT.
        env --default-signal=INT,TERM "${program[@]}" sweep "$spec" --out "$temporary/stopped.db" --threads 1 >"$temporary/out" 2>>"$temporary/errors" &
        process=$!
        begun "$temporary/stopped.db" $process || { echo "it ended by itself" && return 1; }
        kill -$signal $process
        wait $process
        code=$?
        echo "$signal: exit $code, $(head -n 1 "$temporary/out")"
        [ $code = $([ $signal = INT ] && echo 130 || echo 143) ] || return 1
    done
    set +m
    sweep stopped && equal stopped
}

for part in "$@"; do
    case "$part" in kill*) part="kill_again ${part#kill}" ;; esac
    # shellcheck disable=SC2086 # a name and perhaps a number
    $part || {
        echo "FAILED: $part"
        tail -n 5 "$temporary/errors"
        exit 1
    }
done

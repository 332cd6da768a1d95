#!/usr/bin/env bash
# What only a browser shows about a report: that the charts are drawn, without an error and without a request. `check` runs
# it; by hand:
#
#   tests/report.sh [FOLDER]    where the pictures of desktop and phone are kept; a temporary folder by default
#
# Without Chromium it says so and ends with 77. PROGRAM=... tries another build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

read -ra program <<<"${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
pictures=${1:-$temporary}
mkdir -p "$pictures" || exit 1
page="$temporary/report.html"

browser=
for name in chromium chromium-browser google-chrome; do
    if command -v $name >/dev/null; then browser=$name && break; fi
done
if [ -z "$browser" ]; then
    echo "there is no Chromium here"
    exit 77
fi

# How long the page may work, in the browser's virtual milliseconds: a busy machine draws fewer frames in them.
budget=5000

# browse SIZE ARGUMENTS... - opens the page in a window; what it logs is in $temporary/log.
browse() {
    local size=$1
    shift
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="$size" \
        --user-data-dir="$temporary/profile" --enable-logging=stderr --virtual-time-budget=$budget "$@" "file://$page" \
        2>"$temporary/log"
}

# Whatever the page says on its console is an error: a script that failed, or a request that its policy stopped.
quiet() {
    if grep -q CONSOLE "$temporary/log"; then
        grep CONSOLE "$temporary/log"
        return 1
    fi
}

"${program[@]}" backtest --data data/BTCUSDT-1m-2024-03-04_10.csv.gz --fee-bps 0 --slippage-bps 0 \
    --report "$page" >/dev/null 2>"$temporary/said" || { cat "$temporary/said" && exit 1; }
grep '^report: ' "$temporary/said"

for budget in 5000 20000 80000; do
    browse 1400,1000 --dump-dom >"$temporary/dom" || exit 1
    quiet || exit 1
    drawn=$(sed -nE 's/.*<html[^>]*data-drawn="([0-9]+)".*/\1/p' "$temporary/dom" | head -n 1)
    if [ -n "$drawn" ]; then break; fi
done
[ -n "$drawn" ] || { echo "the charts were not drawn" && exit 1; }
charts=$(grep -o '<canvas' "$temporary/dom" | wc -l)
[ "$charts" -ge 6 ] || { echo "$charts canvases where there are three charts" && exit 1; }
echo "drawn after $drawn ms, $charts canvases"

for size in 1400,1000 390,844; do
    browse $size --screenshot="$pictures/report-${size/,/x}.png" >/dev/null && quiet || exit 1
    [ -s "$pictures/report-${size/,/x}.png" ] || { echo "no picture of $size" && exit 1; }
done

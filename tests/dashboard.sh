#!/usr/bin/env bash
# What only a real terminal shows about the dashboard. `check` runs it; by hand:
#
#   tests/dashboard.sh NAME...   keys mouse end suspend late resizes sizes signals crash faults mash stopped hung
#                                speed idle bytes memory first redraw
#
# Needs tmux. Each part prints what it measured and fails with 1. PROGRAM=... measures another build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

program=${PROGRAM:-dotnet $PWD/src/Tui/bin/Debug/net10.0/btcbandit.dll}
temporary=$(mktemp -d)
socket="btcbandit-dashboard-$$-0"
opened=0
trap 'screen kill-server 2>/dev/null; rm -rf "$temporary"' EXIT
week=data/BTCUSDT-1m-2024-03-04_10.csv.gz

screen() { tmux -L "$socket" "$@"; }

# closing - ends the terminal and waits for the program. The next terminal has a server of its own: one that is ending
# would take it down with it.
closing() {
    screen kill-server 2>/dev/null
    # Hung up, the program still saves.
    if [ -s "$temporary/pid" ]; then while kill -0 "$(cat "$temporary/pid")" 2>/dev/null; do sleep 0.1; done; fi
    socket="btcbandit-dashboard-$$-$((++opened))"
    rm -rf "$temporary/run" "$temporary/code" "$temporary/pid"
}

picture() { screen capture-pane -p; }
press() { screen send-keys "$@"; }

# open COLUMNS ROWS ARGUMENTS... - the program in a terminal; its exit code is printed and left in a file. Its errors go to
# a file, or to $errors.
open() {
    local columns=$1 rows=$2 target=${errors:-$temporary/errors}
    shift 2
    closing
    screen -f /dev/null new-session -d -x "$columns" -y "$rows" \
        "export LANG=C.UTF-8 TERM=tmux-256color XDG_CONFIG_HOME=$temporary/config; sh -c 'echo \$\$ >$temporary/pid; exec $program --dashboard --data-dir $temporary/run $* 2>$target'; echo \$? >$temporary/code; stty -a >$temporary/stty; cat $temporary/errors 2>/dev/null; echo ended; sleep 600"
}

# soon COMMAND... - waits for a command to succeed.
soon() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then
            echo "not within a minute: $*"
            picture
            cat "$temporary/errors"
            return 1
        fi
        sleep 0.1
    done
}

shows() { picture | grep -qE -- "$1"; }
ended() { [ -s "$temporary/code" ] && [ "$(cat "$temporary/code")" = "$1" ] && shows ended; }
holds() { echo "holds: $1" && awk "BEGIN { exit !($1) }"; }
rows() { wc -l <"$temporary/run/trades.csv"; }
number() { picture | sed -nE 's/.*step ([0-9,]+) .*/\1/p' | head -n 1 | tr -d ,; }

restored() {
    [ "$(screen display-message -p '#{cursor_flag} #{alternate_on}')" = "1 0" ] &&
        grep -q ' icanon' "$temporary/stty" && grep -q ' echo ' "$temporary/stty" || {
        echo "the terminal is not as it was" && cat "$temporary/stty" && return 1
    }
}

# Every key does on a terminal what the help says.
keys() {
    # A step that a checkpoint has saved would not be saved again by w.
    open 100 30 --data $week --delay 0.05 --checkpoint-every 1000000 || return 1
    soon shows 'step [0-9]{2,}' || return 1
    press 2 && soon shows '\[2 Market\]' && press 3 && soon shows 'Why (SELL|HOLD|BUY)' &&
        press 4 && soon shows '\[4 Trades\]' && press 5 && soon shows 'newest first' &&
        press 6 && soon shows 'LOOKS AHEAD' && press Tab && soon shows '\[1 Overview\]' && press BTab && soon shows '\[6 Experts\]' && press 2 || return 1
    press b && soon shows 'Bollinger on' && press b && soon shows 'Bollinger off' &&
        press z && soon shows '2 candles' && press Up && soon shows '1 candle' || return 1
    press ' ' && soon shows PAUSED || return 1
    local before
    sleep 0.3 && before=$(number) && sleep 1 && holds "$(number) == $before" || return 1
    press n && soon shows "step $((before + 1)) " && sleep 0.5 && holds "$(number) == $before + 1" || return 1
    rm -f "$temporary/run/state.json" && press w && soon test -s "$temporary/run/state.json" || return 1
    press Left && soon shows 'PAST 1 back' && press h && soon shows 'PAST 2 back' && press End && soon shows PAUSED || return 1
    press '?' && soon shows 'Save and quit at once' && press Escape && sleep 1 && ! shows 'Save and quit at once' || return 1
    press : && soon shows Commands && press d a r k && soon shows 'Theme Dark' && press Enter && soon test -s "$temporary/config/btcbandit/theme" || return 1
    press 4 && soon shows 'PROFIT' && press f && soon shows 'buys only' && press f f f f && soon shows '\[4 Trades\]' || return 1
    press F10 && soon shows 'Pause or resume' && press Escape && sleep 1 && ! shows 'Pause or resume' || return 1
    press ' ' && soon shows "step [0-9]{3}" && press 5 && press + && soon shows 'pause 0.025 s' &&
        press - && soon shows 'pause 0.05 s' || return 1
    press q && soon ended 0 && restored && soon shows 'equity .* -> '
}

# mouse BUTTON COLUMN ROW... - what a terminal sends for a button that is pressed and released.
click() { screen send-keys -l "$(printf '\e[<%d;%d;%dM\e[<%d;%d;%dm' "$1" "$2" "$3" "$1" "$2" "$3")"; }
wheel() { screen send-keys -l "$(printf '\e[<%d;%d;%dM' "$1" "$2" "$3")"; }

# Clicks, the wheel, dragging and hovering, as a terminal sends them.
mouse() {
    open 120 40 --data $week --delay 0.05 --fee-bps 0 --slippage-bps 0 || return 1
    soon shows 'step [0-9]{2,}' && click 0 16 2 && soon shows '\[2 Market\]' || return 1
    wheel 65 20 12 && soon shows '2 candles' && wheel 64 20 12 && soon shows '1 candle' || return 1
    click 0 3 1 && soon shows 'Pause or resume' && click 0 8 3 && soon shows PAUSED || return 1
    screen send-keys -l "$(printf '\e[<0;20;12M\e[<32;25;12M\e[<0;25;12m')" && soon shows 'PAST 5 back' || return 1
    click 2 20 12 && soon shows 'Show or hide Bollinger' && press Escape && sleep 1 && ! shows 'Show or hide Bollinger' || return 1
    click 0 36 2 && soon shows '\[4 Trades\]' && press q && soon ended 0 && restored
}

# When steps end, the screen stays until q; alone, the run does not end by itself.
end() {
    open 100 30 --offline --steps 20 --delay 0.01 || return 1
    soon shows 'The run has ended, and is saved. q leaves.' && sleep 2 && [ ! -s "$temporary/code" ] || return 1
    press 4 && soon shows '\[4 Trades\]' && press q && soon ended 0 && restored && soon shows 'equity .* -> ' || return 1
    open 100 30 --offline --steps 20 --delay 0.01 || return 1
    soon shows 'q leaves' && kill -TERM "$(cat "$temporary/pid")" && soon ended 143 && restored || return 1
    open 100 30 --offline --delay 0.01 || return 1
    soon shows 'step [0-9]{3}' && press q && soon ended 0 && restored || return 1
    open 100 30 --offline --duration 4 || return 1
    soon ended 0 && restored && soon shows 'equity .* -> ' || return 1
    # A dialog keeps nobody from ending it, nor from seeing the end.
    open 100 30 --offline --delay 0.01 || return 1
    soon shows 'step [0-9]{2}' && press '?' && soon shows 'Save and quit at once' && kill -TERM "$(cat "$temporary/pid")" &&
        soon ended 143 && restored || return 1
    open 100 30 --offline --delay 0.01 || return 1
    soon shows 'step [0-9]{2}' && press : && soon shows Commands && press C-c && soon ended 130 && restored || return 1
    # What there is nothing to look at of ends at once.
    open 100 30 --offline --steps 20 --delay 0.001 || return 1
    soon shows 'q leaves' && press q && soon ended 0 || return 1
    printf 'open_time,open,high,low,close,volume\n1704067200000,1,1,1,1,1\n' >"$temporary/short.csv"
    open 100 30 --data "$temporary/short.csv" || return 1
    soon ended 1 && restored && soon shows 'no step was made'
}

# suspend TIMES - Ctrl-Z gives the terminal back to the shell, fg continues.
suspend() {
    local i
    closing
    screen -f /dev/null new-session -d -x 100 -y 30 "LANG=C.UTF-8 TERM=tmux-256color XDG_CONFIG_HOME=$temporary/config PS1='shell> ' bash --norc -i"
    soon shows 'shell>' && press "$program --dashboard --offline --delay 0.05 --data-dir $temporary/run" Enter || return 1
    soon shows 'step [0-9]{2}' || return 1
    for ((i = 1; i <= ${1:-1}; i++)); do
        press C-z && soon shows 'Stopped' && sleep 0.2 || return 1
        [ "$(screen display-message -p '#{cursor_flag} #{alternate_on} #{mouse_any_flag}')" = "1 0 0" ] || { echo "Ctrl-Z, time $i" && picture && return 1; }
        press 'stty -a' Enter && soon shows ' icanon' && press 'clear; echo the shell is back' Enter && soon shows '^the shell is back' || return 1
        press fg Enter && soon shows '\[1 Overview\]' && press 2 && soon shows '\[2 Market\]' && press 1 && soon shows '\[1 Overview\]' || return 1
        [ "$(screen display-message -p '#{cursor_flag} #{alternate_on} #{mouse_any_flag}')" = "0 1 1" ] || { echo "fg, time $i" && picture && return 1; }
    done
    press '?' && soon shows 'Save and quit at once' && press C-z && soon shows 'Stopped' && press fg Enter &&
        soon shows 'Save and quit at once' && press Escape && sleep 1 && ! shows 'Save and quit at once' || return 1
    echo "stopped and continued $((i - 1)) times"
    press q && soon shows 'equity .* -> ' && soon shows '^shell> ?$'
}

# The terminal stays as it is when the runtime hears only seconds later that it was continued. Needs strace, which makes the
# runtime slow to read its signals.
late() {
    local process thread i
    closing
    screen -f /dev/null new-session -d -x 100 -y 30 "LANG=C.UTF-8 TERM=tmux-256color XDG_CONFIG_HOME=$temporary/config PS1='shell> ' bash --norc -i"
    soon shows 'shell>' && press "sh -c 'echo \$\$ >$temporary/pid; exec $program --dashboard --offline --delay 0.05 --data-dir $temporary/run'" Enter || return 1
    soon shows 'step [0-9]{2}' && process=$(cat "$temporary/pid") || return 1
    thread=$(grep -l SigHandler "/proc/$process/task"/*/comm | cut -d/ -f5)
    strace -qq -o "$temporary/reads" -p "$thread" -e trace=read -e inject=read:delay_exit=100000 &
    # Signals that mean nothing stand in front of the one that does.
    sleep 1 && for ((i = 0; i < 30; i++)); do kill -CHLD "$process" && sleep 0.01; done
    press C-z && soon shows 'Stopped' && press fg Enter && soon shows '\[1 Overview\]' || return 1
    # The runtime has read SIGCONT, number 18, and has acted on it.
    soon grep -q '^read([0-9]*, "\\22"' "$temporary/reads" && sleep 1 || return 1
    grep -c 'DELAYED' "$temporary/reads" && press 2 && soon shows '\[2 Market\]' && press q && soon shows 'equity .* -> '
}

# Whatever happens to the window, the screen is that of a fresh start.
resizes() {
    local i drawn fresh
    RANDOM=1
    open 120 40 --offline --steps 100000000 --delay 0.01 || return 1
    soon shows 'step [0-9]{2,}' || return 1
    for ((i = 1; i <= ${1:-200}; i++)); do
        screen resize-window -x $((20 + RANDOM % 180)) -y $((5 + RANDOM % 50))
        sleep "0.0$((RANDOM % 10))"
        if [ $((i % 10)) -ne 0 ]; then continue; fi
        press $((RANDOM % 5 + 1)) && press ' ' && sleep 0.8
        drawn=$(picture)
        press C-l && sleep 0.5
        fresh=$(picture)
        if [ "$drawn" != "$fresh" ]; then
            echo "after $i resizes:" && diff <(echo "$drawn") <(echo "$fresh")
            return 1
        fi
        press ' '
    done
    echo "$((i - 1)) resizes left nothing behind"
    press q && soon ended 0 && restored
}

# Every size is filled, says how the run stands, and takes keys.
sizes() {
    local size
    for size in 20x5 30x6 40x10 59x40 60x16 80x16 80x24 120x40 200x50 300x80 20x80 300x5; do
        open "${size%x*}" "${size#*x}" --offline --steps 100000000 --delay 0.02 || return 1
        soon shows 'EQUITY' && press 2 && sleep 0.5 && press ' ' && sleep 0.5 || return 1
        [ "$(picture | LC_ALL=C.UTF-8 wc -L)" -le "${size%x*}" ] && ! shows 'Exception' || { echo "$size" && picture && return 1; }
        press q && soon ended 0 && restored || { echo "$size" && return 1; }
    done
    echo "12 sizes from 20x5 to 300x80"
}

# signals TIMES
signals() {
    local signal code i
    for signal in TERM:143 HUP:129 INT:130; do
        code=${signal#*:}
        for ((i = 1; i <= ${1:-50}; i++)); do
            open 80 24 --offline --duration 600 --delay 0.02 || return 1
            soon shows 'EQUITY' || return 1
            kill "-${signal%:*}" "$(cat "$temporary/pid")"
            soon ended "$code" && restored || { echo "${signal%:*}, time $i" && return 1; }
        done
        echo "${signal%:*}: $((i - 1)) times restored"
    done
    # Asked twice it ends at once, wherever it is, by a signal or by a key.
    open 80 24 --offline --duration 600 --delay 0.02 && soon shows 'EQUITY' && press C-c C-c && soon ended 130 && restored || return 1
    open 80 24 --offline --duration 600 --delay 0.02 && soon shows 'EQUITY' || return 1
    kill -TERM "$(cat "$temporary/pid")" && kill -TERM "$(cat "$temporary/pid")"
    soon ended 143 && restored
}

# An error that nobody caught: it is readable, on a terminal that is as it was.
crash() {
    DOTNET_STARTUP_HOOKS="$PWD/tests/Tui.Tests/bin/Debug/net10.0/BtcBandit.Tui.Tests.dll" \
        open 120 40 --offline --duration 600 --delay 0.02 || return 1
    soon shows 'EQUITY' && soon ended 134 && restored && shows 'InvalidOperationException: a crash on purpose'
}

# A fault of the library's loop costs the screen, which begins anew, and not the run. After too many the screen is given up,
# and the run goes on.
faults() {
    local before i
    BTCBANDIT_FAULTS=loop DOTNET_STARTUP_HOOKS="$PWD/tests/Tui.Tests/bin/Debug/net10.0/BtcBandit.Tui.Tests.dll" \
        open 120 40 --offline --duration 600 --delay 0.02 || return 1
    soon shows 'EQUITY' && press 2 z && soon shows '\[2 Market\]' && soon shows '2 candles' || return 1
    # The library logs a sequence that nobody asked for, and its log fails.
    send '\e[77x' && sleep 1 && soon shows '\[2 Market\]' && soon shows '2 candles' && press 5 && soon shows 'anew after a fault: a fault on purpose' || return 1
    [ "$(screen display-message -p '#{cursor_flag} #{alternate_on}')" = "0 1" ] || return 1
    # Again and again, within ten seconds.
    for ((i = 1; i <= 5; i++)); do send '\e[77x' && sleep 0.8; done
    soon grep -q 'dashboard has failed and is gone, the run goes on: a fault on purpose' "$temporary/errors" && grep -q 'Ctrl-C saves' "$temporary/errors" || return 1
    [ "$(screen display-message -p '#{cursor_flag} #{alternate_on} #{mouse_any_flag}')" = "1 0 0" ] || { echo "the terminal was not restored" && return 1; }
    before=$(rows) && sleep 1 && holds "$(rows) > $before" || return 1
    press C-c && soon ended 130 && restored && soon shows 'equity .* -> '
}

# send TEXT - what a terminal sends, with escapes as printf knows them.
send() { screen send-keys -l -- "$(printf '%b' "$1")"; }

# random FROM TO - the next number. RANDOM must be seeded.
random() { echo $(($1 + RANDOM % ($2 - $1 + 1))); }

# some WORD... - one of the words.
some() { eval "echo \${$((1 + RANDOM % $#))}"; }

# One action that no user would do: many keys, mouse reports, sequences that are cut short, commands, sizes.
madness() {
    local keys='pn.+=-_123456hlHLgG[]xzZmbvstkjfoOy:? w' text='' i
    case $((RANDOM % 10)) in
    0 | 1 | 2) for ((i = RANDOM % 300; i >= 0; i--)); do text+=${keys:RANDOM % ${#keys}:1}; done ;;
    3 | 4) for ((i = RANDOM % 100; i >= 0; i--)); do text+="\e[<$(some 0 0 1 2 32 35 64 65 66 67 99 128);$((RANDOM % 210));$((RANDOM % 60))$(some M m)"; done ;;
    5) text=$(some '\e[' '\e[<' '\e[<0;' '\eO' '\e]52;c;' '\eP' '\e[200~hello\e[201~' '\e[999999999999;5H' '\e[?' '\e[1;5A' '\e[I\e[O' '\e[?1;2c' '\e[8;24;80t' '\e[25~' '\e[99~' '\e[55296u') ;;
    6) for ((i = RANDOM % 20; i >= 0; i--)); do text+=$(some '\e[A' '\e[B' '\e[C' '\e[D' '\e[5~' '\e[6~' '\e[H' '\e[F' '\eOP' '\e[20~' '\e[21~' '\e[Z' '\t' '\r' '\e'); done ;;
    7) text=":$(some dark light ascii mono term zzzz step sar 'page 3')$(some '\r' '\e')" ;;
    *) screen resize-window -x "$(random 2 250)" -y "$(random 1 80)" ;;
    esac
    if [ -n "$text" ]; then send "$text"; fi
}

# mash SECONDS - whatever a terminal sends, the screen lives, and needs no more memory than before.
mash() {
    local text until=0 again=0 resident before
    begin() { open 120 40 --offline --steps 100000000 --delay 0.02 && soon shows 'step [0-9]{2,}'; }
    begin || return 1
    for text in '[25~' '[29~' '[34~' '[22~' '[16~' '[10~' '[99~' '[55296u' '[1114112u' '[<0;2147483648;1M' '[<0;1;1M[25~[25~'; do
        send "\\e$text" && sleep 0.05
    done
    press 2 && soon shows '\[2 Market\]' || return 1
    RANDOM=11
    until=$((SECONDS + ${1:-15}))
    # Letters that nobody takes out of the palette again.
    send ':' && sleep 0.5
    for ((text = 0; text < 30; text++)); do send "$(printf 'x%.0s' {1..300})"; done
    while [ $SECONDS -lt $until ]; do
        madness
        # A click may have met "Save and quit". What is typed after that pushes the last lines off a small screen.
        if [ -s "$temporary/code" ]; then soon shows . && [ "$(cat "$temporary/code")" = 0 ] && soon test -s "$temporary/stty" && restored && again=$((again + 1)) && begin || return 1; fi
    done
    screen resize-window -x 120 -y 40
    until=$((SECONDS + 5))
    # The first Escape may end a sequence that was cut short, the next ones close a dialog and a menu.
    until shows '\[4 Trades\]'; do
        if [ $SECONDS -gt $until ]; then echo "no answer" && picture && return 1; fi
        press Escape && sleep 0.3 && press Escape && sleep 0.3 && press 4 && sleep 0.3
    done
    resident=$(($(awk '/VmRSS/ { print $2 }' "/proc/$(cat "$temporary/pid")/status") / 1024))
    before=$(number)
    # The madness may have paused it, and "n" is one step more. Rows are written many at a time.
    more() { press n && sleep 0.2 && [ "$(number)" -gt "$before" ]; }
    echo "after $again new starts $resident MiB and ${before:-no} steps"
    holds "$resident < 400" && soon more && press q && soon ended 0 && restored
}

# A terminal that takes nothing costs frames, not steps. Here it stands still itself: it reads nothing, and what is
# written to it soon waits. (Ctrl-S is a key like any other while the program reads keys.)
stopped() {
    local before terminal drawn
    open 100 30 --offline --steps 100000000 --delay 0.002 || return 1
    soon shows 'step [0-9]{2,}' && press C-s && drawn=$(picture) && sleep 1 && [ "$drawn" != "$(picture)" ] || return 1
    terminal=$(screen display-message -p '#{pid}')
    kill -STOP "$terminal"
    sleep 10
    before=$(rows)
    sleep 5
    echo "$before rows, and $(rows) five seconds later"
    drawn=$(rows)
    kill -CONT "$terminal"
    holds "$drawn > $before + 200" && soon shows 'step [0-9]{1,3}(,[0-9]{3})+' && press q && soon ended 0 && restored
}

# A terminal that takes nothing does not keep the program from ending. What would restore it was not taken either.
hung() {
    local terminal from
    open 200 50 --offline --steps 100000000 --delay 0.002 || return 1
    soon shows 'step [0-9]{2,}' || return 1
    terminal=$(screen display-message -p '#{pid}')
    kill -STOP "$terminal" && sleep 8
    from=$(date +%s%N)
    kill -TERM "$(cat "$temporary/pid")"
    while kill -0 "$(cat "$temporary/pid")" 2>/dev/null && [ $((($(date +%s%N) - from) / 1000000)) -lt 10000 ]; do sleep 0.02; done
    from=$((($(date +%s%N) - from) / 1000000))
    kill -CONT "$terminal"
    echo "ended $from ms after SIGTERM"
    holds "$from < 2000" && [ -s "$temporary/run/state.json" ] && soon test -s "$temporary/code" && [ "$(cat "$temporary/code")" = 143 ]
}

# pace FILE - candles per second of a summary.
pace() { sed -nE 's/.*"candles_per_second": *([0-9.eE+-]+).*/\1/p' "$1"; }

# The same run without and with the dashboard, in turns; the best of each counts. A run of a second would measure the start of
# the screen, which competes for two cores: `"speed 400000"` loses about 24 %.
speed() {
    local steps=${1:-2000000} turn best=0 watched=0 now
    for turn in 1 2 3; do
        $program --offline --steps "$steps" --json --data-dir "$temporary/alone$turn" >"$temporary/alone.json" || return 1
        now=$(pace "$temporary/alone.json") && best=$(awk "BEGIN { print ($now > $best ? $now : $best) }")
        rm -rf "$temporary"/alone?
        # With --json the dashboard is drawn on stderr, which has to be the terminal.
        errors=/dev/tty open 120 40 --offline --steps "$steps" --delay 0 --json ">$temporary/watched.json"
        soon shows '\[1 Overview\]' || return 1
        until [ -s "$temporary/code" ]; do sleep 0.2; done
        now=$(pace "$temporary/watched.json") && watched=$(awk "BEGIN { print ($now > $watched ? $now : $watched) }")
    done
    echo "$best candles a second alone, $watched watched: a loss of $(awk "BEGIN { printf \"%.1f\", 100 - 100 * $watched / $best }") %"
    holds "$watched >= 0.85 * $best"
}

# Processor time of the program in hundredths of a second.
ticks() { awk '{ print $14 + $15 }' "/proc/$(cat "$temporary/pid")/stat"; }

# One candle a second, when everything has been compiled.
idle() {
    local before
    open 120 40 --offline --duration 600 --delay 1 || return 1
    soon shows 'step [0-9]+' && sleep 30 && before=$(ticks) && sleep 20 || return 1
    echo "$(($(ticks) - before)) hundredths of a second in 20 s"
    holds "($(ticks) - $before) / 20 < 4" && press q && soon ended 0
}

# In all: everything that was sent to a terminal of 120 x 40 at ten candles a second.
bytes() {
    local before
    open 120 40 --data $week --delay 0.1 --fee-bps 0 --slippage-bps 0 || return 1
    screen pipe-pane "cat >$temporary/sent"
    soon shows 'step [0-9]{2,}' && before=$(stat -c %s "$temporary/sent") && sleep 20 || return 1
    echo "$((($(stat -c %s "$temporary/sent") - before) / 20)) bytes a second"
    holds "($(stat -c %s "$temporary/sent") - $before) / 20 < 20000" && press q && soon ended 0
}

# since TIME - milliseconds since a time in nanoseconds.
since() { echo $((($(date +%s%N) - $1) / 1000000)); }

# From the start of the program to its first step on the screen; the best of five.
first() {
    local turn from now best=100000
    for turn in 1 2 3 4 5; do
        closing
        from=$(date +%s%N)
        open 120 40 --offline --steps 100000000 --delay 0.02 || return 1
        until shows 'step [0-9]+'; do sleep 0.01; done
        now=$(since "$from") && best=$((now < best ? now : best))
        press q && soon ended 0 || return 1
    done
    echo "first step after $best ms"
}

# Everything again at 300 x 80: from the key to the last byte, the median of nine, with the time in which the loop looks for keys.
redraw() {
    local turn from now size
    open 300 80 --data $week --delay 0.001 --fee-bps 0 --slippage-bps 0 || return 1
    soon shows 'step [0-9],?[0-9]{3}' && press ' ' && soon shows PAUSED && sleep 1 || return 1
    screen pipe-pane "cat >$temporary/sent" && sleep 0.5
    for turn in 1 2 3 4 5 6 7 8 9; do
        size=$(stat -c %s "$temporary/sent")
        from=$(date +%s%N)
        press C-l
        # What has been sent is whole when nothing has come for a while.
        until [ "$(stat -c %s "$temporary/sent")" -ge $((size + 20000)) ] || [ "$(since "$from")" -gt 2000 ]; do :; done
        now=$(since "$from") && sleep 0.5
        echo "$now" >>"$temporary/redraws"
    done
    now=$(sort -n "$temporary/redraws" | sed -n 5p)
    echo "$now ms for $((($(stat -c %s "$temporary/sent") - size))) bytes"
    press q && soon ended 0
}

# peak STEPS - the most memory in KiB that a watched run of so many steps had.
peak() {
    open 120 40 --offline --steps 100000000 --delay 0 || return 1
    until [ -s "$temporary/run/trades.csv" ] && [ "$(stat -c %s "$temporary/run/trades.csv")" -ge $(($1 * 165)) ]; do sleep 0.2; done
    awk '/VmHWM/ { print $2 }' "/proc/$(cat "$temporary/pid")/status"
    press q
    until [ -s "$temporary/code" ]; do sleep 0.1; done
    tail -n 1 "$temporary/run/trades.csv" | cut -d, -f2 >&2
}

memory() {
    local few many
    few=$(peak 100000) && many=$(peak 1000000) || return 1
    echo "$few KiB after 100,000 steps, $many KiB after a million"
    holds "$many <= 1.2 * $few"
}

case " $* " in
    *" late "*)
        sleep 0.5 &
        strace -qq -o /dev/null -p $! || { echo "strace can follow no process here" && exit 77; }
        ;;
esac
for part in "$@"; do
    # shellcheck disable=SC2086 # a name and perhaps a number
    $part || {
        echo "FAILED: $part"
        exit 1
    }
done

#!/usr/bin/env bash
# What only processes and a real network show about sweeps on several machines. `check` does not run it; by hand:
#
#   tests/cluster.sh kills       three workers; kill -9 eight times for workers and twice for the server
#   tests/cluster.sh partition   three hosts in network namespaces; one host is cut off for 14 seconds
#
# Needs nats-server 2.10 or newer (NATS_SERVER=... names one) and, for `partition`, root, ip and openssl.
# PROGRAM=... tries a program with the commands `sweep SPEC` and `worker`; SPEC=... is the spec it is given, ENDS=... the
# pattern of the line that says that all is well. Without them the tests' stand-in waits instead of trading.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

stand_in="dotnet $PWD/tests/Sweep.Nats.Tests/bin/Debug/net10.0/BtcBandit.Sweep.Nats.Tests.dll stand-in"
read -ra program <<<"${PROGRAM:-$stand_in}"
server=${NATS_SERVER:-$(command -v nats-server)}
temporary=$(mktemp -d)
processes=()
# The stand-in takes its lease from the environment.
flags=()
if [ -n "${PROGRAM-}" ]; then flags=(--lease "${LEASE:-5}"); fi
hosts=btcbandit$$
hub=()
trap 'finish' EXIT

if [ -z "$server" ]; then
    echo "no nats-server here"
    exit 77
fi

finish() {
    local process
    for process in ${processes[@]+"${processes[@]}"}; do kill -9 "$process" 2>/dev/null; done
    for host in hub 1 2 3; do ip netns del "$hosts-$host" 2>/dev/null; done
    rm -rf "$temporary"
}

# soon SECONDS COMMAND... - waits until it holds.
soon() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $deadline ]; then
            echo "not in time: $*"
            tail -n 20 "$temporary"/*.log
            return 1
        fi
        sleep 0.1
    done
}

ended() { ! kill -0 "$1" 2>/dev/null; }
answers() { ${hub[@]+"${hub[@]}"} bash -c "exec 3<>/dev/tcp/$address/4223" 2>/dev/null; }

# spec UNITS MS LONG LONG_MS NAME - the stand-in's spec, unless another one is given.
spec() {
    if [ -n "${SPEC-}" ]; then echo "$SPEC"; else
        echo "$*" >"$temporary/spec"
        echo "$temporary/spec"
    fi
}

serve() {
    ${hub[@]+"${hub[@]}"} "$server" -c "$temporary/nats.conf" -l "$temporary/nats.log" &
    server_process=$!
    disown
    processes+=("$server_process")
    soon 20 answers
}

# work NAME COMMAND... - starts a worker, possibly inside a namespace.
work() {
    local name=$1
    shift
    "$@" "${program[@]}" worker --nats "$url" ${user[@]+"${user[@]}"} --cores 2 >>"$temporary/$name.log" 2>&1 &
    worker_process=$!
    disown
    processes+=("$worker_process")
}

# outcome - what the coordinator said, and how often units were begun.
outcome() {
    cat "$temporary/sweep.out"
    cat "$EXECUTED".* >"$temporary/begun" 2>/dev/null
    if [ -s "$temporary/begun" ]; then
        echo "begun $(wc -l <"$temporary/begun"), units begun $(sort -u "$temporary/begun" | wc -l)"
    fi
    grep -qE "${ENDS:-wrong or missing 0, .* differing 0, lost 0}" "$temporary/sweep.out"
}

kills() {
    address=127.0.0.1
    url="nats://$address:4223"
    user=()
    printf 'listen: %s:4223\njetstream { store_dir: "%s/store", sync_interval: "always" }\n' \
        "$address" "$temporary" >"$temporary/nats.conf"
    export EXECUTED="$temporary/executed" LEASE=${LEASE:-5}
    serve || return 1
    "${program[@]}" sweep "$(spec 2000 50 4 8000 kills)" --nats "$url" ${flags[@]+"${flags[@]}"} >"$temporary/sweep.out" 2>"$temporary/sweep.log" &
    local coordinator=$! workers=() victim turn
    processes+=("$coordinator")
    for turn in 0 1 2; do
        work "worker$turn"
        workers[turn]=$worker_process
    done
    sleep 4
    for turn in 1 2 3 4 5 6 7 8; do
        victim=$((RANDOM % 3))
        kill -9 "${workers[victim]}" 2>/dev/null
        work "worker$victim"
        workers[victim]=$worker_process
        if [ $((turn % 4)) -eq 0 ]; then
            kill -9 "$server_process"
            sleep 2
            serve || return 1
        fi
        sleep "$((RANDOM % 2)).$((RANDOM % 10))"
    done
    soon "${PATIENCE:-180}" ended "$coordinator" || return 1
    outcome
}

certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=sweep -addext "subjectAltName=IP:$address" \
        -keyout "$temporary/key.pem" -out "$temporary/cert.pem" 2>/dev/null
}

# rights - the users of the server: what each may publish and hear, and nothing else.
rights() {
    cat <<EOF
authorization { users: [
  { user: boss, password: boss, permissions: {
      publish: [
        "\$JS.API.STREAM.CREATE.bandit-jobs", "\$JS.API.STREAM.UPDATE.bandit-jobs", "\$JS.API.STREAM.INFO.bandit-jobs"
        "\$JS.API.STREAM.CREATE.bandit-results", "\$JS.API.STREAM.UPDATE.bandit-results", "\$JS.API.STREAM.INFO.bandit-results"
        "\$JS.API.STREAM.CREATE.bandit-files", "\$JS.API.STREAM.UPDATE.bandit-files", "\$JS.API.STREAM.INFO.bandit-files"
        "\$JS.API.STREAM.PURGE.bandit-results", "\$JS.API.CONSUMER.CREATE.bandit-jobs.>"
        "\$JS.API.CONSUMER.INFO.bandit-jobs.*", "\$JS.API.DIRECT.GET.bandit-results"
        "\$JS.API.DIRECT.GET.bandit-files.>", "bandit.job.>", "bandit.file.>" ]
      subscribe: ["_INBOX_boss.>", "bandit.hello.*"] } }
  { user: worker, password: worker, permissions: {
      publish: [
        "\$JS.API.CONSUMER.INFO.bandit-jobs.*", "\$JS.API.CONSUMER.MSG.NEXT.bandit-jobs.*", "\$JS.ACK.bandit-jobs.>"
        "\$JS.API.STREAM.INFO.bandit-results", "\$JS.API.DIRECT.GET.bandit-results.>"
        "\$JS.API.DIRECT.GET.bandit-files.>", "bandit.result.>", "bandit.hello.*" ]
      subscribe: ["_INBOX_worker.>"] } }
] }
EOF
}

# partition - the server and the coordinator are in a namespace of their own, and each worker is: nothing of it leaves them.
partition() {
    if ! ip netns add "$hosts-hub" 2>/dev/null; then
        echo "no network namespaces here"
        return 77
    fi
    address=10.77.0.1
    url="tls://$address:4223"
    hub=(ip netns exec "$hosts-hub")
    local host coordinator
    ip -n "$hosts-hub" link add bridge type bridge && ip -n "$hosts-hub" addr add "$address/24" dev bridge &&
        ip -n "$hosts-hub" link set bridge up && ip -n "$hosts-hub" link set lo up || return 1
    for host in 1 2 3; do
        ip netns add "$hosts-$host"
        ip -n "$hosts-hub" link add "port$host" type veth peer name wire netns "$hosts-$host"
        ip -n "$hosts-hub" link set "port$host" master bridge up
        ip -n "$hosts-$host" addr add "10.77.0.1$host/24" dev wire
        ip -n "$hosts-$host" link set wire up
        ip -n "$hosts-$host" link set lo up
    done
    certificate
    {
        printf 'listen: %s:4223\njetstream { store_dir: "%s/store", sync_interval: "always" }\n' "$address" "$temporary"
        printf 'tls { cert_file: "%s/cert.pem", key_file: "%s/key.pem" }\n' "$temporary" "$temporary"
        rights
    } >"$temporary/nats.conf"
    for name in boss worker; do printf 'user: %s\npassword: %s\n' $name $name >"$temporary/$name.creds"; done
    export EXECUTED="$temporary/executed-apart" LEASE=${LEASE:-5}
    serve || return 1
    user=(--nats-creds "$temporary/boss.creds" --nats-ca "$temporary/cert.pem")
    "${hub[@]}" "${program[@]}" sweep "$(spec 90 1500 0 0 partition)" --nats "$url" "${user[@]}" ${flags[@]+"${flags[@]}"} \
        >"$temporary/sweep.out" 2>"$temporary/sweep.log" &
    coordinator=$!
    processes+=("$coordinator")
    user=(--nats-creds "$temporary/worker.creds" --nats-ca "$temporary/cert.pem")
    for host in 1 2 3; do work "worker$host" ip netns exec "$hosts-$host"; done
    sleep 6
    ip -n "$hosts-hub" link set port1 down
    echo "host 1 is cut off"
    sleep 14
    ip -n "$hosts-hub" link set port1 up
    echo "host 1 is back"
    soon "${PATIENCE:-120}" ended "$coordinator" || return 1
    outcome
}

status=0
for part in "${@:-kills}"; do
    case "$part" in
        kills | partition)
            echo "== $part"
            "$part" || status=$?
            ;;
        *)
            echo "usage: tests/cluster.sh kills|partition..." >&2
            exit 2
            ;;
    esac
done
exit "$status"

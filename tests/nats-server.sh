#!/usr/bin/env bash
# Fetches nats-server 2.10 for the tests where the system's own package is older (Debian 12 has 2.9): that of Debian 13,
# through apt, from the mirror that this machine uses anyway. Nothing of the system's package lists changes.
#
#   tests/nats-server.sh FILE    e.g. /usr/local/bin/nats-server
set -euo pipefail
target=${1:?usage: tests/nats-server.sh FILE}

if command -v nats-server >/dev/null && [[ $(nats-server --version) =~ v2\.[1-9][0-9] ]]; then
    echo "$(command -v nats-server) is new enough"
    exit 0
fi

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
chmod 755 "$home"
mkdir -p "$home/lists/partial" "$home/cache/archives/partial" "$home/sources"
source=/etc/apt/sources.list.d/debian.sources
if [ ! -f "$source" ]; then
    echo "$source is not there: this is no Debian 12" >&2
    exit 77
fi
# The first paragraph is the archive; updates and security are the others.
awk 'BEGIN { RS = "" } NR == 1' "$source" | sed -E '/^#/d; s/^Suites:.*/Suites: trixie/; s/^Components:.*/Components: main/' \
    >"$home/sources/trixie.sources"
private=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$home/sources" -o "Dir::State::Lists=$home/lists"
    -o "Dir::Cache=$home/cache" -o "APT::Sandbox::User=root")
apt-get "${private[@]}" -q update
(cd "$home" && apt-get "${private[@]}" -q download nats-server && dpkg-deb -x nats-server_*.deb out)
install -m 755 "$home"/out/usr/sbin/nats-server "$target"
"$target" --version

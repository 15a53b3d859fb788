#!/bin/bash
# Boots a real systemd (Debian trixie, 257) in a container without a network, and runs inside.sh in it.
# usage: boot.sh BINARY        (root; needs systemd-container and mmdebstrap)
# The root file system is made once and kept in the user's cache; the container sees it read-only under a tmpfs.
set -euo pipefail
binary=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/afterhours-tests
root=$cache/trixie

if [ ! -e "$root.ready" ]; then
    mkdir -p "$cache"
    rm -rf "$root"
    # the mirror that this machine's own packages come from
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,udev trixie "$root" "$mirror" >&2
    touch "$root.ready"
fi

scratch=$(mktemp -d)
mkdir -p "$scratch/afterhours/target/release"
cp "$binary" "$scratch/afterhours/target/release/afterhours"
cp -r "$project/config" "$project/systemd" "$project/README.md" "$scratch/afterhours/"
cp "$here/inside.sh" "$scratch/"
log=$scratch/console.log
leader=
nspawn=
finish() {
    # the container first, then what started it; each by the number that this script was given for it
    [ -n "$leader" ] && nsenter -t "$leader" -m -u -i -n -p -C -- systemctl poweroff --force --force > /dev/null 2>&1 || true
    [ -n "$nspawn" ] && { wait "$nspawn" || true; }
    rm -rf "$scratch"
}
trap finish EXIT

SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout 180 systemd-nspawn --quiet --register=no --keep-unit --private-network \
    --directory="$root" --volatile=overlay --boot --console=pipe --bind-ro="$scratch:/opt/test" \
    < /dev/null > "$log" 2>&1 &
nspawn=$!

inside() { nsenter -t "$leader" -m -u -i -n -p -C -- "$@"; }
for _ in $(seq 1 300); do
    child=$(pgrep -P "$nspawn" systemd-nspawn | head -n 1) || true
    [ -n "$child" ] && leader=$(pgrep -P "$child" | head -n 1) || true
    [ -n "$leader" ] && inside systemctl is-active --quiet multi-user.target 2> /dev/null && break
    leader=
    sleep 0.1
done
if [ -z "$leader" ]; then
    echo "the container did not boot:"
    tail -n 20 "$log"
    exit 1
fi
inside bash /opt/test/inside.sh

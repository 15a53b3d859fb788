#!/bin/bash
# Runs inside the container: installs by the README's own commands, then starts, reloads, stops, crashes, hangs.
set -euo pipefail
cd /opt/test/afterhours
unit=afterhours.service

ok() { echo "ok: $1"; }
fail() {
    echo "FAILED: $1"
    systemctl status --no-pager --full "$unit" || true
    journalctl --no-pager --unit "$unit" --lines 40 || true
    exit 1
}
# waits until a command holds, ten seconds at most
until_holds() {
    for _ in $(seq 1 100); do
        "$@" > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}
property() { systemctl show --value --property "$1" "$unit"; }
is() { [ "$(property "$1")" = "$2" ]; }
is_not() { [ "$(property "$1")" != "$2" ]; }
# (grep reads to the end: with pipefail, a journalctl that loses its reader is a failure)
logged() { journalctl --no-pager --unit "$unit" --output cat | grep -- "$1" > /dev/null; }

# --- the README's commands, without sudo, and without the build, which has been done
commands=$(sed -n '/<!-- install -->/,/```$/p' README.md | grep '^sudo ' | sed 's/^sudo //; s/ *#.*//')
[ -n "$commands" ] || fail "the README has no install commands"
install -d -m 700 /etc/credstore
for name in $(grep -o 'credential:[a-z0-9-]*' config/afterhours.toml | cut -d: -f2 | sort -u); do
    # hexadecimal digits are good base64 and a good topic: any kind of channel and sink takes them
    od -An -tx1 -N24 /dev/urandom | tr -d ' \n' > "/etc/credstore/$name"
    credentials="${credentials:-}LoadCredential=$name"$'\n'
done
mkdir -p /etc/systemd/system/$unit.d
printf '[Service]\n%s' "${credentials:-}" > /etc/systemd/system/$unit.d/credentials.conf
while read -r command; do
    eval "$command" || fail "the README's command: $command"
done <<< "$commands"
is ActiveState active || fail "it does not run after the README's commands"
afterhours check > /tmp/check || fail "check, as root: $(cat /tmp/check)"
! grep 'not checked' /tmp/check || fail "check, as root, did not read the credentials"
setpriv --reuid nobody --regid afterhours --clear-groups afterhours check > /tmp/check || fail "check: $(cat /tmp/check)"
grep -q 'not checked here.*/etc/credstore' /tmp/check || fail "check says nothing of what it may not read"
ok "installed and started by the README's commands"

warnings=$(systemd-analyze verify /etc/systemd/system/$unit 2>&1) || true
[ -z "$warnings" ] || fail "systemd-analyze verify: $warnings"
ok "the unit file is what this systemd understands"

[ "$(stat -c %a:%G /etc/afterhours/afterhours.toml)" = 640:afterhours ] || fail "the config can be read by others"
[ "$(stat -L -c %a /var/lib/afterhours/afterhours.db)" = 600 ] || fail "the store can be read by others"
afterhours status > /tmp/status || fail "status"
grep -q office /tmp/status || fail "status tells nothing: $(cat /tmp/status)"
ok "status, over the admin socket"

afterhours away --until "$(date -d tomorrow +%F) 08:00" > /tmp/away || fail "away"
afterhours status | grep -q away || fail "status does not tell of away: $(afterhours status)"
afterhours away --off || fail "away --off"
afterhours held || fail "held"
afterhours held release || fail "held release"
ok "away and held, over the admin socket"

# --- reload
config=/etc/afterhours/afterhours.toml
cp $config /tmp/good.toml
sed -i 's/^mon-fri = .*/mon-fri = "00:00-24:00"/; s/mon-fri = "[^"]*"/mon-fri = "00:00-24:00"/' $config
pid=$(property MainPID)
systemctl reload $unit || fail "reload with a good file"
is MainPID "$pid" || fail "reload made another process"
until_holds logged 'the new config is in force' || fail "a good reload is not in the log"
ok "reload with a good file"

echo 'nonsense = true' >> $config
systemctl reload $unit || true
is ActiveState active || fail "a bad file ended the service"
is MainPID "$pid" || fail "a bad file made another process"
until_holds logged 'afterhours.toml:' || fail "the log does not say where the bad file is wrong"
until_holds is_not StatusText "" || fail "no status text"
property StatusText | grep -qi 'config' || fail "the status text does not tell of the bad file: $(property StatusText)"
ok "reload with a bad file leaves the old one in force, and says so"
cp /tmp/good.toml $config
systemctl reload $unit || fail "reload after the file was mended"

# --- stop
systemctl stop $unit || fail "stop"
is Result success || fail "stop was not clean: $(property Result)"
is ExecMainStatus 0 || fail "stop: exit status $(property ExecMainStatus)"
ok "stop"

# --- crash
systemctl start $unit
pid=$(property MainPID)
kill -KILL "$pid"
until_holds is NRestarts 1 || fail "not restarted after a crash"
until_holds is ActiveState active || fail "not up again after a crash"
is_not MainPID "$pid" || fail "the same process after a crash"
ok "crash and restart"

# --- bad configuration
systemctl stop $unit
systemctl reset-failed $unit
echo 'nonsense = true' >> $config
systemctl start $unit && fail "started with a bad file"
is ExecMainStatus 78 || fail "exit status $(property ExecMainStatus) for a bad file"
until_holds is ActiveState failed || fail "a bad file: $(property ActiveState)"
is NRestarts 0 || fail "restarted on a bad file"
ok "a bad file at the start: 78, and no restart"
cp /tmp/good.toml $config

# --- hang
systemctl reset-failed $unit
printf '[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n' > /etc/systemd/system/$unit.d/watchdog.conf
systemctl daemon-reload
systemctl start $unit || fail "start with a watchdog"
pid=$(property MainPID)
for _ in $(seq 1 40); do
    is MainPID "$pid" || fail "the watchdog bit a service that is alive"
    sleep 0.1
done
kill -STOP "$pid"
until_holds is NRestarts 1 || fail "a hang was not noticed"
until_holds is ActiveState active || fail "not up again after a hang"
until_holds logged 'Watchdog timeout' || fail "no word of the watchdog"
ok "watchdog: alive for 4 s, then stopped, noticed and restarted"
systemctl stop $unit

#!/usr/bin/env bash
# cluster/mpirun.sh MPIRUN [options] -n RANKS PROGRAM...: an mpirun that hangs now and then before it has started all
# ranks is ended after a minute and started once more. A program that hangs is left to whoever waits for it. Signals
# are passed on, and the exit code is that of mpirun.
set -uo pipefail
patience=60 # seconds

options=()
while [[ $1 != -n ]]; do options+=("$1") && shift; done
ranks=$2
shift 2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
pid='' signalled=0
for signal in HUP INT TERM USR1; do
    # shellcheck disable=SC2064
    trap "signalled=1; kill -$signal \$pid 2>/dev/null || true" "$signal"
done

has_started() { # all ranks, or mpirun gave up; a signal ends sleep early
    local started=("$1"/*)
    ((${#started[@]} >= ranks)) || ! kill -0 "$pid" 2>/dev/null
}
start() { # start NOTES: false where mpirun hangs
    local end=$((SECONDS + patience))
    mkdir "$1"
    # shellcheck disable=SC2016
    "${options[@]}" -n "$ranks" sh -c ': >"$0/$$" && exec "$@"' "$1" "${@:2}" &
    pid=$!
    until has_started "$1"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

shopt -s nullglob
if ! start "$scratch/1" "$@"; then
    echo "mpirun has not started $ranks ranks within $patience s: ending it and trying once more" >&2
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    start "$scratch/2" "$@" || kill -KILL "$pid"
fi
signalled=1
while ((signalled)); do # a signal ends wait early
    signalled=0
    wait "$pid"
    code=$?
done
exit "$code"

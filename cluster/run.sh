#!/usr/bin/env bash
# cluster/run.sh INPUT.toml [--ranks N] [--threads N] [options of `ister run`]
# Installs what is missing, builds, runs INPUT.toml under mpirun (one rank a core, one thread a rank unless said
# otherwise), makes the pictures, says what hadrons leave through its surface, if any, and where everything is. Overwrites
# that run's earlier output, or goes on from its newest checkpoint with --restart. TERM and INT end the run with a
# checkpoint and exit code 75.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

# Yields and flow of the hadrons from each surface in the folder of a run, with those of decays, and their picture.
hadrons() { # hadrons FOLDER PYTHON
    local surface particles
    for surface in "$1"/*_surface.h5; do
        [[ -f $surface ]] || continue
        particles=${surface%_surface.h5}_particles.h5
        say "hadrons that leave through $surface"
        if ! { "$build/bin/ister" analyze particles "$surface" --decays feed-down -o "$particles" &&
            "$2" "$root/drivers/plot/plot.py" "$particles"; }; then say "warning: no hadrons, or no picture of them"; fi
    done
}
usage() { sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; }
count() { # count OPTION VALUE
    [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || { say "$1 needs a number of at least 1, not '${2:-}'" >&2; exit 2; }
    echo "$2"
}
case ${1:-} in
    '') usage >&2; exit 2 ;;
    -h | --help) usage; exit ;;
esac

ranks=$(core_count) threads=1 options=() overwrite=(--overwrite)
while (($#)); do
    case $1 in
        --ranks) ranks=$(count "$@"); shift ;;
        --ranks=*) ranks=$(count --ranks "${1#*=}") ;;
        --threads) threads=$(count "$@"); shift ;;
        --threads=*) threads=$(count --threads "${1#*=}") ;;
        --restart | --restart=* | --overwrite) overwrite=() options+=("$1") ;;
        *) options+=("$1") ;;
    esac
    shift
done

"$root/cluster/setup.sh"
build_ister ister

cores=$(core_count)
mpi_environment "$ranks"
placement=(--bind-to none)
if ((ranks > cores)); then placement+=(--oversubscribe)
elif ((threads == 1)); then placement=(--bind-to core)
fi
if ((ranks * threads > cores)); then export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}; fi
# Ranks without cores of their own must not pin their threads: all would pin them to the same cores.
export OMP_NUM_THREADS=$threads OMP_PROC_BIND=${OMP_PROC_BIND:-false}

[[ -t 1 ]] || export TERM=dumb # mpirun gives the ranks a terminal of its own: this says that none is behind it

# mpirun has its own session, so that a terminal's interrupt reaches only this script, which passes it on as the one
# signal that mpirun forwards to the ranks.
say "running on $ranks ranks with $threads threads each, $cores cores: ister run ${options[*]}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkfifo "$scratch/stdout"
(trap '' INT TERM HUP; exec tee -p "$scratch/log") <"$scratch/stdout" &
tee_pid=$!
command=("$root/cluster/mpirun.sh" mpirun --quiet "${placement[@]}" -n "$ranks"
    "$build/bin/ister" run "${options[@]}" "${overwrite[@]}")
setsid "${command[@]}" </dev/null >"$scratch/stdout" &
pid=$! signalled=1
trap 'signalled=1; kill -USR1 "$pid" 2>/dev/null && say "stopping with a checkpoint" || true' INT TERM HUP USR1
while ((signalled)); do # a signal ends wait early
    signalled=0 code=0
    wait "$pid" || code=$?
done
trap - INT TERM HUP USR1
wait "$tee_pid" || true

output=$(sed -n 's/^output: //p' "$scratch/log" | tail -n 1)
if ((code == 0)) && [[ -n $output ]]; then
    python=/usr/bin/python3
    "$python" -c 'import h5py, matplotlib' 2>/dev/null || python=python3
    say "making the pictures"
    "$python" "$root/drivers/plot/plot.py" "$output" || say "warning: no pictures, plot.py failed"
    hadrons "$output" "$python"
fi
[[ -z $output ]] || say "everything of this run is in $output"
case $code in
    0 | 2 | 3 | 4 | 70 | 75) ;;
    *) say "that is no exit code of ister: for what mpirun has to say, repeat without --quiet: ${command[*]@Q}" >&2 ;;
esac
say "the executable is $build/bin/ister; exit code $code"
exit "$code"

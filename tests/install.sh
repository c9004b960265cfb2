#!/usr/bin/env bash
# Installs a build into a folder, moves that, and builds the project in example/ against it as another user would, whose
# home has no Kokkos; runs that, and the installed executable with an installed deck. What events of the example write
# must be what the executable writes, bit for bit.
#   tests/install.sh BUILD_FOLDER MPIRUN... RANKS
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
build=${1:?usage: install.sh BUILD_FOLDER MPIRUN... RANKS}
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/first" >"$scratch/install.log"
mv "$scratch/first" "$scratch/ister"
export HOME=$scratch/home XDG_CACHE_HOME=$scratch/home/cache
cp -r "$root/tests/example" "$scratch/source" # outside of the repository: nothing of it may be found by accident
cmake -S "$scratch/source" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/ister"
cmake --build "$scratch/build"
printed=$("$@" "$scratch/build/example")
say "$printed"
[[ $printed == "tau = 2 fm after 50 steps: largest e "*"balance "*e-* ]] || die "the example printed something else"
version=$("$scratch/ister/bin/ister" --version)
"$scratch/ister/bin/ister" check "$scratch/ister/share/ister/inputs/pbpb.toml" >"$scratch/check.log" ||
    die "the installed deck is refused: $(<"$scratch/check.log")"
[[ $version == ister* || $version == Ister* ]] || die "the installed ister --version prints: $version"

# The Python package, as it lies there for everybody and in a virtual environment; pictures find it.
python=/usr/bin/python3 package=$scratch/ister/share/ister/python
found=$(PYTHONPATH=$package ISTER='' "$python" -c 'import ister.launch; print(ister.launch.executable())')
[[ $found == "$scratch/ister/bin/ister" ]] || die "the installed package finds the executable $found"
"$python" "$scratch/ister/share/ister/plot/plot.py" --help >/dev/null || die "the installed plot.py does not start"
if "$python" -c 'import pip, setuptools, wheel' 2>/dev/null; then
    "$python" -m venv --system-site-packages --without-pip "$scratch/env"
    "$python" -m pip --python "$scratch/env" install --quiet --no-build-isolation --no-index --no-deps "$package"
    (cd / && "$scratch/env/bin/python" -c 'import ister; ister.open_run') || die "pip installed no package ister"
else
    say "not tried with pip: python3-pip, python3-setuptools or python3-wheel is missing"
fi

# Events 0 to 2 on all ranks, 3 and 4 on half of them; whoever comes first measures FFTW's plans for the other.
checksums() { # checksums FOLDER EVENT: those of the fields of its last state
    local states=("$1/out/event_$2/event_$2_state_"*.h5)
    "$scratch/ister/bin/ister" info "${states[-1]}" | grep crc64
}
all=${!#} launcher=("${@:1:$#-1}")
mkdir "$scratch/single" "$scratch/events"
for event in 0 1 2 3 4; do
    (cd "$scratch/single" && "${launcher[@]}" $((event < 3 ? all : all / 2)) "$scratch/ister/bin/ister" run \
        "$scratch/source/events.toml" --set "run.name=event_$event" --set "initial.amplitude=$((event + 1))") \
        >"$scratch/single.log" || die "event $event: $(<"$scratch/single.log")"
done
(cd "$scratch/events" && "$@" "$scratch/build/events" "$scratch/source/events.toml") >"$scratch/events.log" ||
    die "events: $(<"$scratch/events.log")"
for event in 0 1 2 3 4; do
    [[ $(checksums "$scratch/events" "$event") == "$(checksums "$scratch/single" "$event")" ]] ||
        die "event $event is not what ister run makes of it"
done
say "five events are what ister run makes of them"

#!/usr/bin/env bash
# Installs a build into a folder, moves that, and builds the project in example/ against it as another user would, whose
# home has no Kokkos; runs that, and the installed executable with an installed deck.
#   tests/install.sh BUILD_FOLDER MPIRUN...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
build=${1:?usage: install.sh BUILD_FOLDER MPIRUN...}
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

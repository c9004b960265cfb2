#!/usr/bin/env bash
# Installs a build into a temporary folder, builds the project in example/ against it as a user would, and runs it.
#   tests/install.sh BUILD_FOLDER MPIRUN...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
build=${1:?usage: install.sh BUILD_FOLDER MPIRUN...}
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/ister" >"$scratch/install.log"
cp -r "$root/tests/example" "$scratch/source" # outside of the repository: nothing of it may be found by accident
cmake -S "$scratch/source" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/ister"
cmake --build "$scratch/build"
printed=$("$@" "$scratch/build/example")
say "$printed"
[[ $printed == "tau = 2 fm after 50 steps: largest e "*"balance "*e-* ]] || die "the example printed something else"
version=$("$scratch/ister/bin/ister" --version)
[[ $version == ister* || $version == Ister* ]] || die "the installed ister --version prints: $version"

#!/usr/bin/env bash
# Builds the solver alone, with warnings as errors, in all ways or in one, and evolves a sound wave with each.
#   tests/matrix.sh FOLDER [COMPILER static|shared Debug|Release]      into FOLDER; without more words all eight
# Exit code: 77 where the compiler or its OpenMP is missing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
folder=${1:?usage: matrix.sh FOLDER [COMPILER static|shared Debug|Release]}
shift

has_openmp() {
    echo 'int main() {}' >"$folder/empty.cpp"
    "$1" -fopenmp "$folder/empty.cpp" -o "$folder/empty" 2>/dev/null
}

build_and_run() { # build_and_run COMPILER LIBRARIES TYPE
    local build=$folder/$1-$2-$3 shared=OFF printed
    [[ $2 == static ]] || shared=ON
    cmake -S "$root" -B "$build" --log-level=NOTICE -DCMAKE_CXX_COMPILER="$1" -DBUILD_SHARED_LIBS=$shared \
        -DCMAKE_BUILD_TYPE="$3" -DISTER_ANALYSIS=OFF -DISTER_WERROR=ON -DBUILD_TESTING=OFF
    cmake --build "$build" -j "$(job_count)" >"$build/log" || { grep -A5 -m3 -E "error|warning" "$build/log"; return 1; }
    mpi_environment 1000
    printed=$(cd "$folder" && OMP_NUM_THREADS=1 mpirun --oversubscribe --bind-to none -n 2 "$build/bin/ister" run \
        "$root/inputs/sound_wave.toml" --output "$build/out" --overwrite --set time.end=0.2)
    [[ $printed == *"output: $build/out"* ]] || { echo "$printed"; return 1; }
    say "$1, $2, $3: built and run"
}

mkdir -p "$folder"
if (($#)); then
    has_openmp "$1" || { say "skipped: no $1 with OpenMP"; exit 77; }
    build_and_run "$@"
else
    for compiler in g++ clang++; do
        for libraries in static shared; do
            for type in Debug Release; do build_and_run "$compiler" "$libraries" "$type"; done
        done
    done
fi

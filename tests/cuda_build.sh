#!/usr/bin/env bash
# Compiles and links the executable and the tests with the CUDA backend of Kokkos, without optimisation: shows that the
# code for GPUs is legal. Where there is a GPU the tests run as well; where there is none the executable must say so.
#   tests/cuda_build.sh BUILD_FOLDER [TARGET...]
# Targets: ister unit_tests mpi_tests physics_tests unless named. What is compiled already is not compiled again.
# The Kokkos is ISTER_CUDA_KOKKOS_ROOT (its installation prefix) or one found in Ister's cache, /opt or /usr/local.
# Exit code 77: skipped, because it or nvcc is missing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
folder=${1:?usage: cuda_build.sh BUILD_FOLDER [TARGET...]}
targets=("${@:2}")
[[ ${#targets[@]} -gt 0 ]] || targets=(ister unit_tests mpi_tests physics_tests)

skip() { say "skipped: $*"; exit 77; }

# The folder of KokkosConfig.cmake under a prefix, if that Kokkos was built by nvcc.
kokkos_of() {
    local config
    for config in "$1"/lib*/cmake/Kokkos/KokkosConfigCommon.cmake; do
        if grep -qsi '^set(Kokkos_DEVICES.*CUDA' "$config" && [[ -x $1/bin/nvcc_wrapper ]]; then
            dirname "$config"
            return
        fi
    done
}

nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc) || skip "no nvcc in PATH or /usr/local/cuda/bin"
if [[ -n ${ISTER_CUDA_KOKKOS_ROOT:-} ]]; then
    prefix=$ISTER_CUDA_KOKKOS_ROOT
    [[ -n $(kokkos_of "$prefix") ]] || die "ISTER_CUDA_KOKKOS_ROOT=$prefix has no Kokkos with CUDA, built by nvcc"
else
    for prefix in "$cache"/kokkos* /opt/kokkos* /usr/local/kokkos* /usr/local; do
        [[ -z $(kokkos_of "$prefix") ]] || break
    done
    [[ -n $(kokkos_of "$prefix") ]] ||
        skip "no Kokkos with CUDA in $cache, /opt or /usr/local; ISTER_CUDA_KOKKOS_ROOT names its prefix"
fi

export PATH=${nvcc%/*}:$PATH CUDA_ROOT=${nvcc%/bin/nvcc}
export NVCC_APPEND_FLAGS="-Xcicc -O0 -Xptxas -O0 --Werror=cross-execution-space-call"
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(job_count)}
say "configuring in $folder with $("$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/CUDA \1/p') and the Kokkos in $prefix"
cmake -S "$root" -B "$folder" --log-level=NOTICE -DKokkos_DIR="$(kokkos_of "$prefix")" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_FLAGS=-O0
for target in "${targets[@]}"; do
    SECONDS=0
    say "building $target with $jobs jobs"
    cmake --build "$folder" -j "$jobs" --target "$target"
    readelf -SW "$folder/bin/$target" | grep -q nv_fatbin || die "$folder/bin/$target holds no code for GPUs"
    say "built $target in $SECONDS s"
done

# A machine without a driver has no libcuda.so.1: that of the toolkit does nothing but can be loaded.
if ! ldconfig -p | grep -q 'libcuda\.so\.1'; then
    mkdir -p "$folder/no_driver"
    ln -sf "$CUDA_ROOT/lib64/stubs/libcuda.so" "$folder/no_driver/libcuda.so.1"
    export LD_LIBRARY_PATH=$folder/no_driver${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
if nvidia-smi -L > /dev/null 2>&1; then
    say "running the tests on $(nvidia-smi -L | head -n 1)"
    "$folder/bin/ister" --version
    ctest --test-dir "$folder" --output-on-failure -R '^(unit|mpi|physics)\.' -LE long
else
    code=0
    said=$("$folder/bin/ister" --version 2>&1) || code=$?
    [[ $code -eq 70 && $said == *"1 of 1 ranks find none"* ]] || die "without a GPU: exit code $code, $said"
    say "no GPU, nothing was run: $said"
fi

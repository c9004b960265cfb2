#!/usr/bin/env bash
# Compiles and links the libraries and the executable with the CUDA backend of Kokkos, without optimisation: shows that
# the code for GPUs is legal; running it needs a GPU, this does not.
#   tests/cuda_build.sh BUILD_FOLDER
# The Kokkos is ISTER_CUDA_KOKKOS_ROOT (its installation prefix) or one found in Ister's cache, /opt or /usr/local.
# Exit code 77: skipped, because it or nvcc is missing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
folder=${1:?usage: cuda_build.sh BUILD_FOLDER}

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
say "building in $folder with $("$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/CUDA \1/p') and the Kokkos in $prefix"
cmake -S "$root" -B "$folder" --log-level=NOTICE -DCMAKE_CXX_COMPILER="$prefix/bin/nvcc_wrapper" \
    -DKokkos_DIR="$(kokkos_of "$prefix")" -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O0 -Xptxas -O0 --Werror=cross-execution-space-call"
cmake --build "$folder" -j "$(job_count)" --target ister
readelf -SW "$folder/bin/ister" | grep -q nv_fatbin || die "$folder/bin/ister holds no code for GPUs"
say "built $folder/bin/ister"

# shellcheck shell=bash
# Shared by setup.sh, run.sh and tests/run.sh: source it, do not run it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ister
export ISTER_ARCH=${ISTER_ARCH:-native}

say() { printf 'ister: %s\n' "$*"; }
die() { printf 'ister: %s\n' "$*" >&2; exit 1; }

# The instruction set, as a name; kokkos.cmake has the same line.
arch_key() {
    if [[ $ISTER_ARCH != native ]]; then echo "$ISTER_ARCH"; return; fi
    echo "native-$({ c++ -march=native -dM -E -x c++ /dev/null 2>/dev/null || true; } | md5sum | cut -c1-8)"
}

# Physical cores that this process may use.
core_count() {
    local usable physical
    usable=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
    physical=$(lscpu -p=core,socket 2>/dev/null | grep -v '^#' | sort -u | wc -l) || physical=0
    echo $((physical > 0 && physical < usable ? physical : usable))
}

# Compile jobs: one a core, about 2 GB of free memory each.
job_count() {
    local jobs room
    jobs=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
    room=$(awk '/^MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
    jobs=$((room < jobs ? room : jobs))
    echo $((jobs > 0 ? jobs : 1))
}

# ISTER_BUILD_DIR, else build/ in the source, else (not writable) a folder in the user's cache.
build_folder() {
    if [[ -n ${ISTER_BUILD_DIR:-} ]]; then realpath -m -- "$ISTER_BUILD_DIR"
    elif [[ -d $root/build && -w $root/build ]] || [[ ! -e $root/build && -w $root ]]; then echo "$root/build"
    else echo "$cache/build-$(md5sum <<<"$root" | cut -c1-8)"
    fi
}

# build_ister [TARGET]: configures and builds (Release) all or one target; sets $build.
build_ister() {
    build=$(build_folder)
    local fresh=() jobs
    jobs=$(job_count)
    if [[ -f $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
        fresh=(--fresh) # a build of another source tree, copied along with it
    fi
    say "configuring in $build (ISTER_ARCH=$ISTER_ARCH)"
    cmake -S "$root" -B "$build" "${fresh[@]}" --log-level=NOTICE -DCMAKE_BUILD_TYPE=Release -DISTER_ARCH="$ISTER_ARCH" \
        -DISTER_WERROR="${ISTER_WERROR:-OFF}"
    say "building with $jobs jobs"
    cmake --build "$build" -j "$jobs" ${1:+--target "$1"}
}

# What every MPI program needs here: root is allowed, waiting ranks give way when there are more of them than cores.
mpi_environment() { # mpi_environment RANKS
    if ((EUID == 0)); then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
        export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
    if (($1 > $(core_count))); then
        export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
        export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe # the same for OpenMPI 5
    fi
    if [[ -e /.dockerenv || -e /run/.containerenv ]]; then
        export OMPI_MCA_btl_vader_single_copy_mechanism=none # process_vm_readv is often forbidden there
    fi
}

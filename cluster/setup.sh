#!/usr/bin/env bash
# cluster/setup.sh [PACKAGE...]
# Installs the Debian packages Ister needs and provides Kokkos; safe to repeat. Further packages are installed where
# that is possible. Afterwards
#   cmake -S . -B build && cmake --build build -j
# builds without further flags. ISTER_ARCH=portable leaves the machine's own instruction set aside; x86-64-v3 and
# x86-64-v4 are levels in between.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages=(g++ make cmake pkg-config git libopenmpi-dev openmpi-bin libfftw3-dev libfftw3-mpi-dev libhdf5-openmpi-dev
    hdf5-tools libtomlplusplus-dev libcli11-dev libfmt-dev nlohmann-json3-dev libgsl-dev liblapack-dev
    liblapacke-dev liblz4-dev liblzf-dev libsndfile1-dev libceres-dev libgtest-dev libbenchmark-dev python3-h5py
    python3-matplotlib python3-numpy)

install() { # install PACKAGE...: those that are missing
    local package missing=() as_root=()
    for package; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID)); then
        command -v sudo >/dev/null || die "missing packages, and neither root nor sudo to install them: ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update || say "warning: apt-get update failed; going on with the package lists there are"
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null ||
        die "could not install the missing packages: ${missing[*]}"
}

# Prints "FOLDER|VERSION|BACKENDS|PROBLEM" of the Kokkos that a build would use.
probe_kokkos() {
    rm -rf "$scratch/probe" && mkdir "$scratch/probe"
    cat >"$scratch/probe/CMakeLists.txt" <<-END
		cmake_minimum_required(VERSION 3.18)
		project(probe CXX)
		include("$root/cluster/kokkos.cmake")
		message(NOTICE "kokkos|\${Kokkos_DIR}|\${Kokkos_VERSION}|\${Kokkos_DEVICES}|\${ister_kokkos_problem}")
	END
    cmake -S "$scratch/probe" -B "$scratch/probe/build" >"$scratch/probe.log" 2>&1 ||
        { cat "$scratch/probe.log" >&2; exit 1; }
    sed -n 's/^kokkos|//p' "$scratch/probe.log"
}

# Debian's source package trilinos carries Kokkos. Source packages are off in a default apt, so a private sources
# list is made from the machine's own, with its own list folder.
build_kokkos() {
    local private=$scratch/apt file options=()
    mkdir -p "$private/parts" "$private/state/lists/partial" "$private/cache/archives/partial"
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ ! -f $file ]] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$private/parts/${file##*/}"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ ! -f $file ]] || sed -n 's/^deb[[:space:]]/deb-src /p' "$file" >"$private/parts/${file##*/}.list"
    done
    options=(-qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$private/parts"
        -o Dir::State="$private/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$private/cache"
        -o APT::Sandbox::User=root)
    say "downloading Kokkos (Debian's source package trilinos, 166 MB)"
    apt-get "${options[@]}" update || true # a third party's list without sources does not matter
    (cd "$private" && apt-get "${options[@]}" source --download-only trilinos >/dev/null) || return 1
    tar -xf "$private"/trilinos_*.orig.tar.* -C "$scratch" --wildcards '*/packages/kokkos' || return 1

    local source version prefix flags=
    source=$(echo "$scratch"/*/packages/kokkos)
    version=$(sed -nE 's/^ *set *\(Kokkos_VERSION_(MAJOR|MINOR|PATCH) 0*([0-9]+)\).*/\2/Ip' \
        "$source/CMakeLists.txt" | paste -sd.)
    prefix=$cache/kokkos-$version-openmp-$key
    [[ $ISTER_ARCH == portable ]] || flags=-march=$ISTER_ARCH
    say "building Kokkos $version with OpenMP into $prefix"
    { cmake -S "$source" -B "$scratch/kokkos" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_CXX_STANDARD=17 -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DKokkos_ENABLE_OPENMP=ON -DKokkos_ENABLE_SERIAL=ON &&
        cmake --build "$scratch/kokkos" -j "$(job_count)" && cmake --install "$scratch/kokkos"; } \
        >"$scratch/kokkos.log" 2>&1 || { tail -n 30 "$scratch/kokkos.log" >&2; return 1; }
    record "$prefix/lib/cmake/Kokkos"
}

# record FOLDER [serial]: where kokkos.cmake looks
record() {
    printf '%s\n' "$@" >"$cache/kokkos-$key.txt.new" && mv "$cache/kokkos-$key.txt.new" "$cache/kokkos-$key.txt"
}

if command -v dpkg-query >/dev/null; then
    install "${packages[@]}"
    (install "$@") || say "warning: going on without them; tests that need them will be skipped"
else
    say "not Debian: no packages installed"
fi

mkdir -p "$cache"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
exec 9>"$cache/lock" && flock 9 # one set-up at a time
key=$(arch_key)

found=$(probe_kokkos)
IFS='|' read -r folder version backends problem <<<"$found"
if [[ -n $problem ]]; then
    say "no Kokkos yet: $problem"
    if ! build_kokkos; then
        say "that failed; falling back to the package libtrilinos-kokkos-dev, which has no threads"
        install libtrilinos-kokkos-dev
        record "$(dirname "$(dpkg -L libtrilinos-kokkos-dev | grep '/KokkosConfig\.cmake$')")" serial
    fi
    found=$(probe_kokkos)
    IFS='|' read -r folder version backends problem <<<"$found"
    [[ -z $problem ]] || die "still not usable: $problem"
elif ! grep -qsxF "$folder" "$cache/kokkos-$key.txt"; then
    record "$folder"
fi
say "ready: Kokkos $version ($backends) in $folder"

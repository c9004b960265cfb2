#!/usr/bin/env bash
# Is this commit slower than the one before? Builds both with the same flags, runs the benchmarks of both in turn on
# this machine, and compares them with `ister bench compare`.
#   tests/regression.sh [COMMIT]      compares with COMMIT, by default the previous one
# Then looks for what became slower bit by bit over earlier commits: accepted timings of this machine stay in the folder
# ISTER_BENCH_HISTORY, by default in the user's cache.
# Exit code: 0 no benchmark is significantly slower, or there is nothing to compare with, which is said; 1 slower.
# ISTER_REGRESSION_REPORT names a Markdown file for the report. The earlier build stays in the user's cache, so that the
# next comparison compiles only what changed in between.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
base=${1:-HEAD^}
filters=(kernel rhs) # parts of names: what runs often and changes seldom
sizes=(--size 64)
build_limit=900 # seconds, of the earlier build
earlier=$cache/regression-$(md5sum <<<"$root" | cut -c1-8)
skip() { say "no comparison of speed: $*"; exit 0; }

commit=$(git -C "$root" rev-parse --verify --quiet "$base^{commit}" 2>/dev/null) || skip "there is no commit $base"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build_ister ister
mkdir "$scratch/base-timings" "$scratch/new-timings"

say "building ${commit:0:12} in $earlier"
checkout() { git -C "$earlier" checkout --quiet --detach --force "$commit" 2>/dev/null; }
if ! checkout; then # there is none yet, or of a repository that is gone
    rm -rf "$earlier"
    git clone --quiet --shared --no-checkout "$root" "$earlier"
    checkout
fi
cmake -S "$earlier" -B "$earlier/build" --log-level=NOTICE -DCMAKE_BUILD_TYPE=Release \
    -DISTER_ARCH="$ISTER_ARCH" -DBUILD_TESTING=OFF
CCACHE_BASEDIR=$earlier \
    timeout "$build_limit" cmake --build "$earlier/build" -j "$(job_count)" --target ister >"$scratch/log" || {
    (($? == 124)) && skip "${commit:0:12} is not built after $build_limit s"
    tail -n 30 "$scratch/log" >&2
    skip "${commit:0:12} does not build"
}

mpi_environment 1
export OMP_NUM_THREADS=1 OMP_PROC_BIND=false
# measure FIRST LAST: runs of both builds in turn
measure() {
    local run which filter ister
    local orders=("base new" "new base") # neither build always goes first
    for ((run = $1; run <= $2; run++)); do
        for which in ${orders[run % 2]}; do
            ister=$build/bin/ister
            [[ $which == new ]] || ister=$earlier/build/bin/ister
            for filter in "${filters[@]}"; do
                "$ister" bench "${sizes[@]}" --filter "$filter" --repetitions 4 \
                    --output "$scratch/$which-timings/$run-$filter.json" >/dev/null
            done
        done
    done
}
compare() {
    (cd "$scratch" && "$build/bin/ister" bench compare base-timings new-timings --report "$scratch/report.md")
}

say "timing both builds in turn"
measure 1 12
status=0
compare >/dev/null || status=$?
if ((status == 1)); then
    say "something seems slower: measuring again"
    measure 13 36
fi
status=0
compare || status=$?
[[ -z ${ISTER_REGRESSION_REPORT:-} ]] || cp "$scratch/report.md" "$ISTER_REGRESSION_REPORT"
((status == 0)) || { say "slower than ${commit:0:12}; the table above says where"; exit "$status"; }

say "comparing with earlier commits on this machine"
"$build/bin/ister" bench history "${ISTER_BENCH_HISTORY:-$cache/bench-history}" "$scratch/new-timings" --record || {
    status=$?
    say "slower than some commits ago; the table above says where"
}
exit "$status"

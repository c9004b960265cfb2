#!/usr/bin/env bash
# Compiles what works with threads of its own, and its test, with ThreadSanitizer, and runs the tests named *Thread*.
#   tests/thread_sanitizer.sh COMPILER
# Exit code 77: skipped, because the compiler or the system cannot do it.
set -euo pipefail
compiler=${1:?usage: thread_sanitizer.sh COMPILER}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
skip() { echo "skipped: $*"; exit 77; }

run=(env TSAN_OPTIONS=halt_on_error=1)
echo 'int main() {}' >"$scratch/empty.cpp"
"$compiler" -fsanitize=thread "$scratch/empty.cpp" -o "$scratch/empty" 2>/dev/null || skip "no ThreadSanitizer"
if ! "${run[@]}" "$scratch/empty" 2>/dev/null; then # some kernels place memory where it cannot live
    run+=(setarch -R)
    "${run[@]}" "$scratch/empty" 2>/dev/null || skip "ThreadSanitizer does not run here"
fi
"$compiler" -std=c++17 -O1 -g -fsanitize=thread -I"$root" "$root"/tests/unit/kernels/test_cache.cpp \
    "$root"/core/base/content_hash.cpp "$root"/core/kernels/cache/{cache,shuffled_lz4}.cpp -lgtest -lgtest_main -llz4 -pthread -o "$scratch/test"
"${run[@]}" "$scratch/test" --gtest_filter='*Thread*'

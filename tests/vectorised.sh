#!/usr/bin/env bash
# Shows by disassembly that the compiler turned the row loops of the right-hand sides into vector code: of the
# floating-point operations of each, most work on several numbers at once.
#   tests/vectorised.sh LIBRARY_OF_THE_SOLVERS
# Exit code 77: skipped, because there is no objdump or the processor is none that this script can read.
set -euo pipefail
library=${1:?usage: vectorised.sh libister_solvers.a}
skip() { echo "skipped: $*"; exit 77; }
command -v objdump > /dev/null || skip "no objdump"
[[ $(uname -m) == x86_64 ]] || skip "written for x86-64"

objdump --disassemble --demangle --no-show-raw-insn "$library" | awk '
    /^[0-9a-f]+ <.*>:$/ {
        name = $0
        sub(/^[0-9a-f]+ </, "", name)
        ours = name ~ /^void ister::core::detail::evaluate_row</
        sub(/^void ister::core::detail::evaluate_row</, "", name)
        sub(/> *\(.*/, "", name)
        gsub(/ister::|solvers::|physics::/, "", name)
    }
    ours && $2 ~ /^v?(add|sub|mul|div|sqrt|fn?m(add|sub)[0-9]*)pd$/ {
        width = /%zmm/ ? 8 : /%ymm/ ? 4 : 2
        if (width > widest) { widest = width; delete packed }  # pairs are no proof where there are wider vectors
        if (width > 2 || widest == 2) packed[name]++
    }
    ours && $2 ~ /^v?(add|sub|mul|div|sqrt|fn?m(add|sub)[0-9]*)sd$/ { scalar[name]++ }
    ours { kernel[name] }
    END {
        for (name in kernel) {
            kernels++
            good = 2 * packed[name] > scalar[name]  # the rest of a row is scalar, a copy of all operations
            bad += !good
            printf "%-12s %5d packed %5d scalar  %s\n", good ? "vectorised" : "NOT", packed[name], scalar[name], name
        }
        if (kernels == 0) { print "no kernel was found in the library"; exit 1 }
        exit bad > 0
    }'

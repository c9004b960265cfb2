#!/usr/bin/env bash
# The layout of every source (clang-format), and clang-tidy on those that changed since a commit.
#   tests/lint.sh [COMMIT | --all]      by default since the previous commit
# Exit code: 0 also where the tools are missing or clang-tidy takes longer than ISTER_TIDY_LIMIT seconds (600), which is
# said; 1 where something is to be mended.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"
since=${1:-HEAD^}
limit=${ISTER_TIDY_LIMIT:-600}
cd "$root"
build=$(build_folder)

if ! command -v clang-format >/dev/null; then say "no clang-format: layout not checked"; else
    git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format --dry-run -Werror
    say "layout: $(git ls-files '*.cpp' '*.hpp' | wc -l) files as .clang-format says"
fi

command -v clang-tidy >/dev/null || { say "no clang-tidy: nothing else checked"; exit; }
[[ -f $build/compile_commands.json ]] || die "$build/compile_commands.json is missing: build first"
if [[ $since == --all ]]; then mapfile -t files < <(git ls-files '*.cpp')
else
    git rev-parse --verify --quiet "$since^{commit}" >/dev/null || { say "there is no commit $since"; exit; }
    mapfile -t files < <(git diff --name-only --diff-filter=AM "$since" -- '*.cpp')
fi
((${#files[@]})) || { say "no source changed since $since"; exit; }
code=0
objections=$(printf '%s\0' "${files[@]}" | timeout "$limit" xargs -0 -n 1 -P "$(job_count)" \
    clang-tidy --quiet -p "$build" --warnings-as-errors='*' 2>/dev/null) || code=$?
((code != 124)) || say "clang-tidy: ended after $limit s, not all of ${#files[@]} files were looked at"
[[ -z $objections ]] || die "clang-tidy objects to what changed since $since:
$objections"
((code == 124)) || say "clang-tidy: ${#files[@]} files"

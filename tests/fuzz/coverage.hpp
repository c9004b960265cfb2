#pragma once

namespace ister::fuzz {

/// True where code compiled with -fsanitize-coverage=trace-pc has taken a branch for the first time since the last
/// call; always false without such code.
bool coverage_grew();

}  // namespace ister::fuzz

#pragma once
#include <filesystem>

namespace ister::drivers {

/// Where what Ister has learnt of a machine is kept: ister/ in $XDG_CACHE_HOME, else in ~/.cache. It may not be there.
/// Empty for a user without a home.
std::filesystem::path cache_folder();

}  // namespace ister::drivers

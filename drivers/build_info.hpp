#pragma once
#include <string>

namespace ister::drivers {

/// "Ister 0.1.0 (revision)" and the versions of everything it runs on, one per line.
std::string version_text();

/// The git revision of this build.
std::string revision();

/// The instruction set of this build, as ISTER_ARCH names it.
std::string architecture();

}  // namespace ister::drivers

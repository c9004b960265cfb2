#include "drivers/build_info.hpp"

#include <hdf5.h>

#include "core/parallel/session.hpp"
#include "instructions_required.hpp"
#include "revision.hpp"

namespace ister::drivers {

std::string revision() { return ISTER_REVISION; }

std::string architecture() { return ISTER_ARCH; }

std::string version_text() {
  return std::string("Ister ") + ISTER_VERSION + " (" + ISTER_REVISION + ", " + ISTER_BUILD_TYPE + ")\n" +
         core::Session::versions() + "\nHDF5 " + std::to_string(H5_VERS_MAJOR) + "." + std::to_string(H5_VERS_MINOR) +
         "." + std::to_string(H5_VERS_RELEASE);
}

}  // namespace ister::drivers

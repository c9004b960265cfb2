#include "drivers/initial/initial_types.hpp"

namespace ister::drivers {

// Each is defined in the file of its name.
solvers::InitialType trento();
solvers::InitialType state_file();

const std::vector<solvers::InitialType>& initial_types() {
  static const std::vector<solvers::InitialType> types = [] {
    std::vector<solvers::InitialType> all{trento(), state_file()};
    all.insert(all.end(), solvers::initial_types().begin(), solvers::initial_types().end());
    return all;
  }();
  return types;
}

}  // namespace ister::drivers

#include "drivers/initial/initial_types.hpp"

namespace ister::drivers {

solvers::InitialType trento();            // trento.cpp
solvers::InitialType supermc();           // trento.cpp
solvers::InitialType thickness();         // thickness.cpp
solvers::InitialType ip_glasma();         // flow_files.cpp
solvers::InitialType kompost();           // kompost.cpp
solvers::InitialType ccake();             // flow_files.cpp
solvers::InitialType freestream_milne();  // flow_files.cpp
solvers::InitialType duke_freestream();   // flow_files.cpp
solvers::InitialType state_file();        // state_file.cpp

const std::vector<solvers::InitialType>& initial_types() {
  static const std::vector<solvers::InitialType> types = [] {
    std::vector<solvers::InitialType> all{trento(), supermc(),          thickness(),       ip_glasma(), kompost(),
                                          ccake(),  freestream_milne(), duke_freestream(), state_file()};
    all.insert(all.end(), solvers::initial_types().begin(), solvers::initial_types().end());
    return all;
  }();
  return types;
}

}  // namespace ister::drivers

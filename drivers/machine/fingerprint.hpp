#pragma once
#include <string>
#include <vector>

namespace ister::drivers {

/// What makes timings of two machines comparable: processor, number of them, caches.
struct MachineIdentity {
  struct DataCache {
    int level = 0;
    std::string type;  ///< "Data" or "Unified"
    long bytes = 0;
    int shared_by = 0;  ///< logical processors
  };
  std::string processor;  ///< as it names itself
  int logical_processors = 0;
  std::vector<DataCache> caches;

  /// 16 hexadecimal digits, the same on machines of the same kind.
  [[nodiscard]] std::string fingerprint() const;
};

/// Of the machine that this runs on, as far as the system tells.
MachineIdentity identify_machine();

}  // namespace ister::drivers

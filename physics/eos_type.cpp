#include "physics/eos_type.hpp"

namespace ister::physics {

// Each is defined with its formula.
EosType conformal_eos();
EosType constant_cs2_eos();
EosType hotqcd_eos();
EosType hotqcd_hrg_eos();
EosType table_eos();

const std::vector<EosType>& eos_types() {
  static const std::vector<EosType> types{conformal_eos(), constant_cs2_eos(), hotqcd_eos(), hotqcd_hrg_eos(),
                                          table_eos()};
  return types;
}

EquationOfState make_eos(const EosOptions& options) {
  const EosType& type = core::require_choice(eos_types(), "eos", options.type);
  return type.make(core::completed("eos", type, options.values));
}

}  // namespace ister::physics

#include "physics/transport_table.hpp"
#include "tests/fuzz/harness.hpp"

namespace {

using namespace ister;

const physics::EosTable& fluid() {
  static const physics::EosTable table = physics::tabulate_hotqcd();
  return table;
}

}  // namespace

// A table of transport coefficients, taken for each of the three that there are.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = fuzz::file_of(fuzz::text_of(data, size));
  physics::TransportOptions all, shear, bulk;
  all.table = shear.eta_over_s.file = bulk.zeta_over_s.file = file;
  shear.eta_over_s.type = physics::ShearViscosityModel::Type::table;
  bulk.zeta_over_s.type = physics::BulkViscosityModel::Type::table;
  for (const auto& options : {all, shear, bulk})
    fuzz::read_or_refuse([&] { (void)physics::tabulate_transport(fluid(), options); });
  return 0;
}

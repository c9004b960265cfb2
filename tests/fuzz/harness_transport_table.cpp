#include "io/crc64.hpp"
#include "physics/transport_table.hpp"
#include "tests/fuzz/harness.hpp"

namespace {

using namespace ister;

/// HotQCD's equation of state in `joined` times wider cells, linear in each: what a file of coefficients may hold does
/// not depend on the number of cells, but each costs time.
physics::EosTable coarse(const physics::EosTable& fine, int joined) {
  physics::EosTable table = fine;
  table.grid.cells /= joined;
  table.grid.inverse_step /= joined;
  table.coefficients.assign(static_cast<std::size_t>(table.grid.cells) * physics::TableEos::size, 0.0);
  const auto boundary = [&](int cell) {
    return fine.view().at(fine.view().locate(fine.grid.log_e_min + cell / table.grid.inverse_step));
  };
  const auto set_line = [](double* coefficients, double left, double right) {
    coefficients[0] = 0.5 * (right + left);
    coefficients[1] = 0.5 * (right - left);
  };
  for (int cell = 0; cell < table.grid.cells; ++cell) {
    const physics::EosPoint left = boundary(cell), right = boundary(cell + 1);
    double* coefficients = &table.coefficients[static_cast<std::size_t>(cell) * physics::TableEos::size];
    set_line(coefficients, left.pressure_over_energy, right.pressure_over_energy);
    set_line(coefficients + physics::TableEos::ratio_terms, left.temperature, right.temperature);
  }
  return table;
}

}  // namespace

// A table of transport coefficients, taken for each of the three that there are; some of them for all cells of a fluid.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const physics::EosTable fluid = physics::tabulate_hotqcd(), coarse_fluid = coarse(fluid, 50);
  const std::string file = fuzz::file_of(fuzz::text_of(data, size));
  const physics::EosTable& eos = io::crc64(data, size) % 64 == 0 ? fluid : coarse_fluid;
  physics::TransportOptions all, shear, bulk;
  all.table = shear.eta_over_s.file = bulk.zeta_over_s.file = file;
  shear.eta_over_s.type = physics::ShearViscosityModel::Type::table;
  bulk.zeta_over_s.type = physics::BulkViscosityModel::Type::table;
  for (const auto& options : {all, shear, bulk})
    fuzz::read_or_refuse([&] { (void)physics::tabulate_transport(eos, options); });
  return 0;
}

#include "core/parallel/collective.hpp"
#include "drivers/initial/foreign.hpp"
#include "io/initial_formats.hpp"
#include "physics/units.hpp"
#include "solvers/initial/matched_map.hpp"

// The whole T^{mu nu}.
namespace ister::drivers {
namespace {

solvers::StateMap matched(io::Map map) {
  const double unit = physics::units::gev_per_fm3_to_natural(1.0);
  const auto column = [&](const char* name) -> const std::vector<double>& { return map.columns.at(name); };
  const std::vector<double>&tt = column("Ttt"), &xx = column("Txx"), &yy = column("Tyy"), &zz = column("Tzz"),
        &tx = column("Ttx"), &ty = column("Tty"), &tz = column("Ttz"), &xy = column("Txy"), &yz = column("Tyz"),
        &xz = column("Txz");
  solvers::StateMap state = solvers::matched_map(map.nodes, [&](std::size_t i) {
    return physics::StressTensor{unit * tt[i],
                                 {unit * tx[i], unit * ty[i], unit * tz[i]},
                                 {unit * xx[i], unit * xy[i], unit * xz[i], unit * yy[i], unit * yz[i], unit * zz[i]}};
  });
  state.notes.insert(state.notes.begin(), map.notes.begin(), map.notes.end());
  return state;
}

}  // namespace

solvers::InitialType kompost() {
  solvers::InitialType type;
  type.name = "kompost";
  type.keys = foreign_keys("T^{mu nu} of IP-Glasma or KoMPoST, by Landau matching", true);
  type.foreign = true;
  type.make = [](const solvers::InitialContext& context) {
    io::Map map = io::read_for_all(
        context.comm, [&] { return io::read_tensor_table(context.options.text("file"), given_spacing(context)); });
    solvers::StateMap state;
    core::collectively(context.comm, [&] { state = matched(std::move(map)); });
    return solvers::mapped_source(context, std::move(state), solvers::layout_of(context.options));
  };
  return type;
}

}  // namespace ister::drivers

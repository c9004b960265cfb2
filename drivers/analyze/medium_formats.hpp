#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/nodes.hpp"
#include "core/grid/series.hpp"
#include "io/atomic_file.hpp"

/// The medium of a run, as its observer saw it, in the formats of codes for jets and photons.
namespace ister::drivers {

/// What the rows of a series are.
struct Medium {
  core::Series series;  ///< (time, field, eta, y, x)
  int dimensions = 2;   ///< without eta: boost-invariant
  std::array<core::Nodes, 3> nodes;
  double start = 0, every = 0;  ///< tau of the rows [fm]

  [[nodiscard]] std::size_t points() const;
  /// A field of solvers::medium_fields() at a time, [eta][y][x]; natural units.
  [[nodiscard]] const double* field(std::size_t row, const char* name) const;
};

/// From `/medium` of the file of observers. FileError where it cannot be read, InputError where other codes cannot take
/// it: not in x and y of Milne coordinates, or times that are not evenly spaced.
Medium read_medium(const std::filesystem::path& path);

/// MUSIC's evolution_all_xyeta.dat (Cell_info::OutputEvolutionDataXYEta_chun), float32 in the order of the machine:
///   16 of a header: tau0 dtau  nx dx xmin  ny dy ymin  neta deta etamin  rhob shear bulk diffusion (0)  11,
///   11 a cell: itau ix iy ieta  e p [GeV/fm^3]  T [GeV]  c_s^2  u^x u^y u^z, the last Cartesian,
/// eta slowest, then y; without cells below `energy_cut` [GeV/fm^3]. InputError where a reader would misplace it.
io::FileContent as_music(const Medium& medium, double energy_cut, const std::filesystem::path& path);

/// The HDF5 of OSU hydro (VISHNew, `JetData.h5`): /Event with XL XH YL YH (x = XL DX ...) DX DY Tau0 dTau
/// OutputViscousFlag, in it Frame_0000 ... with Time and e, P [GeV/fm^3], s [1/fm^3], Temp [GeV], Vx, Vy = u^i/u^tau,
/// indexed [x][y]. InputError where it depends on eta or the grid does not hold the origin.
io::FileContent as_hydroinfo(const Medium& medium, const std::filesystem::path& path);

}  // namespace ister::drivers

#include "solvers/observers/surface_finder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/surface/cut_cell.hpp"
#include "solvers/observers/surface_piece.hpp"

namespace ister::solvers {
namespace {

namespace surface = core::surface;

/// A cell of a rank's block: global indices of its lower corner, the place of that in the fields, its number.
template <int N>
struct Cell {
  std::array<std::int64_t, N> index;
  std::int64_t corner, number;

  [[nodiscard]] Cell along_x(std::int64_t cells) const {
    Cell other{index, corner + cells, number + cells};
    other.index[0] += cells;
    return other;
  }
};

/// The least and the largest value of a field at the corners of each cell of a row.
class CornerRange {
 public:
  /// Of some cells from a lower corner on, in each of the arrays.
  template <std::size_t array_count, std::size_t corner_count>
  void look(std::int64_t cells, std::int64_t corner, const std::array<const double*, array_count>& arrays,
            const std::array<std::int64_t, corner_count>& offsets) {
    m_least.assign(static_cast<std::size_t>(cells), std::numeric_limits<double>::max());
    m_largest.assign(static_cast<std::size_t>(cells), std::numeric_limits<double>::lowest());
    double *least = m_least.data(), *largest = m_largest.data();
    for (const double* array : arrays)
      for (const std::int64_t offset : offsets) {
        const double* const value = array + corner + offset;
#pragma omp simd
        for (std::int64_t i = 0; i < cells; ++i) {
          least[i] = value[i] < least[i] ? value[i] : least[i];
          largest[i] = value[i] > largest[i] ? value[i] : largest[i];
        }
      }
  }
  [[nodiscard]] bool all_above(std::int64_t cell, double level) const {
    return m_least[static_cast<std::size_t>(cell)] > level;
  }
  [[nodiscard]] bool any_above(std::int64_t cell, double level) const {
    return m_largest[static_cast<std::size_t>(cell)] > level;
  }

 private:
  std::vector<double> m_least, m_largest;
};

template <int N>
class Finder final : public SurfaceFinder {
 public:
  static constexpr int D = N + 1;

  Finder(const EquationContext& context, SurfaceElements elements)
      : m_context(context),
        m_elements(elements),
        m_places(places_of_components(context.fluid.stress())),
        m_cell(true),
        m_slice(false) {
    m_places.erase(m_places.begin());
    m_places.push_back(all_variables);
  }

  void find(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
            SurfaceSums& sums) override {
    surface::SlabInterpolant<N> between(slab.fields, strides(slab.layout), slab.duration);
    between.set_level(level.log_e);
    const std::array<std::int64_t, 1 << N> offsets = corner_offsets(slab.layout);
    for_each_row(slab, [&](const Cell<N>& first) {
      m_range.look(slab.cells.count[0], first.corner, slab.fields[0].value, offsets);
      for (std::int64_t i = 0; i < slab.cells.count[0]; ++i) {
        if (!m_range.any_above(i, level.log_e) || m_range.all_above(i, level.log_e)) continue;
        const Cell<N> cell = first.along_x(i);
        std::array<double, 1 << D> phi;
        for (int c = 0; c < 1 << D; ++c)
          phi[c] = slab.fields[0].value[c & 1][cell.corner + offsets[c >> 1]] - level.log_e;
        note_seam(cell, sums.at_seam);
        note_bend(slab, cell, offsets, sums.bend);
        between.move_to(cell.corner);
        m_cell.cut_surface(phi, between);
        integrate(slab, cell, level, between, elements, sums);
      }
    });
  }

  void find_outside(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
                    SurfaceSums& sums) override {
    std::vector<const double*> fields;
    for (const surface::SlabField& field : slab.fields) fields.push_back(field.value[1]);
    fields.pop_back();
    surface::SliceInterpolant<N> end(std::move(fields), strides(slab.layout));
    end.set_level(level.log_e);
    const std::array<std::int64_t, 1 << N> offsets = corner_offsets(slab.layout);
    for_each_cell(slab, [&](const Cell<N>& cell) {
      std::array<double, 1 << N> cold;
      for (int c = 0; c < 1 << N; ++c) cold[c] = level.log_e - slab.fields[0].value[1][cell.corner + offsets[c]];
      end.move_to(cell.corner);
      const Part part = cold_part(cold, end);
      if (part.size > 0.0) store_part(slab, cell, part, end, elements, sums);
    });
  }

  void look_inside(const SurfaceSlab& slab, const Thermodynamics& level, InsideSums& sums) override {
    const double* const lost = slab.fields.back().value[1];
    surface::SliceInterpolant<N> end({slab.fields[0].value[1], slab.energy, lost}, strides(slab.layout));
    end.set_level(level.log_e);
    const std::array<std::int64_t, 1 << N> offsets = corner_offsets(slab.layout);
    const std::array<const double*, 1> at_end{slab.fields[0].value[1]};
    for_each_row(slab, [&](const Cell<N>& first) {
      m_range.look(slab.cells.count[0], first.corner, at_end, offsets);
      std::int64_t whole = 0;  // cells, one after the other, up to here
      for (std::int64_t i = 0; i <= slab.cells.count[0]; ++i) {
        const bool in_row = i < slab.cells.count[0];
        if (in_row && m_range.any_above(i, level.log_e)) {
          const Cell<N> cell = first.along_x(i);
          sums.cells += 1.0;
          note_seam(cell, sums.at_seam);
          if (m_range.all_above(i, level.log_e)) {
            ++whole;
            continue;
          }
          std::array<double, 1 << N> phi;
          for (int c = 0; c < 1 << N; ++c) phi[c] = at_end[0][cell.corner + offsets[c]] - level.log_e;
          end.move_to(cell.corner);
          add_part_of_cell(end, phi, sums);
        }
        if (whole > 0) add_whole_cells(slab, first.corner + i - whole, whole, sums);
        whole = 0;
      }
    });
    sums.energy *= m_context.decomposition.grid().cell_volume();
    sums.lost *= m_context.decomposition.grid().cell_volume();
  }

 private:
  static std::array<std::int64_t, N> strides(const core::BlockLayout& layout) {
    std::array<std::int64_t, N> s;
    for (int d = 0; d < N; ++d) s[d] = layout.stride(d);
    return s;
  }

  /// From the lower corner of a cell to all of them.
  static std::array<std::int64_t, 1 << N> corner_offsets(const core::BlockLayout& layout) {
    std::array<std::int64_t, 1 << N> offsets{};
    for (int c = 0; c < 1 << N; ++c)
      for (int d = 0; d < N; ++d) offsets[c] += (c >> d & 1) * layout.stride(d);
    return offsets;
  }

  /// The first cells of the rows that the slab names, in the order of their numbers.
  template <class Use>
  void for_each_row(const SurfaceSlab& slab, const Use& use) const {
    const core::Box& box = slab.cells;
    const auto& points = m_context.decomposition.grid().points;
    const std::int64_t x = box.offset[0];
    for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
      for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y) {
        const std::array<std::int64_t, 3> all{x, y, z};
        Cell<N> cell;
        std::copy_n(all.begin(), N, cell.index.begin());
        cell.corner = slab.layout.at(x, y, z);
        cell.number = x + points[0] * (y + points[1] * z);
        use(cell);
      }
  }

  template <class Use>
  void for_each_cell(const SurfaceSlab& slab, const Use& use) const {
    for_each_row(slab, [&](const Cell<N>& first) {
      for (std::int64_t i = 0; i < slab.cells.count[0]; ++i) use(first.along_x(i));
    });
  }

  void note_seam(const Cell<N>& cell, std::array<double, 3>& at_seam) const {
    for (int d = 0; d < N; ++d) at_seam[d] += cell.index[d] == m_context.decomposition.grid().points[d] - 1;
  }

  static void note_bend(const SurfaceSlab& slab, const Cell<N>& cell, const std::array<std::int64_t, 1 << N>& offsets,
                        double& bend) {
    const auto& rate = slab.fields[0].rate;
    for (const std::int64_t offset : offsets) {
      const std::int64_t i = cell.corner + offset;
      bend = std::fmax(bend, 0.125 * slab.duration * std::fabs(rate[0][i] - rate[1][i]));
    }
  }

  /// The cut cell: sums over its quadrature, and elements.
  void integrate(const SurfaceSlab& slab, const Cell<N>& cell, const Thermodynamics& level,
                 const surface::SlabInterpolant<N>& between, std::vector<double>& elements, SurfaceSums& sums) {
    place_nodes(slab, cell, between);
    const std::size_t count = m_places.size();
    const double w = level.enthalpy_density();
    const bool milne = m_context.milne();
    const auto finish = [&] {
      if (m_element.empty()) return;
      elements.push_back(static_cast<double>(cell.number));
      sums.backward += m_element.store(level, milne, elements) < 0.0;
      sums.elements += 1.0;
    };
    for (const auto& nodes : m_cell.surface()) {
      m_piece.fill(
          m_quadrature, [&](int n) -> const surface::Point<D>& { return m_nodes[nodes[n]]; },
          [&](int n) { return &m_values[static_cast<std::size_t>(nodes[n]) * count]; }, m_places);
      m_piece.complete(level.pressure / w);
      sums.volume += m_piece.volume(milne);
      sums.energy += w * m_piece.energy_flux(milne);
      sums.lost += m_piece.lost_flux();
      const int together = m_elements == SurfaceElements::quadrature ? 1 : Piece::points;
      for (int point = 0; point < Piece::points; point += together) {
        m_element.add(m_piece, point, point + together);
        if (m_elements != SurfaceElements::cell) finish();
      }
    }
    finish();
  }

  /// Where the nodes of the cut cell are in space and time, and the fields there.
  void place_nodes(const SurfaceSlab& slab, const Cell<N>& cell, const surface::SlabInterpolant<N>& between) {
    const core::Grid& grid = m_context.decomposition.grid();
    const std::size_t count = m_places.size(), nodes = m_cell.nodes().size();
    m_nodes.resize(nodes);
    m_values.resize(nodes * count);
    for (std::size_t n = 0; n < nodes; ++n) {
      const surface::Point<D>& at = m_cell.nodes()[n];
      m_nodes[n][0] = slab.time + at[0] * slab.duration;
      for (int d = 0; d < N; ++d)
        m_nodes[n][d + 1] = grid.lower[d] + (static_cast<double>(cell.index[d]) + at[d + 1]) * grid.spacing(d);
      between.values(at, 1, &m_values[n * count]);
    }
  }

  /// The integrals over cells of a row, from a lower corner on, of the polynomials through six points in each
  /// direction.
  static void add_whole_cells(const SurfaceSlab& slab, std::int64_t corner, std::int64_t cells, InsideSums& sums) {
    static constexpr double weights[] = {11.0 / 1440,  -93.0 / 1440, 802.0 / 1440,
                                         802.0 / 1440, -93.0 / 1440, 11.0 / 1440};
    constexpr int points = 6, before = 2;
    for (int k = 0; k < (N > 2 ? points : 1); ++k)
      for (int j = 0; j < (N > 1 ? points : 1); ++j) {
        std::int64_t row = corner - before;
        double weight = 1.0, energy = 0.0, work = 0.0;
        if (N > 1) row += (j - before) * slab.layout.stride(1), weight *= weights[j];
        if (N > 2) row += (k - before) * slab.layout.stride(2), weight *= weights[k];
        const double *const inside = slab.energy + row, *const lost = slab.fields.back().value[1] + row;
#pragma omp simd reduction(+ : energy, work)
        for (std::int64_t c = 0; c < cells; ++c)
          for (int i = 0; i < points; ++i) {
            energy += weights[i] * inside[c + i];
            work += weights[i] * lost[c + i];
          }
        sums.energy += weight * energy;
        sums.lost += weight * work;
      }
  }

  void add_part_of_cell(const surface::SliceInterpolant<N>& end, const std::array<double, 1 << N>& phi,
                        InsideSums& sums) {
    constexpr int count = 2;
    m_slice.cut_inside(phi, end);
    m_values.resize(m_slice.nodes().size() * count);
    for (std::size_t n = 0; n < m_slice.nodes().size(); ++n) end.values(m_slice.nodes()[n], 1, &m_values[n * count]);
    for (const auto& piece : m_slice.inside())
      for (const auto& q : surface::quadrature<N>()) {
        double value[count];
        q.interpolate([&](int n) { return &m_values[static_cast<std::size_t>(piece[n]) * count]; }, count, value);
        const auto place_of = [&](int n) -> const surface::Point<N>& { return m_slice.nodes()[piece[n]]; };
        const double size = q.weight * surface::volume<N>(q.template tangents<N>(place_of));
        sums.energy += size * value[0];
        sums.lost += size * value[1];
      }
  }

  /// Some of a cell: its share of the volume and its middle.
  struct Part {
    double size = 0.0;
    surface::Point<N> middle{};
  };

  [[nodiscard]] Part cold_part(const std::array<double, 1 << N>& cold, const surface::SliceInterpolant<N>& end) {
    Part part;
    if (!surface::CutCell<N>::is_cut(cold)) {
      part.middle.fill(0.5);
      part.size = cold[0] > 0.0 ? 1.0 : 0.0;
      return part;
    }
    m_slice.cut_inside(cold, [&](const surface::Point<N>& from, const surface::Point<N>& at, surface::Point<N>& slope) {
      const double value = -end(from, at, slope);
      for (double& component : slope) component = -component;
      return value;
    });
    for (const auto& piece : m_slice.inside())
      for (const auto& q : surface::quadrature<N>()) {
        const auto place_of = [&](int n) -> const surface::Point<N>& { return m_slice.nodes()[piece[n]]; };
        const double size = q.weight * surface::volume<N>(q.template tangents<N>(place_of));
        surface::Point<N> at;
        q.interpolate([&](int n) { return place_of(n).data(); }, N, at.data());
        part.size += size;
        for (int d = 0; d < N; ++d) part.middle[d] += size * at[d];
      }
    for (double& x : part.middle) x /= part.size;
    return part;
  }

  void store_part(const SurfaceSlab& slab, const Cell<N>& cell, const Part& part,
                  const surface::SliceInterpolant<N>& end, std::vector<double>& elements, SurfaceSums& sums) {
    const core::Grid& grid = m_context.decomposition.grid();
    m_values.resize(m_places.size());
    end.values(part.middle, 0, m_values.data());
    const Thermodynamics matter(m_context.fluid.model(), m_values[0]);
    std::array<double, all_variables> variables{};
    for (std::size_t c = 1; c < m_places.size(); ++c)
      variables[static_cast<std::size_t>(m_places[c - 1])] = m_values[c];
    FourVector at{slab.time + slab.duration}, normal{part.size * grid.cell_volume()};
    for (int d = 0; d < N; ++d)
      at[d + 1] = grid.lower[d] + (static_cast<double>(cell.index[d]) + part.middle[d]) * grid.spacing(d);
    const SurfacePoint point(variables.data());
    const double factor = m_context.milne() ? at[0] : 1.0;
    sums.volume += flux(point.velocity(), normal, factor);
    sums.energy += flux(point.energy_current(matter), normal, factor);
    sums.elements += 1.0;
    m_element.add(at, normal, normal[0], variables.data());
    elements.push_back(static_cast<double>(cell.number));
    m_element.store(matter, m_context.milne(), elements);
  }

  using Piece = SurfacePiece<D - 1>;

  EquationContext m_context;
  SurfaceElements m_elements;
  std::vector<int> m_places;  ///< of the fields but the first among the variables of SurfacePiece
  surface::CutCell<D> m_cell;
  surface::CutCell<N> m_slice;
  CornerRange m_range;
  const surface::QuadratureRows<D - 1> m_quadrature;
  Piece m_piece;
  SurfaceElement m_element;
  std::vector<surface::Point<D>> m_nodes;
  std::vector<double> m_values;
};

}  // namespace

std::vector<std::string> surface_columns(bool milne) {
  const std::string time = milne ? "tau" : "t", z = milne ? "eta" : "z";
  return {time,
          "x",
          "y",
          z,
          "dS_" + time,
          "dS_x",
          "dS_y",
          "dS_" + z,
          "ux",
          "uy",
          "uz",
          "energy_density",
          "temperature",
          "pressure",
          "entropy_density",
          "pixx",
          "pixy",
          "pixz",
          "piyy",
          "piyz",
          "pizz",
          "bulk_pressure"};
}

std::unique_ptr<SurfaceFinder> make_surface_finder(const EquationContext& context, SurfaceElements elements) {
  switch (context.decomposition.grid().dimensions) {
    case 1:
      return std::make_unique<Finder<1>>(context, elements);
    case 2:
      return std::make_unique<Finder<2>>(context, elements);
    default:
      return std::make_unique<Finder<3>>(context, elements);
  }
}

}  // namespace ister::solvers

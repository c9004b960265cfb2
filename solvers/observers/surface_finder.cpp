#include "solvers/observers/surface_finder.hpp"

#include <algorithm>
#include <cmath>

#include "core/surface/cut_cell.hpp"

namespace ister::solvers {
namespace {

namespace surface = core::surface;

/// Sums over what becomes one element, weighted by the size of the parts.
class Element {
 public:
  explicit Element(std::size_t components) : m_components(components) {}

  void add(const FourVector& at, const FourVector& normal, const std::vector<double>& components) {
    double square = 0.0;
    for (const double n : normal) square += n * n;
    const double size = std::sqrt(square);
    m_size += size;
    for (int d = 0; d < 4; ++d) {
      m_normal[d] += normal[d];
      m_at[d] += size * at[d];
    }
    for (std::size_t c = 0; c < m_components.size(); ++c) m_components[c] += size * components[c];
  }

  [[nodiscard]] bool empty() const { return !(m_size > 0.0); }

  /// Appends the columns of the means, with u normalised and pi made traceless and orthogonal to it.
  void store(StressKind stress, const Thermodynamics& matter, std::vector<double>& elements) {
    for (double& component : m_components) component /= m_size;
    for (double& x : m_at) x /= m_size;
    const SurfacePoint point(stress, m_components.data());
    const double w = matter.enthalpy_density();
    const Vec3& u = point.state().u;
    const Sym3 pi = w * point.state().pi;
    elements.insert(elements.end(), m_at.begin(), m_at.end());
    elements.insert(elements.end(), m_normal.begin(), m_normal.end());
    elements.insert(elements.end(),
                    {u.x, u.y, u.z, matter.energy_density, matter.temperature, matter.pressure,
                     matter.entropy_density(), pi.xx, pi.xy, pi.xz, pi.yy, pi.yz, pi.zz, w * point.state().bulk});
  }

  void clear() {
    m_size = 0.0;
    m_at = m_normal = {};
    std::fill(m_components.begin(), m_components.end(), 0.0);
  }

 private:
  double m_size = 0.0;
  FourVector m_at{}, m_normal{};
  std::vector<double> m_components;
};

/// A cell of a rank's block: global indices of its lower corner, the place of that in the fields, its number.
template <int N>
struct Cell {
  std::array<std::int64_t, N> index;
  std::int64_t corner, number;
};

template <int N>
class Finder final : public SurfaceFinder {
 public:
  static constexpr int D = N + 1;

  Finder(const EquationContext& context, SurfaceElements elements)
      : m_context(context), m_elements(elements), m_cell(true), m_slice(false) {}

  void find(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
            SurfaceSums& sums) override {
    surface::SlabInterpolant<N> between(slab.fields, strides(slab.layout), slab.duration);
    between.set_level(level.log_e);
    for_each_cell(slab.layout, [&](const Cell<N>& cell) {
      std::array<double, 1 << D> phi;
      for (int c = 0; c < 1 << D; ++c)
        phi[c] = slab.fields[0].value[c & 1][cell.corner + corner_offset(slab.layout, c >> 1)] - level.log_e;
      if (!surface::CutCell<D>::is_cut(phi)) return;
      note_seam(cell, sums.at_seam);
      note_bend(slab, cell, sums.bend);
      between.move_to(cell.corner);
      m_cell.cut_surface(phi, between);
      integrate(slab, cell, level, between, elements, sums);
    });
  }

  void find_outside(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
                    SurfaceSums& sums) override {
    surface::SlabInterpolant<N> between(slab.fields, strides(slab.layout), slab.duration);
    between.set_level(level.log_e);
    const surface::EndInterpolant<N> end(between, 1.0);
    for_each_cell(slab.layout, [&](const Cell<N>& cell) {
      std::array<double, 1 << N> cold;
      for (int c = 0; c < 1 << N; ++c)
        cold[c] = level.log_e - slab.fields[0].value[1][cell.corner + corner_offset(slab.layout, c)];
      between.move_to(cell.corner);
      const Part part = cold_part(cold, end);
      if (part.size > 0.0) store_part(slab, cell, part, end, elements, sums);
    });
  }

  void look_inside(const SurfaceSlab& slab, const Thermodynamics& level, InsideSums& sums) override {
    surface::SlabInterpolant<N> between(slab.fields, strides(slab.layout), slab.duration);
    between.set_level(level.log_e);
    const surface::EndInterpolant<N> end(between, 1.0);
    const std::vector<double> density = density_of_points(slab);
    for_each_cell(slab.layout, [&](const Cell<N>& cell) {
      std::array<double, 1 << N> phi;
      bool any = false, all = true;
      for (int c = 0; c < 1 << N; ++c) {
        phi[c] = slab.fields[0].value[1][cell.corner + corner_offset(slab.layout, c)] - level.log_e;
        any = any || phi[c] > 0.0;
        all = all && phi[c] > 0.0;
      }
      if (!any) return;
      sums.cells += 1.0;
      note_seam(cell, sums.at_seam);
      between.move_to(cell.corner);
      sums.current += all ? whole_cell(density, slab.layout, cell) : part_of_cell(slab, end, phi);
    });
  }

 private:
  static std::array<std::int64_t, N> strides(const core::BlockLayout& layout) {
    std::array<std::int64_t, N> s;
    for (int d = 0; d < N; ++d) s[d] = layout.stride(d);
    return s;
  }

  static std::int64_t corner_offset(const core::BlockLayout& layout, int corner) {
    std::int64_t offset = 0;
    for (int d = 0; d < N; ++d) offset += (corner >> d & 1) * layout.stride(d);
    return offset;
  }

  /// All cells whose lower corner this rank owns, in the order of their numbers.
  template <class Use>
  void for_each_cell(const core::BlockLayout& layout, const Use& use) const {
    const core::Box box = m_context.decomposition.box();
    const auto& points = m_context.decomposition.grid().points;
    for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
      for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
        for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x) {
          const std::array<std::int64_t, 3> all{x, y, z};
          Cell<N> cell;
          std::copy_n(all.begin(), N, cell.index.begin());
          cell.corner = layout.at(x, y, z);
          cell.number = x + points[0] * (y + points[1] * z);
          use(cell);
        }
  }

  void note_seam(const Cell<N>& cell, std::array<double, 3>& at_seam) const {
    for (int d = 0; d < N; ++d) at_seam[d] += cell.index[d] == m_context.decomposition.grid().points[d] - 1;
  }

  static void note_bend(const SurfaceSlab& slab, const Cell<N>& cell, double& bend) {
    const auto& rate = slab.fields[0].rate;
    for (int c = 0; c < 1 << N; ++c) {
      const std::int64_t i = cell.corner + corner_offset(slab.layout, c);
      bend = std::fmax(bend, 0.125 * slab.duration * std::fabs(rate[0][i] - rate[1][i]));
    }
  }

  /// sqrt(-g)
  [[nodiscard]] double volume_factor(double time) const { return m_context.milne() ? time : 1.0; }

  /// The cut cell: sums over its quadrature, and elements.
  void integrate(const SurfaceSlab& slab, const Cell<N>& cell, const Thermodynamics& level,
                 const surface::SlabInterpolant<N>& between, std::vector<double>& elements, SurfaceSums& sums) {
    place_nodes(slab, cell, between);
    const int count = between.fields() - 1;  // the last is the integral of T^{zz}
    const StressKind stress = m_context.fluid.stress();
    std::vector<double> value(static_cast<std::size_t>(count));
    Element element(static_cast<std::size_t>(count - 1));
    const auto finish = [&] {
      if (element.empty()) return;
      elements.push_back(static_cast<double>(cell.number));
      element.store(stress, level, elements);
      element.clear();
      sums.elements += 1.0;
    };
    for (const auto& piece : m_cell.surface()) {
      for (const auto& q : surface::quadrature<D - 1>()) {
        const auto place_of = [&](int n) -> const surface::Point<D>& { return m_places[piece[n]]; };
        surface::Point<D> n = surface::normal<D>(q.template tangents<D>(place_of));
        FourVector at{}, normal{};
        q.interpolate([&](int k) { return place_of(k).data(); }, D, at.data());
        for (int d = 0; d < D; ++d) normal[d] = q.weight * n[d];
        q.interpolate([&](int k) { return &m_values[static_cast<std::size_t>(piece[k] * count)]; }, count,
                      value.data());
        const SurfacePoint point(stress, value.data());
        const double factor = volume_factor(at[0]), energy = flux(point.energy_current(level), normal, factor);
        sums.volume += flux(point.velocity(), normal, factor);
        sums.energy += energy;
        sums.current += energy + value.back() * normal[0];
        element.add(at, normal, value);
        if (m_elements == SurfaceElements::quadrature) finish();
      }
      if (m_elements == SurfaceElements::simplex) finish();
    }
    finish();
  }

  /// Where the nodes of the cut cell are in space and time, and the fields there.
  void place_nodes(const SurfaceSlab& slab, const Cell<N>& cell, const surface::SlabInterpolant<N>& between) {
    const core::Grid& grid = m_context.decomposition.grid();
    const auto count = static_cast<std::size_t>(between.fields() - 1), nodes = m_cell.nodes().size();
    m_places.resize(nodes);
    m_values.resize(nodes * count);
    for (std::size_t n = 0; n < nodes; ++n) {
      const surface::Point<D>& at = m_cell.nodes()[n];
      m_places[n][0] = slab.time + at[0] * slab.duration;
      for (int d = 0; d < N; ++d)
        m_places[n][d + 1] = grid.lower[d] + (static_cast<double>(cell.index[d]) + at[d + 1]) * grid.spacing(d);
      between.values(at, 1, &m_values[n * count]);
    }
  }

  /// K^0 from ln e, the other primitive variables, and the integral of T^{zz}.
  [[nodiscard]] double density(double log_e, const double* components, double source, double time) const {
    const Thermodynamics matter(m_context.fluid.model(), log_e);
    const SurfacePoint point(m_context.fluid.stress(), components);
    return volume_factor(time) * point.energy_current(matter)[0] + source;
  }

  /// K^0 at all points of a slab's end that there are here.
  [[nodiscard]] std::vector<double> density_of_points(const SurfaceSlab& slab) const {
    const core::Box box = slab.layout.box();
    std::vector<double> values(static_cast<std::size_t>(slab.layout.component)), components(slab.fields.size());
    for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
      for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
        for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x) {
          const std::int64_t i = slab.layout.at(x, y, z);
          for (std::size_t f = 0; f < components.size(); ++f) components[f] = slab.fields[f].value[1][i];
          values[static_cast<std::size_t>(i)] =
              density(components[0], components.data() + 1, components.back(), slab.time + slab.duration);
        }
    return values;
  }

  /// The integral over a cell of the polynomial through six points in each direction.
  [[nodiscard]] double whole_cell(const std::vector<double>& density, const core::BlockLayout& layout,
                                  const Cell<N>& cell) const {
    static constexpr double weights[] = {11.0 / 1440,  -93.0 / 1440, 802.0 / 1440,
                                         802.0 / 1440, -93.0 / 1440, 11.0 / 1440};
    constexpr int points = 6, before = 2;
    double sum = 0.0;
    for (int k = 0; k < (N > 2 ? points : 1); ++k)
      for (int j = 0; j < (N > 1 ? points : 1); ++j) {
        std::int64_t row = cell.corner - before;
        double weight = 1.0;
        if (N > 1) row += (j - before) * layout.stride(1), weight *= weights[j];
        if (N > 2) row += (k - before) * layout.stride(2), weight *= weights[k];
        for (int i = 0; i < points; ++i) sum += weight * weights[i] * density[static_cast<std::size_t>(row + i)];
      }
    return sum * m_context.decomposition.grid().cell_volume();
  }

  [[nodiscard]] double part_of_cell(const SurfaceSlab& slab, const surface::EndInterpolant<N>& end,
                                    const std::array<double, 1 << N>& phi) {
    m_slice.cut_inside(phi, end);
    const std::size_t nodes = m_slice.nodes().size(), count = slab.fields.size();
    m_values.resize(nodes + count);
    double* const components = &m_values[nodes];
    for (std::size_t n = 0; n < nodes; ++n) {
      end.values(m_slice.nodes()[n], 0, components);
      m_values[n] = density(components[0], components + 1, components[count - 1], slab.time + slab.duration);
    }
    double sum = 0.0;
    for (const auto& piece : m_slice.inside())
      for (const auto& q : surface::quadrature<N>()) {
        double value = 0.0;
        q.interpolate([&](int n) { return &m_values[static_cast<std::size_t>(piece[n])]; }, 1, &value);
        const auto place_of = [&](int n) -> const surface::Point<N>& { return m_slice.nodes()[piece[n]]; };
        sum += q.weight * value * surface::volume<N>(q.template tangents<N>(place_of));
      }
    return sum * m_context.decomposition.grid().cell_volume();
  }

  /// Some of a cell: its share of the volume and its middle.
  struct Part {
    double size = 0.0;
    surface::Point<N> middle{};
  };

  [[nodiscard]] Part cold_part(const std::array<double, 1 << N>& cold, const surface::EndInterpolant<N>& end) {
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

  void store_part(const SurfaceSlab& slab, const Cell<N>& cell, const Part& part, const surface::EndInterpolant<N>& end,
                  std::vector<double>& elements, SurfaceSums& sums) {
    const core::Grid& grid = m_context.decomposition.grid();
    std::vector<double> values(slab.fields.size());
    end.values(part.middle, 0, values.data());
    const Thermodynamics matter(m_context.fluid.model(), values[0]);
    const std::vector<double> components(values.begin() + 1, values.end() - 1);
    FourVector at{slab.time + slab.duration}, normal{part.size * grid.cell_volume()};
    for (int d = 0; d < N; ++d)
      at[d + 1] = grid.lower[d] + (static_cast<double>(cell.index[d]) + part.middle[d]) * grid.spacing(d);
    const SurfacePoint point(m_context.fluid.stress(), components.data());
    sums.volume += flux(point.velocity(), normal, volume_factor(at[0]));
    sums.energy += flux(point.energy_current(matter), normal, volume_factor(at[0]));
    sums.elements += 1.0;
    Element element(components.size());
    element.add(at, normal, components);
    elements.push_back(static_cast<double>(cell.number));
    element.store(m_context.fluid.stress(), matter, elements);
  }

  EquationContext m_context;
  SurfaceElements m_elements;
  surface::CutCell<D> m_cell;
  surface::CutCell<N> m_slice;
  std::vector<surface::Point<D>> m_places;
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

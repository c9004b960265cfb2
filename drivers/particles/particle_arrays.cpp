#include "drivers/particles/particle_arrays.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "drivers/print.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using physics::Harmonics;
namespace units = physics::units;

constexpr int harmonics = physics::harmonics;
constexpr double gev = units::inverse_fm_to_gev(1.0);

/// V_n of all species together over their root of mean square: exp(i n psi_n) of a single event.
std::vector<std::vector<Harmonics>> references(const std::vector<SurfaceParticles>& events) {
  const std::size_t rapidities = events.front().at_rapidity.size();
  std::vector<std::vector<Harmonics>> all(events.size(), std::vector<Harmonics>(rapidities));
  for (std::size_t y = 0; y < rapidities; ++y) {
    std::array<double, harmonics + 1> square{};
    for (std::size_t e = 0; e < events.size(); ++e) {
      const Harmonics q = events[e].reference(y);
      for (int n = 0; n <= harmonics; ++n) {
        all[e][y][n] = q[n] / q[0].real();
        square[n] += std::norm(all[e][y][n]) / static_cast<double>(events.size());
      }
    }
    for (auto& event : all)
      for (int n = 0; n <= harmonics; ++n) event[y][n] = square[n] > 0.0 ? event[y][n] / std::sqrt(square[n]) : 1.0;
  }
  return all;
}

}  // namespace

ParticleArrays::ParticleArrays(std::vector<SurfaceParticles> events, SpectraOptions options)
    : m_events(std::move(events)), m_options(std::move(options)), m_reference(references(m_events)) {
  for (const double pt : m_options.grid().pt) m_pt.push_back(units::inverse_fm_to_gev(pt));
}

double ParticleArrays::number(std::size_t rapidity, std::size_t species) const {
  double sum = 0.0;
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const Species& one = of(e, rapidity, species);
    sum += one.hadron.degeneracy * one.moments.number();
  }
  return sum / static_cast<double>(m_events.size());
}

/// Of all particles of all surfaces.
double ParticleArrays::mean_pt(std::size_t rapidity, std::size_t species) const {
  double sum = 0.0, all = 0.0;
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const physics::ParticleMoments& moments = of(e, rapidity, species).moments;
    sum += moments.number() * moments.mean_pt;
    all += moments.number();
  }
  return gev * sum / all;
}

double ParticleArrays::beyond(std::size_t rapidity, std::size_t species) const {
  double sum = 0.0, all = 0.0;
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const Species& one = of(e, rapidity, species);
    sum += one.moments.number() * one.beyond;
    all += one.moments.number();
  }
  return sum / all;
}

/// The root of the mean of |V_n|^2.
double ParticleArrays::flow(std::size_t rapidity, std::size_t species, int n) const {
  double sum = 0.0;
  for (std::size_t e = 0; e < m_events.size(); ++e) sum += std::pow(of(e, rapidity, species).moments.flow(n), 2.0);
  return std::sqrt(sum / static_cast<double>(m_events.size()));
}

std::vector<double> ParticleArrays::spectrum(std::size_t rapidity, std::size_t species) const {
  std::vector<double> values(m_pt.size());
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const Species& one = of(e, rapidity, species);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] += one.hadron.degeneracy * one.moments.at[i][0].real() / (gev * gev * m_events.size());
  }
  return values;
}

/// Re <V_n(pT) V_n^*>/<|V_n|^2>^{1/2}, the scalar product with all species together.
std::vector<double> ParticleArrays::flow_at(std::size_t rapidity, std::size_t species, int n) const {
  std::vector<double> values(m_pt.size());
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const auto reference = std::conj(m_reference[e][rapidity][n]);
    const auto& at = of(e, rapidity, species).moments.at;
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] += (at[i][n] * reference).real() / at[i][0].real() / static_cast<double>(m_events.size());
  }
  return values;
}

template <class Values>
io::Array ParticleArrays::over_rapidities(Values&& values) const {
  io::Array result;
  for (std::size_t y = 0; y < rapidities(); ++y) {
    const io::Array one = values(y);
    result.extents = one.extents;
    result.values.insert(result.values.end(), one.values.begin(), one.values.end());
  }
  if (rapidities() > 1) result.extents.insert(result.extents.begin(), rapidities());
  return result;
}

template <class Values>
io::Array ParticleArrays::over_events(Values&& values) const {
  io::Array result;
  for (std::size_t e = 0; e < m_events.size(); ++e) {
    const io::Array one = over_rapidities([&](std::size_t y) { return values(e, y); });
    result.extents = one.extents;
    result.values.insert(result.values.end(), one.values.begin(), one.values.end());
  }
  result.extents.insert(result.extents.begin(), m_events.size());
  return result;
}

void ParticleArrays::add_averages(std::size_t species, std::vector<io::NamedArray>& arrays) const {
  const std::string group = of(0, 0, species).hadron.name + "/";
  const auto number_at = [&](double value) { return io::Array({}, {value}); };
  const auto of_n = [&](auto&& value) {
    std::vector<double> all;
    for (int n = 1; n <= harmonics; ++n) all.push_back(value(n));
    return io::Array(all);
  };
  const auto flow_of_pt = [&](std::size_t y) {
    std::vector<double> all;
    for (int n = 1; n <= harmonics; ++n) {
      const std::vector<double> at = flow_at(y, species, n);
      all.insert(all.end(), at.begin(), at.end());
    }
    return io::Array({static_cast<std::size_t>(harmonics), m_pt.size()}, all);
  };
  const auto add = [&](const char* name, const char* unit, auto&& values) {
    arrays.push_back({group + name, over_rapidities(values), unit});
  };
  arrays.push_back({group + "pt", io::Array(m_pt), "GeV"});
  add("dN_2pi_pT_dpT_dy", "GeV^-2", [&](std::size_t y) { return io::Array(spectrum(y, species)); });
  add("vn_pt", "", flow_of_pt);
  add("dN_dy", "", [&](std::size_t y) { return number_at(number(y, species)); });
  add("mean_pt", "GeV", [&](std::size_t y) { return number_at(mean_pt(y, species)); });
  add("vn", "", [&](std::size_t y) { return of_n([&](int n) { return flow(y, species, n); }); });
  if (m_events.size() == 1)
    add("psi_n", "", [&](std::size_t y) { return of_n([&](int n) { return of(0, y, species).moments.plane(n); }); });
  add("beyond_f", "", [&](std::size_t y) { return number_at(beyond(y, species)); });
}

void ParticleArrays::add_events(std::size_t species, std::vector<io::NamedArray>& arrays) const {
  const std::string group = of(0, 0, species).hadron.name + "/";
  const auto part = [](std::complex<double> value, bool imaginary) { return imaginary ? value.imag() : value.real(); };
  for (const bool imaginary : {false, true}) {
    const std::string suffix = imaginary ? "_im" : "_re";
    const auto total = [&](std::size_t e, std::size_t y) {
      const Species& one = of(e, y, species);
      std::vector<double> all;
      for (int n = 0; n <= harmonics; ++n) all.push_back(one.hadron.degeneracy * part(one.moments.total[n], imaginary));
      return io::Array(all);
    };
    const auto at_pt = [&](std::size_t e, std::size_t y) {
      const Species& one = of(e, y, species);
      std::vector<double> all;
      for (int n = 0; n <= harmonics; ++n)
        for (const Harmonics& at : one.moments.at)
          all.push_back(one.hadron.degeneracy * part(at[n], imaginary) / (gev * gev));
      return io::Array({static_cast<std::size_t>(harmonics) + 1, m_pt.size()}, all);
    };
    arrays.push_back({group + "flow" + suffix, over_events(total)});
    arrays.push_back({group + "flow_pt" + suffix, over_events(at_pt), "GeV^-2"});
  }
  arrays.push_back({group + "mean_pt_event", over_events([&](std::size_t e, std::size_t y) {
                      return io::Array({}, {gev * of(e, y, species).moments.mean_pt});
                    }),
                    "GeV"});
}

std::vector<io::NamedArray> ParticleArrays::arrays() const {
  std::vector<io::NamedArray> arrays;
  for (std::size_t s = 0; s < species(); ++s) {
    add_averages(s, arrays);
    add_events(s, arrays);
  }
  return arrays;
}

std::vector<io::NamedArray> ParticleArrays::columns() const {
  std::vector<io::NamedArray> columns = {{"pt", io::Array(m_pt)}};
  for (std::size_t s = 0; s < species(); ++s)
    for (std::size_t y = 0; y < rapidities(); ++y) {
      const std::string name = of(0, y, s).hadron.name;
      const std::string where = rapidities() > 1 ? fmt::format("_y={:g}", m_options.rapidities[y]) : "";
      columns.push_back({name + "/dN_2pi_pT_dpT_dy" + where, io::Array(spectrum(y, s))});
      for (int n = 1; n <= harmonics; ++n)
        columns.push_back({fmt::format("{}/v{}_pt{}", name, n, where), io::Array(flow_at(y, s, n))});
    }
  return columns;
}

void ParticleArrays::print(const std::string& decays) const {
  const std::string of_many = m_events.size() > 1 ? fmt::format(", mean of {}", m_events.size()) : "";
  for (std::size_t y = 0; y < rapidities(); ++y) {
    if (!m_events.front().boost_invariant) print_out("rapidity {:g}\n", m_options.rapidities[y]);
    print_out("{:16} {:>12} {:>10} {:>9} {:>9} {:>9}\n", decays + of_many, "dN/dy", "<pT> [GeV]", "v2", "v3", "|df|>f");
    for (std::size_t s = 0; s < species(); ++s)
      print_out("{:16} {:12.6g} {:10.4f} {:9.5f} {:9.5f} {:7.2g} %\n", of(0, y, s).hadron.name, number(y, s),
                mean_pt(y, s), flow(y, s, 2), flow(y, s, 3), 100.0 * beyond(y, s));
  }
}

std::vector<double> ParticleArrays::common_planes() const {
  std::vector<double> planes;
  for (std::size_t y = 0; y < rapidities(); ++y)
    for (int n = 1; n <= harmonics; ++n) planes.push_back(std::arg(m_reference.front()[y][n]) / n);
  return planes;
}

}  // namespace ister::drivers

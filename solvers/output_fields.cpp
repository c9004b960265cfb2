#include "solvers/output_fields.hpp"

#include "core/grid/rows.hpp"
#include "physics/stress_tensor.hpp"
#include "solvers/equations.hpp"

#define ISTER_MILNE ", eta indices times tau in Milne coordinates"

// The fields that are derived from the evolved ones, a row each: the name, whether files hold it unless asked
// otherwise, its units and its name in words, and its value at an OutputPoint p.
#define ISTER_DERIVED_FIELDS(ROW)                                                                         \
  ROW(temperature, always, "1/fm", "temperature", p.eos.temperature)                                      \
  ROW(T00, on_request, "1/fm^4", "energy-momentum tensor T^00", p.w* conserved(p).energy)                 \
  ROW(T0x, on_request, "1/fm^4", "energy-momentum tensor T^0x", p.w* conserved(p).momentum.x)             \
  ROW(T0y, on_request, "1/fm^4", "energy-momentum tensor T^0y", p.w* conserved(p).momentum.y)             \
  ROW(T0z, on_request, "1/fm^4", "energy-momentum tensor T^0z" ISTER_MILNE, p.w* conserved(p).momentum.z) \
  ROW(pressure, on_request, "1/fm^4", "pressure",                                                         \
      p.w* p.eos.pressure_over_energy / (1.0 + p.eos.pressure_over_energy))                               \
  ROW(entropy_density, on_request, "1/fm^3", "entropy density", p.w / p.eos.temperature)                  \
  ROW(sound_speed_squared, on_request, "1", "squared speed of sound dp/de", p.eos.sound_speed_squared)

namespace ister::solvers {
namespace {

#define ISTER_NAME(name, shown, units, long_name, value) name,
enum class Derived { ISTER_DERIVED_FIELDS(ISTER_NAME) };
#undef ISTER_NAME

/// Whether files hold a field unless the input says otherwise.
enum class Shown { always, on_request };

struct DerivedField {
  const char* name;
  Shown shown;
  FieldLabel label;
};
#define ISTER_ROW(name, shown, units, long_name, value) {#name, Shown::shown, {units, long_name}},
constexpr DerivedField derived_fields[] = {ISTER_DERIVED_FIELDS(ISTER_ROW)};
#undef ISTER_ROW

constexpr FieldLabel stored_labels[] = {
    // in the order of state_fields
    {"1/fm^4", "energy density"},
    {"1", "four-velocity u^x"},
    {"1", "four-velocity u^y"},
    {"1", "four-velocity u^z" ISTER_MILNE},
    {"1/fm^4", "shear stress pi^xx"},
    {"1/fm^4", "shear stress pi^xy"},
    {"1/fm^4", "shear stress pi^xz" ISTER_MILNE},
    {"1/fm^4", "shear stress pi^yy"},
    {"1/fm^4", "shear stress pi^yz" ISTER_MILNE},
    {"1/fm^4", "shear stress pi^zz" ISTER_MILNE},
    {"1/fm^4", "bulk pressure"},
};
static_assert(std::size(stored_labels) == std::size(state_fields), "each stored field has its label");

/// How a stored field follows from the primitive variables.
struct Recipe {
  bool present = true;  ///< else it is zero
  Form form = Form::itself;
  int component = 0;  ///< where the field has one of its own
};

Recipe recipe(int which, StressKind stress) {
  return visit_stress(stress, [&](auto tag) {
    constexpr bool shear = decltype(tag)::shear, bulk = decltype(tag)::bulk;
    Recipe r{has_part(state_fields[which].part, shear, bulk), state_fields[which].form};
    if (!evolves(state_fields[which], shear, bulk)) return r;
    for (int f = 0; f < which; ++f) r.component += evolves(state_fields[f], shear, bulk);
    return r;
  });
}

/// A point as both kinds of fields begin with it.
template <class Stress, class Fluid>
struct OutputPoint {
  physics::EosPoint eos;
  double w;  ///< enthalpy density
  physics::FlowState state;
  physics::Kinematics k;

  ISTER_INLINE OutputPoint(const Fluid& fluid, const double* primitives, std::int64_t stride, std::int64_t i)
      : eos(fluid.eos(primitives[i])), w(simd_exp(primitives[i]) * (1.0 + eos.pressure_over_energy)) {
    load_flow<Stress>(primitives, stride, i, state, k);
  }
};

/// T^{mn}/w.
template <class Stress, class Fluid>
ISTER_INLINE physics::StressTensor conserved(const OutputPoint<Stress, Fluid>& p) {
  const double ratio = p.eos.pressure_over_energy;
  return physics::stress_tensor<Stress>(ratio / (1.0 + ratio), p.state, p.k);
}

template <class Stress, class Fluid>
struct DeriveStored {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  Recipe recipe;
  double* out;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) out[i] = recipe.present ? value(i) : 0.0;
  }

  ISTER_INLINE double value(std::int64_t i) const {
    const OutputPoint<Stress, Fluid> p(fluid, primitives, stride, i);
    const double y = primitives[recipe.component * stride + i];
    switch (recipe.form) {
      case Form::logarithm:
        return simd_exp(y);
      case Form::per_enthalpy:
        return p.w * y;
      case Form::from_trace:
        return p.w * p.state.pi.zz;
      default:
        return y;
    }
  }
};

template <class Stress, class Fluid>
struct DeriveRow {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  Derived row;
  double* out;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) out[i] = value(i);
  }

  ISTER_INLINE double value(std::int64_t i) const {
    const OutputPoint<Stress, Fluid> p(fluid, primitives, stride, i);
    switch (row) {
#define ISTER_CASE(name, shown, units, long_name, value) \
  case Derived::name:                                    \
    return value;
      ISTER_DERIVED_FIELDS(ISTER_CASE)
#undef ISTER_CASE
    }
    return 0.0;
  }
};

}  // namespace

const std::vector<std::string>& output_field_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const StateField& field : state_fields) all.emplace_back(field.name);
    for (const DerivedField& field : derived_fields) all.emplace_back(field.name);
    return all;
  }();
  return names;
}

FieldLabel output_field_label(int which) {
  const int stored = static_cast<int>(std::size(state_fields));
  return which < stored ? stored_labels[which] : derived_fields[which - stored].label;
}

std::vector<std::string> default_output_fields() {
  std::vector<std::string> names;
  for (const StateField& field : state_fields) names.emplace_back(field.name);
  for (const DerivedField& field : derived_fields)
    if (field.shown == Shown::always) names.emplace_back(field.name);
  return names;
}

void derive_output_field(int which, const DeviceFluid& fluid, const core::FieldBundle& primitives, double* out) {
  static const std::string label = "derive";
  const core::BlockLayout& layout = primitives.layout();
  const int stored = static_cast<int>(std::size(state_fields));
  fluid.visit([&](const auto& model) {
    visit_stress(fluid.stress(), [&](auto tag) {
      using Stress = decltype(tag);
      using Fluid = std::decay_t<decltype(model)>;
      const auto run = [&](const auto& functor) { core::for_each_point(label, layout, functor); };
      if (which < stored)
        run(DeriveStored<Stress, Fluid>{model, primitives.data(), layout.component, recipe(which, fluid.stress()),
                                        out});
      else
        run(DeriveRow<Stress, Fluid>{model, primitives.data(), layout.component, static_cast<Derived>(which - stored),
                                     out});
    });
  });
}

}  // namespace ister::solvers

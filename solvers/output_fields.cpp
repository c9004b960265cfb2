#include "solvers/output_fields.hpp"

#include "core/grid/rows.hpp"
#include "physics/stress_tensor.hpp"
#include "solvers/equations.hpp"

// The fields that are derived from the evolved ones, a row each: the name, whether files hold it unless asked
// otherwise, and its value at a point, where `w` is the enthalpy density, `eos` the equation of state, `state` velocity
// and stresses in units of w, and `k` the kinematics of the velocity.
#define ISTER_DERIVED_FIELDS(ROW)                                      \
  ROW(temperature, always, eos.temperature)                            \
  ROW(T00, on_request, w* conserved<Stress>(eos, state, k).energy)     \
  ROW(T0x, on_request, w* conserved<Stress>(eos, state, k).momentum.x) \
  ROW(T0y, on_request, w* conserved<Stress>(eos, state, k).momentum.y) \
  ROW(T0z, on_request, w* conserved<Stress>(eos, state, k).momentum.z)

namespace ister::solvers {
namespace {

#define ISTER_NAME(name, shown, value) name,
enum class Derived { ISTER_DERIVED_FIELDS(ISTER_NAME) none };
#undef ISTER_NAME

/// Whether files hold a field unless the input says otherwise.
enum class Shown { always, on_request };

struct DerivedField {
  const char* name;
  Shown shown;
};
#define ISTER_ROW(name, shown, value) {#name, Shown::shown},
constexpr DerivedField derived_fields[] = {ISTER_DERIVED_FIELDS(ISTER_ROW)};
#undef ISTER_ROW

/// T^{0m}/w.
template <class Stress>
ISTER_INLINE physics::StressTensor conserved(const physics::EosPoint& eos, const physics::FlowState& state,
                                             const physics::Kinematics& k) {
  const double ratio = eos.pressure_over_energy;
  return physics::stress_tensor<Stress>(ratio / (1.0 + ratio), state, k);
}

/// What an output field is: derived, a primitive variable in some form, pi^{zz}, or zero.
struct Recipe {
  Derived derived = Derived::none;
  bool present = true;
  Form form = Form::itself;
  int component = 0;
};

Recipe recipe(int which, StressKind stress) {
  Recipe r;
  const int stored = static_cast<int>(std::size(state_fields));
  if (which >= stored) {
    r.derived = static_cast<Derived>(which - stored);
    return r;
  }
  visit_stress(stress, [&](auto tag) {
    constexpr bool shear = decltype(tag)::shear, bulk = decltype(tag)::bulk;
    r.form = state_fields[which].form;
    r.present = has_part(state_fields[which].part, shear, bulk);
    for (int f = 0; f < which; ++f) r.component += evolves(state_fields[f], shear, bulk);
  });
  return r;
}

template <class Stress, class Fluid>
struct Derive {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  Recipe recipe;
  double* out;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) out[i] = value(i);
  }

  ISTER_INLINE double value(std::int64_t i) const {
    if (!recipe.present) return 0.0;
    const physics::EosPoint eos = fluid.eos(primitives[i]);
    const double e = simd_exp(primitives[i]), w = e * (1.0 + eos.pressure_over_energy);
    physics::FlowState state;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, state, k);
    switch (recipe.derived) {
#define ISTER_CASE(name, shown, value) \
  case Derived::name:                  \
    return value;
      ISTER_DERIVED_FIELDS(ISTER_CASE)
#undef ISTER_CASE
      case Derived::none:
        break;
    }
    const double y = primitives[recipe.component * stride + i];
    switch (recipe.form) {
      case Form::logarithm:
        return e;
      case Form::per_enthalpy:
        return w * y;
      case Form::from_trace:
        return w * state.pi.zz;
      default:
        return y;
    }
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
  fluid.visit([&](const auto& model) {
    visit_stress(fluid.stress(), [&](auto tag) {
      using Functor = Derive<decltype(tag), std::decay_t<decltype(model)>>;
      core::for_each_point(label, layout,
                           Functor{model, primitives.data(), layout.component, recipe(which, fluid.stress()), out});
    });
  });
}

}  // namespace ister::solvers

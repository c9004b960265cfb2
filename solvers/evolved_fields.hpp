#pragma once
#include <iterator>
#include <vector>

#include "physics/israel_stewart.hpp"

namespace ister::solvers {

/// The fields of a state at the points of a box, as state files hold them: natural units, contravariant spatial
/// components (in Milne coordinates each z index carries a factor tau), arrays in (z, y, x) order, x fastest, no
/// padding.
struct InitialState {
  std::vector<double> energy_density, ux, uy, uz, pixx, pixy, pixz, piyy, piyz, pizz, bulk_pressure;
};

/// The parts of a state; a run evolves those that its fluid has.
enum class Part { matter, shear, bulk };

/// How the primitive variable of a field gives the field: exp(y), y, w y; or it follows from the trace of the stress
/// and is not evolved.
enum class Form { logarithm, itself, per_enthalpy, from_trace };

/// Which rate a field relaxes with.
enum class Relaxation { none = -1, shear, bulk, count };

/// What the error of a primitive variable is measured in: 1, or the largest flow where that is above 1.
enum class ErrorScale { one, flow };

struct StateField {
  const char* name;  ///< in files
  Part part;
  Form form;
  Relaxation relaxation;
  ErrorScale error;
  std::vector<double> InitialState::*values;
};

/// All that is known of the evolved fields, in the order of state files and of the evolved components. Everything else
/// follows: the components below, state files, checkpoints, error norm, relaxation, initial states, output.
constexpr StateField state_fields[] = {
    {"energy_density", Part::matter, Form::logarithm, Relaxation::none, ErrorScale::one, &InitialState::energy_density},
    {"ux", Part::matter, Form::itself, Relaxation::none, ErrorScale::flow, &InitialState::ux},
    {"uy", Part::matter, Form::itself, Relaxation::none, ErrorScale::flow, &InitialState::uy},
    {"uz", Part::matter, Form::itself, Relaxation::none, ErrorScale::flow, &InitialState::uz},
    {"pixx", Part::shear, Form::per_enthalpy, Relaxation::shear, ErrorScale::one, &InitialState::pixx},
    {"pixy", Part::shear, Form::per_enthalpy, Relaxation::shear, ErrorScale::one, &InitialState::pixy},
    {"pixz", Part::shear, Form::per_enthalpy, Relaxation::shear, ErrorScale::one, &InitialState::pixz},
    {"piyy", Part::shear, Form::per_enthalpy, Relaxation::shear, ErrorScale::one, &InitialState::piyy},
    {"piyz", Part::shear, Form::per_enthalpy, Relaxation::shear, ErrorScale::one, &InitialState::piyz},
    {"pizz", Part::shear, Form::from_trace, Relaxation::shear, ErrorScale::one, &InitialState::pizz},
    {"bulk_pressure", Part::bulk, Form::per_enthalpy, Relaxation::bulk, ErrorScale::one, &InitialState::bulk_pressure},
};

/// Whether a fluid with these stresses has a part.
constexpr bool has_part(Part part, bool shear, bool bulk) {
  return part == Part::shear ? shear : (part == Part::bulk ? bulk : true);
}

/// Whether a field has a component of its own in such a fluid.
constexpr bool evolves(const StateField& field, bool shear, bool bulk) {
  return field.form != Form::from_trace && has_part(field.part, shear, bulk);
}

/// Evolved components before the first field of a part.
template <class Stress>
constexpr int components_before(Part part) {
  int components = 0;
  for (const StateField& field : state_fields) {
    if (field.part == part) break;
    components += evolves(field, Stress::shear, Stress::bulk) ? 1 : 0;
  }
  return components;
}

/// All of them.
template <class Stress>
constexpr int evolved_components() {
  int components = 0;
  for (const StateField& field : state_fields) components += evolves(field, Stress::shear, Stress::bulk) ? 1 : 0;
  return components;
}

/// Numbers of the evolved components. Primitive formulation: ln e, u^i, pi^{ij}/w, Pi/w; conservative formulation:
/// tau T^{0m} (tau = 1 in Minkowski space), pi^{ij}, Pi. Stresses that are not evolved have no component.
template <class Stress>
struct Variables {
  static constexpr int energy = components_before<Stress>(Part::matter);
  static constexpr int flow = energy + 1;                               ///< x y z
  static constexpr int shear = components_before<Stress>(Part::shear);  ///< xx xy xz yy yz
  static constexpr int bulk = components_before<Stress>(Part::bulk);
  static constexpr int count = evolved_components<Stress>();
};

/// Velocity of a point from an array of components, (c, i) at data[c * stride + i], `at` = data + i.
template <class Stress>
ISTER_INLINE Vec3 load_velocity(const double* at, std::int64_t stride) {
  constexpr int flow = Variables<Stress>::flow;
  return {at[flow * stride], at[(flow + 1) * stride], at[(flow + 2) * stride]};
}

/// Stresses of a point from such an array; zz is not filled in.
/// In place: g++ 12 does not take apart a copied struct of this size, and the row loop would not vectorise.
template <class Stress>
ISTER_INLINE void load_stresses(const double* at, std::int64_t stride, Sym3& pi, double& bulk) {
  using V = Variables<Stress>;
  constexpr int c = V::shear;
  if constexpr (Stress::shear)
    pi = {at[c * stride], at[(c + 1) * stride], at[(c + 2) * stride], at[(c + 3) * stride], at[(c + 4) * stride], 0.0};
  if constexpr (Stress::bulk) bulk = at[V::bulk * stride];
}

/// The reverse.
template <class Stress>
ISTER_INLINE void store_stresses(const Sym3& pi, double bulk, double* at, std::int64_t stride) {
  using V = Variables<Stress>;
  constexpr int c = V::shear;
  if constexpr (Stress::shear) {
    at[c * stride] = pi.xx;
    at[(c + 1) * stride] = pi.xy;
    at[(c + 2) * stride] = pi.xz;
    at[(c + 3) * stride] = pi.yy;
    at[(c + 4) * stride] = pi.yz;
  }
  if constexpr (Stress::bulk) at[V::bulk * stride] = bulk;
}

/// Velocity, its kinematics and the stresses, pi^{zz} included, of a point from the primitive variables.
template <class Stress>
ISTER_INLINE void load_flow(const double* data, std::int64_t stride, std::int64_t i, physics::FlowState& state,
                            physics::Kinematics& k) {
  state.u = load_velocity<Stress>(data + i, stride);
  load_stresses<Stress>(data + i, stride, state.pi, state.bulk);
  k = physics::kinematics(state.u);
  physics::complete_trace<Stress>(k, state);
}

}  // namespace ister::solvers

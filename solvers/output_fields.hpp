#pragma once
#include <string>
#include <vector>

namespace ister::core {
class FieldBundle;
}

namespace ister::solvers {

class DeviceFluid;

/// The names of all fields that state files can hold, in their order there.
[[nodiscard]] const std::vector<std::string>& output_field_names();

/// What files say of a field: its units, natural, and its name in words.
struct FieldLabel {
  const char* units;
  const char* long_name;
};
[[nodiscard]] FieldLabel output_field_label(int which);

/// Those that state files hold unless the input says otherwise.
[[nodiscard]] std::vector<std::string> default_output_fields();

/// Computes one of them (a number in the list above), at every point of the block, from the primitive variables;
/// stresses that the fluid does not have are zero.
void derive_output_field(int which, const DeviceFluid& fluid, const core::FieldBundle& primitives, double* out);

}  // namespace ister::solvers

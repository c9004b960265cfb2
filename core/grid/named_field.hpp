#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ister::core {

/// A scalar field under the name it has in files. The functions copy this rank's block, ordered (z, y, x) with x
/// fastest and without padding, out of or into the owner's memory (wherever that is); `copy_in` is empty for
/// fields that are derived from others.
struct NamedField {
  std::string name;
  std::function<void(double* values)> copy_out;
  std::function<void(const double* values)> copy_in;
};

/// Metadata that travels with fields into files.
using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;
using Attributes = std::map<std::string, Attribute>;

}  // namespace ister::core

#pragma once
#include <map>
#include <string>
#include <vector>

#include "io/array_file.hpp"

namespace ister::io {

/// A file of arrays as before, with attributes of groups that hold arrays as well, by the names of these.
FileContent hdf5_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays,
                         const core::Attributes& attributes, const std::map<std::string, core::Attributes>& groups);

}  // namespace ister::io

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "io/atomic_file.hpp"
#include "io/surface_file.hpp"

/// Surfaces in the formats of other codes.
namespace ister::drivers {

/// Slices of eta that a boost-invariant surface is repeated in, as middles and width.
struct EtaSlices {
  std::vector<double> middles{0.0};
  double width = 1.0;
};

struct SurfaceFormat {
  const char *name, *precision;  ///< how many digits of an element it keeps, in words
};

const std::vector<SurfaceFormat>& surface_formats();

/// The files that hold a surface in a format, `path` and those that the reader wants beside it. InputError where the
/// format cannot say what the surface is, such as one in Minkowski space, or has no use for slices.
std::vector<io::FileContent> surface_as(const std::string& format, const io::SurfaceContent& content,
                                        const core::surface::ElementTable& table,
                                        const std::optional<EtaSlices>& slices, const std::filesystem::path& path);

}  // namespace ister::drivers

#include "io/xdmf.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "io/atomic_file.hpp"

namespace ister::io {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

std::string escaped(const std::string& text) {
  static const std::map<char, std::string> entities{{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
  std::string result;
  for (const char c : text) {
    const auto entity = entities.find(c);
    result += entity == entities.end() ? std::string(1, c) : entity->second;
  }
  return result;
}

const std::string id_begin = "<!-- run ", id_end = " -->\n";

/// A number or text for each direction, slowest first.
template <class Function>
std::string per_direction(Function&& function) {
  return function(2) + " " + function(1) + " " + function(0);
}

}  // namespace

void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::string& group, const std::string& run_id) {
  // Unresolved directions are one point thick: ParaView would put a 2DCoRectMesh into the plane of y and z, and both
  // of its XDMF readers take a dataset (ny, nx) for 1 x ny x nx points.
  const std::string extents = per_direction([&](int d) { return std::to_string(grid.points[d]); });
  const std::string origin = per_direction([&](int d) { return number(grid.coordinate(d, 0)); });
  const std::string spacing = per_direction([&](int d) { return number(d < grid.dimensions ? grid.spacing(d) : 1.0); });
  const std::string item = "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">";
  const std::string mesh = "        <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"" + extents + "\"/>\n" +
                           "        <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n" +  //
                           item + origin + "</DataItem>\n" +                        //
                           item + spacing + "</DataItem>\n" +                       //
                           "        </Geometry>\n";
  std::string text = "<?xml version=\"1.0\"?>\n" + id_begin + escaped(run_id) + id_end +
                     "<Xdmf Version=\"2.0\">\n"
                     "  <Domain>\n"
                     "    <Grid Name=\"snapshots\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const auto& snapshot : snapshots) {
    text += "      <Grid Name=\"" + escaped(snapshot.file) + "\" GridType=\"Uniform\">\n        <Time Value=\"" +
            number(snapshot.time) + "\"/>\n" + mesh;
    for (const auto& field : snapshot.fields) {
      text += "        <Attribute Name=\"" + escaped(field) + "\" AttributeType=\"Scalar\" Center=\"Node\">\n";
      text += "          <DataItem Dimensions=\"" + extents + "\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">";
      text += escaped(snapshot.file + ":/" + group + "/" + field) + "</DataItem>\n        </Attribute>\n";
    }
    text += "      </Grid>\n";
  }
  text += "    </Grid>\n  </Domain>\n</Xdmf>\n";
  write_text_file(path, text);
}

std::string run_id_of_xdmf(const std::filesystem::path& path) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, unknown))) return "";
  const Descriptor file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::string text(static_cast<std::size_t>(std::min<std::int64_t>(file.size(), 200)), '\0');
  file.read_at(text.data(), text.size(), 0);
  const std::size_t begin = text.find(id_begin), end = text.find(id_end);
  if (begin == std::string::npos || end == std::string::npos) return "";
  return text.substr(begin + id_begin.size(), end - begin - id_begin.size());
}

}  // namespace ister::io

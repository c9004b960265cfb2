#include "io/xdmf.hpp"

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

/// A number or text for each direction, slowest first.
template <class Function>
std::string per_direction(Function&& function) {
  return function(2) + " " + function(1) + " " + function(0);
}

}  // namespace

void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::vector<std::string>& fields, const std::string& group) {
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
  std::string text =
      "<?xml version=\"1.0\"?>\n"
      "<Xdmf Version=\"2.0\">\n"
      "  <Domain>\n"
      "    <Grid Name=\"snapshots\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const auto& snapshot : snapshots) {
    text += "      <Grid Name=\"" + escaped(snapshot.file) + "\" GridType=\"Uniform\">\n        <Time Value=\"" +
            number(snapshot.time) + "\"/>\n" + mesh;
    for (const auto& field : fields) {
      text += "        <Attribute Name=\"" + escaped(field) + "\" AttributeType=\"Scalar\" Center=\"Node\">\n";
      text += "          <DataItem Dimensions=\"" + extents + "\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">";
      text += escaped(snapshot.file + ":/" + group + "/" + field) + "</DataItem>\n        </Attribute>\n";
    }
    text += "      </Grid>\n";
  }
  text += "    </Grid>\n  </Domain>\n</Xdmf>\n";
  write_text_file(path, text);
}

}  // namespace ister::io

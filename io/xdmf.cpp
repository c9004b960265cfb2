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

/// The points of all snapshots. Unresolved directions are one point thick: ParaView would put a 2DCoRectMesh into the
/// plane of y and z, and both of its XDMF readers take a dataset (ny, nx) for 1 x ny x nx points.
std::string extents_of(const core::Grid& grid) {
  return per_direction([&](int d) { return std::to_string(grid.points[d]); });
}

std::string mesh_of(const core::Grid& grid) {
  const std::string origin = per_direction([&](int d) { return number(grid.coordinate(d, 0)); });
  const std::string spacing = per_direction([&](int d) { return number(d < grid.dimensions ? grid.spacing(d) : 1.0); });
  const std::string item = "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">";
  return "        <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"" + extents_of(grid) + "\"/>\n" +
         "        <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n" +  //
         item + origin + "</DataItem>\n" +                        //
         item + spacing + "</DataItem>\n" +                       //
         "        </Geometry>\n";
}

/// Where a field stands.
std::string data_item(const std::string& extents, const std::string& place) {
  return "          <DataItem Dimensions=\"" + extents + "\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">" +
         escaped(place) + "</DataItem>\n";
}

std::string attribute(const std::string& name, const char* type, const std::string& items) {
  return "        <Attribute Name=\"" + escaped(name) + "\" AttributeType=\"" + type + "\" Center=\"Node\">\n" + items +
         "        </Attribute>\n";
}

/// Its components, put side by side by the reader.
std::string joined(const std::string& extents, const std::string& place, const VectorField& vector) {
  std::string items;
  for (const std::string& component : vector.components) items += data_item(extents, place + component);
  return "          <DataItem ItemType=\"Function\" Function=\"JOIN($0, $1, $2)\" Dimensions=\"" + extents + " 3\">\n" +
         items + "          </DataItem>\n";
}

bool holds(const Snapshot& snapshot, const VectorField& vector) {
  return std::all_of(vector.components.begin(), vector.components.end(), [&](const std::string& component) {
    return std::find(snapshot.fields.begin(), snapshot.fields.end(), component) != snapshot.fields.end();
  });
}

}  // namespace

void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::string& group, const std::string& run_id, const std::vector<VectorField>& vectors) {
  const std::string extents = extents_of(grid), mesh = mesh_of(grid);
  std::string text = "<?xml version=\"1.0\"?>\n" + id_begin + escaped(run_id) + id_end +
                     "<Xdmf Version=\"2.0\">\n"
                     "  <Domain>\n"
                     "    <Grid Name=\"snapshots\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const auto& snapshot : snapshots) {
    const std::string place = snapshot.file + ":/" + group + "/";
    text += "      <Grid Name=\"" + escaped(snapshot.file) + "\" GridType=\"Uniform\">\n        <Time Value=\"" +
            number(snapshot.time) + "\"/>\n" + mesh;
    for (const auto& field : snapshot.fields) text += attribute(field, "Scalar", data_item(extents, place + field));
    for (const auto& vector : vectors)
      if (holds(snapshot, vector)) text += attribute(vector.name, "Vector", joined(extents, place, vector));
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

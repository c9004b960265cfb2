#include "drivers/ensemble/kept_surfaces.hpp"

#include <sstream>

#include "io/surface_tables.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;

const std::string prefix = "kept_";

void pack(const ElementTable& table, core::Attributes& attributes) {
  const std::string name = prefix + table.name + "_";
  std::vector<std::int64_t> slabs;
  std::string columns;
  for (const core::surface::ElementSlab& slab : table.slabs) slabs.insert(slabs.end(), {slab.step, slab.count});
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    columns += table.columns[c] + " ";
    attributes[name + table.columns[c]] = table.values[c];
  }
  attributes[name + "slabs"] = slabs;
  attributes[name + "columns"] = columns;
}

ElementTable unpacked(const core::Attributes& attributes, const std::string& table_name) {
  const std::string name = prefix + table_name + "_";
  ElementTable found;
  found.name = table_name;
  std::istringstream columns(std::get<std::string>(attributes.at(name + "columns")));
  for (std::string column; columns >> column;) {
    found.columns.push_back(column);
    found.values.push_back(std::get<std::vector<double>>(attributes.at(name + column)));
  }
  const auto& slabs = std::get<std::vector<std::int64_t>>(attributes.at(name + "slabs"));
  std::int64_t offset = 0;
  for (std::size_t s = 0; s + 1 < slabs.size(); s += 2) {
    found.slabs.push_back({slabs[s], offset, slabs[s + 1], 0});
    offset += slabs[s + 1];
  }
  ElementTable table = found;
  table.clear();
  io::append_elements(table, found);  // with their checksums
  return table;
}

}  // namespace

core::Attributes packed(const io::EnsembleEvent& event) {
  core::Attributes attributes;
  std::string surfaces;
  for (const auto& [name, value] : event.attributes) attributes[prefix + "attribute_" + name] = value;
  for (const io::NamedArray& column : event.history)
    attributes[prefix + "history_" + column.name] = column.array.values;
  for (const ElementTable& table : event.surfaces) {
    pack(table, attributes);
    surfaces += table.name + " ";
  }
  attributes[prefix + "surfaces"] = surfaces;
  return attributes;
}

void unpack(const core::Attributes& attributes, io::EnsembleEvent& event) {
  for (auto& [name, value] : event.attributes) value = attributes.at(prefix + "attribute_" + name);
  for (io::NamedArray& column : event.history)
    column.array = io::Array(std::get<std::vector<double>>(attributes.at(prefix + "history_" + column.name)));
  std::istringstream surfaces(std::get<std::string>(attributes.at(prefix + "surfaces")));
  for (std::string name; surfaces >> name;) event.surfaces.push_back(unpacked(attributes, name));
}

}  // namespace ister::drivers

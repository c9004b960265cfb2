#include "core/grid/field_bundle.hpp"

#include <algorithm>

namespace ister::core {
namespace {

/// Calls copy(offset) for every row of a box within a block, in file order.
template <class Copy>
void for_each_row(const BlockLayout& layout, const Box& box, const Copy& copy) {
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y) copy(layout.at(box.offset[0], y, z));
}

}  // namespace

BlockLayout::BlockLayout(int resolved, const Box& box)
    : dimensions(resolved), first{box.offset[0], box.offset[1], box.offset[2]} {
  columns = box.count[0];
  rows = dimensions == 3 ? box.count[1] : 1;
  planes = dimensions == 1 ? 1 : box.count[dimensions - 1];
  pitch = padded(columns);
  plane = padded(rows * pitch);
  component = padded(planes * plane);
}

Box BlockLayout::box() const {
  return {{first[0], first[1], first[2]}, {columns, dimensions == 2 ? planes : rows, dimensions == 3 ? planes : 1}};
}

FieldBundle::FieldBundle(ArrayPool& pool, const BlockLayout& layout, int components)
    : m_memory(pool.acquire(layout.component * components)), m_layout(layout), m_components(components) {
  if (!pool.counts()) Kokkos::deep_copy(view(), 0.0);
}

void FieldBundle::copy_out(int c, double* values) const {
  const auto size = static_cast<std::size_t>(m_layout.component);
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), ConstDeviceArray(component(c), size));
  for_each_row(m_layout, m_layout.box(),
               [&](std::int64_t row) { values = std::copy_n(host.data() + row, m_layout.columns, values); });
}

void FieldBundle::copy_in(int c, const double* values, const Box& box) {
  if (box.points() == 0) return;
  std::int64_t last[3];
  for (int d = 0; d < 3; ++d) last[d] = box.offset[d] + box.count[d] - 1;
  const std::int64_t begin = m_layout.at(box.offset[0], box.offset[1], box.offset[2]),
                     end = m_layout.at(last[0], last[1], last[2]) + 1;
  const DeviceArray device(component(c) + begin, static_cast<std::size_t>(end - begin));
  // With what lies between the rows of the box.
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), device);
  for_each_row(m_layout, box, [&](std::int64_t row) {
    std::copy_n(values, box.count[0], host.data() + row - begin);
    values += box.count[0];
  });
  Kokkos::deep_copy(device, host);
}

}  // namespace ister::core

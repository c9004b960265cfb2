#include "core/grid/field_bundle.hpp"

#include <algorithm>

namespace ister::core {
namespace {

/// Calls copy(packed row, memory row) for every row of a component that lies in host memory.
template <class Copy>
void for_each_row(const BlockLayout& layout, const Copy& copy) {
  std::int64_t packed = 0;
  for (std::int64_t p = 0; p < layout.planes; ++p)
    for (std::int64_t r = 0; r < layout.rows; ++r, packed += layout.columns) copy(packed, layout.row_offset(p, r));
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

void FieldBundle::copy_out(int c, double* values) const {
  const auto size = static_cast<std::size_t>(m_layout.component);
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), ConstDeviceArray(component(c), size));
  for_each_row(m_layout, [&](std::int64_t packed, std::int64_t row) {
    std::copy_n(host.data() + row, m_layout.columns, values + packed);
  });
}

void FieldBundle::copy_in(int c, const double* values, const Range& layers) {
  BlockLayout part = m_layout;
  (m_layout.dimensions == 1 ? part.columns : part.planes) = layers.size();
  const DeviceArray device(component(c) + layers.begin * m_layout.slab_stride(),
                           static_cast<std::size_t>(layers.size() * m_layout.slab_stride()));
  const auto host = Kokkos::create_mirror_view(Kokkos::HostSpace(), device);
  for_each_row(part, [&](std::int64_t packed, std::int64_t row) {
    std::copy_n(values + packed, part.columns, host.data() + row);
  });
  Kokkos::deep_copy(device, host);
}

}  // namespace ister::core

#include "core/kernels/angles/angle_range.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

/// Numbers in the order of the doubles: neighbours differ by one.
std::uint64_t order_of(double x) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

double double_of(std::uint64_t order) {
  const std::uint64_t bits = (order & sign_bit) != 0 ? order & ~sign_bit : ~order;
  double x = 0;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// The last double inside a range on the way from `inside` to `outside`.
double last_inside(const AngleRange& range, double inside, double outside) {
  if (range.contains(outside)) return outside;
  std::uint64_t in = order_of(inside), out = order_of(outside);
  while ((in > out ? in - out : out - in) > 1) {
    const std::uint64_t middle = std::min(in, out) + (in > out ? in - out : out - in) / 2;
    (range.contains(double_of(middle)) ? in : out) = middle;
  }
  return double_of(in);
}

}  // namespace

AngleRange::AngleRange(double lower, double upper, bool axial)
    : m_lower(lower), m_upper(upper), m_period(axial ? 180.0 : 360.0), m_width(upper - lower) {
  constexpr double largest = 1e6;
  if (!(std::abs(lower) <= largest && std::abs(upper) <= largest))
    throw InputError(fmt::format("the angle range {}:{}: its ends are degrees between {:g} and {:g}", lower, upper,
                                 -largest, largest));
  if (m_width < 0) m_width = modulo(m_width, m_period);
}

void AngleRange::append_intervals(double limit, std::vector<Interval>& intervals) const {
  if (m_width >= m_period) {
    intervals.push_back({-limit, limit});
    return;
  }
  const double first = std::floor((-limit - m_lower - m_width) / m_period);
  const double last = std::ceil((limit - m_lower) / m_period);
  for (double turns = first; turns <= last; ++turns) {
    const double begin = m_lower + turns * m_period, centre = begin + 0.5 * m_width;
    // One that is narrower than rounding may contain only its ends, and far from home not even these.
    for (const double inside : {centre, begin, m_upper + turns * m_period}) {
      if (!contains(inside)) continue;
      intervals.push_back(
          {last_inside(*this, inside, centre - 0.5 * m_period), last_inside(*this, inside, centre + 0.5 * m_period)});
      break;
    }
  }
}

}  // namespace ister::core

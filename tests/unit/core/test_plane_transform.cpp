#include "core/spectral/plane_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.hpp"

namespace ister::tests {
namespace {

class PlaneTransforms : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(PlaneTransforms, AreTheSumsTheySayTheyAre) {
  const auto [nx, ny] = GetParam();
  std::vector<double> values(static_cast<std::size_t>(nx * ny));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = random_uniforms(3, {i}).first;
  core::PlaneTransform transform(nx, ny);
  const std::vector<std::complex<double>> modes = transform.forward(values);
  ASSERT_EQ(static_cast<std::int64_t>(modes.size()), transform.modes());
  for (int ky = 0; ky < ny; ++ky)
    for (int kx = 0; kx < transform.row_modes(); ++kx) {
      std::complex<double> sum = 0;
      for (int iy = 0; iy < ny; ++iy)
        for (int ix = 0; ix < nx; ++ix)
          sum += values[iy * nx + ix] * std::polar(1.0, -2 * M_PI * (double(kx) * ix / nx + double(ky) * iy / ny));
      EXPECT_LE(std::abs(modes[ky * transform.row_modes() + kx] - sum), 1e-13 * nx * ny);
    }
  const std::vector<double> back = transform.backward(modes);
  ASSERT_EQ(back.size(), values.size());
  for (int i = 0; i < nx * ny; ++i) EXPECT_NEAR(back[i], nx * ny * values[i], 1e-14 * nx * ny);
}

INSTANTIATE_TEST_SUITE_P(Shapes, PlaneTransforms,
                         testing::Values(std::pair(8, 9), std::pair(9, 8), std::pair(12, 10), std::pair(1, 7),
                                         std::pair(7, 1)));

}  // namespace
}  // namespace ister::tests

#include "core/surface/simplex.hpp"

namespace ister::core::surface {

template <>
const std::vector<QuadraturePoint<1>>& quadrature<1>() {
  static const std::vector<QuadraturePoint<1>> rule = [] {
    const double a = 0.5 * (1.0 - std::sqrt(0.6));
    return std::vector<QuadraturePoint<1>>{
        {5.0 / 18.0, {1.0 - a, a}}, {4.0 / 9.0, {0.5, 0.5}}, {5.0 / 18.0, {a, 1.0 - a}}};
  }();
  return rule;
}

template <>
const std::vector<QuadraturePoint<2>>& quadrature<2>() {
  static const std::vector<QuadraturePoint<2>> rule = [] {
    std::vector<QuadraturePoint<2>> points;
    const auto orbit = [&](double weight, double a) {
      const double b = 1.0 - 2.0 * a;
      for (const auto& corner : {std::array{b, a, a}, std::array{a, b, a}, std::array{a, a, b}})
        points.emplace_back(0.5 * weight, corner);
    };
    orbit(0.109951743655321867638326324900210, 0.0915762135097707434595714634022015);
    orbit(0.223381589678011465695007008433123, 0.445948490915964886318329253883051);
    return points;
  }();
  return rule;
}

template <>
const std::vector<QuadraturePoint<3>>& quadrature<3>() {
  static const std::vector<QuadraturePoint<3>> rule = [] {
    std::vector<QuadraturePoint<3>> points;
    const auto corners = [&](double weight, double a) {
      for (int i = 0; i < 4; ++i) {
        std::array<double, 4> corner{a, a, a, a};
        corner[i] = 1.0 - 3.0 * a;
        points.emplace_back(weight / 6.0, corner);
      }
    };
    const auto edges = [&](double weight, double a) {
      for (int i = 0; i < 4; ++i)
        for (int j = i + 1; j < 4; ++j) {
          std::array<double, 4> corner{0.5 - a, 0.5 - a, 0.5 - a, 0.5 - a};
          corner[i] = corner[j] = a;
          points.emplace_back(weight / 6.0, corner);
        }
    };
    corners(0.11268792571801585080, 0.31088591926330060980);
    corners(0.073493043116361949544, 0.092735250310891226402);
    edges(0.042546020777081466438, 0.045503704125649649492);
    return points;
  }();
  return rule;
}

}  // namespace ister::core::surface

#include "physics/gauss_legendre.hpp"

#include <gsl/gsl_integration.h>

#include <memory>

namespace ister::physics {

QuadratureRule gauss_legendre(int count) {
  const std::unique_ptr<gsl_integration_glfixed_table, void (*)(gsl_integration_glfixed_table*)> table(
      gsl_integration_glfixed_table_alloc(static_cast<std::size_t>(count)), gsl_integration_glfixed_table_free);
  QuadratureRule rule;
  for (int i = 0; i < count; ++i) {
    double point = 0.0, weight = 0.0;
    gsl_integration_glfixed_point(0.0, 1.0, static_cast<std::size_t>(i), &point, &weight, table.get());
    rule.points.push_back(point);
    rule.weights.push_back(weight);
  }
  return rule;
}

}  // namespace ister::physics

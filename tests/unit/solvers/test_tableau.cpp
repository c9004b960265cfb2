#include "solvers/time/tableau.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/base/error.hpp"

namespace ister::tests {
namespace {

using namespace solvers;

using Matrix = std::vector<std::vector<double>>;

/// A method with the rows of its matrix filled up with zeros. Its weights are those of one kind of term.
struct Method {
  Matrix a;
  std::vector<double> b;
};

Matrix filled(Matrix a, std::size_t stages) {
  for (auto& row : a) row.resize(stages, 0.0);
  return a;
}

/// A rooted tree whose vertices carry the kind of term (explicit or implicit) that is differentiated there.
struct Tree {
  int kind = 0;
  std::vector<Tree> children;

  [[nodiscard]] int order() const {
    return std::accumulate(children.begin(), children.end(), 1, [](int n, const Tree& c) { return n + c.order(); });
  }
  [[nodiscard]] double density() const {
    return std::accumulate(children.begin(), children.end(), static_cast<double>(order()),
                           [](double d, const Tree& c) { return d * c.density(); });
  }
};

/// Every tree of an order over `kinds` kinds of vertices; forests are listed with repetitions, which does no harm.
std::vector<Tree> trees(int order, int kinds) {
  std::vector<Tree> result;
  const std::function<void(int, std::vector<Tree>)> grow = [&](int rest, std::vector<Tree> forest) {
    if (rest == 0) {
      for (int kind = 0; kind < kinds; ++kind) result.push_back({kind, forest});
      return;
    }
    for (int size = 1; size <= rest; ++size) {
      if (!forest.empty() && size > forest.back().order()) break;
      for (const Tree& child : trees(size, kinds)) {
        forest.push_back(child);
        grow(rest - size, forest);
        forest.pop_back();
      }
    }
  };
  grow(order - 1, {});
  return result;
}

/// What a tree's vertices above the root contribute at each stage.
std::vector<double> stage_weights(const Tree& tree, const std::vector<Method>& methods) {
  std::vector<double> product(methods[0].b.size(), 1.0);
  for (const Tree& child : tree.children) {
    const std::vector<double> inner = stage_weights(child, methods);
    const Matrix& a = methods[child.kind].a;
    for (std::size_t i = 0; i < product.size(); ++i)
      product[i] *= std::inner_product(inner.begin(), inner.end(), a[i].begin(), 0.0);
  }
  return product;
}

/// The largest violation of a condition of exactly this order: sum_i b_i Phi_i = 1/gamma for every tree.
double violation(const std::vector<Method>& methods, int order) {
  double worst = 0;
  for (const Tree& tree : trees(order, static_cast<int>(methods.size()))) {
    const std::vector<double> weights = stage_weights(tree, methods);
    const std::vector<double>& b = methods[tree.kind].b;
    const double sum = std::inner_product(weights.begin(), weights.end(), b.begin(), 0.0);
    worst = std::max(worst, std::abs(sum - 1.0 / tree.density()));
  }
  return worst;
}

void expect_exact_order(const std::vector<Method>& methods, int order, const std::string& name) {
  for (int q = 1; q <= order; ++q) EXPECT_LT(violation(methods, q), 1e-14) << name << ", conditions of order " << q;
  EXPECT_GT(violation(methods, order + 1), 1e-4) << name << " is of higher order than it says";
}

TEST(Tableau, ExplicitOrders) {
  for (const std::string& name : tableau_names()) {
    const Tableau& t = tableau(name);
    expect_exact_order({{filled(t.a, t.c.size()), t.b}}, t.order, name);
  }
}

TEST(Tableau, EmbeddedOrders) {
  int pairs = 0;
  for (const std::string& name : tableau_names()) {
    const Tableau& t = tableau(name);
    EXPECT_EQ(t.embedded_order > 0, !t.b_embedded.empty());
    if (t.embedded_order == 0) continue;
    ++pairs;
    expect_exact_order({{filled(t.a, t.c.size()), t.b_embedded}}, t.embedded_order, name + " (embedded)");
  }
  EXPECT_EQ(pairs, 2);
}

TEST(Tableau, StageTimesAreRowSums) {
  for (const std::string& name : tableau_names()) {
    const Tableau& t = tableau(name);
    for (std::size_t i = 0; i < t.c.size(); ++i) {
      EXPECT_NEAR(std::accumulate(t.a[i].begin(), t.a[i].end(), 0.0), t.c[i], 1e-14) << name << ", stage " << i;
      if (t.implicit.empty()) continue;
      EXPECT_NEAR(std::accumulate(t.implicit[i].begin(), t.implicit[i].end(), 0.0), t.c[i], 1e-14) << name;
    }
  }
}

/// The solution counts as one more stage, whose implicit row is also the implicit weights.
std::vector<Method> implicit_explicit_pair(const Tableau& t) {
  const std::size_t stages = t.c.size() + 1;
  Matrix a = t.a;
  a.push_back(t.b);
  std::vector<double> b = t.b;
  b.push_back(0.0);
  const Matrix implicit = filled(t.implicit, stages);
  return {{filled(a, stages), b}, {implicit, implicit.back()}};
}

TEST(Tableau, ImplicitExplicitOrdersAndTheirCoupling) {
  const Tableau& t = tableau("ars443");
  ASSERT_EQ(t.implicit.size(), t.c.size() + 1);
  const std::vector<Method> pair = implicit_explicit_pair(t);
  expect_exact_order({pair[1]}, 3, "ars443 (implicit part)");
  expect_exact_order(pair, 3, "ars443 (both parts together)");
}

TEST(Tableau, TheImplicitPartIsLStable) {
  // Stage by stage for y' = -r y with r dt -> infinity: every stage solves 0 = sum_j a_ij y_j.
  const Matrix implicit = filled(tableau("ars443").implicit, 5);
  std::vector<double> y{1.0};
  for (std::size_t i = 1; i < implicit.size(); ++i)
    y.push_back(-std::inner_product(y.begin(), y.end(), implicit[i].begin(), 0.0) / implicit[i][i]);
  EXPECT_EQ(y.back(), 0.0);
}

TEST(Tableau, TreesAreCounted) {
  // Over one kind of vertex 1, 1, 2, 4, 9 different ones exist; two kinds of vertices double per vertex or more.
  EXPECT_EQ(trees(1, 1).size(), 1u);
  EXPECT_EQ(trees(2, 1).size(), 1u);
  EXPECT_EQ(trees(3, 1).size(), 2u);
  EXPECT_EQ(trees(4, 1).size(), 4u);
  EXPECT_GE(trees(5, 1).size(), 9u);
  EXPECT_GE(trees(3, 2).size(), 14u);
}

TEST(Tableau, AnUnknownNameIsAnInputError) { EXPECT_THROW((void)tableau("euler"), InputError); }

}  // namespace
}  // namespace ister::tests

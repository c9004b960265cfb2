#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/kernels/homodyne/factors.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

namespace detail {
struct HomodyneTiles;
}

/// What least squares over all points of an angle finds: observed = offset + contrast |g1|^2.
struct HomodyneScaling {
  double contrast, offset;
  double chi_squared;  ///< of this angle
};

/// Derivatives of the sum over angles of chi-squared, contrast and offset adapting to the parameters.
struct HomodyneDerivatives {
  std::array<double, homodyne_parameters> gradient;  ///< of chi-squared
  /// J^T J of the residuals after contrast and offset are fitted, row by row: its inverse is the covariance.
  std::array<double, homodyne_parameters * homodyne_parameters> normal;
};

/// |g1(phi, t1, t2)|^2 of one pair of times in seconds, 0 <= t1, t2, phi in degrees, by its formula.
double homodyne_g1_squared(const HomodyneSetup& setup, const HomodyneParameters& parameters, double phi, double t1,
                           double t2);

/// Two-time correlations compared with the homodyne model
///     c2(phi, t1, t2) = offset_phi + contrast_phi |g1(phi, t1, t2)|^2
/// in one pass over pairs t1 < t2 for all models of a batch; of the models nothing of frames x frames is stored.
/// Sums are taken about values close to the observed and the modelled ones, so that small contrasts and small
/// chi-squared keep their digits, and in an order that does not depend on the number of threads. Evaluating allocates
/// nothing.
class Homodyne {
 public:
  /// `observed`: an array of frames x frames for each angle, of which only t1 < t2 is read, and t1 = t2 where the
  /// set-up asks for it. `sigma`: one standard deviation, one for each angle, or one for each entry of `observed`;
  /// empty in version 1, which takes its own from the data. InputError for fewer than 3 frames, sizes that do not
  /// match, sigma not above 0 and observed values that are not finite, with their place.
  Homodyne(HomodyneSetup setup, std::int64_t frames, const std::vector<double>& observed,
           const std::vector<double>& sigma);

  /// Fills scalings[model][angle]. A model that does not vary over the points of an angle has contrast 0 and the mean
  /// as offset. InputError for parameters that are not finite.
  void evaluate(const HomodyneParameters* models, std::int64_t count, HomodyneScaling* scalings);
  /// The same with derivatives[model].
  void evaluate(const HomodyneParameters* models, std::int64_t count, HomodyneScaling* scalings,
                HomodyneDerivatives* derivatives);

  /// (observed - model)/sigma of an angle as frames x frames: for t1 < t2, and zero elsewhere.
  [[nodiscard]] std::vector<double> residuals(const HomodyneParameters& model, int angle,
                                              const HomodyneScaling& scaling);

  [[nodiscard]] const HomodyneSetup& setup() const { return m_setup; }
  [[nodiscard]] int angles() const { return m_shape.angles; }
  [[nodiscard]] std::int64_t frames() const { return m_shape.frames; }
  /// Points used over all angles; version 1 counts every entry.
  [[nodiscard]] std::int64_t points() const;
  /// points - free parameters - 2 for each angle; in version 1 points - free parameters for each angle.
  [[nodiscard]] std::int64_t degrees_of_freedom(int free_parameters) const;

 private:
  /// Weighted sums over points of an angle that do not depend on a model; values are relative to `mean`.
  struct Moments {
    double mean = 0.0, weight = 1.0;                                       ///< weight: of chi-squared, for one sigma
    double count = 0.0, values = 0.0, squares = 0.0;                       ///< all points
    double diagonal = 0.0, diagonal_values = 0.0, diagonal_squares = 0.0;  ///< of these, t1 = t2
    double asymmetry = 0.0;                                                ///< what no symmetric model can fit
  };

  void store(const std::vector<double>& observed, const std::vector<double>& sigma);
  void take_weight_and_mean(const std::vector<double>& observed, const std::vector<double>& sigma, int angle);
  void run(const HomodyneParameters* models, std::int64_t count, bool derivatives);
  template <class Tiles>
  void run_tiles(std::int64_t models);
  void sum_tiles(std::int64_t model, int angle, bool derivatives, double* gram) const;
  [[nodiscard]] detail::HomodyneTiles tiles() const;

  HomodyneSetup m_setup;
  detail::HomodyneShape m_shape;
  double m_pair_weight = 1.0;
  std::vector<Moments> m_moments;
  DeviceArray m_values, m_scales;  ///< tiles; scales: 1/sigma of each point, empty for one sigma an angle
  std::vector<double> m_samples;   ///< observed values of the sampled pairs
  detail::HomodyneFactors m_factors;
  DeviceArray m_records, m_sums;
  HostArray m_sums_h;
};

}  // namespace ister::core

#pragma once

namespace ister::drivers {

/// What one rank with its threads reaches at best, to judge a program by.
struct MachineFigures {
  double bandwidth;  ///< bytes/s of a = b + s c on arrays beyond the caches, three arrays counted
  double fft_rate;   ///< flop/s of line transforms that stay in cache
};

/// Measures for about a tenth of a second. Where ranks share a machine, all should measure at the same time.
MachineFigures measure_machine();

}  // namespace ister::drivers

#pragma once
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "drivers/print.hpp"

namespace ister::drivers {

/// Says on standard error every two seconds how far long work has come; silent about short work.
class WorkProgress {
 public:
  WorkProgress(std::string what, std::int64_t total) : m_what(std::move(what)), m_total(total) {}

  /// After each piece.
  void update(std::int64_t done) {
    const auto now = Clock::now();
    if (now - m_told < std::chrono::seconds(2)) return;
    m_told = now;
    print_error("{}: {} of {}\n", m_what, done, m_total);
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::string m_what;
  std::int64_t m_total;
  Clock::time_point m_told = Clock::now();
};

}  // namespace ister::drivers

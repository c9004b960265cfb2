#pragma once
#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ister::core {

/// Where the time goes: a tree of nested regions, each with its calls, its time and what it moved and computed. Tools
/// that are attached to Kokkos see the same regions. A region allocates at its first visit only. Regions are entered
/// by the thread that runs the host code, never inside of kernels.
class Profiler {
  using Clock = std::chrono::steady_clock;

  struct Node {
    const char* name;
    std::string label;  ///< the name as Kokkos wants it
    Node* parent;
    std::vector<std::unique_ptr<Node>> children{};
    Clock::time_point entered = Clock::now();
    std::int64_t calls = 0;
    Clock::duration total{0};
    double bytes = 0, flops = 0;
  };

 public:
  /// The time from construction to destruction is spent in a region of this name within the one entered last.
  class Region {
   public:
    /// Nothing is recorded where there is no profiler. `name` is a string literal.
    Region(Profiler* profiler, const char* name) : m_profiler(profiler) {
      if (m_profiler != nullptr) m_profiler->enter(name);
    }
    ~Region() {
      if (m_profiler != nullptr) m_profiler->leave();
    }
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    /// Books bytes moved and floating-point operations on the region.
    void add_work(double bytes, double flops) const {
      if (m_profiler == nullptr) return;
      m_profiler->m_current->bytes += bytes;
      m_profiler->m_current->flops += flops;
    }

   private:
    Profiler* m_profiler;
  };

  /// A region on this rank. `total` contains the regions within, `self` does not, so that the `self` of all regions
  /// add up to the time that was spent in any.
  struct Record {
    std::string name;
    int depth;  ///< 0 outermost; a region follows the one it lies in
    std::int64_t calls;
    double total, self;  ///< seconds
    double bytes, flops;
  };

  Profiler();
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;

  /// All regions visited so far, depth first in the order of their first visit. Those still open count up to now.
  [[nodiscard]] std::vector<Record> records() const;
  /// Regions entered so far.
  [[nodiscard]] std::int64_t visits() const { return m_visits; }

 private:
  void enter(const char* name);
  void leave();
  void collect(const Node& node, int depth, Clock::time_point now, std::vector<Record>& records) const;
  [[nodiscard]] Clock::duration total_of(const Node& node, Clock::time_point now) const;

  Node m_root;
  Node* m_current;
  std::int64_t m_visits = 0;
};

/// Smallest, mean and largest of a number over the ranks.
struct Spread {
  double min = 0, mean = 0, max = 0;
};

/// Collective; the same on every rank.
Spread spread_over_ranks(MPI_Comm comm, double value);

/// A region over all ranks; ranks that never entered it count as zero.
struct RegionSummary {
  std::string name;
  int depth;
  Spread calls, total, self, bytes, flops;
};

/// The union of the regions of all ranks, ordered as in Profiler::records. Collective; the same on every rank.
std::vector<RegionSummary> summarise(MPI_Comm comm, const Profiler& profiler);

}  // namespace ister::core

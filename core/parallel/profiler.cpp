#include "core/parallel/profiler.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/error.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {
namespace {

double seconds(std::chrono::steady_clock::duration time) { return std::chrono::duration<double>(time).count(); }

/// Names of a region and those around it, outermost first.
using Path = std::vector<std::string>;

std::vector<Path> paths_of(const std::vector<Profiler::Record>& records) {
  std::vector<Path> paths;
  Path path;
  for (const Profiler::Record& record : records) {
    path.resize(static_cast<std::size_t>(record.depth));
    path.push_back(record.name);
    paths.push_back(path);
  }
  return paths;
}

std::string as_text(const std::vector<Path>& paths) {
  std::string text;
  for (const Path& path : paths) {
    for (const std::string& name : path) text += name + '\t';
    text += '\n';
  }
  return text;
}

std::vector<Path> from_text(const std::string& text) {
  std::vector<Path> paths(1);
  std::string name;
  for (const char c : text) {
    if (c == '\t') {
      paths.back().push_back(name);
      name.clear();
    } else if (c == '\n') {
      paths.emplace_back();
    } else {
      name += c;
    }
  }
  paths.pop_back();
  return paths;
}

/// Puts a path that is not known yet behind the last one inside the region it belongs to.
void insert(std::vector<Path>& paths, const Path& path) {
  if (std::find(paths.begin(), paths.end(), path) != paths.end()) return;
  const auto inside = [&](const Path& other) {
    return other.size() + 1 >= path.size() && std::equal(path.begin(), path.end() - 1, other.begin());
  };
  paths.insert(std::find_if(paths.rbegin(), paths.rend(), inside).base(), path);
}

/// The paths of all ranks: rank 0's, then what other ranks have beside them.
std::vector<Path> union_of_paths(MPI_Comm comm, const std::vector<Path>& mine) {
  int ranks = 1, rank = 0;
  MPI_Comm_size(comm, &ranks);
  MPI_Comm_rank(comm, &rank);
  std::vector<Path> all;
  for (int owner = 0; owner < ranks; ++owner) {
    std::string text = owner == rank ? as_text(mine) : std::string();
    auto length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, owner, comm);
    text.resize(static_cast<std::size_t>(length));
    MPI_Bcast(text.data(), length, MPI_CHAR, owner, comm);
    for (const Path& path : from_text(text)) insert(all, path);
  }
  return all;
}

}  // namespace

Profiler::Profiler() : m_root{"", "", nullptr}, m_current(&m_root) {}

void Profiler::enter(const char* name) {
  const auto named = [name](const auto& child) { return child->name == name || std::strcmp(child->name, name) == 0; };
  auto& siblings = m_current->children;
  auto found = std::find_if(siblings.begin(), siblings.end(), named);
  if (found == siblings.end()) {
    auto node = std::make_unique<Node>(Node{name, name, m_current});
    found = siblings.insert(siblings.end(), std::move(node));
  }
  m_current = found->get();
  ++m_current->calls;
  ++m_visits;
  Kokkos::Tools::pushRegion(m_current->label);
  m_current->entered = Clock::now();
}

void Profiler::leave() {
  m_current->total += Clock::now() - m_current->entered;
  Kokkos::Tools::popRegion();
  m_current = m_current->parent;
}

Profiler::Clock::duration Profiler::total_of(const Node& node, Clock::time_point now) const {
  for (const Node* open = m_current; open != nullptr; open = open->parent)
    if (open == &node) return node.total + (now - node.entered);
  return node.total;
}

void Profiler::collect(const Node& node, int depth, Clock::time_point now, std::vector<Record>& records) const {
  for (const auto& child : node.children) {
    Clock::duration inside{0};
    for (const auto& grandchild : child->children) inside += total_of(*grandchild, now);
    const Clock::duration total = total_of(*child, now);
    records.push_back(
        {child->name, depth, child->calls, seconds(total), seconds(total - inside), child->bytes, child->flops});
    collect(*child, depth + 1, now, records);
  }
}

std::vector<Profiler::Record> Profiler::records() const {
  std::vector<Record> records;
  collect(m_root, 0, Clock::now(), records);
  return records;
}

Spread spread_over_ranks(MPI_Comm comm, double value) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  double sum = value, extremes[2] = {-value, value};
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  MPI_Allreduce(MPI_IN_PLACE, extremes, 2, MPI_DOUBLE, MPI_MAX, comm);
  return {-extremes[0], sum / ranks, extremes[1]};
}

std::vector<RegionSummary> summarise(MPI_Comm comm, const Profiler& profiler) {
  const std::vector<Profiler::Record> records = profiler.records();
  const std::vector<Path> mine = paths_of(records);
  std::vector<RegionSummary> summaries;
  for (const Path& path : union_of_paths(comm, mine)) {
    const auto found = std::find(mine.begin(), mine.end(), path);
    const Profiler::Record r = found != mine.end() ? records[found - mine.begin()] : Profiler::Record{};
    const auto spread = [&](double value) { return spread_over_ranks(comm, value); };
    summaries.push_back({path.back(), static_cast<int>(path.size()) - 1, spread(static_cast<double>(r.calls)),
                         spread(r.total), spread(r.self), spread(r.bytes), spread(r.flops)});
  }
  return summaries;
}

}  // namespace ister::core

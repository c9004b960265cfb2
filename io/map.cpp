#include "io/map.hpp"

#include "io/collective.hpp"

namespace ister::io {
namespace {

void broadcast(MPI_Comm comm, std::vector<double>& values) {
  constexpr std::size_t piece = std::size_t{1} << 24;
  for (std::size_t at = 0; at < values.size(); at += piece)
    MPI_Bcast(values.data() + at, static_cast<int>(std::min(piece, values.size() - at)), MPI_DOUBLE, 0, comm);
}

/// Everything but the values, as lines of text.
std::string names_of(const Map& map) {
  std::string text;
  for (const auto& [name, values] : map.columns) text += name + '\n';
  for (const std::string& note : map.notes) text += '\t' + note + '\n';
  return text;
}

void take_names(Map& map, const std::string& text) {
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    if (line[0] == '\t')
      map.notes.push_back(line.substr(1));
    else
      map.columns[line].resize(map.size());
  }
}

}  // namespace

Map read_for_all(MPI_Comm comm, const std::function<Map()>& read) {
  Map map;
  on_rank_zero(comm, [&] { map = read(); });
  MPI_Bcast(&map.nodes, sizeof map.nodes, MPI_BYTE, 0, comm);
  double tau = map.tau.value_or(-1.0);
  MPI_Bcast(&tau, 1, MPI_DOUBLE, 0, comm);
  const std::string names = core::broadcast_text(comm, names_of(map));
  collectively(comm, [&] {
    if (!map.columns.empty()) return;
    if (tau >= 0.0) map.tau = tau;
    take_names(map, names);
  });
  for (auto& [name, values] : map.columns) broadcast(comm, values);
  return map;
}

}  // namespace ister::io

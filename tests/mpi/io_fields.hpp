#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/grid/decomposition.hpp"
#include "core/grid/named_field.hpp"
#include "tests/mpi/shared_scratch.hpp"

/// Fields with values that tell every point apart, for the tests of files.
namespace ister::tests {

inline double value_at(std::size_t field, std::int64_t index) {
  return std::sin(1.0 + static_cast<double>(index)) + static_cast<double>(field);
}

/// A field as it stands in the file.
inline std::vector<double> whole_field(std::size_t field, const core::Grid& grid) {
  std::vector<double> values(static_cast<std::size_t>(grid.total_points()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_at(field, static_cast<std::int64_t>(i));
  return values;
}

/// Fields of which this rank holds its block.
class TestFields {
 public:
  TestFields(const core::Decomposition& decomposition, std::vector<std::string> names)
      : m_names(std::move(names)), m_blocks(m_names.size()) {
    const core::Grid& grid = decomposition.grid();
    const core::Box box = decomposition.box();
    for (std::size_t f = 0; f < m_blocks.size(); ++f) {
      for (std::int64_t z = 0; z < box.count[2]; ++z) {
        for (std::int64_t y = 0; y < box.count[1]; ++y) {
          for (std::int64_t x = 0; x < box.count[0]; ++x) {
            const std::int64_t row = (box.offset[2] + z) * grid.points[1] + box.offset[1] + y;
            m_blocks[f].push_back(value_at(f, row * grid.points[0] + box.offset[0] + x));
          }
        }
      }
    }
  }

  [[nodiscard]] std::vector<core::NamedField> registry() {
    std::vector<core::NamedField> fields;
    for (std::size_t f = 0; f < m_names.size(); ++f) {
      auto& block = m_blocks[f];
      fields.push_back({m_names[f], [&block](double* out) { std::copy(block.begin(), block.end(), out); },
                        [&block](const double* in) { std::copy(in, in + block.size(), block.begin()); }});
    }
    return fields;
  }
  [[nodiscard]] const std::vector<std::vector<double>>& blocks() const { return m_blocks; }
  void clear() {
    for (auto& block : m_blocks) std::fill(block.begin(), block.end(), -1.0);
  }

 private:
  std::vector<std::string> m_names;
  std::vector<std::vector<double>> m_blocks;
};

/// Runs `action` on all ranks and expects the same `Expected` on each, with `words` in its message.
template <class Expected, class Action>
void expect_everywhere(Action&& action, const std::string& words = "") {
  std::string message = "no error";
  try {
    action();
  } catch (const Expected& error) {
    message = error.what();
  }
  EXPECT_NE(message, "no error") << "expected: " << words;
  EXPECT_NE(message.find(words), std::string::npos) << message;
  std::vector<char> first(4096, '\0');
  std::strncpy(first.data(), message.c_str(), first.size() - 1);
  MPI_Bcast(first.data(), static_cast<int>(first.size()), MPI_CHAR, 0, MPI_COMM_WORLD);
  EXPECT_EQ(message.substr(0, first.size() - 1), first.data()) << "differs from rank 0";
}

/// Rank 0 changes a file while the others wait.
template <class Action>
void rank_zero_then_all(Action&& action) {
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank() == 0) action();
  MPI_Barrier(MPI_COMM_WORLD);
}

inline void flip_byte(const std::filesystem::path& path, std::streamoff position) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(position);
  const auto byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(position);
  file.put(byte);
}

inline int entries_in(const std::filesystem::path& folder) {
  return static_cast<int>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

}  // namespace ister::tests

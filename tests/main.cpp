#include <gtest/gtest.h>

#include <cstdio>

#include "core/parallel/session.hpp"

namespace {

/// Rank 0 reports as usual; of the other ranks only failures are of interest, with the rank in front.
class FailuresOfOneRank : public testing::EmptyTestEventListener {
 public:
  explicit FailuresOfOneRank(int rank) : m_rank(rank) {}
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    const char* file = result.file_name() != nullptr ? result.file_name() : "unknown file";
    std::fprintf(stderr, "[rank %d] %s:%d: Failure\n%s\n", m_rank, file, result.line_number(), result.message());
  }

 private:
  int m_rank;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const ister::core::Session session(argc, argv);
  const ister::core::Ranks world = session.world();
  if (!world.is_root()) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    delete listeners.Release(listeners.default_xml_generator());
    listeners.Append(new FailuresOfOneRank(world.rank()));
  }
  int failed = RUN_ALL_TESTS();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, world.comm());
  return failed;
}

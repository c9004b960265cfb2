#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/parallel/communicator.hpp"
#include "core/parallel/mailbox.hpp"
#include "core/parallel/ranks.hpp"
#include "core/parallel/shared_counters.hpp"

namespace ister::tests {
namespace {

TEST(Mailbox, EveryMessageArrivesOnceThoughNobodyWaits) {
  const core::Communicator all = core::Communicator::part_of(MPI_COMM_WORLD, 0);
  const core::Ranks ranks(all.comm());
  std::vector<int> got(static_cast<std::size_t>(ranks.count()));
  core::Mailbox mailbox(all.comm(), [&](const std::string& message) {
    EXPECT_EQ(message.size(), std::size_t{100000} * (1 + message.back()));
    ++got[static_cast<std::size_t>(message.back())];
  });
  constexpr int rounds = 5;
  for (int round = 0; round < rounds; ++round)
    for (int to = 0; to < ranks.count(); ++to)
      mailbox.send(to, std::string(std::size_t{100000} * (1 + ranks.rank()), static_cast<char>(ranks.rank())));
  mailbox.finish();
  for (const int count : got) EXPECT_EQ(count, rounds);
}

TEST(Mailbox, NobodyIsDoneWhileAMessageIsInUse) {
  const core::Communicator all = core::Communicator::part_of(MPI_COMM_WORLD, 0);
  const core::Ranks ranks(all.comm());
  core::SharedCounters counters(all.comm(), 1);
  core::Mailbox mailbox(all.comm(), [&](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    counters.add(0, 1);
  });
  for (int round = 1; round <= 3; ++round) {
    if (ranks.rank() > 0) mailbox.send(0, "from all others");
    mailbox.finish();
    EXPECT_EQ(counters.value(0), round * (ranks.count() - 1));
    MPI_Barrier(all.comm());
  }
}

TEST(Mailbox, NumbersAreSharedOut) {
  const core::Communicator all = core::Communicator::part_of(MPI_COMM_WORLD, 0);
  core::SharedCounters counters(all.comm(), 2);
  constexpr std::int64_t most = 300;
  std::vector<int> taken(most);
  for (std::int64_t next = 0; (next = counters.add(1, 1)) < most;) ++taken[static_cast<std::size_t>(next)];
  MPI_Allreduce(MPI_IN_PLACE, taken.data(), most, MPI_INT, MPI_SUM, all.comm());
  for (const int count : taken) EXPECT_EQ(count, 1);
  EXPECT_EQ(counters.value(0), 0);
}

}  // namespace
}  // namespace ister::tests

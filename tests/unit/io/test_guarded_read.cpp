#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/base/damaged_file.hpp"
#include "io/guarded_read.hpp"

namespace ister::tests {
namespace {

using namespace io;

void guarded(const std::function<void(Budget&)>& action) { read_guarded("file", "the library", action); }

template <class Expected>
void expect_failure(const std::function<void(Budget&)>& action, const std::string& words) {
  try {
    guarded(action);
    ADD_FAILURE() << "no error; expected: " << words;
  } catch (const Expected& error) {
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    EXPECT_EQ(typeid(error), typeid(Expected)) << error.what();
  }
}

TEST(GuardedRead, ACrashIsDamage) {
  EXPECT_NO_THROW(guarded([](Budget&) {}));
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL})
    expect_failure<DamagedFile>([&](Budget&) { std::raise(signal); }, "file: the file is damaged: the library fails");
}

TEST(GuardedRead, ErrorsComeAsTheyAre) {
  expect_failure<InputError>([](Budget&) { throw InputError("of the input"); }, "of the input");
  expect_failure<FileError>([](Budget&) { throw FileError("no permission"); }, "no permission");
  expect_failure<DamagedFile>([](Budget&) { throw DamagedFile(std::string(100000, 'x') + "end"); }, "xend");
}

TEST(GuardedRead, WhatTheProcessMeetsIsNoDamage) {
  expect_failure<FileError>([](Budget&) { std::raise(SIGKILL); }, "killed");
  expect_failure<Error>([](Budget&) { std::raise(SIGTERM); }, "stopped by signal 15");
}

TEST(GuardedRead, MemoryIsLimited) {
  const auto take = [](std::size_t bytes) { std::vector<char>(bytes).back() = 1; };
  expect_failure<FileError>([&](Budget&) { take(std::size_t{8} << 30); }, "more memory");
  EXPECT_NO_THROW(guarded([&](Budget& budget) {
    budget.allow(4e9);
    std::vector<char>().reserve(std::size_t{8} << 30);
  }));
}

TEST(GuardedRead, WaitingIsNoHangButComputingWithoutEndIs) {
  EXPECT_NO_THROW(guarded([](Budget&) { std::this_thread::sleep_for(std::chrono::seconds(3)); }));
  expect_failure<DamagedFile>(
      [](Budget&) {
        for (volatile int i = 0;; i = i + 1) {
        }
      },
      "does not come to an end");
}

TEST(GuardedRead, LeavesNoTrace) {
  int value = 1;
  guarded([&](Budget&) { value = 2; });
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace ister::tests

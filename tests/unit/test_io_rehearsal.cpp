#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

#include "core/error.hpp"
#include "io/rehearsal.hpp"

namespace ister::io {
namespace {

TEST(Rehearsal, OnlyACrashOrAHangIsAnError) {
  EXPECT_NO_THROW(rehearse("file", [] {}));
  EXPECT_NO_THROW(rehearse("file", [] { throw std::runtime_error("comes again"); }));
  EXPECT_THROW(rehearse("file", [] { std::raise(SIGSEGV); }), FileError);
  EXPECT_THROW(rehearse("file", [] { std::raise(SIGALRM); }), FileError);
}

TEST(Rehearsal, LeavesNoTrace) {
  int value = 1;
  rehearse("file", [&] { value = 2; });
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace ister::io

#pragma once
#include <gtest/gtest.h>

#include <string>

#include "core/base/error.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {

/// What an InputError says; nothing where there is none.
template <class Function>
std::string refusal(const Function& f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << '"' << text << "\" does not have \"" << part << '"';
}

/// A text file that `read(path)` refuses in words that name the file and have that part.
template <class Read>
void expect_refused_file(const Read& read, const std::string& text, const std::string& part) {
  const TextFile file(text);
  const std::string message = refusal([&] { read(file.path()); });
  EXPECT_TRUE(has(message, part));
  EXPECT_TRUE(has(message, file.path()));
}

}  // namespace ister::tests

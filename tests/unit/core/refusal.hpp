#pragma once
#include <gtest/gtest.h>

#include <string>

#include "core/base/error.hpp"

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

}  // namespace ister::tests

#pragma once
#include <string>

// FFTW knows for the whole process what any run in it has learnt, and of two plans for one transform keeps the first.
namespace ister::core {

/// The plans that are made stay.
void forget_wisdom();

/// As import_wisdom, but for what both know the text counts. FileError where it is no wisdom.
void prefer_wisdom(const std::string& text);

}  // namespace ister::core

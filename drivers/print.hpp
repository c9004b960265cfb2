#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// Opens what is closed of the descriptors 0, 1 and 2, so that no file of ours gets their numbers. First thing in main.
void open_standard_streams();

void write_standard_output(const std::string& text);
void write_standard_error(const std::string& text);

/// Prints as fmt::print does, without the control characters that a file's texts may hold. What cannot be written is no
/// error here, where one rank would leave the others waiting, but in require_printed.
template <class... Arguments>
void print_out(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_standard_output(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// The same to standard error, where nobody can be told of a failure.
template <class... Arguments>
void print_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_standard_error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Each line of a text behind a prefix.
std::string behind(const std::string& prefix, std::string lines);

/// FileError on all ranks where anything that was printed did not reach standard output. Collective.
void require_printed(const core::Ranks& ranks);

}  // namespace ister::drivers

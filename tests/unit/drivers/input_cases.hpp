#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "drivers/input/input.hpp"

namespace ister::tests {

inline const std::string minimal = R"([grid]
points = [64, 32]
lower = [0, -1.0]
upper = [10.0, 1.0]
[time]
end = 2.0
step = 0.01
[initial]
type = "uniform"
energy_density = 3.0
)";

/// A collision: nearly every kind of key.
inline const std::string collision = R"([run]
name = "pbpb"
output = "results"
wall_clock_limit = "23:50:01"
[grid]
geometry = "milne"
points = [192, 129]
lower = [-20.5, -20.0]
upper = [20.5, 20.0]
[time]
start = 0.6
end = 10
cfl = 0.4
integrator = "ssprk3"
[solver]
formulation = "conservative"
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
eta_over_s = 0.08
zeta_over_s = { model = "peak", value = 0.05, peak_temperature_mev = 180, width_mev = 40.5 }
vorticity = true
[initial]
type = "trento"
file = "../events/event.dat"
grid_spacing = 0.2
scale = 1.6666667
[filter]
order = 8
[sponge]
width = 3.0
[output]
every_time = 1
fields = ["temperature", "ux"]
[checkpoint]
every_wall = 600.0
keep = 3
)";

inline drivers::Input parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return drivers::parse_input(text, "/data/deck.toml", overrides);
}

/// The message with which a text is refused; empty where it is accepted.
inline std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    parse(text, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The message with which the minimal input is refused once a line is added to a section, or given there anew.
inline std::string refusal_of(const std::string& name, const std::string& value) {
  return refusal(minimal, {name + "=" + value});
}

inline std::string with_line(const std::string& section, const std::string& line) {
  return minimal + "[" + section + "]\n" + line + "\n";
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

inline void expect_words(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << word << "\nin: " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << "more than one problem: " << message;
}

}  // namespace ister::tests

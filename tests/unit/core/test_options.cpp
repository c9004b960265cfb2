#include "core/base/options.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/option_text.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace core;

/// A choice with a key of every kind and every bond between keys.
Choice flow() {
  const std::vector<double> none;
  return {"vortex",
          {
              Option("speed", 0.5, "of the rim").within(0, 0.9),
              Option("turns", 1, "how many").at_least(0),
              Option("mirrored", false, "left-handed"),
              Option("shape", "round", "of the core").choices({"round", "square"}),
              Option("file", std::string(), "a profile").in(Unit::path),
              Option("twist", std::optional<double>(), "absent: none").in(Unit::inverse_length).above(0),
              Option("mode", std::vector<int>{1, 0}, "periods").within(-4, 4).entries(1, 3),
              Option("width", none, "of the core").in(Unit::length).above(0).per_direction().required(),
              Option("inner", 1.0, "radius"),
              Option("outer", 2.0, "radius").above_key("inner"),
              Option("energy_density", 0.0, "of the fluid").in(Unit::energy_density).at_least(0),
              Option("temperature", 0.0, "in place of energy_density").at_least(0).in_place_of("energy_density"),
          }};
}

OptionValues good() { return {{"width", std::vector{1.0, 2.0}}, {"temperature", 1.0}}; }

std::string refusal_with(const std::string& key, const OptionValue& value) {
  OptionValues given = good();
  given[key] = value;
  return refusal([&] { completed("initial", flow(), given, 2); });
}

TEST(Options, AreCompletedByTheirDefaults) {
  OptionValues given = good();
  given["speed"] = 0.25;
  const OptionValues values = completed("initial", flow(), given, 2);
  EXPECT_EQ(values.number("speed"), 0.25);
  EXPECT_EQ(values.integer("turns"), 1);
  EXPECT_FALSE(values.flag("mirrored"));
  EXPECT_EQ(values.text("shape"), "round");
  EXPECT_EQ(values.text("file"), "");
  EXPECT_FALSE(values.number_if_given("twist"));
  EXPECT_EQ(values.integers("mode"), (std::vector<int>{1, 0}));
  EXPECT_EQ(values.numbers("width"), (std::vector<double>{1.0, 2.0}));
}

TEST(Options, IntegersStandForNumbers) {
  const OptionValues values =
      completed("initial", flow(), {{"width", std::vector{1, 2}}, {"temperature", 1}, {"twist", 3}, {"speed", 0}}, 2);
  EXPECT_EQ(values.numbers("width"), (std::vector<double>{1.0, 2.0}));
  EXPECT_EQ(values.number("temperature"), 1.0);
  EXPECT_EQ(values.number_if_given("twist"), 3.0);
  EXPECT_NE(refusal_with("turns", 1.5), "");
}

TEST(Options, RefusalsNameKeyValueAndWhatIsAllowed) {
  EXPECT_EQ(refusal_with("speed", 0.95), "initial.speed = 0.95: must be a number from 0 to 0.9");
  EXPECT_EQ(refusal_with("turns", -1), "initial.turns = -1: must be an integer >= 0");
  EXPECT_EQ(refusal_with("turns", "two"), "initial.turns = \"two\": must be an integer >= 0");
  EXPECT_EQ(refusal_with("mirrored", 1), "initial.mirrored = 1: must be true or false");
  EXPECT_EQ(refusal_with("shape", "oval"), "initial.shape = \"oval\": must be one of \"round\", \"square\"");
  EXPECT_EQ(refusal_with("twist", 0.0), "initial.twist = 0.0: must be a number > 0 [1/fm]");
  EXPECT_EQ(refusal_with("mode", std::vector{5}),
            "initial.mode = [5]: must be a list of 1 to 3 integers, each from -4 to 4");
  EXPECT_NE(refusal_with("mode", std::vector<int>()), "");
  EXPECT_NE(refusal_with("width", std::vector<double>()), "");
  EXPECT_NE(refusal_with("speed", std::nan("")), "");
  EXPECT_EQ(refusal_with("velocity", 1.0), "initial.velocity = 1.0: initial.type = \"vortex\" has no such key");
  EXPECT_EQ(refusal([] {
              completed("initial", flow(), {{"temperature", 1.0}}, 2);
            }),
            "initial.width is required: a list of 1 to 3 numbers, each > 0 [fm]");
}

TEST(Options, ContradictionsNameBothKeys) {
  EXPECT_EQ(refusal_with("width", std::vector{1.0}), "initial.width = [1.0]: must have 2 entries, as grid.points has");
  EXPECT_EQ(refusal_with("inner", 2.0), "initial.outer = 2.0: must be above initial.inner = 2.0");
  const std::string one_of =
      "exactly one of initial.energy_density and initial.temperature, a number > 0, is required where initial.type = "
      "\"vortex\"";
  EXPECT_EQ(refusal_with("temperature", 0.0), one_of);
  EXPECT_EQ(refusal_with("energy_density", 1.0), one_of);
}

TEST(Options, UnknownChoicesComeWithTheKnownOnes) {
  const std::vector<Choice> choices{{"vortex", {}}, {"shear", {}}};
  EXPECT_EQ(refusal([&] { require_choice(choices, "initial", "vortx"); }),
            "initial.type = \"vortx\" is not known: must be one of \"vortex\", \"shear\"");
}

TEST(Options, AskingForWhatIsNotThereIsAnInternalError) {
  const OptionValues values = completed("initial", flow(), good(), 2);
  for (const std::string key : {"speeed", "turns"}) {
    try {
      ADD_FAILURE() << values.number(key);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::internal);
    }
  }
}

TEST(Options, TakeOverOnlyWhatTheChoiceKnows) {
  const OptionValues values = with_defaults(flow(), {{"turns", 3}, {"of_another", 1.0}});
  EXPECT_EQ(values.integer("turns"), 3);
  EXPECT_FALSE(values.has("of_another"));
}

}  // namespace
}  // namespace ister::tests

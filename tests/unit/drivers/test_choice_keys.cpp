#include "drivers/input/choice_keys.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/unit/drivers/input_cases.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

using core::Choice;
using core::Option;

/// Two choices that share a key, in the place of [initial].
class ChoiceKeys : public testing::Test {
 protected:
  std::vector<Entry> keys_of(const Choice& second) {
    m_second = second;
    return choice_keys({"initial",
                        {&m_first, &m_second},
                        [](Input& in) -> std::string& { return in.initial.type; },
                        [](Input& in) -> core::OptionValues& { return in.initial.values; }});
  }

 private:
  Choice m_first{"wave", {Option("size", 1.0, "of the crests").above(0), Option("mode", 2, "periods")}};
  Choice m_second;
};

TEST_F(ChoiceKeys, OneForEachNameInTheOrderOfTheChoices) {
  const auto keys = keys_of({"spot", {Option("place", 0.0, "where"), Option("size", 1.0, "of the crests").above(0)}});
  ASSERT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys[0].key.name, "initial.size");
  EXPECT_EQ(keys[0].key.doc, "of the crests");
  EXPECT_TRUE(keys[0].key.low_excluded);
  EXPECT_EQ(keys[0].key.conditions.front().texts, (std::vector<std::string>{"wave", "spot"}));
  EXPECT_EQ(keys[1].key.name, "initial.mode");
  EXPECT_EQ(keys[2].key.name, "initial.place");
  EXPECT_EQ(keys[2].key.conditions.front().texts, (std::vector<std::string>{"spot"}));
}

TEST_F(ChoiceKeys, SayWhichChoiceMeansWhat) {
  const auto keys = keys_of({"spot", {Option("size", 0.5, "of the spot").above(0)}});
  EXPECT_EQ(keys[0].key.doc, "of the crests (wave), of the spot (spot); 0.5 where absent and initial.type = \"spot\"");
}

TEST_F(ChoiceKeys, HaveTheDefaultOfTheChoiceInUse) {
  const auto keys = keys_of({"spot", {Option("size", 0.5, "of the spot").above(0)}});
  Input input;
  EXPECT_EQ(keys[0].key.value(input), "1.0");
  input.initial.type = "spot";
  EXPECT_EQ(keys[0].key.value(input), "0.5");
  input.initial.values["size"] = 3.0;
  EXPECT_EQ(keys[0].key.value(input), "3.0");
}

TEST_F(ChoiceKeys, OfOneNameAreOneThing) {
  for (const Choice& other : {Choice{"spot", {Option("size", 1, "an integer").above(0)}},
                              Choice{"spot", {Option("size", 1.0, "another range")}},
                              Choice{"spot", {Option("size", 1.0, "required").above(0).required()}}}) {
    try {
      keys_of(other);
      ADD_FAILURE() << other.keys.front().rule.doc;
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "internal error: initial.size is one thing for wave and another for spot");
    }
  }
}

TEST(ChoicesOfAnInput, HaveAllTheirKeysAndNoOthers) {
  const Input input = parse(collision, {"eos.type=hotqcd"});
  EXPECT_FALSE(input.solver.eos.values.has("cs2"));
  EXPECT_EQ(input.initial.values.text("stress"), "auto");
  EXPECT_EQ(input.initial.values.number("floor"), 1e-4);
  const Input state = parse(minimal, {"initial.type=file", "initial.file=x.h5"});
  EXPECT_EQ(state.initial.values.number("floor"), 0.0);
  EXPECT_FALSE(state.initial.values.has("energy_density"));
}

TEST(ChoicesOfAnInput, RefuseContradictionsWithTheirPlace) {
  const std::string turbulence =
      replaced(minimal, "\"uniform\"", "\"random_velocity\"\namplitude = 0.1\nk_min = 2.0\nk_max = 1.5");
  expect_words(refusal(turbulence), {"deck.toml:12: initial.k_max = 1.5: must be above initial.k_min = 2.0"});
  const std::string spot = replaced(minimal, "\"uniform\"", "\"hot_spot\"\namplitude = 0.1\nwidth = [1.0]");
  expect_words(refusal(spot), {"deck.toml:11: initial.width = [1.0]: must have 2 entries, as grid.points has"});
}

TEST(ChoicesOfAnInput, EveryOneSaysWhatItsKeysMean) {
  for (const ChoiceSection& section : choice_sections())
    for (const Choice* choice : section.choices)
      for (const Option& key : choice->keys) EXPECT_FALSE(key.rule.doc.empty()) << choice->name << '.' << key.name;
}

}  // namespace
}  // namespace ister::tests

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/error.hpp"
#include "drivers/input/input.hpp"
#include "drivers/input/schema.hpp"
#include "tests/unit/drivers/input_cases.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

using physics::units::gev_per_fm3_to_natural;
using testing::Test;

const std::filesystem::path inputs_folder = ISTER_INPUTS_DIR;

TEST(Input, ReadsTheMinimum) {
  const Input input = parse(minimal);
  EXPECT_EQ(input.path, "/data/deck.toml");
  EXPECT_EQ(input.grid.dimensions, 2);
  EXPECT_EQ(input.grid.points, (std::array<int, 3>{64, 32, 1}));
  EXPECT_EQ(input.grid.lower[1], -1.0);
  EXPECT_EQ(input.grid.upper[0], 10.0);
  EXPECT_EQ(input.solver.geometry, physics::Geometry::minkowski);
  EXPECT_EQ(input.solver.time.step, 0.01);
  EXPECT_FALSE(input.solver.time.cfl);
  EXPECT_EQ(input.initial.values.number("energy_density"), 3.0);
  EXPECT_EQ(input.run.name, "run");
  EXPECT_EQ(input.run.output, "out/run");
  EXPECT_FALSE(input.run.wall_clock_limit);
  EXPECT_EQ(input.history.energy_cut, gev_per_fm3_to_natural(1.0));
  EXPECT_EQ(input.output.fields.size(), 12u);
}

TEST(Input, ReadsEveryKindOfKey) {
  const Input input = parse(collision);
  EXPECT_EQ(input.run.wall_clock_limit, 23 * 3600.0 + 50 * 60.0 + 1);
  EXPECT_EQ(input.run.output, "results");
  EXPECT_EQ(input.solver.geometry, physics::Geometry::milne);
  EXPECT_EQ(input.solver.formulation, solvers::Formulation::conservative);
  EXPECT_EQ(input.solver.time.end, 10.0);
  EXPECT_EQ(input.solver.time.integrator, "ssprk3");
  EXPECT_EQ(input.solver.eos.type, "constant_cs2");
  EXPECT_EQ(input.solver.eos.values.number("cs2"), 0.25);
  EXPECT_EQ(input.solver.transport.eta_over_s.type, physics::ShearViscosityModel::Type::constant);
  EXPECT_EQ(input.solver.transport.eta_over_s.value, 0.08);
  EXPECT_EQ(input.solver.transport.zeta_over_s.type, physics::BulkViscosityModel::Type::peak);
  EXPECT_EQ(input.solver.transport.zeta_over_s.width_mev, 40.5);
  EXPECT_TRUE(input.solver.transport.vorticity);
  EXPECT_EQ(input.initial.values.text("file"), "/events/event.dat");
  EXPECT_EQ(input.initial.values.number("scale"), 1.6666667);
  EXPECT_EQ(input.solver.filter.order, 8.0);
  EXPECT_EQ(input.output.cadence.every_time, 1.0);
  EXPECT_EQ(input.output.fields, (std::vector<std::string>{"temperature", "ux"}));
  EXPECT_EQ(input.checkpoint.keep, 3);
}

TEST(Input, ResolvedTextReadsBackToTheSame) {
  for (const std::string& text :
       {minimal, collision, replaced(collision, "[time]", "[units]\nsystem = \"gev-fm\"\n[time]")}) {
    const std::string resolved = parse(text).resolved_toml;
    EXPECT_EQ(parse_input(resolved, "elsewhere/other.toml").resolved_toml, resolved);
  }
  const Input again = parse(parse(collision).resolved_toml);
  EXPECT_EQ(again.run.wall_clock_limit, 86400.0 - 599.0);
  EXPECT_EQ(again.initial.values.text("file"), "/events/event.dat");
}

TEST(Input, NumbersKeepAllTheirDigits) {
  const Input input = parse(minimal, {"initial.energy_density=0.1234567890123456789", "time.step=1e-3"});
  EXPECT_EQ(parse(input.resolved_toml).initial.values.number("energy_density"), 0.1234567890123456789);
  EXPECT_EQ(parse(input.resolved_toml).solver.time.step, 1e-3);
}

TEST(Input, DefaultsFileIsWhatTheSchemaPrints) {
  EXPECT_EQ(read_text(inputs_folder / "defaults.toml"), default_input_text())
      << "renew it: ister check --defaults > inputs/defaults.toml";
}

TEST(Input, EveryDeckIsAccepted) {
  int decks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(inputs_folder)) {
    if (entry.path().extension() != ".toml" || entry.path().filename() == "defaults.toml") continue;
    EXPECT_NO_THROW(read_input(entry.path())) << entry.path();
    ++decks;
  }
  EXPECT_GE(decks, 7);
}

TEST(InputUnits, DimensionalKeysFollowTheSystem) {
  const std::string gev = with_line("units", "system = \"gev-fm\"");
  EXPECT_DOUBLE_EQ(parse(gev).initial.values.number("energy_density"), gev_per_fm3_to_natural(3.0));
  const Input hot = parse(gev, {"initial.temperature=0.3"});
  EXPECT_DOUBLE_EQ(hot.initial.values.number("temperature"), physics::units::gev_to_inverse_fm(0.3));
  EXPECT_EQ(hot.initial.values.number("energy_density"), 0.0);
  EXPECT_EQ(parse(gev).solver.time.step, 0.01);
  EXPECT_EQ(parse(gev).units, "gev-fm");
  expect_words(refusal(gev, {"initial.energy_density=x"}), {"[GeV/fm^3]"});
  expect_words(refusal(minimal, {"initial.energy_density=x"}), {"[1/fm^4]"});
}

TEST(InputUnits, KeysWithANamedUnitStayAsNamed) {
  const std::string gev = replaced(collision, "[time]", "[units]\nsystem = \"gev-fm\"\n[time]");
  EXPECT_EQ(parse(gev).initial.values.number("scale"), 1.6666667);
  EXPECT_EQ(parse(gev).solver.transport.zeta_over_s.peak_temperature_mev, 180.0);
  EXPECT_DOUBLE_EQ(parse(gev, {"history.energy_cut=0.5"}).history.energy_cut, gev_per_fm3_to_natural(0.5));
}

TEST(InputOverrides, ReplaceWhatTheFileSays) {
  const Input input = parse(collision, {"time.end=3", "run.output=a b/c", "transport.eta_over_s=0.2", "run.name=\"x\"",
                                        "grid.points=[16, 16]", "run.wall_clock_limit=00:00:07", "filter.order = 12"});
  EXPECT_EQ(input.solver.time.end, 3.0);
  EXPECT_EQ(input.run.output, "a b/c");
  EXPECT_EQ(input.run.name, "x");
  EXPECT_EQ(input.solver.transport.eta_over_s.value, 0.2);
  EXPECT_EQ(input.grid.points[1], 16);
  EXPECT_EQ(input.run.wall_clock_limit, 7.0);
  EXPECT_EQ(input.solver.filter.order, 12.0);
}

TEST(InputOverrides, OfStringKeysAreStringsWhateverTheyLookLike) {
  for (const std::string text : {"12", "-0.5", "0b11", "nan", "true", "2020-02-29", "12:00:00", "[a]", "{b}", "a'b"}) {
    EXPECT_EQ(parse(minimal, {"run.output=" + text}).run.output, text);
    EXPECT_EQ(parse(collision, {"initial.file=" + text}).initial.values.text("file"), "/data/" + text);
  }
  EXPECT_EQ(parse(minimal, {"run.name='7'"}).run.name, "7");
  expect_words(refusal(minimal, {"time.integrator=4"}), {"time.integrator = \"4\"", "\"rk4\""});
  expect_words(refusal(minimal, {"time.step=2020-02-29"}), {"must be a number"});
}

TEST(InputOverrides, ReachIntoModels) {
  const Input input = parse(collision, {"transport.zeta_over_s.value=0.07"});
  EXPECT_EQ(input.solver.transport.zeta_over_s.value, 0.07);
  EXPECT_EQ(input.solver.transport.zeta_over_s.width_mev, 40.5);
  const Input constant = parse(collision, {"transport.zeta_over_s=0.01"});
  EXPECT_EQ(constant.solver.transport.zeta_over_s.type, physics::BulkViscosityModel::Type::constant);
  const Input kink = parse(collision, {"transport.eta_over_s={model=\"kink\", kink_temperature_mev=160}"});
  EXPECT_EQ(kink.solver.transport.eta_over_s.type, physics::ShearViscosityModel::Type::kink);
}

TEST(InputOverrides, DropWhatTheyMakeMeaningless) {
  EXPECT_EQ(parse(minimal, {"time.cfl=0.4"}).solver.time.step, std::nullopt);
  EXPECT_EQ(parse(collision, {"output.every_steps=5"}).output.cadence.every_time, 0.0);
  EXPECT_EQ(parse(collision, {"filter.type=none"}).solver.filter.type, solvers::FilterOptions::Type::none);
  EXPECT_EQ(refusal(collision, {"eos.type=hotqcd"}), "");
  expect_words(refusal(collision, {"eos.type=hotqcd", "eos.cs2=0.2"}), {"--set: eos.cs2 = 0.2", "applies only"});
}

TEST(InputOverrides, AreCheckedLikeTheFile) {
  expect_words(refusal(minimal, {"time.stpe=0.1"}), {"--set: unknown key time.stpe = 0.1", "time.step"});
  expect_words(refusal(minimal, {"time.step=fast"}), {"--set: time.step = \"fast\"", "a number"});
  expect_words(refusal(minimal, {"time.step"}), {"--set time.step", "section.key=value"});
  expect_words(refusal(minimal, {"grid=3"}), {"section.key=value"});
  expect_words(refusal(minimal, {"=3"}), {"section.key=value"});
  expect_words(refusal(minimal, {"run.name=\"a"}), {"TOML or a bare word"});
  expect_words(refusal(minimal, {"run.name="}), {"run.name = \"\"", "not an empty one"});
  expect_words(refusal(minimal, {"time.step="}), {"TOML or a bare word"});
  expect_words(refusal(minimal, {"output.fields=[ux]"}), {"TOML or a bare word", "need quotes"});
  expect_words(refusal(minimal, {"run.output=\xff"}), {"TOML or a bare word"});
  expect_words(refusal(minimal, {"time.step=0.1\nname=3"}), {"TOML or a bare word"});
}

TEST(InputFiles, AreRefusedClearly) {
  const auto code_of = [](const std::filesystem::path& path) {
    try {
      read_input(path);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
      return error.code();
    }
    return ExitCode::success;
  };
  EXPECT_EQ(code_of("/no/such/file.toml"), ExitCode::bad_file);
  EXPECT_EQ(code_of("/dev/zero"), ExitCode::bad_file);
  EXPECT_EQ(code_of(inputs_folder), ExitCode::bad_file);
  EXPECT_EQ(code_of(inputs_folder / "pbpb_b7.2.dat"), ExitCode::bad_input);
}

TEST(Schema, EveryKeyIsDocumentedAndConditionsNameKeys) {
  for (const Key& key : schema()) {
    EXPECT_FALSE(key.doc.empty()) << key.name;
    for (const Condition& condition : key.conditions) EXPECT_NE(find_key(condition.selector), nullptr) << key.name;
  }
  for (const auto& group : exclusive_keys())
    for (const std::string& name : group) EXPECT_NE(find_key(name), nullptr) << name;
}

}  // namespace
}  // namespace ister::tests

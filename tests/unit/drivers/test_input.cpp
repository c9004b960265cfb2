#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/error.hpp"
#include "drivers/input/input.hpp"
#include "drivers/input/schema.hpp"

namespace ister::drivers {
namespace {

using physics::units::gev_per_fm3_to_natural;
using testing::Test;

const std::filesystem::path inputs_folder = std::filesystem::path(__FILE__).parent_path() / "../../inputs";

const std::string minimal = R"([grid]
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
const std::string collision = R"([run]
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

Input parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_input(text, "/data/deck.toml", overrides);
}

/// The message with which a text is refused; empty where it is accepted.
std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    parse(text, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The message with which the minimal input is refused once a line is added to a section, or given there anew.
std::string refusal_of(const std::string& name, const std::string& value) {
  return refusal(minimal, {name + "=" + value});
}

std::string with_line(const std::string& section, const std::string& line) {
  return minimal + "[" + section + "]\n" + line + "\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

void expect_words(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << word << "\nin: " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << "more than one problem: " << message;
}

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
  EXPECT_EQ(input.initial.energy_density, 3.0);
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
  EXPECT_EQ(input.solver.eos.type, physics::EosType::constant_cs2);
  EXPECT_EQ(input.solver.transport.eta_over_s.type, physics::ShearViscosityModel::Type::constant);
  EXPECT_EQ(input.solver.transport.eta_over_s.value, 0.08);
  EXPECT_EQ(input.solver.transport.zeta_over_s.type, physics::BulkViscosityModel::Type::peak);
  EXPECT_EQ(input.solver.transport.zeta_over_s.width_mev, 40.5);
  EXPECT_TRUE(input.solver.transport.vorticity);
  EXPECT_EQ(input.initial.file, "/events/event.dat");
  EXPECT_EQ(input.initial.scale, 1.6666667);
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
  EXPECT_EQ(again.initial.file, "/events/event.dat");
}

TEST(Input, NumbersKeepAllTheirDigits) {
  const Input input = parse(minimal, {"initial.energy_density=0.1234567890123456789", "time.step=1e-3"});
  EXPECT_EQ(parse(input.resolved_toml).initial.energy_density, 0.1234567890123456789);
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
  EXPECT_DOUBLE_EQ(parse(gev).initial.energy_density, gev_per_fm3_to_natural(3.0));
  const Input hot = parse(gev, {"initial.temperature=0.3"});
  EXPECT_DOUBLE_EQ(hot.initial.temperature, physics::units::gev_to_inverse_fm(0.3));
  EXPECT_EQ(hot.initial.energy_density, 0.0);
  EXPECT_EQ(parse(gev).solver.time.step, 0.01);
  EXPECT_EQ(parse(gev).units, "gev-fm");
  expect_words(refusal(gev, {"initial.energy_density=x"}), {"[GeV/fm^3]"});
  expect_words(refusal(minimal, {"initial.energy_density=x"}), {"[1/fm^4]"});
}

TEST(InputUnits, KeysWithANamedUnitStayAsNamed) {
  const std::string gev = replaced(collision, "[time]", "[units]\nsystem = \"gev-fm\"\n[time]");
  EXPECT_EQ(parse(gev).initial.scale, 1.6666667);
  EXPECT_EQ(parse(gev).solver.transport.zeta_over_s.peak_temperature_mev, 180.0);
  EXPECT_DOUBLE_EQ(parse(gev, {"history.energy_cut=0.5"}).history.energy_cut, gev_per_fm3_to_natural(0.5));
}

TEST(InputErrors, NameFileLineKeyValueAndWhatIsAllowed) {
  expect_words(refusal(replaced(minimal, "[64, 32]", "[7, 64]")),
               {"/data/deck.toml:2: grid.points = [7, 64]", "1 to 3 integers", "from 8 to 65536"});
  expect_words(refusal(replaced(minimal, "step = 0.01", "step = -1")),
               {"/data/deck.toml:7: time.step = -1", "> 0", "[fm]"});
}

TEST(InputErrors, Syntax) {
  expect_words(refusal("[grid\npoints = 3"), {"/data/deck.toml:1:", "not valid TOML"});
  expect_words(refusal("\xff\xfe"), {"not valid TOML"});
  expect_words(refusal("a = 1\na = 2\n"), {"/data/deck.toml:2:", "not valid TOML"});
}

TEST(InputErrors, EncodingsAreNamed) {
  EXPECT_EQ(refusal("\xef\xbb\xbf" + minimal), "");
  expect_words(refusal(std::string("\xfe\xff\0[", 4)), {"not valid TOML", "UTF-16", "UTF-8"});
  expect_words(refusal(std::string("[\0g\0r\0", 6)), {"UTF-16"});
  expect_words(refusal(std::string("\0[\0g\0r", 6)), {"UTF-16"});
  expect_words(refusal(minimal + "# caf\xe9\n"), {"/data/deck.toml:11:", "save the file as UTF-8"});
}

TEST(InputErrors, SyntaxComesWithTheLineAndWhatWouldBeRight) {
  expect_words(refusal(replaced(minimal, "step = 0.01", "step = 1.0d-2")),
               {"deck.toml:7:", "in: step = 1.0d-2", "1.5e-3"});
  expect_words(refusal(replaced(minimal, "\"uniform\"", "uniform")), {"in: type = uniform", "needs quotes"});
  expect_words(refusal(replaced(minimal, "2.0", "2.0;")), {"in: end = 2.0;"});
  expect_words(refusal("[run]\rname = \"a\""), {"CR LF"});
}

TEST(InputErrors, NamesOfRuns) {
  const std::string control = "\xc2\x9b";
  for (const std::string& name : {std::string(".."), std::string(".x"), std::string("-x"), std::string("a:b"),
                                  std::string("a\\b"), std::string("x "), std::string("tab\tx"), control + "2J"})
    expect_words(refusal_of("run.name", toml_string(name)), {"run.name = ", "must be"});
  for (const std::string name : {"x.y-z", "two words", "\xc3\xa4", "7"}) EXPECT_EQ(refusal_of("run.name", name), "");
}

TEST(InputErrors, NothingOverflowsTheStack) {
  std::string parts = "a";
  for (int i = 0; i < 100000; ++i) parts += ".a";
  expect_words(refusal(parts + " = 1"), {"/data/deck.toml:1:", "longer than 4096"});
  expect_words(refusal("\n[" + parts + "]"), {"/data/deck.toml:2:", "longer than 4096"});
  expect_words(refusal(minimal, {parts + "=1"}), {"--set a.a.a", "longer than 4096"});
  expect_words(refusal("a = " + std::string(4000, '[')), {"not valid TOML", "depth"});
  EXPECT_NE(refusal("[" + parts.substr(0, 4001) + "]\n" + parts.substr(0, 4001) + "=1"), "");
}

TEST(InputErrors, UnknownKeysComeWithTheNearestKnownOne) {
  expect_words(refusal(with_line("run", "nam = \"a\"")), {"deck.toml:12: unknown key run.nam = \"a\"", "run.name"});
  expect_words(refusal(with_line("fliter", "order = 8")), {"unknown key fliter", "nearest", "filter"});
  expect_words(refusal(with_line("solver", "order = 8")), {"unknown key solver.order", "filter.order"});
  expect_words(refusal("steps = 8\n" + minimal), {"deck.toml:1: unknown key steps = 8"});
  expect_words(refusal(with_line("transport", "eta_over_s = { modle = \"kink\" }")),
               {"unknown key transport.eta_over_s.modle", "transport.eta_over_s.model"});
  expect_words(refusal(with_line("transport", "eta_over_s = \"kink\"")), {"a number or a table { model = ... }"});
  expect_words(refusal("eos = 3\n" + minimal), {"eos = 3: must be a section"});
}

TEST(InputErrors, Types) {
  expect_words(refusal(with_line("run", "name = 3")), {"run.name = 3", "must be a string"});
  expect_words(refusal_of("time.end", "\"late\""), {"time.end = \"late\"", "must be a number"});
  expect_words(refusal_of("transport.phi7", "1"), {"transport.phi7 = 1", "true or false"});
  expect_words(refusal_of("checkpoint.keep", "2.5"), {"checkpoint.keep = 2.5", "an integer"});
  expect_words(refusal_of("grid.points", "64"), {"grid.points = 64", "a list"});
  expect_words(refusal_of("grid.points", "[64.0, 32]"), {"integers"});
  expect_words(refusal_of("grid.lower", "[0, \"a\"]"), {"grid.lower = [0, \"a\"]", "numbers"});
  expect_words(refusal_of("output.fields", "[\"energy\"]"), {"output.fields", "\"energy_density\""});
  expect_words(refusal_of("run.wall_clock_limit", "1000"), {"\"HH:MM:SS\""});
  expect_words(refusal_of("run.wall_clock_limit", "\"10:00\""), {"\"HH:MM:SS\""});
  expect_words(refusal_of("run.wall_clock_limit", "\"00:00:00\""), {"\"HH:MM:SS\""});
  expect_words(refusal_of("time.integrator", "rk5"),
               {"time.integrator = \"rk5\"", "\"rk4\"", "\"dp54\"", "\"ars443\""});
  expect_words(refusal_of("filter.type", "box"), {"\"none\", \"two_thirds\", \"exponential\""});
}

TEST(InputErrors, Ranges) {
  expect_words(refusal_of("time.step", "nan"), {"time.step = nan"});
  expect_words(refusal_of("time.step", "inf"), {"time.step = inf"});
  expect_words(refusal_of("time.step", "1e-12"), {"99999999 steps"});
  expect_words(refusal_of("transport.eta_over_s", "-0.1"), {"transport.eta_over_s.value = -0.1", ">= 0"});
  expect_words(refusal_of("checkpoint.keep", "99999999999999999"), {"from 1 to 1000"});
  expect_words(refusal_of("grid.points", "[16, 16, 16, 16]"), {"1 to 3"});
  expect_words(refusal_of("grid.points", "[]"), {"1 to 3"});
  expect_words(refusal_of("grid.upper", "[1.0, -1.0]"), {"grid.upper = [1.0, -1.0]", "above grid.lower"});
  expect_words(refusal_of("grid.lower", "[0.0]"), {"grid.lower = [0.0]", "2 entries"});
  expect_words(refusal_of("time.end", "0"), {"time.end = 0", "above time.start"});
  expect_words(refusal_of("run.name", "a/b"), {"run.name = \"a/b\"", "without /"});
  expect_words(refusal_of("sponge.width", "3"), {"half the box"});
  expect_words(refusal_of("output.fields", "[\"ux\", \"ux\"]"), {"\"ux\" twice"});
}

TEST(InputErrors, RequiredKeys) {
  expect_words(refusal(replaced(minimal, "end = 2.0", "")), {"/data/deck.toml: time.end is required"});
  expect_words(
      refusal(replaced(minimal, "type = \"uniform\"", "type = \"trento\"\ngrid_spacing=0.2\nscale=1.0\nfile=\"e\""),
              {}),
      {"initial.energy_density = 3", "applies only where initial.type = \"uniform\""});
  expect_words(refusal(replaced(collision, "grid_spacing = 0.2", "")), {"initial.grid_spacing is required", "[fm]"});
  expect_words(refusal(replaced(collision, "cs2 = 0.25", "")), {"eos.cs2 is required"});
  expect_words(refusal(minimal, {"transport.eta_over_s.model=kink"}), {"kink_temperature_mev is required", "[MeV]"});
}

TEST(InputErrors, KeysThatDoNotApply) {
  expect_words(refusal(replaced(minimal, "energy_density = 3.0", "energy_density = 3.0\nscale = 1.0")),
               {"initial.scale = 1.0", "applies only where initial.type = \"trento\""});
  expect_words(refusal(with_line("eos", "cs2 = 0.2")), {"eos.cs2 = 0.2", "eos.type = \"constant_cs2\""});
  expect_words(refusal(with_line("sponge", "rate = 2.0")), {"sponge.rate = 2.0", "sponge.width > 0"});
  expect_words(refusal(with_line("transport", "tau_relaxation_T = 2.0")), {"transport.table is given"});
  expect_words(refusal(with_line("transport", "table = \"t.csv\"\neta_over_s = 0.1")),
               {"transport.eta_over_s.value = 0.1", "transport.table is not given"});
  expect_words(refusal(with_line("history", "energy_cut = 2.0")), {"grid.geometry = \"milne\""});
}

TEST(InputErrors, Combinations) {
  expect_words(refusal(replaced(collision, "start = 0.6", "")), {"time.start = 0.0", "> 0", "milne"});
  expect_words(refusal(replaced(minimal, "step = 0.01", "")),
               {"exactly one of time.step, time.cfl and time.tolerance"});
  expect_words(refusal(replaced(minimal, "step = 0.01", "step = 0.01\ncfl = 0.4")), {"deck.toml:8:", "exactly one of"});
  expect_words(refusal(minimal, {"time.tolerance=1e-8"}), {"\"bs32\" or \"dp54\""});
  expect_words(refusal(minimal, {"transport.zeta_over_s=0.1"}), {"cs2 = 1/3", "transport.tau_bulk"});
  expect_words(refusal(minimal, {"initial.energy_density=0"}), {"exactly one of initial.energy_density"});
  expect_words(refusal(with_line("output", "every_steps = 3\nevery_time = 0.5")),
               {"at most one of output.every_steps"});
  EXPECT_EQ(refusal(minimal, {"time.tolerance=1e-8", "time.integrator=dp54"}), "");
  EXPECT_EQ(refusal(minimal, {"transport.zeta_over_s=0.1", "transport.tau_bulk=0.5"}), "");
}

TEST(InputErrors, SeveralProblemsAreOneMessage) {
  const std::string message = refusal(minimal + "[run]\nnmae = 1\n[eos]\ntype = 2\n");
  EXPECT_NE(message.find("run.nmae"), std::string::npos);
  EXPECT_NE(message.find("eos.type"), std::string::npos);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 1);
}

TEST(InputErrors, ManyProblemsAreCut) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + " = \"" + std::string(100, 'x') + "\\n\"\n";
  const std::string message = refusal(text);
  EXPECT_LT(message.size(), 4000u);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 19);
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
    EXPECT_EQ(parse(collision, {"initial.file=" + text}).initial.file, "/data/" + text);
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
}  // namespace ister::drivers

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/option_text.hpp"
#include "tests/unit/drivers/input_cases.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

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
    expect_words(refusal_of("run.name", core::quoted(name)), {"run.name = ", "must be"});
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

}  // namespace
}  // namespace ister::tests

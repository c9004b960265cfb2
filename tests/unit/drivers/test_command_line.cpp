#include <gtest/gtest.h>

#include <sstream>

#include "core/base/error.hpp"
#include "drivers/command_line.hpp"
#include "drivers/help_formatter.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

using Words = std::vector<std::string>;

Command parse(const Words& words) {
  std::vector<const char*> argv{"ister"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse_command_line(static_cast<int>(argv.size()), argv.data());
}

std::string refusal(const Words& words) {
  try {
    parse(words);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Help, BreaksLinesAtSpaces) {
  EXPECT_EQ(wrapped("aa bb cc", 8), "aa bb cc");
  EXPECT_EQ(wrapped("aa bb cc", 7), "aa bb\ncc");
  EXPECT_EQ(wrapped("aa bb cc", 5), "aa bb\ncc");
  EXPECT_EQ(wrapped("aa bb cc", 4), "aa\nbb\ncc");
  EXPECT_EQ(wrapped("aa\nbb cc\n", 5), "aa\nbb cc\n");
  EXPECT_EQ(wrapped("  aa longer than that", 5), "  aa\nlonger\nthan\nthat");
}

TEST(Help, FitsIntoTheScreen) {
  for (const Words& words : {Words{"analyze", "probes"}, Words{"analyze", "correlate"}, Words{"bench"}}) {
    Words asking = words;
    asking.emplace_back("--help");
    std::istringstream help(std::get<HelpCommand>(parse(asking)).text);
    for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 116) << line;
  }
}

TEST(CommandLine, Run) {
  const auto run = std::get<RunCommand>(parse({"run", "a.toml", "--set", "time.end=2", "--set", "eos.type=hotqcd",
                                               "--output", "out/b c", "--overwrite", "--dry-run"}));
  EXPECT_EQ(run.input, "a.toml");
  EXPECT_EQ(run.overrides, (Words{"time.end=2", "eos.type=hotqcd", "run.output=\"out/b c\""}));
  EXPECT_TRUE(run.overwrite);
  EXPECT_TRUE(run.dry_run);
  EXPECT_FALSE(run.restart);
}

TEST(CommandLine, SetTakesSeveralValues) {
  const auto after = std::get<RunCommand>(parse({"run", "a.toml", "--set", "time.end=2", "time.cfl=0.4"}));
  EXPECT_EQ(after.overrides, (Words{"time.end=2", "time.cfl=0.4"}));
  const auto before = std::get<CheckCommand>(parse({"check", "--set", "time.end=2", "time.cfl=0.4", "a.toml"}));
  EXPECT_EQ(before.overrides, (Words{"time.end=2", "time.cfl=0.4"}));
  EXPECT_EQ(before.input, "a.toml");
}

TEST(CommandLine, RestartMayNameAFile) {
  const auto newest = std::get<RunCommand>(parse({"run", "a.toml", "--restart"}));
  EXPECT_TRUE(newest.restart);
  EXPECT_FALSE(newest.checkpoint);
  EXPECT_EQ(std::get<RunCommand>(parse({"run", "a.toml", "--restart", "c.h5"})).checkpoint, "c.h5");
  const auto first = std::get<RunCommand>(parse({"run", "--restart", "a.toml"}));
  EXPECT_EQ(first.input, "a.toml");
  EXPECT_FALSE(first.checkpoint);
}

TEST(CommandLine, OtherSubcommands) {
  EXPECT_EQ(std::get<InfoCommand>(parse({"info", "a.h5"})).file, "a.h5");
  EXPECT_TRUE(std::get<CheckCommand>(parse({"check", "--defaults"})).defaults);
  const auto modes = std::get<ModesCommand>(
      parse({"modes", "a.toml", "--velocity", "0.5", "--k", "0.1", "10", "21", "--set", "eos.type=hotqcd"}));
  EXPECT_EQ(modes.input, "a.toml");
  EXPECT_EQ(modes.overrides, (Words{"eos.type=hotqcd"}));
  EXPECT_EQ(modes.velocity, 0.5);
  EXPECT_EQ(modes.k_max, 10);
  EXPECT_EQ(modes.k_count, 21);
  EXPECT_FALSE(modes.temperature || modes.csv || modes.state);
  const auto eos = std::get<EosCommand>(parse({"eos", "a.toml", "--to", "music", "--temperature", "0.1", "0.6"}));
  EXPECT_EQ(eos.input, "a.toml");
  EXPECT_EQ(eos.format, "music");
  EXPECT_EQ(eos.lowest, 0.1);
  EXPECT_EQ(eos.highest, 0.6);
  EXPECT_FALSE(eos.points || eos.output);
  const auto bench =
      std::get<BenchCommand>(parse({"bench", "--size", "64", "128", "--filter", "rhs", "--output", "b.json"}));
  EXPECT_EQ(bench.sizes, (std::vector<int>{64, 128}));
  EXPECT_EQ(bench.filter, "rhs");
  EXPECT_EQ(bench.output, "b.json");
  EXPECT_TRUE(std::holds_alternative<VersionCommand>(parse({"--version"})));
}

TEST(CommandLine, Help) {
  EXPECT_FALSE(std::get<HelpCommand>(parse({})).asked_for);
  EXPECT_TRUE(std::get<HelpCommand>(parse({"--help"})).asked_for);
  EXPECT_NE(std::get<HelpCommand>(parse({"run", "--help"})).text.find("--restart"), std::string::npos);
}

TEST(CommandLine, MistakesNameTheNearest) {
  EXPECT_NE(refusal({"rum", "a.toml"}).find("unknown subcommand \"rum\"; the nearest is run"), std::string::npos);
  EXPECT_NE(refusal({"run", "a.toml", "--overwrit"}).find("the nearest is --overwrite"), std::string::npos);
  EXPECT_NE(refusal({"run"}).find("INPUT.toml is missing"), std::string::npos);
  EXPECT_NE(refusal({"run", "a.toml", "b.toml"}).find("\"b.toml\""), std::string::npos);
  EXPECT_NE(refusal({"run", "a.toml", "--output"}).find("--output"), std::string::npos);
  EXPECT_NE(refusal({"info"}).find("FILE.h5"), std::string::npos);
  EXPECT_NE(refusal({"bench", "--size", "7"}).find("8"), std::string::npos);
}

}  // namespace
}  // namespace ister::tests

#include "drivers/eos/eos_formats.hpp"

#include <fmt/format.h>

#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

std::string csv(const std::vector<EosRow>& rows, const std::string& comment) {
  std::string text = behind("# ", comment) + "\ne[GeV/fm^3],p[GeV/fm^3],s[1/fm^3],T[GeV],dp/de[1]\n";
  for (const EosRow& r : rows)
    text += fmt::format("{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", r.energy_density, r.pressure, r.entropy_density,
                        r.temperature, r.sound_speed_squared);
  return text;
}

std::string music(const std::vector<EosRow>& rows, const std::string& /*comment*/) {
  std::string bytes;
  for (const EosRow& r : rows) {
    const double values[] = {r.energy_density, r.pressure, r.entropy_density, r.temperature};
    bytes.append(reinterpret_cast<const char*>(values), sizeof values);
  }
  return bytes;
}

std::string vhlle(const std::vector<EosRow>& rows, const std::string& /*comment*/) {
  std::string text = "0 0 0";
  for (const EosRow& r : rows)
    text += fmt::format("\n{:.16e} {:.16e} {:.16e}", r.energy_density, r.pressure, r.temperature);
  return text;
}

}  // namespace

const std::vector<EosFormat>& eos_formats() {
  static const std::vector<EosFormat> formats{
      {"csv", "eos.csv", false, 0, 8, 1'000'000, 0.01, 1.0, csv},
      {"music", "hrg_hotqcd_eos_binary.dat", true, 100'000, 100'000, 100'000, 0.05, 1.0, music},
      {"vhlle", "Laine_nf3.dat", false, 1000, 2, 9998, 0.01, 1.0, vhlle}};
  return formats;
}

}  // namespace ister::drivers

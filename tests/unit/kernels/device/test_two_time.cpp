#include "core/kernels/correlation/two_time.hpp"
#include "core/kernels/device/two_time.hpp"
#include "tests/unit/kernels/device/arrays.hpp"
#include "tests/unit/kernels/mode_bin.hpp"

namespace ister::tests {
namespace {

using core::device::ModeRecord;
using core::device::Rows;
using Modes = core::device::Values<const Kokkos::complex<double>>;

/// Works with core::ModeRecord for the host and with ModeRecord.
template <class Record>
Record record_of(const Bin& bin) {
  const auto rows = on_device(bin.frames, bin.modes, bin.values);
  Record record(bin.frames, bin.weights);
  for (std::int64_t t = 0; t < bin.frames; ++t)
    if (!bin.present[t])
      record.push_missing();
    else if constexpr (std::is_same_v<Record, ModeRecord>)
      record.push(Modes(rows.data() + t * bin.modes, bin.modes));
    else
      record.push(bin.values.data() + t * bin.modes);
  return record;
}

std::vector<double> intensity_of(const ModeRecord& record) {
  const Rows<double> result("c2", record.frames(), record.frames());
  core::device::TwoTimeCorrelation(record.frames() + 3).intensity(record, result);
  return from_device<double>(result);
}

std::vector<Complex> amplitude_of(const ModeRecord& record) {
  const Rows<Kokkos::complex<double>> result("f", record.frames(), record.frames());
  core::device::TwoTimeCorrelation(record.frames()).amplitude(record, result);
  return from_device<Complex>(result);
}

std::vector<double> scattering_of(const Bin& bin, core::CorrelationEngine engine) {
  const core::device::Values<double> result("f", bin.frames);
  Kokkos::deep_copy(result, std::numeric_limits<double>::quiet_NaN());  // what is there before does not count
  core::device::ScatteringFunction(bin.present, engine).apply(record_of<ModeRecord>(bin), result);
  return from_device<double>(result);
}

TEST(DeviceTwoTime, IntensitiesAreTheDefinitionAsOnTheHost) {
  for (const auto& [frames, modes, masks] : bin_shapes) {
    const Bin bin(frames, modes, masks);
    const ModeRecord record = record_of<ModeRecord>(bin);
    const auto result = intensity_of(record);
    std::vector<double> host(result.size()), one_thread;
    EXPECT_LT(difference(result, intensity_by_definition(bin)), 1e-13);
    core::TwoTimeCorrelation(frames).intensity(record_of<core::ModeRecord>(bin), host.data());
    EXPECT_LT(difference(result, host), 1e-13);
    core::on_one_thread([&] { one_thread = intensity_of(record_of<ModeRecord>(bin)); });
    EXPECT_EQ(difference(result, one_thread), 0.0);
  }
}

TEST(DeviceTwoTime, AmplitudesAreTheDefinitionAsOnTheHost) {
  for (const auto& [frames, modes, masks] : bin_shapes) {
    const Bin bin(frames, modes, masks);
    const auto result = amplitude_of(record_of<ModeRecord>(bin));
    std::vector<Complex> host(result.size()), one_thread;
    EXPECT_LT(difference(result, amplitude_by_definition(bin)), 1e-13);
    core::TwoTimeCorrelation(frames).amplitude(record_of<core::ModeRecord>(bin), host.data());
    EXPECT_LT(difference(result, host), 1e-13);
    core::on_one_thread([&] { one_thread = amplitude_of(record_of<ModeRecord>(bin)); });
    EXPECT_EQ(difference(result, one_thread), 0.0);
  }
}

TEST(DeviceScattering, IsTheMeanOverDiagonalsAsOnTheHost) {
  for (const auto& [frames, modes, masks] : bin_shapes)
    for (const core::CorrelationEngine engine : {core::CorrelationEngine::direct, core::CorrelationEngine::fft}) {
      const Bin bin(frames, modes, masks);
      const auto result = scattering_of(bin, engine);
      std::vector<double> expected, host(result.size()), one_thread;
      for (std::int64_t tau = 0; tau < frames; ++tau) {
        long double sum = 0, pairs = 0;
        for (std::int64_t t = 0; t + tau < frames; ++t)
          if (bin.present[t] && bin.present[t + tau]) {
            sum += bin.mean(t, t + tau, product).real();
            ++pairs;
          }
        expected.push_back(static_cast<double>(sum / pairs));
      }
      EXPECT_LT(difference(result, expected), 1e-13);
      core::ScatteringFunction(bin.present, engine).apply(record_of<core::ModeRecord>(bin), host.data());
      EXPECT_LT(difference(result, host), 1e-13);
      core::on_one_thread([&] { one_thread = scattering_of(bin, engine); });
      EXPECT_EQ(difference(result, one_thread), 0.0);
    }
}

TEST(DeviceModeRecord, RefusesWhatHasNoMeaning) {
  expect_refused([] { ModeRecord(0, {1.0}); }, {"needs frames and modes"});
  expect_refused([] { ModeRecord(1, {1.0, -2.0}); }, {"weight of mode 1"});
  expect_refused([] { ModeRecord(1, {0.0, 0.0}); }, {"all modes of the bin are masked"});
  expect_refused([] { core::device::TwoTimeCorrelation(0); }, {"without any frame"});
  ModeRecord record(2, {1.0, 1.0, 0.0});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Complex> frames = {1.0, {0.0, 1.0}, nan, 1.0, {0.0, nan}, 0.0, 0.0, 0.0, 1.0};
  const auto rows = on_device(3, 3, frames);
  const Modes good(rows.data(), 3), bad(rows.data() + 3, 3), dark(rows.data() + 6, 3);
  record.push(good);
  expect_refused([&] { record.push(bad); }, {"mode 1 of frame 1", "not finite"});
  expect_refused([&] { record.push(Modes(rows.data(), 2)); }, {"2 values for 3 modes"});
  record.push(dark);
  expect_refused([&] { record.push(good); }, {"2 frames", "one more"});
  expect_refused([&] { record.push_missing(); }, {"2 frames", "one more"});
  const Rows<double> c2("c2", 2, 2), small("small", 1, 2);
  const core::device::TwoTimeCorrelation two(2), one(1);
  expect_refused([&] { two.intensity(record, c2); }, {"frame 1 has no intensity"});
  expect_refused([&] { one.intensity(record, c2); }, {"2 frames", "room for 1"});
  expect_refused([&] { two.intensity(record, small); }, {"1 x 2", "2 x 2"});
  const core::device::Values<double> f("f", 2);
  expect_refused([&] { core::device::ScatteringFunction({true, false}).apply(record, f); }, {"not those"});
  const core::device::Values<double> long_f("f", 3);
  expect_refused(
      [&] {
        core::device::ScatteringFunction({true, true}).apply(record, long_f);
      },
      {"3 values", "2 frames"});
}

}  // namespace
}  // namespace ister::tests

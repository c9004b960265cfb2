#include "drivers/analyze/volterra_files.hpp"

#include <algorithm>
#include <numeric>

#include "io/posix.hpp"

namespace ister::drivers {
namespace {

io::Array rows(const std::vector<std::vector<double>>& values) {
  std::vector<double> all;
  for (const auto& row : values) all.insert(all.end(), row.begin(), row.end());
  return {{values.size(), values.front().size()}, std::move(all)};
}

io::Array square(const std::vector<double>& values, std::int64_t n) {
  return {{static_cast<std::size_t>(n), static_cast<std::size_t>(n)}, values};
}

/// The rows of a matrix, one after the other, with zeros up to another shape.
std::vector<double> padded_rows(const io::Array& array, std::size_t rows, std::size_t columns) {
  std::vector<double> values(rows * columns, 0.0);
  for (std::size_t r = 0; r < array.extents[0]; ++r)
    std::copy_n(array.values.begin() + static_cast<std::ptrdiff_t>(r * array.extents[1]), array.extents[1],
                values.begin() + static_cast<std::ptrdiff_t>(r * columns));
  return values;
}

std::int64_t integer(const core::Attributes& attributes, const std::string& name, std::int64_t lower,
                     std::int64_t upper, const std::filesystem::path& path) {
  const auto found = attributes.find(name);
  if (found == attributes.end() || !std::holds_alternative<std::int64_t>(found->second))
    throw InputError(
        fmt::format("{}: no integer attribute \"{}\" as `ister analyze volterra excite` writes it; name "
                    "the file with the excitation with --excitation",
                    path.string(), name));
  const std::int64_t value = std::get<std::int64_t>(found->second);
  if (value < lower || value > upper)
    throw InputError(
        fmt::format("{}: the attribute {} is {}; possible are {} to {}", path.string(), name, value, lower, upper));
  return value;
}

}  // namespace

Records read_records(const std::filesystem::path& path, const std::string& dataset) {
  io::Array array = io::ArrayFile(path).read(dataset);
  if (array.extents.empty() || array.extents.size() > 2 || array.values.empty())
    throw InputError(fmt::format("{}: {} has the shape ({}); it must be (samples) or (records, samples), and not empty",
                                 path.string(), dataset, fmt::join(array.extents, ", ")));
  Records records;
  records.extents = array.extents;
  records.records = array.extents.size() == 2 ? static_cast<std::int64_t>(array.extents[0]) : 1;
  records.samples = static_cast<std::int64_t>(array.extents.back());
  records.values = std::move(array.values);
  require_finite(records, path.string() + ": " + dataset);
  return records;
}

void require_finite(const Records& records, const std::string& what) {
  const auto samples = static_cast<std::size_t>(records.samples);
  for (std::size_t n = 0; n < records.values.size(); ++n)
    if (!std::isfinite(records.values[n]))
      throw InputError(fmt::format("{}[{}][{}] = {} is not finite", what, n / samples, n % samples, records.values[n]));
}

core::VolterraKernel read_kernel(const std::filesystem::path& path) {
  const io::ArrayFile file(path);
  core::VolterraKernel kernel;
  if (!file.has("h") && !file.has("h2"))
    throw InputError(fmt::format("{}: no kernel: it has neither /h (orders, taps) nor /h2 (taps, taps); it holds {}",
                                 path.string(), fmt::join(file.names(), ", ")));
  const auto read = [&](const char* name) {
    io::Array array = file.has(name) ? file.read(name) : io::Array({0, 0}, {});
    if (array.extents.size() != 2)
      throw InputError(fmt::format("{}: /{} has {} indices; /h is (orders, taps), /h2 is (taps, taps)", path.string(),
                                   name, array.extents.size()));
    if (array.values.empty() && file.has(name))
      throw InputError(
          fmt::format("{}: /{} has the shape ({}); it is empty", path.string(), name, fmt::join(array.extents, ", ")));
    return array;
  };
  const io::Array h = read("h"), h2 = read("h2");
  if (h2.extents[0] != h2.extents[1])
    throw InputError(
        fmt::format("{}: /h2 is {} x {}; it must be (taps, taps)", path.string(), h2.extents[0], h2.extents[1]));
  const std::size_t taps = std::max(h.extents[1], h2.extents[1]);
  kernel.taps = static_cast<std::int64_t>(taps);
  if (!h2.values.empty()) kernel.second = padded_rows(h2, taps, taps);
  for (std::size_t p = 0; p < h.extents[0]; ++p) {
    const auto first = h.values.begin() + static_cast<std::ptrdiff_t>(p * h.extents[1]);
    kernel.orders.emplace_back(first, first + static_cast<std::ptrdiff_t>(h.extents[1]));
    kernel.orders.back().resize(taps, 0.0);
  }
  try {
    kernel.check();
  } catch (const InputError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
  return kernel;
}

std::string verdict(const core::VolterraCertificate& certificate) {
  constexpr double limit = core::VolterraCertificate::limit;
  if (certificate.trusted()) return "trust";
  std::vector<std::string> causes;
  const auto add = [&](double part, double most, const char* cause) {
    if (!(part <= most)) causes.push_back(fmt::format(cause, 100 * part));
  };
  add(certificate.memory, limit, "taps beyond the last one add {:.2g} % of y, more --taps are needed");
  add(certificate.form, limit,
      "orders above the highest or products of different times add {:.2g} % of y, more --orders are needed or another "
      "--method");
  add(certificate.unclear, limit,
      "{:.2g} % of y are not explained, and the records are too short to tell noise from a system of another kind");
  add(certificate.noise, core::VolterraCertificate::noise_limit,
      "noise makes the response of the kernel uncertain by {:.0f} %, longer records or more periods are needed");
  return fmt::format("do not trust: {}", fmt::join(causes, "; "));
}

void write_estimate(const Results& results, const core::VolterraEstimate& estimate, core::Attributes attributes) {
  const core::VolterraKernel& kernel = estimate.kernel;
  std::vector<io::NamedArray> arrays = {{"h", rows(kernel.orders)}, {"h_error", rows(estimate.errors)}};
  if (!kernel.second.empty()) {
    arrays.push_back({"h2", square(kernel.second, kernel.taps)});
    arrays.push_back({"h2_error", square(estimate.second_error, kernel.taps)});
  }
  std::vector<double> taps(static_cast<std::size_t>(kernel.taps));
  std::iota(taps.begin(), taps.end(), 0.0);
  std::vector<io::NamedArray> table = {{"tap", io::Array(taps)}};
  for (std::size_t p = 0; p < kernel.orders.size(); ++p) {
    table.push_back({fmt::format("h{}", p + 1), io::Array(kernel.orders[p])});
    table.push_back({fmt::format("h{}_error", p + 1), io::Array(estimate.errors[p])});
  }
  if (!kernel.second.empty()) table.insert(table.end(), arrays.end() - 2, arrays.end());
  const core::VolterraCertificate& certificate = estimate.certificate;
  arrays.push_back({"certificate", io::Array({certificate.memory, certificate.form, certificate.unclear})});
  attributes["offset"] = estimate.offset;
  attributes["noise"] = estimate.noise;
  attributes["noise_of_response"] = certificate.noise;
  attributes["verdict"] = verdict(certificate);
  results.write(arrays, attributes, table);
}

core::VolterraExcitation read_excitation(const std::filesystem::path& path) {
  const io::ArrayFile file(path);
  const core::Attributes attributes = file.attributes();
  core::VolterraExcitation excitation;
  excitation.orders = static_cast<int>(integer(attributes, "orders", 1, core::VolterraKernel::highest_order, path));
  excitation.taps = integer(attributes, "taps", 1, most_taps, path);
  excitation.period = integer(attributes, "period", 1, std::int64_t{1} << 30, path);
  excitation.periods = integer(attributes, "periods", 2, most_periods, path);
  excitation.levels = file.read("levels").values;
  excitation.waveforms = file.read("waveforms").values;
  if (file.has("tones"))
    for (const double tone : file.read("tones").values) excitation.tones.push_back(std::llround(tone));
  return excitation;
}

void require_memory_for_records(std::int64_t records, std::int64_t periods, std::int64_t period) {
  io::require_memory(static_cast<double>(records) * static_cast<double>(periods) * static_cast<double>(period),
                     fmt::format("{} records of {} periods of {} samples", records, periods, period));
}

void write_excitation(const Results& results, const core::VolterraExcitation& excitation, core::Attributes attributes) {
  require_memory_for_records(excitation.records(), 1 + excitation.periods, excitation.period);
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const io::Array x({size(excitation.records()), size(excitation.samples())}, excitation.input());
  std::vector<io::NamedArray> arrays = {
      {"x", x},
      {"levels", io::Array(excitation.levels)},
      {"waveforms",
       {{excitation.waveforms.size() / size(excitation.period), size(excitation.period)}, excitation.waveforms}}};
  if (!excitation.tones.empty())
    arrays.push_back({"tones", io::Array(std::vector<double>(excitation.tones.begin(), excitation.tones.end()))});
  attributes["orders"] = static_cast<std::int64_t>(excitation.orders);
  attributes["taps"] = excitation.taps;
  attributes["period"] = excitation.period;
  attributes["periods"] = excitation.periods;
  results.write(arrays, attributes, {{"x", transposed(x)}});
}

}  // namespace ister::drivers

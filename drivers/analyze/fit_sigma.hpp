#pragma once
#include <string>
#include <vector>

#include "drivers/analyze/two_time_file.hpp"

namespace ister::drivers {

/// The standard deviations that the option --sigma names, as core::Homodyne takes them: one, one for each angle that is
/// used, or one for each entry of the data. Texts are numbers, or one of them is a dataset of the file with one number,
/// one for each angle, or n x n for each angle; angles are those used or all that the file has for the wavenumber.
/// InputError for other shapes and for what is no positive number.
std::vector<double> fit_sigma(const std::vector<std::string>& texts, const io::ArrayFile& file, const TwoTimeData& data,
                              bool diagonal);

}  // namespace ister::drivers

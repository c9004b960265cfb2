#pragma once
#include <hdf5.h>

#include <string>

#include "io/array_file.hpp"

/// Complex numbers as h5py, PyTables, Julia and MATLAB write them: compounds of two floats, named r and i, re and im,
/// or real and imag.
namespace ister::io {

/// Whether a dataset of a file holds such numbers; false where there is no such dataset.
bool holds_complex(const ArrayFile& file, const std::string& dataset);

/// Like ArrayFile::read, with a last extent of 2 for real and imaginary part.
Array read_complex(const ArrayFile& file, const std::string& dataset);

namespace hdf5 {
bool is_complex(hid_t dataset);
}

}  // namespace ister::io

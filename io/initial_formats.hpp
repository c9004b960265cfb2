#pragma once
#include <cstdint>
#include <filesystem>

#include "io/map.hpp"

/// Files of initial states that other codes write. Each reader throws FileError for what is not of its format, damaged
/// or incomplete, and InputError for values that cannot be; the layouts stand at the top of the reader's own file.
/// `spacing` [fm] is what the user said of files that do not say it themselves; 0: nothing.
namespace ister::io {

/// TRENTo's map of one event, number `index` of those in the file: column "value". Text: rows of y with a column for
/// each x, lines that begin with '#' skipped, or HDF5 with one dataset (y, x) for each event. The header that vHLLE
/// reads says the spacing, and of TRENTo-3D the grid in rapidity. `numbers` are those of lines "# name = number", or of
/// attributes of the dataset: b, npart, mult and others.
Map read_trento(const std::filesystem::path& path, int index, double spacing);

/// How many events such a file holds.
std::int64_t count_trento_events(const std::filesystem::path& path);

/// A block as superMC, iEBE and VISHNew use it, with a row for each x and a column for each y, or superMC's table of
/// four columns: column "value".
Map read_supermc(const std::filesystem::path& path, double spacing);

/// Energy density [GeV/fm^3], flow (u^eta in 1/fm) and shear stress [1/fm^4, one 1/fm more for each eta] as IP-Glasma
/// and KoMPoST write for MUSIC: columns e, ux, uy, ueta, pixx, pixy, pixeta, piyy, piyeta, pietaeta; the last six and
/// ueta absent where the file has none.
Map read_music_table(const std::filesystem::path& path);

/// T^{mu nu} [GeV/fm^3] of an orthonormal frame as IP-Glasma and KoMPoST write: columns Ttt, Txx, Tyy, Tzz, Ttx, Tty,
/// Ttz, Txy, Tyz, Txz, contravariant, z along the rapidity.
Map read_tensor_table(const std::filesystem::path& path, double spacing);

/// CCAKE's own format, and ICCING's: columns as for MUSIC, stresses [GeV/fm^3, 1/fm for each eta], and bulk [GeV/fm^3].
Map read_ccake(const std::filesystem::path& path);

/// The folder of output of freestream-milne: columns as for MUSIC, e, stresses and bulk in 1/fm^4 and 1/fm for each
/// eta. Without stresses where these files are absent.
Map read_freestream_folder(const std::filesystem::path& folder);

/// Arrays of the Python package freestream, as HDF5 or as a folder of .npy files: e (x, y), u (x, y, 3), pi (x, y, 3,
/// 3), Pi (x, y) [GeV/fm^3]: columns e, ux, uy, pixx, pixy, piyy, bulk.
Map read_freestream_arrays(const std::filesystem::path& path, double spacing);

}  // namespace ister::io

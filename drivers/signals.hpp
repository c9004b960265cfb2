#pragma once

namespace ister::drivers {

/// From now on SIGTERM, SIGINT and SIGUSR1 only leave a mark, and a write beyond the file size limit fails (SIGXFSZ is
/// ignored) where it would end the process. To be called after MPI_Init, which may install handlers of its own.
void install_signal_handlers();

/// The signal that asked this rank to stop; 0: none yet.
int pending_signal();

}  // namespace ister::drivers

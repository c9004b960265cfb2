#pragma once

/// How the process meets the signals that ask it to end: SIGTERM, SIGINT, SIGUSR1 and SIGHUP (unless it was started
/// with SIGHUP ignored, as nohup does). A write beyond the file size limit fails in every case, SIGXFSZ ends nothing.
namespace ister::core {

/// From now on the signals only leave a mark. For the first line of main, and again after MPI_Init, which may install
/// handlers of its own.
void mark_signals();

/// The signal that asked this process to stop; 0: none yet.
int pending_signal();

/// From now on the signals, and one that has left its mark already, end the process as if they had never been caught;
/// while a SignalHold lives they wait for its end.
void obey_signals();

/// From now on nobody reading the standard output any more (SIGPIPE) is an error of writing, not the end.
void ignore_broken_pipes();

/// A piece of work that is not to be cut in the middle, such as a file that is half written.
class SignalHold {
 public:
  SignalHold();
  ~SignalHold();
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;
};

}  // namespace ister::core

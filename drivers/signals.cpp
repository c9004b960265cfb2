#include "drivers/signals.hpp"

#include <csignal>
#include <initializer_list>

namespace ister::drivers {
namespace {

volatile std::sig_atomic_t g_pending = 0;

void mark(int signal) { g_pending = signal; }

}  // namespace

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = mark;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
}

int pending_signal() { return g_pending; }

}  // namespace ister::drivers

#include "core/parallel/signals.hpp"

#include <atomic>
#include <csignal>

namespace ister::core {
namespace {

constexpr int asking[] = {SIGTERM, SIGINT, SIGUSR1, SIGHUP};

// A handler can reach nothing but globals.
volatile std::sig_atomic_t g_pending = 0;
std::atomic<int> g_held{0};
std::atomic<bool> g_obey{false};

/// Lets the pending signal do what it does by default, where that is due.
void end_if_due() {
  const int signal = g_pending;
  if (signal == 0 || !g_obey || g_held > 0) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void meet(int signal) {
  g_pending = signal;
  end_if_due();
}

bool is_ignored(int signal) {
  struct sigaction now {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

void mark_signals() {
  struct sigaction action {};
  action.sa_handler = meet;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : asking)
    if (signal != SIGHUP || !is_ignored(SIGHUP)) sigaction(signal, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
}

int pending_signal() { return g_pending; }

void obey_signals() {
  g_obey = true;
  end_if_due();
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

SignalHold::SignalHold() { ++g_held; }

SignalHold::~SignalHold() {
  --g_held;
  end_if_due();
}

}  // namespace ister::core

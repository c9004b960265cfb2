#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "drivers/run/watchdog.hpp"

namespace {

using ister::drivers::Watchdog;

void wait(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

void take_a_step(Watchdog& watchdog, double seconds = 0) {
  watchdog.enter("a step");
  wait(seconds);
  watchdog.step_done();
}

TEST(Watchdog, EndsAProcessThatNoLongerGetsOn) {
  EXPECT_EXIT(
      {
        Watchdog watchdog(0.2, 0, "");
        take_a_step(watchdog);
        watchdog.enter("writing a checkpoint");
        wait(20);
      },
      testing::ExitedWithCode(70), "rank 0 .* writing a checkpoint .* after 1 steps");
}

TEST(Watchdog, LeavesTimeBeforeTheFirstStepAndToEveryPhase) {
  Watchdog watchdog(0.4, 0, "");
  wait(0.8);
  take_a_step(watchdog);
  for (int phase = 0; phase < 6; ++phase) {
    watchdog.enter("writing a snapshot");
    wait(0.15);
  }
}

TEST(Watchdog, WaitsForFiftyMedianSteps) {
  Watchdog watchdog(0.1, 0, "");
  for (int step = 0; step < 5; ++step) take_a_step(watchdog, 0.05);
  watchdog.enter("a step");
  wait(0.8);
}

TEST(Watchdog, IsOffWithoutALimit) {
  Watchdog watchdog(0, 0, "");
  take_a_step(watchdog);
  wait(0.2);
}

TEST(Watchdog, TakesNoSignals) {
  static volatile std::sig_atomic_t taken = 0;
  static pthread_t taker;
  taker = pthread_self();
  Watchdog watchdog(10, 0, "");
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) { taken = pthread_equal(pthread_self(), taker) != 0 ? 1 : 2; };
  sigaction(SIGUSR2, &action, &before);
  kill(getpid(), SIGUSR2);
  for (int i = 0; i < 100 && taken == 0; ++i) wait(0.01);
  sigaction(SIGUSR2, &before, nullptr);
  EXPECT_EQ(taken, 1);
}

}  // namespace

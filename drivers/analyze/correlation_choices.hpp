#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "core/kernels/correlation/correlation.hpp"

// Words of the command line for what the correlation kernels can be told.
namespace ister::drivers {

inline const std::map<std::string, core::Normalisation> normalisation_names = {
    {"raw", core::Normalisation::raw},
    {"unbiased", core::Normalisation::unbiased},
    {"normalised", core::Normalisation::normalised}};
inline const std::map<std::string, core::CorrelationEngine> engine_names = {
    {"auto", core::CorrelationEngine::automatic},
    {"direct", core::CorrelationEngine::direct},
    {"fft", core::CorrelationEngine::fft}};

/// --engine
inline void add_engine(CLI::App& app, std::string& engine) {
  app.add_option("--engine", engine, "how: auto takes the faster one; the answers are the same")
      ->type_name("NAME")
      ->check(CLI::IsMember({"auto", "direct", "fft"}))
      ->capture_default_str();
}

}  // namespace ister::drivers

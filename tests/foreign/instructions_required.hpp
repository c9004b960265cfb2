#pragma once

// As if built for a processor that is no longer made.
#define ISTER_ARCH "native"
#define ISTER_REQUIRED(X) X("sse2") X("avx5124fmaps")

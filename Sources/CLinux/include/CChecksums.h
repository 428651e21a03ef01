#pragma once

#include <stddef.h>
#include <stdint.h>

/// The CRC-32C of `length` bytes at `bytes`, continuing from `crc` (0 to begin with), by the fastest way this
/// processor knows. The way is chosen once, before main.
uint32_t ringside_crc32c(uint32_t crc, const void *_Nullable bytes, size_t length);

/// The same by table lookups, eight bytes at a time ("slicing-by-8"): works on every processor.
uint32_t ringside_crc32c_table(uint32_t crc, const void *_Nullable bytes, size_t length);

/// What `ringside_crc32c` uses: "sse4.2+pclmulqdq", "armv8-crc" or "table".
const char *_Nonnull ringside_crc32c_method(void);

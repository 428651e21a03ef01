// CRC-32C (Castagnoli; reflected polynomial 0x82F63B78), the check of iSCSI, ext4 and SCTP.
//
// - By table: slicing-by-8, M. Kounavis and F. Berry, "A Systematic Approach to Building High Performance
//   Software-based CRC Generators", 2005.
// - By instruction: three streams at once hide the latency (3 cycles) of an instruction that could start every cycle:
//   V. Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32 Instruction", Intel 2011. Streams are
//   joined by one carry-less multiplication each, with a constant for every stream length, so that a long body is cut
//   into three equal parts rather than into blocks of a few fixed sizes.

#include "CChecksums.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#endif

#define POLYNOMIAL 0x82F63B78u

typedef uint32_t (*crc_function)(uint32_t, const void *, size_t);

// Filled by `choose` before main and constant from then on.
static uint32_t tables[8][256];
static crc_function chosen;
static const char *chosen_name;

static inline uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

uint32_t ringside_crc32c_table(uint32_t crc, const void *start, size_t length) {
  const uint8_t *bytes = start;
  crc = ~crc;
  for (; length >= 8; bytes += 8, length -= 8) {
    uint64_t word = load64(bytes) ^ crc;
    crc = 0;
    for (int i = 0; i < 8; i++) crc ^= tables[7 - i][(word >> (8 * i)) & 0xFF];
  }
  for (; length > 0; bytes++, length--) crc = (crc >> 8) ^ tables[0][(crc ^ *bytes) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)

// The longest stream, in words of eight bytes: 3 * 128 words = 3 KiB per round.
#define STREAM_WORDS_MAX 128
// Below this many bytes, streams of a fixed length are faster: the compiler unrolls them.
#define THREE_STREAMS_MIN 512

// shift_constants[n] = x^(64 n - 33) modulo the polynomial: multiplying by it, and letting the instruction reduce the
// product (which multiplies by x^33), appends n words of zeros.
static uint64_t shift_constants[2 * STREAM_WORDS_MAX + 1];

#define TARGET __attribute__((target("sse4.2,pclmul")))

TARGET static void prepare_shift_constants(void) {
  uint64_t constant = 1;  // x^31: bits are reflected, bit 0 is the highest power.
  for (int words = 1; words <= 2 * STREAM_WORDS_MAX; words++) {
    shift_constants[words] = constant;
    constant = _mm_crc32_u64(constant, 0);  // Times x^64.
  }
}

TARGET static inline uint64_t multiply(uint64_t a, uint64_t b) {
  __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)a), _mm_cvtsi64_si128((long long)b), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

// Any length, one stream: what is left after the others.
TARGET static inline uint32_t finish(uint64_t crc, const uint8_t *bytes, size_t length) {
  // Unrolled by hand, and no further: what the compiler makes of these loops costs 3 ns per call.
#pragma clang loop unroll(disable)
  for (; length >= 32; bytes += 32, length -= 32) {
    crc = _mm_crc32_u64(crc, load64(bytes));
    crc = _mm_crc32_u64(crc, load64(bytes + 8));
    crc = _mm_crc32_u64(crc, load64(bytes + 16));
    crc = _mm_crc32_u64(crc, load64(bytes + 24));
  }
#pragma clang loop unroll(disable)
  for (; length >= 8; bytes += 8, length -= 8) crc = _mm_crc32_u64(crc, load64(bytes));
  uint32_t rest = (uint32_t)crc;
#pragma clang loop unroll(disable)
  for (; length > 0; bytes++, length--) rest = _mm_crc32_u8(rest, *bytes);
  return ~rest;
}

// Takes one word of each of three streams.
#define STEP(offset)                                           \
  a = _mm_crc32_u64(a, load64(bytes + (offset)));              \
  b = _mm_crc32_u64(b, load64(bytes + stride + (offset)));     \
  c = _mm_crc32_u64(c, load64(bytes + 2 * stride + (offset)))

// Three streams of a third of the bytes each. The instruction that ends the third also reduces the shifted sums of
// the other two. Not inlined, so that short bodies do not pay for saving its registers.
__attribute__((noinline)) TARGET static uint32_t crc32c_long(uint64_t a, const uint8_t *bytes, size_t length) {
  while (length >= THREE_STREAMS_MIN) {
    size_t words = length / 24;
    if (words > STREAM_WORDS_MAX) words = STREAM_WORDS_MAX;
    size_t stride = 8 * words;
    uint64_t b = 0, c = 0;
    for (const uint8_t *end = bytes + stride - 8; bytes < end; bytes += 8) { STEP(0); }
    a = _mm_crc32_u64(a, load64(bytes));
    b = _mm_crc32_u64(b, load64(bytes + stride));
    uint64_t shifted = multiply(a, shift_constants[2 * words]) ^ multiply(b, shift_constants[words]);
    a = _mm_crc32_u64(c, load64(bytes + 2 * stride) ^ shifted);
    bytes += 8 + 2 * stride;
    length -= 3 * stride;
  }
  return finish(a, bytes, length);
}

TARGET static uint32_t crc32c_sse42(uint32_t start_crc, const void *start, size_t length) {
  const uint8_t *bytes = start;
  uint64_t a = (uint32_t)~start_crc;
  if (length >= THREE_STREAMS_MIN) return crc32c_long(a, bytes, length);
  const size_t stride = 40;
#pragma clang loop unroll(disable)
  for (; length >= 120; bytes += 120, length -= 120) {
    // Streams of five words. 120 bytes are the length this function meets most: what is checked of a body of 128 bytes, whose
    // first word holds the checksum. In one stream they take 45 cycles.
    uint64_t b = 0, c = 0;
    STEP(0);
    STEP(8);
    STEP(16);
    STEP(24);
    a = _mm_crc32_u64(a, load64(bytes + 32));
    b = _mm_crc32_u64(b, load64(bytes + stride + 32));
    uint64_t shifted = multiply(a, shift_constants[10]) ^ multiply(b, shift_constants[5]);
    a = _mm_crc32_u64(c, load64(bytes + 112) ^ shifted);
  }
  if (length == 0) return ~(uint32_t)a;
  return finish(a, bytes, length);
}

#elif defined(__aarch64__)

__attribute__((target("crc"))) static uint32_t crc32c_arm(uint32_t crc, const void *start, size_t length) {
  const uint8_t *bytes = start;
  crc = ~crc;
  for (; length >= 8; bytes += 8, length -= 8) crc = __crc32cd(crc, load64(bytes));
  for (; length > 0; bytes++, length--) crc = __crc32cb(crc, *bytes);
  return ~crc;
}

#endif

__attribute__((constructor)) static void choose(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (POLYNOMIAL & (0u - (crc & 1)));
    tables[0][byte] = crc;
  }
  for (int slice = 1; slice < 8; slice++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t before = tables[slice - 1][byte];
      tables[slice][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  chosen = ringside_crc32c_table;
  chosen_name = "table";
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul")) {
    prepare_shift_constants();
    chosen = crc32c_sse42;
    chosen_name = "sse4.2+pclmulqdq";
  }
#elif defined(__aarch64__)
  const unsigned long hwcap_crc32 = 1ul << 7;  // HWCAP_CRC32 of <asm/hwcap.h>.
  if (getauxval(AT_HWCAP) & hwcap_crc32) {
    chosen = crc32c_arm;
    chosen_name = "armv8-crc";
  }
#endif
}

uint32_t ringside_crc32c(uint32_t crc, const void *bytes, size_t length) { return chosen(crc, bytes, length); }

const char *ringside_crc32c_method(void) { return chosen_name; }

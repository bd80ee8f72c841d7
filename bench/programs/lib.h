// What the C programs share. There is no C library: a program is one function
// `run`, which does work in proportion to n and returns a checksum of all it did.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define EXPORT(name) __attribute__((export_name(#name)))

// The compiler may call these for loops and assignments.
static inline void *copy_bytes(void *dst, const void *src, u32 n) {
  u8 *d = dst;
  const u8 *s = src;
  while (n >= 8) {
    *(u64 *)d = *(const u64 *)s;
    d += 8, s += 8, n -= 8;
  }
  while (n--) *d++ = *s++;
  return dst;
}

__attribute__((weak, no_builtin("memcpy"))) void *memcpy(void *dst, const void *src, unsigned long n) {
  return copy_bytes(dst, src, n);
}

__attribute__((weak, no_builtin("memset"))) void *memset(void *dst, int c, unsigned long n) {
  u8 *d = dst;
  while (n--) *d++ = (u8)c;
  return dst;
}

// random is a xorshift generator: the same numbers on every engine.
static u32 random_state = 2463534242u;

static inline u32 random(void) {
  u32 x = random_state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return random_state = x;
}

// mix adds a value to a checksum.
static inline u64 mix(u64 sum, u64 value) {
  return (sum ^ value) * 1099511628211ull;
}

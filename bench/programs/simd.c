// 128-bit vectors: a blur of bytes, a sum of products of f32, a search for
// bytes. The vectors are the compiler's own types.
#include "lib.h"

#define SIMD __attribute__((target("simd128")))

typedef u8 u8x16 __attribute__((vector_size(16)));
typedef signed char i8x16 __attribute__((vector_size(16)));
typedef u16 u16x8 __attribute__((vector_size(16)));
typedef u8 u8x8 __attribute__((vector_size(8)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef int i32x4 __attribute__((vector_size(16)));

#define SIZE 65536
static u8 image[SIZE + 32] __attribute__((aligned(16)));
static float samples[SIZE / 4] __attribute__((aligned(16)));

SIMD static void blur(void) {
  for (u32 i = 0; i < SIZE; i += 8) {
    u16x8 a = __builtin_convertvector(*(u8x8 *)(image + i), u16x8);
    u16x8 b = __builtin_convertvector(*(u8x8 *)(image + i + 8), u16x8);
    u16x8 c = __builtin_convertvector(*(u8x8 *)(image + i + 16), u16x8);
    *(u8x8 *)(image + i) = __builtin_convertvector((a + b + b + c + 2) >> 2, u8x8);
  }
}

SIMD static u32 count(u8 byte) {
  i8x16 found = {0};
  u32 total = 0;
  u8x16 key = {0};
  key += byte;
  for (u32 i = 0; i < SIZE; i += 16) {
    found -= (i8x16)(*(u8x16 *)(image + i) == key);
    if (i % 1024 == 1008) {
      for (int k = 0; k < 16; k++) total += (u8)found[k];
      found -= found;
    }
  }
  return total;
}

SIMD static int energy(void) {
  f32x4 sum = {0}, scale = {0.5f, 0.25f, 0.125f, 1.0f};
  for (u32 i = 0; i < SIZE / 4; i += 4) {
    f32x4 x = *(f32x4 *)(samples + i);
    sum += x * scale * x;
    *(f32x4 *)(samples + i) = x * 0.999f;
  }
  i32x4 whole = __builtin_convertvector(sum, i32x4);
  return whole[0] + whole[1] + whole[2] + whole[3];
}

EXPORT(run) SIMD i64 run(int n) {
  u64 sum = 0;
  for (u32 i = 0; i < SIZE; i++) image[i] = (u8)random();
  for (u32 i = 0; i < SIZE / 4; i++) samples[i] = (float)(int)(random() % 1000) / 64;
  while (n--) {
    image[random() % SIZE] ^= 0x55;
    blur();
    sum = mix(sum, count(image[n % SIZE]));
    sum = mix(sum, (u64)energy());
  }
  return (i64)sum;
}

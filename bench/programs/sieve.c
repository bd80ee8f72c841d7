// The sieve of Eratosthenes: byte loads and stores in short loops.
#include "lib.h"

#define LIMIT 200000
static u8 composite[LIMIT];

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  while (n--) {
    for (int i = 0; i < LIMIT; i++) composite[i] = 0;
    u32 count = 0;
    for (int i = 2; i < LIMIT; i++) {
      if (composite[i]) continue;
      count++;
      for (int k = i + i; k < LIMIT; k += i) composite[k] = 1;
    }
    sum = mix(sum, count);
  }
  return (i64)sum;
}

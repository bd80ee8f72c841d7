// Quicksort with calls through a pointer to the comparison, and heapsort
// without: unpredictable branches, recursion, call_indirect.
#include "lib.h"

#define COUNT 20000
static u32 values[COUNT];

static int ascending(const u32 *a, const u32 *b) { return *a < *b ? -1 : *a > *b; }
static int descending(const u32 *a, const u32 *b) { return ascending(b, a); }

typedef int (*comparison)(const u32 *, const u32 *);

static void swap(u32 *a, u32 *b) {
  u32 t = *a;
  *a = *b;
  *b = t;
}

static void quicksort(u32 *v, int n, comparison cmp) {
  while (n > 1) {
    swap(v, v + n / 2);
    int last = 0;
    for (int i = 1; i < n; i++)
      if (cmp(v + i, v) < 0) swap(v + ++last, v + i);
    swap(v, v + last);
    quicksort(v, last, cmp);
    v += last + 1;
    n -= last + 1;
  }
}

static void sift(u32 *v, int root, int n) {
  for (;;) {
    int child = 2 * root + 1;
    if (child >= n) return;
    if (child + 1 < n && v[child] < v[child + 1]) child++;
    if (v[root] >= v[child]) return;
    swap(v + root, v + child);
    root = child;
  }
}

static void heapsort(u32 *v, int n) {
  for (int i = n / 2 - 1; i >= 0; i--) sift(v, i, n);
  while (n > 1) {
    swap(v, v + --n);
    sift(v, 0, n);
  }
}

static comparison volatile order[2] = {ascending, descending};

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  while (n--) {
    for (int i = 0; i < COUNT; i++) values[i] = random();
    quicksort(values, COUNT, order[n & 1]);
    for (int i = 0; i < COUNT; i += 97) sum = mix(sum, values[i]);
    for (int i = 0; i < COUNT; i++) values[i] = random();
    heapsort(values, COUNT);
    for (int i = 0; i < COUNT; i += 97) sum = mix(sum, values[i]);
  }
  return (i64)sum;
}

// Multiplication of square matrices of f64.
#include "lib.h"

#define N 96
static double a[N][N], b[N][N], c[N][N];

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      a[i][j] = (double)(int)(random() % 1000) / 8;
      b[i][j] = (double)(int)(random() % 1000) / 16;
    }
  while (n--) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double s = 0;
        for (int k = 0; k < N; k++) s += a[i][k] * b[k][j];
        c[i][j] = s;
      }
    sum = mix(sum, (u64)c[n % N][n % 7]);
    a[n % N][n % 5] += 1;
  }
  return (i64)sum;
}

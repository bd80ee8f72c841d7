// The Mandelbrot set: f64 arithmetic in a loop that ends by comparison.
#include "lib.h"

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      double cr = 3.0 * x / n - 2.0, ci = 2.0 * y / n - 1.0;
      double zr = 0, zi = 0, rr = 0, ii = 0;
      int i = 0;
      while (i < 200 && rr + ii <= 4.0) {
        zi = 2 * zr * zi + ci;
        zr = rr - ii + cr;
        rr = zr * zr;
        ii = zi * zi;
        i++;
      }
      sum = mix(sum, (u64)i);
    }
  return (i64)sum;
}

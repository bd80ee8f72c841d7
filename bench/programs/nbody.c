// The solar system's giants under gravity: f64 with square roots and divisions
// on small structures.
#include "lib.h"

#define BODIES 5
struct body {
  double x, y, z, vx, vy, vz, mass;
};

#define PI 3.141592653589793
#define SOLAR (4 * PI * PI)
#define DAYS 365.24

static struct body bodies[BODIES];
static const struct body initial[BODIES] = {
    {0, 0, 0, 0, 0, 0, SOLAR},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DAYS,
     0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * SOLAR},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411 * DAYS,
     0.00499852801234917 * DAYS, 0.0000230417297573763929 * DAYS, 0.000285885980666130812 * SOLAR},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * DAYS,
     0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS, 0.0000436624404335156298 * SOLAR},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * DAYS,
     0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS, 0.0000515138902046611451 * SOLAR},
};

static void advance(double dt) {
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &bodies[i];
    for (int j = i + 1; j < BODIES; j++) {
      struct body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double d2 = dx * dx + dy * dy + dz * dz;
      double mag = dt / (d2 * __builtin_sqrt(d2));
      a->vx -= dx * b->mass * mag;
      a->vy -= dy * b->mass * mag;
      a->vz -= dz * b->mass * mag;
      b->vx += dx * a->mass * mag;
      b->vy += dy * a->mass * mag;
      b->vz += dz * a->mass * mag;
    }
  }
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &bodies[i];
    a->x += dt * a->vx;
    a->y += dt * a->vy;
    a->z += dt * a->vz;
  }
}

EXPORT(run) i64 run(int n) {
  for (int i = 0; i < BODIES; i++) bodies[i] = initial[i];
  while (n--) advance(0.01);
  u64 sum = 0;
  for (int i = 0; i < BODIES; i++) sum = mix(sum, (u64)(i64)((bodies[i].x + bodies[i].vy) * 1e12));
  return (i64)sum;
}

// An interpreter inside the interpreter: a register machine whose loop is one
// switch (br_table), running a program that computes with 64-bit integers.
#include "lib.h"

enum { LOAD, ADD, MUL, XOR, SHR, DEC, JNZ, CALL, HALT };

struct instruction {
  u8 op, a, b, c;
  i64 imm;
};

static u64 rotate(u64 x) { return x << 7 | x >> 57; }
static u64 invert(u64 x) { return ~x; }

typedef u64 (*builtin)(u64);
static builtin volatile builtins[2] = {rotate, invert};

static const struct instruction program[] = {
    {LOAD, 0, 0, 0, 1000}, {LOAD, 1, 0, 0, 0x9e3779b97f4a7c15}, {LOAD, 2, 0, 0, 1}, {LOAD, 3, 0, 0, 29},
    {MUL, 2, 2, 1, 0},     {ADD, 2, 2, 0, 0},                   {SHR, 4, 2, 3, 0},  {XOR, 2, 2, 4, 0},
    {CALL, 2, 0, 0, 0},    {CALL, 4, 1, 0, 0},                  {ADD, 2, 2, 4, 0},  {DEC, 0, 0, 0, 0},
    {JNZ, 0, 0, 0, 4},     {HALT, 2, 0, 0, 0},
};

static u64 execute(u64 seed) {
  u64 r[8] = {0};
  r[4] = seed;
  for (const struct instruction *i = program;; i++) {
    switch (i->op) {
    case LOAD: r[i->a] = (u64)i->imm; break;
    case ADD: r[i->a] = r[i->b] + r[i->c]; break;
    case MUL: r[i->a] = r[i->b] * r[i->c]; break;
    case XOR: r[i->a] = r[i->b] ^ r[i->c]; break;
    case SHR: r[i->a] = r[i->b] >> (r[i->c] & 63); break;
    case DEC: r[i->a]--; break;
    case JNZ: if (r[i->a]) i = program + i->imm - 1; break;
    case CALL: r[i->a] = builtins[i->b](r[i->a]); break;
    case HALT: return r[i->a];
    }
  }
}

EXPORT(run) i64 run(int n) {
  u64 sum = 0;
  while (n--) sum = mix(sum, execute(sum));
  return (i64)sum;
}

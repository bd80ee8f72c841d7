// Deep and wide recursion: native-sized frames, tail-like chains, mutual
// recursion, backtracking.
#include <stdint.h>
#include <stdio.h>

static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static int tak(int x, int y, int z) {
    return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

static int is_odd(unsigned n);
static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }

// The buffer lives in linear memory, so each level costs stack there as well
// as a frame of the engine's.
static uint64_t deep(unsigned depth, volatile uint8_t *above) {
    volatile uint8_t here[64];
    for (unsigned i = 0; i < sizeof here; i += 8)
        here[i] = (uint8_t)(depth + i + above[i]);
    if (depth == 0)
        return here[0];
    return deep(depth - 1, here) * 31 + here[8];
}

static int queens(int n, int row, unsigned columns, unsigned up, unsigned down) {
    if (row == n)
        return 1;
    int solutions = 0;
    for (unsigned free = ~(columns | up | down) & ((1u << n) - 1); free != 0; free &= free - 1) {
        unsigned bit = free & -free;
        solutions += queens(n, row + 1, columns | bit, (up | bit) << 1, (down | bit) >> 1);
    }
    return solutions;
}

static void hanoi(int n, int from, int to, int via, uint64_t *hash) {
    if (n == 0)
        return;
    hanoi(n - 1, from, via, to, hash);
    *hash = *hash * 1000003 + (uint64_t)(n * 16 + from * 4 + to);
    hanoi(n - 1, via, to, from, hash);
}

int main(void) {
    printf("ackermann %u %u\n", ackermann(2, 300), ackermann(3, 6));
    printf("tak %d\n", tak(14, 10, 5));
    volatile unsigned parity = 20001;
    printf("even %d\n", is_even(parity));
    volatile uint8_t zero[64] = {0};
    printf("deep %016llx\n", (unsigned long long)deep(30000, zero));
    printf("queens %d %d\n", queens(6, 0, 0, 0, 0), queens(8, 0, 0, 0, 0));
    uint64_t hash = 0;
    hanoi(14, 0, 1, 2, &hash);
    printf("hanoi %016llx\n", (unsigned long long)hash);
    return 0;
}

// Integers of every width: wrap-around, division, shifts, rotations, counting
// bits, 128-bit products, and SHA-256 as a check over all of it.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 88172645463325252ull;

static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint32_t rotate(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void block(uint32_t h[8], const uint8_t *p) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i];
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha256(const uint8_t *data, size_t n) {
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t last[128] = {0};
    size_t whole = n / 64 * 64, rest = n - whole, tail = rest < 56 ? 64 : 128;
    for (size_t i = 0; i < whole; i += 64)
        block(h, data + i);
    memcpy(last, data + whole, rest);
    last[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        last[tail - 1 - i] = (uint8_t)((uint64_t)n * 8 >> 8 * i);
    for (size_t i = 0; i < tail; i += 64)
        block(h, last + i);
    for (int i = 0; i < 8; i++)
        printf("%08" PRIx32, h[i]);
    printf("\n");
}

int main(void) {
    volatile int8_t i8 = INT8_MAX;
    volatile int16_t i16 = INT16_MIN;
    volatile uint32_t u32 = UINT32_MAX;
    volatile int64_t i64 = INT64_MIN;
    i8++;
    i16--;
    u32++;
    printf("%d %d %" PRIu32 " %" PRId64 "\n", i8, i16, u32, (int64_t)((uint64_t)i64 - 1));
    printf("%d %d %d %d\n", -7 / 2, -7 % 2, 7 / -2, 7 % -2);

    uint64_t mix = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t a = next(), b = next() | 1;
        int64_t sa = (int64_t)a, sb = (int64_t)(b >> (a & 63) | 1);
        mix += a / b ^ a % b;
        mix = mix * 31 + (uint64_t)(sa / sb) + (uint64_t)(sa % sb);
        mix ^= (uint64_t)((int32_t)a / ((int32_t)b | 1)) + (uint32_t)a % ((uint32_t)b | 1);
        mix += (uint64_t)(sa >> (b & 63)) ^ a << (b & 63) ^ (uint64_t)((int32_t)a >> (b & 31));
        mix += (uint64_t)__builtin_clzll(b) + (uint64_t)__builtin_ctzll(b) * 3 + (uint64_t)__builtin_popcountll(a) * 7;
        mix ^= (uint64_t)((unsigned __int128)a * b >> 64);
        int32_t sum32;
        int64_t product64;
        mix += __builtin_add_overflow((int32_t)a, (int32_t)b, &sum32) + 2u * __builtin_mul_overflow(sa, sb >> 20, &product64);
        mix += (uint64_t)(int8_t)a ^ (uint64_t)(int16_t)b ^ (uint8_t)sum32 ^ (uint64_t)product64;
    }
    printf("mix %016" PRIx64 "\n", mix);

    unsigned __int128 factorial = 1;
    for (unsigned i = 2; i <= 33; i++)
        factorial *= i;
    printf("33! = %" PRIu64 " * 10^19 + %" PRIu64 "\n", (uint64_t)(factorial / 10000000000000000000ull),
           (uint64_t)(factorial % 10000000000000000000ull));

    sha256((const uint8_t *)"abc", 3);
    static uint8_t million[1000000];
    memset(million, 'a', sizeof million);
    sha256(million, sizeof million);
    return 0;
}

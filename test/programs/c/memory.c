// The heap: a block of 100 MiB, growth by realloc, many small blocks in random
// order, alignment, and the bulk operations on large ranges.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 2463534242u;

static uint32_t next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static void large(void) {
    const size_t size = (size_t)100 << 20;
    uint8_t *block = malloc(size);
    if (block == NULL) {
        printf("no 100 MiB\n");
        exit(1);
    }
    for (size_t i = 0; i < size; i += 4096)
        block[i] = (uint8_t)(i >> 12);
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i += 4096)
        sum += block[i];
    printf("100 MiB touched, sum %llu\n", (unsigned long long)sum);
    memset(block + 1, 0xa5, size - 2);
    memmove(block + 3, block + 1, size - 10);
    printf("ends %02x %02x %02x, found at %td\n", block[0], block[1], block[size - 2],
           (uint8_t *)memchr(block + 1, block[0] ^ 0xa5 ? 0xa5 : 0, size - 1) - block);
    block = realloc(block, size + size / 2);
    printf("grown by half: %s, still %02x\n", block != NULL ? "yes" : "no", block[size / 2]);
    free(block);

    uint32_t *zeroed = calloc(5 << 20, sizeof *zeroed);
    uint32_t any = 0;
    for (int i = 0; i < 5 << 20; i += 13)
        any |= zeroed[i];
    printf("calloc gives %u\n", any);
    free(zeroed);
}

static void small(void) {
    enum { SLOTS = 4096, STEPS = 200000 };
    static uint8_t *slots[SLOTS];
    static uint32_t sizes[SLOTS];
    uint64_t damaged = 0, allocated = 0;
    for (int step = 0; step < STEPS; step++) {
        uint32_t i = next() % SLOTS;
        uint8_t tag = (uint8_t)i;
        if (slots[i] == NULL) {
            sizes[i] = next() % 600 + 1;
            slots[i] = malloc(sizes[i]);
            memset(slots[i], tag, sizes[i]);
            allocated += sizes[i];
        } else if (next() & 1) {
            uint32_t size = next() % 1200 + 1, keep = size < sizes[i] ? size : sizes[i];
            slots[i] = realloc(slots[i], size);
            damaged += slots[i][0] != tag || slots[i][keep - 1] != tag;
            memset(slots[i], tag, size);
            sizes[i] = size;
        } else {
            for (uint32_t j = 0; j < sizes[i]; j += 7)
                damaged += slots[i][j] != tag;
            free(slots[i]);
            slots[i] = NULL;
        }
    }
    uint64_t live = 0;
    for (int i = 0; i < SLOTS; i++) {
        live += slots[i] != NULL ? sizes[i] : 0;
        free(slots[i]);
    }
    printf("%llu bytes allocated, %llu live, %llu damaged\n", (unsigned long long)allocated, (unsigned long long)live,
           (unsigned long long)damaged);
}

static void aligned(void) {
    for (size_t alignment = 16; alignment <= 65536; alignment *= 4) {
        void *p = aligned_alloc(alignment, alignment * 3);
        printf("aligned to %zu: %s\n", alignment, p != NULL && (uintptr_t)p % alignment == 0 ? "yes" : "no");
        free(p);
    }
}

int main(void) {
    large();
    small();
    aligned();
    return 0;
}

// qsort and bsearch with callbacks, which are indirect calls; strings, structs
// and function tables.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct person {
    char name[12];
    int age;
    double score;
};

static uint32_t seed = 12345;

static uint32_t next(void) { return seed = seed * 1103515245u + 12345u; }

static int by_age_then_name(const void *a, const void *b) {
    const struct person *x = a, *y = b;
    if (x->age != y->age)
        return x->age < y->age ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int by_score(const void *a, const void *b) {
    double x = ((const struct person *)a)->score, y = ((const struct person *)b)->score;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct person *)a)->name, ((const struct person *)b)->name);
}

static int numbers_down(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static double add(double a, double b) { return a + b; }
static double subtract(double a, double b) { return a - b; }
static double multiply(double a, double b) { return a * b; }
static double divide(double a, double b) { return a / b; }

int main(void) {
    enum { PEOPLE = 12, NUMBERS = 50000 };
    struct person people[PEOPLE];
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(people[i].name, sizeof people[i].name, "p%04u", next() >> 8 & 4095);
        people[i].age = (int)(next() >> 16 & 3) + 20;
        people[i].score = (double)(next() >> 4) / 1000.0;
    }
    int (*orders[])(const void *, const void *) = {by_age_then_name, by_score, by_name};
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        qsort(people, PEOPLE, sizeof *people, orders[o]);
        for (int i = 0; i < PEOPLE; i++)
            printf("%s/%d/%.3f ", people[i].name, people[i].age, people[i].score);
        printf("\n");
    }
    struct person key = people[7];
    struct person *found = bsearch(&key, people, PEOPLE, sizeof *people, by_name);
    printf("found at %ld\n", found == NULL ? -1L : (long)(found - people));
    strcpy(key.name, "nobody");
    printf("nobody is %s\n", bsearch(&key, people, PEOPLE, sizeof *people, by_name) == NULL ? "not there" : "there");

    uint32_t *numbers = malloc(NUMBERS * sizeof *numbers);
    for (int i = 0; i < NUMBERS; i++)
        numbers[i] = next();
    qsort(numbers, NUMBERS, sizeof *numbers, numbers_down);
    uint64_t hash = 0;
    int inversions = 0;
    for (int i = 0; i < NUMBERS; i++) {
        hash = hash * 1099511628211u + numbers[i];
        inversions += i > 0 && numbers[i - 1] < numbers[i];
    }
    printf("%d numbers, %d inversions, hash %016llx\n", NUMBERS, inversions, (unsigned long long)hash);
    free(numbers);

    const struct {
        char symbol;
        double (*apply)(double, double);
    } operators[] = {{'+', add}, {'-', subtract}, {'*', multiply}, {'/', divide}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        printf("7.5 %c -2.5 = %g\n", operators[i].symbol, operators[i].apply(7.5, -2.5));
    return 0;
}

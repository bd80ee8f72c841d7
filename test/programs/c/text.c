// Text and time: printf and scanf families, number parsing, tokens, calendar,
// clocks, and the random source.
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void logged(const char *format, ...) {
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("%d<%s>\n", n, text);
}

static void formats(void) {
    logged("%d|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42);
    logged("%x|%X|%#x|%o|%#o|%u", 0xbeefu, 0xbeefu, 0xbeefu, 8u, 8u, 4000000000u);
    logged("%lld|%llu|%hd|%hhd|%zu", -9223372036854775807LL - 1, 18446744073709551615ULL, (short)-1, (signed char)-128, (size_t)7);
    logged("%s|%10s|%-10s|%.3s|%c|%%", "text", "right", "left", "truncated", 'c');
    char small[8];
    const char *volatile large = "more than eight";
    int n = snprintf(small, sizeof small, "%s", large);
    printf("needs %d, has <%s>\n", n, small);
}

static void scanning(void) {
    int a, b, n;
    double d;
    char word[16], rest[16];
    n = sscanf("  12 -0x1f 3.25e2 hello [a-z]!", "%d %i %lf %15s %15[]a-z[-]", &a, &b, &d, word, rest);
    printf("%d: %d %d %g %s %s\n", n, a, b, d, word, rest);
    char *end;
    printf("%ld", strtol("077 rest", &end, 0));
    printf("%s\n", end);
    errno = 0;
    printf("%lld", strtoll("99999999999999999999", NULL, 10));
    printf(" out of range %d\n", errno == ERANGE);
    printf("%lu %ld\n", strtoul("zz", NULL, 36), strtol("-101", NULL, 2));

    char list[] = "alpha, beta;;gamma ,delta";
    for (char *token = strtok(list, ", ;"); token != NULL; token = strtok(NULL, ", ;")) {
        for (char *p = token; *p != '\0'; p++)
            *p = (char)(p == token ? toupper(*p) : *p);
        printf("[%s]", token);
    }
    printf("\n%td %td %zu %s %d\n", strrchr("a/b/c", '/') - "a/b/c", strstr("needle in hay", "in") - "needle in hay",
           strspn("112233abc", "123"), strpbrk("key=value", "=:"), strncmp("abcd", "abce", 3));
}

static void calendar(void) {
    const int64_t times[] = {0, 951782400, 1709210096, 4102444799, -86400};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        time_t t = (time_t)times[i];
        struct tm tm;
        gmtime_r(&t, &tm);
        char text[64];
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %j %U", &tm);
        printf("%lld %s, leap day %d\n", (long long)times[i], text, tm.tm_mon == 1 && tm.tm_mday == 29);
    }
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec ts;
    if (clock_gettime(clock, &ts) != 0)
        return -1;
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void clocks(void) {
    int64_t before = nanoseconds(CLOCK_MONOTONIC);
    struct timespec pause = {0, 20000000};
    printf("sleep %d\n", nanosleep(&pause, NULL));
    int64_t after = nanoseconds(CLOCK_MONOTONIC);
    printf("slept at least 20 ms: %s\n", after - before >= 20000000 ? "yes" : "no");
    printf("the year is after 2020: %s\n", time(NULL) > 1577836800 ? "yes" : "no");
    struct timespec resolution;
    printf("resolution %d", clock_getres(CLOCK_REALTIME, &resolution));
    printf(", below a second: %s\n", resolution.tv_sec == 0 && resolution.tv_nsec > 0 ? "yes" : "no");
    uint8_t noise[64] = {0};
    int distinct = 0, seen[256] = {0};
    printf("entropy %d", getentropy(noise, sizeof noise));
    for (size_t i = 0; i < sizeof noise; i++)
        distinct += seen[noise[i]]++ == 0;
    printf(", looks random: %s\n", distinct > 16 ? "yes" : "no");
}

int main(void) {
    formats();
    scanning();
    calendar();
    clocks();
    return 0;
}

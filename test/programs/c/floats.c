// Floating point: arithmetic at the edges, conversions, printing and parsing.
// What IEEE 754 determines is printed exactly; results of the transcendental
// functions, which C libraries may round differently, with 12 digits.
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Keeps the compilers from folding what the engine should compute.
static volatile double zero = 0.0, one = 1.0;
static volatile float zero_f = 0.0f;

static uint64_t bits(double x) {
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static uint32_t bits_f(float x) {
    uint32_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static void printing(void) {
    const double values[] = {0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 1e21, 1e-7, 123456789.0, 3.141592653589793,
                             2.2250738585072014e-308, 4.9406564584124654e-324, 1.7976931348623157e308,
                             9007199254740993.0, 0.30000000000000004, 5e-5, 999999.5, 9.9999999e22};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double v = values[i];
        printf("%g|%e|%.17g|%.0f|%8.3f|%-12.4e|%+g|%#.3g\n", v, v, v, v < 1e30 ? v : 0.0, v < 1e30 ? v : 0.0, v, v, v);
    }
    printf("%f %f %f %F\n", INFINITY, -INFINITY, NAN, INFINITY);
    printf("%.50f\n%.40e\n", 0.1, 4.9406564584124654e-324);
    printf("%.0f %.0f %.0f %.0f\n", 0.5, 1.5, 2.5, 3.5);
    printf("%a %a %a\n", 1.0, -0.1, 1024.5);
    printf("%010.2f|%+010.2f|% .3f|%*.*f\n", 3.14159, 2.71828, 1.41421, 10, 2, 1.61803);
}

static void parsing(void) {
    const char *texts[] = {"0", "-0", "1e3", "  12.5xyz", "0x1.8p3", "inf", "-INFINITY", "nan", "1e400", "1e-400",
                           "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
                           "179769313486231580793728971405301e276", "0.1e", ".5", "9007199254740993",
                           "2.2250738585072011e-308", "123456789012345678901234567890", "x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        double v = strtod(texts[i], &end);
        if (isnan(v))
            printf("%-40s nan, rest <%s>\n", texts[i], end);
        else
            printf("%-40s %016llx, rest <%s>\n", texts[i], (unsigned long long)bits(v), end);
    }
    printf("%08x %08x %08x\n", bits_f(strtof("0.1", NULL)), bits_f(strtof("3.4028236e38", NULL)), bits_f(strtof("1e-45", NULL)));
}

static void arithmetic(void) {
    printf("1/0 %016llx -1/0 %016llx 0/0 nan %d\n", (unsigned long long)bits(one / zero),
           (unsigned long long)bits(-one / zero), isnan(zero / zero));
    printf("0 == -0 %d, nan == nan %d, nan < 1 %d, nan != nan %d\n", zero == -zero, NAN == zero / zero, NAN < one, NAN != NAN);
    double denormal = DBL_MIN;
    int halvings = 0;
    while (denormal > 0) {
        denormal /= 2;
        halvings++;
    }
    printf("smallest normal reaches 0 after %d halvings\n", halvings);
    double sum = 0;
    float sum_f = 0;
    for (int i = 1; i <= 100000; i++) {
        sum += 1.0 / i;
        sum_f += 1.0f / (float)i;
    }
    printf("harmonic %.17g %016llx, single %.9g %08x\n", sum, (unsigned long long)bits(sum), (double)sum_f, bits_f(sum_f));
    const double inputs[] = {-2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 2.5, 1e15 + 0.5, -1e300, 0.49999999999999994, 4503599627370497.5};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        volatile double v = inputs[i];
        printf("%.17g: floor %.17g ceil %.17g trunc %.17g rint %.17g round %.17g sqrt|x| %.17g copysign %.17g\n", v, floor(v),
               ceil(v), trunc(v), rint(v), round(v), sqrt(fabs(v)), copysign(3.0, v));
    }
    printf("min %g max %g fmin(nan,1) %g\n", fmin(zero, 1.0), fmax(zero, 1.0), fmin(NAN, one));
    printf("fma %.17g, fmod %.17g, remainder %.17g\n", fma(0.1, 10.0, -1.0), fmod(-7.5, 2.0), remainder(7.5, 2.0));
    int exponent;
    double fraction = frexp(-1234.5, &exponent), whole;
    printf("frexp %.17g %d, ldexp %.17g, modf %.17g", fraction, exponent, ldexp(0.75, -1070), modf(-3.75, &whole));
    printf(" %.17g, nextafter %.17g, ilogb %d\n", whole, nextafter(one, 2.0), ilogb(0.1));
}

static void conversions(void) {
    volatile double d = 3000000000.7;
    volatile float f = 16777217.0f;
    volatile int64_t big = INT64_C(9007199254740993);
    volatile uint64_t huge = UINT64_C(0xfffffffffffffbff);
    printf("%u %lld %llu %d\n", (uint32_t)d, (long long)-d, (unsigned long long)(d * 6e9), (int)-1.999);
    printf("%.17g %.17g %.17g %.17g\n", (double)big, (double)huge, (double)(float)huge, (double)f);
    printf("%08x %08x %08x\n", bits_f((float)1e-46), bits_f((float)3.4028235677973366e38), bits_f((float)1.00000005960464477540));
    printf("%08x %016llx\n", bits_f(-zero_f), (unsigned long long)bits((double)-zero_f));
    printf("round to int %ld %ld %lld\n", lrint(2.5), lround(2.5), llrint(-3.5));
}

static void functions(void) {
    for (double x = -2.0; x <= 2.0; x += 0.5)
        printf("%4.1f sin %.12g cos %.12g tan %.12g exp %.12g atan2 %.12g tanh %.12g erf %.12g\n", x, sin(x), cos(x), tan(x),
               exp(x), atan2(x, 0.7), tanh(x), erf(x));
    for (double x = 0.25; x < 1e6; x *= 7)
        printf("%.10g log %.12g log10 %.12g log2 %.12g pow %.12g cbrt %.12g hypot %.12g lgamma %.12g\n", x, log(x), log10(x),
               log2(x), pow(x, 0.3), cbrt(x), hypot(x, 3), lgamma(x));
    printf("%.12g %.12g %.12g\n", sin(1e22), cos(1e300), fmod(1e300, 7));
    printf("%g %g %g %g\n", pow(0, 0), pow(-8, 1.0 / 3) != pow(-8, 1.0 / 3) ? 1.0 : 0.0, exp(1000), log(0));
}

int main(void) {
    printing();
    parsing();
    arithmetic();
    conversions();
    functions();
    return 0;
}

// The algorithms library, lambdas, function objects, and the generators whose
// sequences the standard fixes.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iterator>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

template <typename Range> static void print(const char *title, const Range &range) {
    std::printf("%s:", title);
    for (const auto &x : range)
        std::printf(" %d", static_cast<int>(x));
    std::printf("\n");
}

static void sorting() {
    std::mt19937 generator(2024);
    std::vector<std::uint32_t> v(20000);
    std::generate(v.begin(), v.end(), std::ref(generator));
    auto w = v;
    std::sort(v.begin(), v.end());
    std::stable_sort(w.begin(), w.end(), std::greater<>());
    std::reverse(w.begin(), w.end());
    std::uint64_t hash = 0;
    for (auto x : v)
        hash = hash * 1000003 + x;
    std::printf("sorted %d, same %d, %016llx\n", std::is_sorted(v.begin(), v.end()), v == w, static_cast<unsigned long long>(hash));
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < 1000; i++)
        pairs.emplace_back(static_cast<int>(generator() % 10), i);
    std::stable_sort(pairs.begin(), pairs.end(), [](auto a, auto b) { return a.first < b.first; });
    std::printf("stable %d\n", std::is_sorted(pairs.begin(), pairs.end()));
    std::vector<int> n(101);
    std::iota(n.begin(), n.end(), -50);
    for (std::size_t i = n.size() - 1; i > 0; i--)
        std::swap(n[i], n[generator() % (i + 1)]);
    std::nth_element(n.begin(), n.begin() + 50, n.end());
    std::partial_sort(n.begin(), n.begin() + 5, n.end(), [](int a, int b) { return a * a != b * b ? a * a < b * b : a < b; });
    print("smallest squares", std::vector<int>(n.begin(), n.begin() + 5));
    auto heap = std::vector<int>{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    std::make_heap(heap.begin(), heap.end());
    std::sort_heap(heap.begin(), heap.end());
    print("heap sorted", heap);
}

static void sequences() {
    std::vector<int> a{1, 2, 3, 4, 5, 6, 7, 8, 9}, b{2, 4, 6, 8, 10}, out;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(out));
    print("sets", out);
    std::rotate(a.begin(), a.begin() + 3, a.end());
    print("rotated", a);
    std::partition(a.begin(), a.end(), [](int x) { return x > 4; });
    std::printf("partition point %td\n", std::partition_point(a.begin(), a.end(), [](int x) { return x > 4; }) - a.begin());
    std::string letters = "abc";
    int permutations = 0;
    do {
        std::printf("%s ", letters.c_str());
        permutations++;
    } while (std::next_permutation(letters.begin(), letters.end()));
    std::printf("%d\n", permutations);
    std::vector<int> c(10);
    std::iota(c.begin(), c.end(), 1);
    std::vector<int> sums;
    std::partial_sum(c.begin(), c.end(), std::back_inserter(sums));
    print("sums", sums);
    std::printf("inner %d, fold %lld, gcd %d, lcm %d\n", std::inner_product(c.begin(), c.end(), sums.begin(), 0),
                std::accumulate(c.begin(), c.end(), 1LL, std::multiplies<>()), std::gcd(84, 36), std::lcm(21, 6));
    auto [low, high] = std::minmax_element(a.begin(), a.end());
    std::printf("min %d max %d, search %td, mismatch %td\n", *low, *high,
                std::search(sums.begin(), sums.end(), c.begin() + 5, c.begin() + 6) - sums.begin(),
                std::mismatch(c.begin(), c.end(), sums.begin()).first - c.begin());
    auto bounds = std::equal_range(sums.begin(), sums.end(), 21);
    std::printf("bounds %td %td\n", bounds.first - sums.begin(), bounds.second - sums.begin());
}

static void functions() {
    std::vector<std::function<double(double)>> pipeline;
    double scale = 2.5;
    pipeline.push_back([scale](double x) { return x * scale; });
    pipeline.emplace_back(static_cast<double (*)(double)>(std::sqrt));
    pipeline.push_back([calls = 0](double x) mutable { return x + ++calls; });
    double x = 10;
    for (int round = 0; round < 3; round++)
        for (auto &f : pipeline)
            x = f(x);
    std::printf("pipeline %.15g\n", x);
    std::function<std::uint64_t(unsigned)> fibonacci = [&](unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
    std::printf("fibonacci %llu\n", static_cast<unsigned long long>(fibonacci(22)));
    auto t = std::make_tuple(1, 2.5, std::string("three"));
    std::apply([](int i, double d, const std::string &s) { std::printf("%d %g %s\n", i, d, s.c_str()); }, t);
    std::complex<double> z(0, 1), c(-0.4, 0.6);
    for (int i = 0; i < 10; i++)
        z = z * z + c;
    std::printf("complex %.12g %.12g, abs %.12g\n", z.real(), z.imag(), std::abs(std::complex<double>(3, 4)));
    std::mt19937_64 wide;
    std::minstd_rand small(7);
    wide.discard(9999);
    small.discard(9999);
    std::printf("generators %llu %lu\n", static_cast<unsigned long long>(wide()), static_cast<unsigned long>(small()));
}

int main() {
    sorting();
    sequences();
    functions();
    return 0;
}

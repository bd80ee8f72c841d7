// The standard containers: sequences, ordered and hashed maps, sets, queues,
// strings, and what iterators and erasure do to them.
#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

static std::uint32_t seed = 1;

static std::uint32_t next() { return seed = seed * 1664525u + 1013904223u; }

static void sequences() {
    std::vector<int> v;
    for (int i = 0; i < 20; i++)
        v.push_back(i * i % 17);
    v.insert(v.begin() + 5, {100, 200, 300});
    v.erase(std::remove_if(v.begin(), v.end(), [](int x) { return x % 4 == 1; }), v.end());
    for (int x : v)
        std::printf("%d ", x);
    std::printf("| %zu, front %d, back %d\n", v.size(), v.front(), v.back());

    std::deque<std::string> d;
    for (int i = 0; i < 100; i++) {
        d.push_front(std::to_string(i));
        d.push_back(std::string(static_cast<std::size_t>(i % 40), 'a' + static_cast<char>(i % 26)));
        if (i % 3 == 0)
            d.pop_front();
    }
    std::size_t total = 0;
    for (const auto &s : d)
        total += s.size();
    std::printf("deque %zu of %zu characters, %s %s\n", d.size(), total, d[10].c_str(), d.back().c_str());

    std::list<int> a{5, 1, 4}, b{3, 2, 6};
    a.sort();
    b.sort();
    a.merge(b);
    a.reverse();
    a.splice(std::next(a.begin(), 2), std::list<int>{77, 88});
    for (int x : a)
        std::printf("%d ", x);
    std::array<std::vector<std::vector<int>>, 2> nested{};
    nested[1].resize(3, std::vector<int>(4, 7));
    std::printf("| nested %zu %zu %d\n", nested[0].size(), nested[1][2].size(), nested[1][2][3]);
}

static void maps() {
    std::map<std::string, std::vector<int>> index;
    const char *words[] = {"the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "the", "end"};
    int position = 0;
    for (const char *w : words)
        index[w].push_back(position++);
    for (const auto &[word, positions] : index) {
        std::printf("%s:", word.c_str());
        for (int p : positions)
            std::printf(" %d", p);
        std::printf("; ");
    }
    auto low = index.lower_bound("g");
    std::printf("\nfirst after g: %s, count of x: %zu\n", low->first.c_str(), index.count("x"));

    std::map<int, int> ordered;
    std::unordered_map<int, int> hashed;
    for (int i = 0; i < 50000; i++) {
        int key = static_cast<int>(next() >> 12) % 20000;
        ordered[key] += i;
        hashed[key] += i;
        if (i % 3 == 0) {
            int gone = static_cast<int>(next() >> 12) % 20000;
            if (ordered.erase(gone) != hashed.erase(gone))
                std::printf("erase differs for %d\n", gone);
        }
    }
    std::uint64_t hash = 0;
    for (const auto &[key, value] : ordered) {
        auto found = hashed.find(key);
        if (found == hashed.end() || found->second != value)
            std::printf("differs at %d\n", key);
        hash = hash * 31 + static_cast<std::uint64_t>(key ^ value);
    }
    std::printf("%zu keys, %zu hashed, %016llx\n", ordered.size(), hashed.size(), static_cast<unsigned long long>(hash));

    std::unordered_map<std::string, int> counts;
    for (int i = 0; i < 30000; i++)
        counts["key-" + std::to_string(next() % 500)]++;
    std::vector<std::pair<std::string, int>> top(counts.begin(), counts.end());
    std::sort(top.begin(), top.end(), [](const auto &x, const auto &y) { return x.second != y.second ? x.second > y.second : x.first < y.first; });
    for (int i = 0; i < 5; i++)
        std::printf("%s=%d ", top[static_cast<std::size_t>(i)].first.c_str(), top[static_cast<std::size_t>(i)].second);
    std::printf("of %zu\n", top.size());
    std::multimap<int, char> multi{{2, 'b'}, {1, 'a'}, {2, 'c'}, {3, 'd'}};
    auto range = multi.equal_range(2);
    for (auto it = range.first; it != range.second; ++it)
        std::printf("%c", it->second);
    std::printf("\n");
}

static void sets_and_queues() {
    std::set<int> primes;
    for (int i = 2; i < 100; i++)
        if (std::none_of(primes.begin(), primes.end(), [i](int p) { return i % p == 0; }))
            primes.insert(i);
    std::unordered_set<int> hashed(primes.begin(), primes.end());
    std::printf("%zu primes, last %d, 91 %zu, 97 %zu\n", primes.size(), *primes.rbegin(), hashed.count(91), hashed.count(97));
    std::priority_queue<std::uint32_t> heap;
    for (int i = 0; i < 1000; i++)
        heap.push(next());
    std::uint64_t hash = 0;
    std::uint32_t previous = UINT32_MAX;
    int wrong = 0;
    while (!heap.empty()) {
        wrong += heap.top() > previous;
        previous = heap.top();
        hash = hash * 131 + previous;
        heap.pop();
    }
    std::printf("heap %016llx, %d out of order\n", static_cast<unsigned long long>(hash), wrong);
    std::stack<char> open;
    int balanced = 1;
    for (char c : std::string_view("([{}()])[<>]")) {
        const std::string_view opening = "([{<", closing = ")]}>";
        if (opening.find(c) != std::string_view::npos)
            open.push(c);
        else if (open.empty() || opening.find(open.top()) != closing.find(c))
            balanced = 0;
        else
            open.pop();
    }
    std::bitset<70> bits(0x123456789abcdefULL);
    bits <<= 5;
    bits.flip(69);
    std::printf("balanced %d, %zu bits, %s\n", balanced && open.empty(), bits.count(), bits.to_string().c_str());
}

static void strings() {
    std::string s = "short";
    s += " string that outgrows the small buffer";
    s.replace(s.find("outgrows"), 8, "overflows");
    s.insert(0, 3, '*');
    std::printf("%s (%zu) rfind %zu npos %d\n", s.c_str(), s.size(), s.rfind('t'), s.find("zzz") == std::string::npos);
    std::string_view view = s;
    view.remove_prefix(3);
    std::printf("%.*s|%d|%d\n", 5, view.data(), std::string("abc") < "abd", std::string("b").compare("abc"));
    std::printf("%d %lld %.10g %s\n", std::stoi("-42x"), std::stoll("7fffffffffffffff", nullptr, 16), std::stod("6.02214076e23"),
                std::to_string(3.5).c_str());
    std::string joined;
    for (int i = 0; i < 10000; i++)
        joined += static_cast<char>('a' + next() % 26);
    std::sort(joined.begin(), joined.end());
    joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
    std::printf("%s\n", joined.c_str());
}

int main() {
    sequences();
    maps();
    sets_and_queues();
    strings();
    return 0;
}

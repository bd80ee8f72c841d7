// Streams: formatting, parsing, standard input, and files through fstream.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

struct Point {
    double x, y;
};

static std::ostream &operator<<(std::ostream &out, const Point &p) { return out << '(' << p.x << ", " << p.y << ')'; }

static std::istream &operator>>(std::istream &in, Point &p) {
    char open = 0, comma = 0, close = 0;
    in >> open >> p.x >> comma >> p.y >> close;
    if (open != '(' || comma != ',' || close != ')')
        in.setstate(std::ios::failbit);
    return in;
}

static void formatting() {
    std::ostringstream out;
    out << 42 << ' ' << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' ' << std::boolalpha << true << ' '
        << std::setw(8) << std::setfill('*') << 7 << ' ' << std::left << std::setw(6) << "ab" << '|' << std::setfill(' ') << std::right
        << std::setw(6) << "cd" << '|' << std::internal << std::setw(7) << -31 << '\n';
    out << 3.14159265358979 << ' ' << std::setprecision(10) << 3.14159265358979 << ' ' << std::fixed << std::setprecision(2) << 2.675 << ' '
        << std::scientific << 123456.789 << ' ' << std::defaultfloat << std::setprecision(6) << 1e100 << ' ' << 1e-5 << ' ' << 100000.0 << ' '
        << 1000000.0 << ' ' << std::showpoint << 2.0 << std::noshowpoint << ' ' << std::showpos << 5 << std::noshowpos << '\n';
    out << std::numeric_limits<long long>::min() << ' ' << std::numeric_limits<unsigned long long>::max() << ' '
        << std::numeric_limits<double>::infinity() << ' ' << 'c' << '\n';
    out << Point{1.5, -2} << ' ' << std::quoted("with \"quotes\"") << '\n';
    std::cout << out.str();
}

static void parsing() {
    std::istringstream in("12 0x1F 3.5e3 word (1.5,2) (bad] rest of the line\nsecond line\n\nfourth");
    int decimal = 0, hexadecimal = 0;
    double number = 0;
    std::string word, line;
    Point p{}, bad{};
    in >> decimal >> std::hex >> hexadecimal >> std::dec >> number >> word >> p;
    std::cout << decimal << ' ' << hexadecimal << ' ' << number << ' ' << word << ' ' << p << '\n';
    in >> bad;
    std::cout << "failed " << in.fail() << '\n';
    in.clear();
    in.ignore(100, ']');
    while (std::getline(in, line))
        std::cout << '<' << line << '>';
    std::cout << " eof " << in.eof() << '\n';
    std::istringstream numbers("5 3 9 1 x 7");
    std::vector<int> v{std::istream_iterator<int>(numbers), std::istream_iterator<int>()};
    std::sort(v.begin(), v.end());
    std::copy(v.begin(), v.end(), std::ostream_iterator<int>(std::cout, ","));
    std::cout << '\n';
}

static void files() {
    {
        std::ofstream out("table.txt");
        for (int i = 1; i <= 5; i++)
            out << i << '\t' << i * i << '\t' << 1.0 / i << '\n';
    }
    std::ifstream in("table.txt");
    double sum = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields(line);
        double a, b, c;
        fields >> a >> b >> c;
        sum += a * b * c;
    }
    std::cout << "sum " << sum << '\n';
    std::fstream both("table.txt", std::ios::in | std::ios::out | std::ios::binary);
    both.seekp(2);
    both << "ONE";
    both.seekg(0, std::ios::end);
    std::cout << "size " << both.tellg();
    both.seekg(0);
    std::string first;
    std::getline(both, first);
    std::cout << " first <" << first << ">\n";
    both.close();
    std::ofstream append("table.txt", std::ios::app);
    append << "appended";
    append.close();
    std::ifstream again("table.txt");
    std::string all{std::istreambuf_iterator<char>(again), std::istreambuf_iterator<char>()};
    std::cout << all.size() << " characters, last word " << all.substr(all.rfind('\n') + 1) << '\n';
    std::cout << "missing " << std::ifstream("missing.txt").is_open() << ", removed " << std::remove("table.txt") << '\n';
}

int main() {
    formatting();
    parsing();
    files();
    int words = 0;
    for (std::string word; std::cin >> word; words++)
        std::cout << word.size() << ':' << word << ' ';
    std::cout << words << " words" << std::endl;
    std::cerr << "error stream\n";
    return words > 0 ? 3 : 0;
}

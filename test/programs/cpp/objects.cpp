// Classes: virtual calls, multiple and virtual inheritance, run-time type
// information, smart pointers, moves, variants, static initialization and the
// order of destruction, which goes on after main returns.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

struct Tracer {
    explicit Tracer(const char *n) : name(n) { std::printf("+%s ", name); }
    Tracer(const Tracer &other) : name(other.name) { std::printf("c%s ", name); }
    Tracer(Tracer &&other) noexcept : name(std::exchange(other.name, "moved")) { std::printf("m%s ", name); }
    Tracer &operator=(Tracer &&other) noexcept {
        std::swap(name, other.name);
        std::printf("=%s ", name);
        return *this;
    }
    ~Tracer() { std::printf("-%s ", name); }
    const char *name;
};

static Tracer first_global("global1"), second_global("global2");

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual std::string name() const { return "shape"; }
};

struct Square : Shape {
    explicit Square(double s) : side(s) {}
    double area() const override { return side * side; }
    std::string name() const override { return "square of " + Shape::name(); }
    double side;
};

struct Circle final : Shape {
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.25 * radius * radius; }
    double radius;
};

struct Printable {
    virtual ~Printable() = default;
    virtual void print() const { std::printf("printable\n"); }
};

struct Labelled : Square, Printable {
    Labelled(double s, std::string l) : Square(s), label(std::move(l)) {}
    void print() const override { std::printf("%s: %s with %g\n", label.c_str(), name().c_str(), area()); }
    std::string label;
};

struct Base {
    explicit Base(int i) : id(i) {}
    virtual ~Base() = default;
    int id;
};
struct Left : virtual Base {
    Left() : Base(1) {}
};
struct Right : virtual Base {
    Right() : Base(2) {}
};
struct Diamond : Left, Right {
    Diamond() : Base(3) {}
};

struct Node {
    int value;
    std::unique_ptr<Node> left, right;
};

static void insert(std::unique_ptr<Node> &at, int value) {
    if (!at)
        at = std::make_unique<Node>(Node{value, nullptr, nullptr});
    else
        insert(value < at->value ? at->left : at->right, value);
}

static int depth(const std::unique_ptr<Node> &n) { return n ? 1 + std::max(depth(n->left), depth(n->right)) : 0; }

static void polymorphism() {
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Square>(3));
    shapes.push_back(std::make_unique<Circle>(2));
    shapes.push_back(std::make_unique<Labelled>(4, "labelled"));
    for (const auto &s : shapes) {
        std::printf("%s %g", s->name().c_str(), s->area());
        const Shape &shape = *s;
        if (const auto *p = dynamic_cast<const Printable *>(&shape))
            p->print();
        else
            std::printf(" is a circle: %d\n", typeid(shape) == typeid(Circle));
    }
    Diamond d;
    Base &b = d;
    std::printf("diamond %d %d %d, down %d\n", d.id, static_cast<Left &>(d).id, static_cast<Right &>(d).id,
                dynamic_cast<Right *>(&b) == &d);
    double (Shape::*method)() const = &Shape::area;
    std::printf("through a member pointer %g\n", (shapes[1].get()->*method)());
}

static void ownership() {
    {
        std::vector<Tracer> v;
        v.reserve(2);
        v.emplace_back("one");
        v.push_back(Tracer("two"));
        Tracer three("three");
        v[0] = std::move(three);
        Tracer copy(v[1]);
        v.pop_back(); // the order in which a vector destroys its elements is the library's own
    }
    std::printf("\n");
    std::weak_ptr<Tracer> weak;
    {
        auto shared = std::make_shared<Tracer>("shared");
        auto other = shared;
        weak = other;
        std::printf("%ld uses ", shared.use_count());
    }
    std::printf("expired %d\n", weak.expired());
    std::unique_ptr<Node> tree;
    for (int i = 0; i < 1000; i++)
        insert(tree, i * 7919 % 1009);
    std::printf("tree depth %d\n", depth(tree));
    using Release = std::function<void(int *)>;
    std::unique_ptr<int, Release> custom(new int(5), [](int *p) {
        std::printf("released %d\n", *p);
        delete p;
    });
}

static void sums() {
    std::vector<std::variant<int, double, std::string>> values{1, 2.5, std::string("text"), 4};
    for (const auto &v : values)
        std::visit(
            [](const auto &x) {
                if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::string>)
                    std::printf("string %s; ", x.c_str());
                else
                    std::printf("number %g; ", static_cast<double>(x));
            },
            v);
    std::optional<std::string> none, some = "something";
    std::printf("%s %s %zu\n", none.value_or("nothing").c_str(), some->c_str(), values[2].index());
}

int main() {
    std::printf("\n");
    polymorphism();
    ownership();
    sums();
    static Tracer local("static");
    std::printf("end of main\n");
    return 0;
}

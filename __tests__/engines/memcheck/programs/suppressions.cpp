// Leaks in C++ whose stacks differ by one function only: another name, an overload, another instance of a template, an inlined function.
#include <string>
#include <vector>

namespace ext {
struct Table {
    std::vector<int> *rows;
    explicit Table(int n) : rows(new std::vector<int>(n)) {}
};
template <class T> struct Pool {
    static inline __attribute__((always_inline)) void *take(int n)
    {
        return new T[n];
    }
};
__attribute__((noinline)) void *parse(const std::string &text)
{
    return new char[text.size() + 3];
}
__attribute__((noinline)) void *load(int n)
{
    return new char[n];
}
__attribute__((noinline)) void *load(double n)
{
    return new char[static_cast<int>(n)];
}
template <class T> __attribute__((noinline)) void *copy(T n)
{
    return new T[static_cast<int>(n)];
}
__attribute__((noinline)) void *pooled(int n)
{
    return Pool<char>::take(n);
}
}

extern "C" __attribute__((noinline)) void *entry(int which)
{
    void *made = nullptr;
    switch (which) {
    case 0: made = ext::parse("abc"); break;
    case 1: made = ext::load(4); break;
    case 2: made = ext::load(4.0); break;
    case 3: made = ext::copy(4); break;
    case 4: made = ext::copy(4.0); break;
    case 5: made = ext::pooled(4); break;
    default: made = new ext::Table(4);
    }
    __asm__ volatile("" : : "r"(made) : "memory");
    return made;
}

int main()
{
    for (volatile int which = 0; which < 7; which = which + 1) {
        void *volatile made = entry(which);
        made = nullptr;
    }
    return 0;
}

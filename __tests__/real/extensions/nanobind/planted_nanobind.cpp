// leak() loses a map of a class of our own and a Python list; keep() caches what it makes.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <map>
#include <memory>
#include <string>

namespace nb = nanobind;

namespace planted {

struct Table {
    std::map<std::string, std::string> words;

    __attribute__((noinline)) void learn(const std::string &word)
    {
        words[word] = word + word + word + word;
    }
};

__attribute__((noinline)) void lose_table()
{
    auto *table = new Table();
    table->learn("a word that is too long for the string itself");
}

__attribute__((noinline)) void lose_list()
{
    nb::list list;
    list.append(nb::str("planted"));
    list.release();
}

static std::unique_ptr<Table> kept;

} // namespace planted

NB_MODULE(planted_nanobind, module)
{
    nb::class_<planted::Table>(module, "Table").def(nb::init<>()).def("learn", &planted::Table::learn);
    module.def("leak", [] {
        planted::lose_table();
        planted::lose_list();
    });
    module.def("keep", [] {
        if (!planted::kept) {
            planted::kept = std::make_unique<planted::Table>();
        }
        planted::kept->learn("kept");
        return planted::kept->words.size();
    });
}

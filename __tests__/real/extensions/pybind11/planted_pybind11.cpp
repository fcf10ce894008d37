// leak() loses a map of a class of our own and a Python list; keep() caches what it makes.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace py = pybind11;

namespace planted {

struct Table {
    std::unordered_map<std::string, std::vector<std::string>> words;

    __attribute__((noinline)) void learn(const std::string &word)
    {
        words[word].push_back(word + word + word + word);
    }
};

template <typename Word> __attribute__((noinline)) void lose_table(const Word &word)
{
    auto *table = new Table();
    table->learn(word);
}

__attribute__((noinline)) void lose_list()
{
    py::list list;
    list.append(py::str("planted"));
    list.release();
}

static std::unique_ptr<Table> kept;

} // namespace planted

PYBIND11_MODULE(planted_pybind11, module)
{
    py::class_<planted::Table>(module, "Table").def(py::init<>()).def("learn", &planted::Table::learn);
    module.def("leak", [] {
        planted::lose_table<std::string>("a word that is too long for the string itself");
        planted::lose_list();
    });
    module.def("keep", [] {
        if (!planted::kept) {
            planted::kept = std::make_unique<planted::Table>();
        }
        planted::kept->learn("kept");
        return planted::kept->words;
    });
}

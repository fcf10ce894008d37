import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matchesGlob } from "../../src/engines/scan/suppressions.ts";
import { inlinedPattern, linkerPattern, plainName } from "../../src/findings/linker-name.ts";

/** The linker's names with what c++filt makes of them. */
const NAMES: readonly (readonly [string, string])[] = [
  ["_Znwm", "operator new(unsigned long)"],
  ["_ZnamSt11align_val_t", "operator new[](unsigned long, std::align_val_t)"],
  ["_ZN3ext5parseERKSs", "ext::parse(std::string const&)"],
  ["_ZN3ext4PoolIcE3getEi", "ext::Pool<char>::get(int)"],
  ["_ZN3ext3ObjC2Ei", "ext::Obj::Obj(int)"],
  ["_ZN3ext3ObjD0Ev", "ext::Obj::~Obj()"],
  ["_ZNK3ext3Obj4sizeEv", "ext::Obj::size() const"],
  ["_ZN3ext4loadIiEEPvT_", "void* ext::load<int>(int)"],
  ["_ZN12_GLOBAL__N_15stateEv", "(anonymous namespace)::state()"],
  ["_ZZN3ext3runEvENKUlvE_clEv", "ext::run()::{lambda()#1}::operator()() const"],
  ["_ZN3ext5namesB5cxx11Ev", "ext::names[abi:cxx11]()"],
  [
    "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc",
    "std::basic_ostream<char, std::char_traits<char> >& std::operator<< <std::char_traits<char> >(std::basic_ostream<char, std::char_traits<char> >&, char const*)",
  ],
  ["_ZNSt6vectorIiSaIiEE17_M_default_appendEm", "std::vector<int, std::allocator<int> >::_M_default_append(unsigned long)"],
  ["_ZN3two16remember_session17h0123456789abcdefE", "two::remember_session"],
  ["_ZN9hashbrown3map28HashMap$LT$K$C$V$C$S$C$A$GT$6insert17h0123456789abcdefE", "hashbrown::map::HashMap<K,V,S,A>::insert"],
  ["_RNvNtCs1234_3two5store4save", "two::store::save"],
  ["_ZN3ext5parseERKSs.cold", "ext::parse(std::string const&) [clone .cold]"],
];

suite("a pattern of the linker's name", () => {
  for (const [linkerName, readable] of NAMES) {
    test(`a pattern of the linker's name fits ${readable.slice(0, 80)}`, () => {
      const pattern = linkerPattern(readable);
      if (pattern !== undefined) assert.ok(matchesGlob(pattern, linkerName), pattern);
      else assert.match(readable, /operator/);
    });
  }

  test("a pattern of the linker's name fits no function of another name, class or namespace", () => {
    const pattern = linkerPattern("ext::Table::load(int)") ?? "";
    for (const other of ["_ZN3ext5Table5parseEi", "_ZN3ext5Other4loadEi", "_ZN5other5Table4loadEi", "_ZN3ext4loadEi", "load"]) {
      assert.ok(!matchesGlob(pattern, other), other);
    }
  });

  test("a pattern of the linker's name is missing if no identifier is sure to be in it", () => {
    for (const name of ["operator==(A, B)", "std::allocator<char>::allocator()", "", "<", "{closure#0}"])
      assert.equal(linkerPattern(name), undefined, name);
  });

  test("a pattern of the linker's name takes no time for endless names", () => {
    for (const name of [`${"a<".repeat(60_000)}`, `${"a<".repeat(4000)}b${">".repeat(1000)}`, "(".repeat(9999), "::".repeat(4999)]) {
      assert.equal(linkerPattern(name), undefined);
    }
  });
});

test("the plain name of a function is its last identifier, by which an inlined one is known", () => {
  assert.equal(plainName("void* ext::Pool<int>::take<char>(int) const"), "take");
  assert.equal(inlinedPattern("do_alloc<alloc::alloc::Global>"), "*do_alloc*");
  assert.equal(inlinedPattern("{closure#0}"), undefined);
});

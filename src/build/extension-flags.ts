/**
 * Variables that make setuptools, meson-python, scikit-build-core, maturin and setuptools-rust compile an extension with symbols and frame
 * pointers, so that stacks name its functions and lines. The user's own values are appended. The README shows them.
 */
export const EXTENSION_FLAGS = {
  CFLAGS: "-g -fno-omit-frame-pointer",
  CXXFLAGS: "-g -fno-omit-frame-pointer",
  RUSTFLAGS: "-C force-frame-pointers=yes",
  CARGO_PROFILE_RELEASE_DEBUG: "true",
  CARGO_PROFILE_RELEASE_STRIP: "none",
  SKBUILD_CMAKE_BUILD_TYPE: "RelWithDebInfo",
  SKBUILD_INSTALL_STRIP: "false",
} as const;

/** Makes GNU ld keep relocations, and the data of each function in a separate section. */
const LINKING = `-Wl,--emit-relocs,${["rodata", "data", "bss", "gcc_except_table"].map((name) => `--unique=.${name}.*`).join()}`;

/** Additional flags for `affected: auto`, which selects tests by changed functions. */
export const AFFECTED_FLAGS = {
  CFLAGS: "-ffunction-sections -fdata-sections",
  CXXFLAGS: "-ffunction-sections -fdata-sections",
  LDFLAGS: `-fuse-ld=bfd ${LINKING}`,
  // rustc's default linker merges that data.
  RUSTFLAGS: `-C link-arg=-fuse-ld=bfd -C link-arg=${LINKING}`,
} as const;

const ADDED = ["CFLAGS", "CXXFLAGS", "LDFLAGS", "RUSTFLAGS"];

/** The environment of an extension's build. Pure. @param separatesFunctions whether each function needs a separate section (`affected: auto`). */
export function withExtensionFlags(env: Readonly<Record<string, string>>, separatesFunctions: boolean): Record<string, string> {
  const all: Readonly<Record<string, string>> = separatesFunctions ? addTo(EXTENSION_FLAGS, AFFECTED_FLAGS) : EXTENSION_FLAGS;
  const own = Object.keys(all).flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const [added, others] = [own.filter(([name]) => ADDED.includes(name)), own.filter(([name]) => !ADDED.includes(name))];
  return { ...env, ...addTo(all, Object.fromEntries(added)), ...Object.fromEntries(others) };
}

function addTo(flags: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>): Record<string, string> {
  const added = Object.entries(more).map(([name, value]) => [name, flags[name] === undefined ? value : `${flags[name]} ${value}`]);
  return { ...flags, ...Object.fromEntries(added) };
}

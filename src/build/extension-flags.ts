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

const ADDED = ["CFLAGS", "CXXFLAGS", "RUSTFLAGS"];

/** The environment of an extension's build. Pure. */
export function withExtensionFlags(env: Readonly<Record<string, string>>): Record<string, string> {
  const flags = Object.entries(EXTENSION_FLAGS).map(([name, value]) => {
    const own = env[name];
    if (own === undefined) return [name, value];
    return [name, ADDED.includes(name) ? `${value} ${own}` : own];
  });
  return { ...env, ...Object.fromEntries(flags) };
}

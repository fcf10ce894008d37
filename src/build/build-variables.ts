// The variables that an installation gets from the environment, besides those of a command.

import { commandEnvironment, type Threading } from "./recipe.ts";

/**
 * Names of variables that say how to build: programs, flags, search paths, versions. They usually hold no secret. Variables with addresses, which
 * often hold a password, are not here (PIP_INDEX_URL, HTTPS_PROXY), and neither are those that would lead pip out of the virtual environment
 * (PIP_TARGET, PIP_USER) or hide our own flags (CARGO_ENCODED_RUSTFLAGS).
 */
const BUILD_VARIABLES: readonly RegExp[] = [
  // Compilers, linkers and their tools.
  /^(CC|CXX|CPP|FC|F77|F90|LD|AR|AS|NM|RANLIB|STRIP|OBJCOPY|LDSHARED|LDCXXSHARED|CYTHON|SWIG|NINJA|MESON|MAKE|CUDACXX|NVCC|LLVM_CONFIG)$/,
  /^(C|CXX|CPP|F|FC|LD|AR|ARCH|CUDA|NVCC_PREPEND_|NVCC_APPEND_|MAKE)FLAGS$/,
  // Headers, libraries and packages.
  /^(LIBS|CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|LD_RUN_PATH|PKG_CONFIG|PKG_CONFIG_(PATH|LIBDIR|SYSROOT_DIR))$/,
  /^(BOOST_ROOT|CUDA_(HOME|PATH)|HDF5_DIR|JAVA_HOME|LLVM_DIR|OPENSSL_(DIR|ROOT_DIR|LIB_DIR|INCLUDE_DIR|STATIC)|VCPKG_ROOT)$/,
  // CMake, scikit-build-core and meson-python.
  /^CMAKE_(ARGS|BUILD_PARALLEL_LEVEL|BUILD_TYPE|GENERATOR|INCLUDE_PATH|LIBRARY_PATH|PREFIX_PATH|TOOLCHAIN_FILE|(C|CXX|CUDA)_COMPILER_LAUNCHER)$/,
  /^(SKBUILD_\w+|MESONPY_\w+)$/,
  // Rust.
  /^(RUSTC|RUSTC_WRAPPER|RUSTDOC|RUSTFLAGS|RUSTUP_HOME|RUSTUP_TOOLCHAIN|CARGO|CARGO_(HOME|INCREMENTAL|NET_OFFLINE|TARGET_DIR)|MATURIN_PEP517_ARGS)$/,
  /^(CARGO_(BUILD_(JOBS|TARGET)|PROFILE_\w+)|PYO3_\w+)$/,
  // Versions that are not read from git, and other settings of build backends.
  /^(SETUPTOOLS_(SCM_PRETEND_VERSION\w*|USE_DISTUTILS|ENABLE_FEATURES|EXT_SUFFIX)|PDM_BUILD_SCM_VERSION|PBR_VERSION|POETRY_DYNAMIC_VERSIONING_BYPASS)$/,
  /^(SOURCE_DATE_EPOCH|MAX_JOBS|NPY_NUM_BUILD_JOBS|NPY_(BLAS|LAPACK)_ORDER|TORCH_CUDA_ARCH_LIST)$/,
  // Files and folders of certificates and caches, and which files pip takes.
  /^(SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PIP_CERT|CCACHE_DIR|SCCACHE_DIR|PIP_CACHE_DIR|XDG_CACHE_HOME)$/,
  /^PIP_(CONSTRAINT|BUILD_CONSTRAINT|NO_BINARY|NO_BUILD_ISOLATION|NO_INDEX|ONLY_BINARY|PRE|PREFER_BINARY|RETRIES|TIMEOUT|DEFAULT_TIMEOUT)$/,
];

/** The environment of pip and of the compilers that it starts, without our flags. @param passed names that the user wants to pass, too. Pure. */
export function installEnvironment(env: NodeJS.ProcessEnv, passed: readonly string[], python: Threading): Record<string, string> {
  const names = Object.keys(env).filter((name) => BUILD_VARIABLES.some((pattern) => pattern.test(name)));
  // PYTHONPATH would hide packages that are missing in the environment.
  const { PYTHONMALLOC: _, PYTHONPATH: __, ...all } = commandEnvironment(env, [...passed, ...names], python);
  return all;
}

import type { Frame } from "../model/memory-error.ts";
import { namespaceOf, unqualifiedName } from "./readable-name.ts";

/**
 * Locations of C++'s and Rust's standard libraries, of their packages, and of bindings to Python on the machines that compile them. Compilers
 * inline this code differently in each version, and it is on every user's stacks.
 */
const FOLDERS = [
  // g++ and clang, and header-only libraries.
  /^\/usr\/(local\/)?include\//,
  /\/include\/(c\+\+|boost|pybind11|nanobind)\//,
  // From PyPI: pybind11's headers, and the part of nanobind that is compiled with each extension.
  /\/(site|dist)-packages\//,
  /\/nanobind\/src\//,
  // Rust's own libraries, as compiled and as rust-src installs them; packages that cargo fetched.
  /^\/rustc\/|^\/rust\/deps\/|\/rustlib\/src\/rust\//,
  /^(\.?\/)?library\/(alloc|core|std|proc_macro|panic_unwind)\/src\//,
  /\/cargo\/(registry|git)\/|\/\.cargo\/(registry|git)\//,
];

const NAMESPACES = /^(std|__gnu_cxx|__cxxabiv1|boost|pybind11|nanobind|core|alloc|hashbrown|pyo3|pyo3_ffi)$/;

/** Cython's helper functions, which are in each file that it generates. */
const CYTHON_HELPER = /^__Pyx_/;

/** Whether a frame is code of a language's library, or of a binding to Python, that is part of the compiler or a package. */
export function isLanguageLibrary(frame: Frame): boolean {
  if (frame.function !== undefined && CYTHON_HELPER.test(frame.function)) return true;
  return frame.file === undefined ? isNamedLikeLibrary(frame) : isLibraryFile(frame);
}

/**
 * Whether a frame in a project's file has the name of a library function: a template with the user's lambda as argument. addr2line and memcheck
 * differ in which of the two names they give.
 */
export function isLambdaInLibrary(frame: Frame): boolean {
  return frame.file !== undefined && !isLibraryFile(frame) && isNamedLikeLibrary(frame);
}

function isLibraryFile({ directory, file }: Frame): boolean {
  const path = directory === undefined || directory === "" ? `${file}` : `${directory}/${file}`;
  return FOLDERS.some((folder) => folder.test(path));
}

function isNamedLikeLibrary({ function: name }: Frame): boolean {
  if (name === undefined || unqualifiedName(name) === undefined) return false;
  return NAMESPACES.test(namespaceOf(name) ?? "");
}

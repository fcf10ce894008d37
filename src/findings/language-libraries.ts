import type { Frame } from "../model/memory-error.ts";
import { namespaceOf, unqualifiedName } from "./readable-name.ts";

/**
 * Where the code of C++'s and Rust's standard libraries, of their packages and of what binds them to Python lies on the machines that compile it.
 * Compilers inline it anew in each version, and it makes the same stack for everyone.
 */
const FOLDERS = [
  // g++ and clang, and libraries of headers.
  /^\/usr\/(local\/)?include\//,
  /\/include\/(c\+\+|boost|pybind11|nanobind)\//,
  // From PyPI: pybind11's headers, the part of nanobind that is compiled with each extension.
  /\/(site|dist)-packages\//,
  /\/nanobind\/src\//,
  // Rust's own libraries, as they were compiled and as rust-src installs them; what cargo fetched.
  /^\/rustc\/|^\/rust\/deps\/|\/rustlib\/src\/rust\//,
  /^(\.?\/)?library\/(alloc|core|std|proc_macro|panic_unwind)\/src\//,
  /\/cargo\/(registry|git)\/|\/\.cargo\/(registry|git)\//,
];

const NAMESPACES = /^(std|__gnu_cxx|__cxxabiv1|boost|pybind11|nanobind|core|alloc|hashbrown|pyo3|pyo3_ffi)$/;

/** Cython's helper functions, which stand in each file that it makes. */
const CYTHON_HELPER = /^__Pyx_/;

/** Whether a frame is code of a language's library, or of a binding to Python, that came with the compiler or a package. */
export function isLanguageLibrary(frame: Frame): boolean {
  if (frame.function !== undefined && CYTHON_HELPER.test(frame.function)) return true;
  return frame.file === undefined ? isNamedLikeLibrary(frame) : isLibraryFile(frame);
}

/**
 * Whether a frame of a project's file has the name of a library's function: that of a template which the user's lambda is an argument of. Which of
 * the two names is told differs between addr2line and memcheck.
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

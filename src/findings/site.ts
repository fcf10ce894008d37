import type { Site } from "../model/finding.ts";
import type { Frame } from "../model/memory-error.ts";
import { isAllocator, isBoundary, isGenericConstructor, isTrampoline } from "./cpython-functions.ts";
import { type AmbiguousNames, type NormalFrame, normalizeFrames } from "./frames.ts";
import { isLanguageLibrary } from "./language-libraries.ts";
import { type FileIndex, findByEnd } from "./project-files.ts";
import { titleName } from "./readable-name.ts";

/** Folders of the project's files: of the built copy, mapped to the checkout's paths. */
export interface Project {
  readonly roots: readonly string[];
  /** Function names that occur in several of its files. */
  readonly ambiguous?: AmbiguousNames;
  /** Its files, if it may have been compiled under another path than `roots`. */
  readonly files?: FileIndex;
  /** The folders of the interpreter's own files and objects, or the files themselves, if the interpreter is not the project. */
  readonly interpreter?: readonly string[];
  /** Whether a shared object belongs to the project or its installed package. */
  readonly ownsObject?: (path: string) => boolean;
  /** Maps a frame of generated code to its source: Cython's C files name the line of the `.pyx` file. */
  readonly generatedFrom?: (frame: Frame) => Frame;
}

/** The path of a frame's file within the project, or undefined. Compilers write `/tree/./Modules`, and `..` for out-of-tree builds. */
export function projectFile(frame: Frame, project: Project): string | undefined {
  if (frame.file === undefined) return undefined;
  const path = tidy(`${frame.directory ?? ""}/${frame.file}`);
  const root = frame.directory === undefined ? undefined : project.roots.find((candidate) => path.startsWith(`${candidate}/`));
  if (root !== undefined) return path.slice(root.length + 1);
  const mayBeOwn = project.files !== undefined && !isSystem(frame) && !isInterpreter(frame, project);
  return mayBeOwn ? findByEnd(path, project.files) : undefined;
}

/** Folders of the system's own libraries. */
export function isSystem({ object }: Frame): boolean {
  return object !== undefined && /^\/(usr\/)?lib/.test(object);
}

export function isInterpreter({ directory, object }: Frame, { interpreter = [] }: Project): boolean {
  return interpreter.some(
    (root) =>
      object === root || object?.startsWith(`${root}/`) || (directory !== undefined && `${tidy(directory)}/`.startsWith(`${root}/`)),
  );
}

/** The first frame in the project's code that neither allocates for others nor forwards a call; otherwise the closest alternative. */
export function siteOf(frames: readonly Frame[], project: Project): Site {
  const normal = normalizeFrames(frames);
  const isOwn = ({ frame }: NormalFrame): boolean => projectFile(frame, project) !== undefined && !isLanguageLibrary(frame);
  const boundary = normal.findIndex(({ name }) => isBoundary(name));
  // Frames below the eval loop belong to the caller's Python code: use them only if no frame above is in the project.
  const near = boundary === -1 ? normal : normal.slice(0, boundary + 1);
  const found = closest(near.filter(isOwn)) ?? closest(normal.filter(isOwn)) ?? closestForeign(normal, project);
  if (found === undefined) return { function: "(no stack)", file: null, line: null };
  return { function: titleOf(found), file: projectFile(found.frame, project) ?? found.frame.file ?? null, line: found.frame.line ?? null };
}

/** No frame is in the project: its files may be unknown. Readers look for neither the interpreter nor the system. */
function closestForeign(normal: readonly NormalFrame[], project: Project): NormalFrame | undefined {
  const others = normal.filter(({ frame }) => !isInterpreter(frame, project));
  const isCandidate = ({ name }: NormalFrame): boolean =>
    !isAllocator(name) && !isTrampoline(name) && !isBoundary(name) && !isGenericConstructor(name);
  const candidates = others.filter(isCandidate);
  return (
    candidates.find(({ frame }) => !isSystem(frame) && !isLanguageLibrary(frame)) ??
    candidates.find(({ frame }) => !isLanguageLibrary(frame)) ??
    candidates[0] ??
    closest(normal)
  );
}

/** `ext::Pool::take` of C++, `demo.Owner.take` of Cython. */
function titleOf({ name, frame }: NormalFrame): string {
  const isOfC = !/^(::|__pyx_)/.test(name);
  return isOfC || frame.function === undefined ? name : titleName(frame.function, moduleOf(frame));
}

function closest(own: readonly NormalFrame[]): NormalFrame | undefined {
  const calls = (name: string): boolean => isTrampoline(name) || isBoundary(name);
  return (
    own.find(({ name }) => !isAllocator(name) && !calls(name) && !isGenericConstructor(name)) ??
    own.find(({ name }) => !isAllocator(name) && !calls(name)) ??
    own.find(({ name }) => !isAllocator(name)) ??
    own[0]
  );
}

/** `demo` of `/x/pkg/demo.cpython-313-x86_64-linux-gnu.so`. */
function moduleOf({ object }: Frame): string | undefined {
  return object?.slice(object.lastIndexOf("/") + 1).replace(/\..*$/, "");
}

function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

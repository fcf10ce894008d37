/**
 * Parts of CPython's internals that not every version has, by the macro that tells the probe (1 or 0). Each expression compiles only against
 * headers that have the part. If a layout changes in a new version, add a row here, and an `#if` in the probe.
 */
const LAYOUTS = {
  HAS_THREE_GENERATIONS: "((struct _gc_runtime_state *)0)->generations[2].head",
  HAS_YOUNG_AND_OLD: "((struct _gc_runtime_state *)0)->old[1].head",
  HAS_PYTHON_DEPTH: "((PyThreadState *)0)->py_recursion_remaining",
  HAS_CACHED_CHUNK: "((PyThreadState *)0)->datastack_cached_chunk",
  HAS_FRAME_CODE: "((struct _PyInterpreterFrame *)0)->f_code",
  HAS_STACK_POINTER: "((struct _PyInterpreterFrame *)0)->stackpointer",
  HAS_DICT_VERSION: "((PyDictObject *)0)->ma_version_tag",
  HAS_FUNCTION_VERSION_CACHE: "((PyInterpreterState *)0)->func_state.func_version_cache",
  HAS_TYPE_VERSION_CACHE: "((PyInterpreterState *)0)->types.type_version_cache",
  HAS_METHOD_CACHE: "((PyInterpreterState *)0)->types.type_cache.hashtable[0].value",
  HAS_FIRST_METHOD_CACHE: "((PyInterpreterState *)0)->type_cache.hashtable[0].value",
  HAS_INIT_CACHE: "((PyHeapTypeObject *)0)->_spec_cache.init",
  HAS_TYPE_CACHES: "((PyTypeObject *)0)->_tp_cache == ((struct type_cache *)0)->hashtable[0].value",
  HAS_TRACE_TABLE: "_PyRuntime.tracemalloc.traces->buckets",
  HAS_TASK_LISTS: "((_PyThreadStateImpl *)0)->asyncio_tasks_head.next == ((PyInterpreterState *)0)->asyncio_tasks_head.next",
  HAS_UNIQUE_IDS: "((PyInterpreterState *)0)->unique_ids.table[0].obj",
  HAS_OWN_GIL: "((PyInterpreterState *)0)->ceval.own_gil",
  HAS_GIL_MUTEX: "((PyInterpreterState *)0)->ceval.gil->mutex",
  HAS_IMMORTAL_OBJECTS: "_Py_IsImmortal((PyObject *)0)",
  HAS_AUDIT_HOOKS: "_PyRuntime.audit_hooks.head",
  HAS_AUDIT_HOOK_HEAD: "_PyRuntime.audit_hook_head",
  HAS_FREE_LIST_STRUCT: "struct _Py_freelists",
  HAS_STACK_CHUNK_LIST: "((struct _Py_freelists *)0)->object_stack_chunks",
} as const;

/** Something that every CPython has: if it does not compile, the headers are broken. */
export const ALWAYS = "PyObject";

/** Results for one CPython: `-DHAS_X=1` for each part that its headers have, `-DHAS_X=0` for the others. */
export type LayoutFlags = readonly string[];

/**
 * @param compiles whether `layout.c` compiles with this QUESTION.
 * @returns undefined if the headers themselves do not compile.
 */
export async function findLayout(compiles: (question: string) => Promise<boolean>): Promise<LayoutFlags | undefined> {
  const questions = Object.entries(LAYOUTS);
  const [hasHeaders, ...answers] = await Promise.all([ALWAYS, ...questions.map(([, question]) => question)].map(compiles));
  if (!hasHeaders) return undefined;
  return questions.map(([macro], index) => `-D${macro}=${answers[index] ? 1 : 0}`);
}

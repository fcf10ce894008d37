// CPython's functions that allocate for others, only forward a call, or mark the borders of a stack.

const ALLOCATORS =
  /^(malloc|calloc|realloc|memalign|aligned_alloc|posix_memalign|valloc|strdup|strndup|__?strdup|operator new.*|_?PyMem_.*|_PyMem_.*|PyObject_(Malloc|Calloc|Realloc)|_PyObject_(Malloc|Calloc|Realloc|MallocWithType|ReallocWithType|CallocWithType)|_?PyObject_(GC_)?New(Var)?|_?PyObject_GC_(Malloc|Calloc|NewVar|Resize)|gc_alloc|_PyType_AllocNoTrack|PyType_GenericAlloc|PyType_GenericNew|_PyObject_Mi(Malloc|Calloc|Realloc)|_?mi_(heap_|page_)?(malloc|calloc|zalloc|realloc|rezalloc)\w*|_PyDebugAllocator_.*|arena_.*alloc)$/;

export function isAllocator(name: string): boolean {
  return ALLOCATORS.test(name);
}

const TRAMPOLINES =
  /^(_?PyObject_(Call|Vectorcall|FastCall|MakeTpCall|CallMethod|CallFunction|CallOneArg|CallNoArgs).*|_PyVectorcall_Call|PyVectorcall_Call|_PyEval_Vector|cfunction_(vectorcall|call).*|method_vectorcall.*|_PyFunction_Vectorcall|vectorcall_(method|maybe|unbound)|object_vacall|type_call|type_vectorcall|slot_tp_.*|wrap_(\w*func\w*|inquirypred|sq_\w+|objobj\w+|\w+attr|delitem|call|del|next|init|buffer|releasebuffer|descr_\w+)|wrapperdescr_.*|wrapper_call|slot_\w+|_PyCFunction_.*|PyCFunction_Call|tuple_call|method_call|classmethoddescr_call|_Py\w*Call\w*_StackRef\w*)$/;

/** Functions that only forward a call, between Python code and the called function. */
export function isTrampoline(name: string): boolean {
  return TRAMPOLINES.test(name);
}

const BOUNDARIES =
  /^(_PyEval_EvalFrameDefault|_PyEval_EvalFrame|PyEval_EvalCode|PyImport_ImportModule.*|_PyImport_.*|import_find_and_load|Py_Main|Py_BytesMain|pymain_.*|Py_Initialize.*|Py_InitializeFromConfig|init_interp_.*|pycore_.*|pyinit_.*|Py_FinalizeEx|thread_run|pythread_wrapper|start_thread|clone|clone3|main|_start|\(below main\)|__libc_start_.*)$/;

/** Where the relevant part of a stack ends: at the eval loop, or else an import, startup, or the start of a thread. */
export function isBoundary(name: string): boolean {
  return BOUNDARIES.test(name);
}

const CONSTRUCTORS =
  /^_?Py(Unicode|Bytes|ByteArray|Long|Float|Complex|List|Tuple|Dict|Set|FrozenSet|Slice|Bool|Cell|Capsule|MemoryView|Buffer|Code|Function|Method|Weakref|Iter|Seq|Gen|Err|Object)\w*_(New|From|As|Concat|Copy|Repr|Str|Format|Writer|Resize|Append|Join|Substring|Decode|Encode|SetItem|Set|Get)\w*$|^_?PyErr_\w+$|^(new_(dict|keys_object|values)|dict_(new|vectorcall)|list_(resize|new|new_prealloc|vectorcall|allocate_array)|tuple_(alloc|new)|unicode_\w+|get_small_int|dictresize|insertdict|insert_to_emptydict|_PyLong_\w+|resize_\w+|ensure_(shared_on_resize|list_capacity)|_PyUnicode\w*|PyUnicode\w*|PyBuffer_\w+|_PyBytes\w*|PyBytes\w*|_PyList\w*|PyList\w*|_PyTuple\w*|PyTuple\w*|_PyDict\w*|PyDict\w*|PyLong\w*|PyFloat\w*|PySet\w*|PyNumber_\w+|float_from_string\w*|_Py_string_to_\w+)$/;

/** Functions that create an object for their caller. They are never the function that a reader looks for, unless there is no other. */
export function isGenericConstructor(name: string): boolean {
  return CONSTRUCTORS.test(name);
}

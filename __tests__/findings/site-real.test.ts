// Stacks that memcheck gave for real and injected bugs in CPython 3.13.15, and where a core developer would look first.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { siteOf } from "../../src/findings/site.ts";
import { PROJECT, stack } from "../support/builders.ts";

const MALLOC = "malloc < _PyMem_RawMalloc";
const OBJECT = `${MALLOC} < PyObject_Malloc`;
const EVAL = "_PyEval_EvalFrameDefault < _PyObject_VectorcallTstate < method_vectorcall < _PyVectorcall_Call";
const BUFFER = "siphash13 < _Py_HashBytes < memory_hash < builtin_hash < cfunction_vectorcall_O";

/** What made the error, the stack, and the function to show. */
const STACKS: readonly (readonly [string, string, string])[] = [
  ["bpo-9422", `${MALLOC} < PyMem_Malloc < prepare_s < Struct___init___impl < Struct___init__ < type_call < ${EVAL}`, "prepare_s"],
  ["gh-140474", `${MALLOC} < PyMem_Malloc < PyUnicode_AsWideCharString < array_new < type_call < ${EVAL}`, "array_new"],
  [
    "gh-140530",
    `${MALLOC} < gc_alloc < _PyObject_GC_New < PyList_New < _PyList_FromArraySteal < ${EVAL} < partial_vectorcall`,
    "PyList_New",
  ],
  [
    "gh-140593",
    "malloc < doProlog < prologProcessor < prologInitProcessor < callProcessor.constprop.0 < PyExpat_XML_ParseBuffer",
    "doProlog",
  ],
  ["gh-142664", `${BUFFER} < ${EVAL}`, "siphash13"],
  ["gh-145883", "utcoff_to_dstoff < load_data < zoneinfo_ZoneInfo_from_file_impl < zoneinfo_ZoneInfo_from_file", "utcoff_to_dstoff"],
  ["gh-154738", `_Py_CheckFunctionResult < _PyObject_VectorcallTstate < PyObject_Vectorcall < ${EVAL}`, "_Py_CheckFunctionResult"],
  ["inj-01", `${OBJECT} < PyUnicode_New.part.0 < PyUnicode_New < PyUnicode_Concat < ${EVAL} < builtin_exec`, "PyUnicode_New"],
  [
    "inj-03",
    `${OBJECT} < _PyLong_New < PyLong_FromUnsignedLong < PyLong_FromVoidPtr < encoder_listencode_list < encoder_listencode_obj`,
    "encoder_listencode_list",
  ],
  [
    "inj-04",
    `${OBJECT} < PyUnicode_New.part.0 < PyUnicode_New < _PyUnicode_FromUCS4 < PyUnicode_FromKindAndData < parse_save_field < parse_process_char < Reader_iternext`,
    "parse_save_field",
  ],
  [
    "inj-04, inlined",
    `${OBJECT} < PyUnicode_New.part.0 < PyUnicode_New < _PyUnicode_FromUCS4.part.0 < parse_save_field < parse_process_char`,
    "parse_save_field",
  ],
  ["inj-08", `${OBJECT} < _PyLong_New < PyLong_FromUnsignedLong < cfunction_vectorcall_O < ${EVAL} < list_sort_impl`, "_PyLong_New"],
  [
    "inj-10",
    `${MALLOC} < _PyObject_MallocWithType < gc_alloc < _PyObject_GC_New < list_iter < PyObject_GetIter < cfunction_vectorcall_FASTCALL`,
    "list_iter",
  ],
  ["inj-13", `${OBJECT} < create_extra < element_resize < element_setstate_from_attributes`, "create_extra"],
  ["inj-15", `b_getitem < getarrayitem < array_array_count < method_vectorcall_O < ${EVAL}`, "b_getitem"],
  ["inj-18", `${MALLOC} < PyMem_Malloc < case_operation < unicode_swapcase_impl < unicode_swapcase < ${EVAL}`, "case_operation"],
  ["inj-20", `${OBJECT} < _PyBytes_FromSize < PyBytes_FromStringAndSize < int_to_bytes_impl < int_to_bytes < ${EVAL}`, "int_to_bytes"],
  ["inj-22", `${MALLOC} < PyMem_Malloc < state_init < _sre_SRE_Pattern_match_impl < _sre_SRE_Pattern_match < ${EVAL}`, "state_init"],
  [
    "inj-25",
    `${MALLOC} < _PyObject_MallocWithType < _PyType_AllocNoTrack < PyType_GenericAlloc < type_call < _PyObject_MakeTpCall < ${EVAL} < gen_iternext`,
    "type_call",
  ],
  [
    "inj-27",
    `${MALLOC} < PyMem_Malloc < decompress < zlib_ZlibDecompressor_decompress_impl < method_vectorcall_FASTCALL_KEYWORDS`,
    "decompress",
  ],
];

suite("the site of a real stack", () => {
  for (const [name, frames, expected] of STACKS) {
    test(`the site of a real stack, ${name}, is ${expected}`, () => assert.equal(siteOf(stack(frames), PROJECT).function, expected));
  }
});

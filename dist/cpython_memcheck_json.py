"""JSON without C code of _json: otherwise test files that do not use it would seem to (footprint.c)."""

from json.decoder import py_scanstring
from json.encoder import py_encode_basestring_ascii


def to_json(value):
    """The same output as json.dumps."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{to_json(key)}: {to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join([to_json(item) for item in value]) + "]"
    if isinstance(value, str):
        return py_encode_basestring_ascii(value)
    constants = {None: "null", True: "true", False: "false"}
    return constants[value] if value is None or isinstance(value, bool) else repr(value)


CONSTANTS = {"null": None, "true": True, "false": False}


def from_json(text):
    """One object of strings and constants, without spaces, as JSON.stringify writes it."""
    fields, at = {}, 1
    while text[at] == '"':
        name, at = py_scanstring(text, at + 1)
        # Position after the colon.
        at += 1
        if text[at] == '"':
            fields[name], at = py_scanstring(text, at + 1)
        else:
            word = next(word for word in CONSTANTS if text.startswith(word, at))
            fields[name], at = CONSTANTS[word], at + len(word)
        # Position after the comma, or the end.
        at += 1
        if at >= len(text):
            break
    return fields

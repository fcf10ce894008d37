import { copyFile, link, lstat, mkdir, mkdtemp, open, readFile, readdir, readlink, realpath, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { availableParallelism, constants, homedir, hostname, tmpdir } from "node:os";
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { createHash, hash, randomUUID } from "node:crypto";
import { accessSync, appendFileSync, chmodSync, closeSync, constants as constants$1, createReadStream, existsSync, fstatSync, ftruncateSync, lstatSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, rmdirSync, statSync, statfsSync, symlinkSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { createInterface } from "node:readline";
import { gunzipSync, gzipSync } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { isDeepStrictEqual, styleText } from "node:util";
import { StringDecoder } from "node:string_decoder";

// src/inspector.ts
process.on("SIGUSR1", () => void 0);

// node_modules/valibot/dist/index.mjs
let store$4;
const DEFAULT_CONFIG = {
	lang: void 0,
	message: void 0,
	abortEarly: void 0,
	abortPipeEarly: void 0
};
/**
* Returns the global configuration.
*
* @param config The config to merge.
*
* @returns The configuration.
*/
/* @__NO_SIDE_EFFECTS__ */
function getGlobalConfig(config$1) {
	if (!config$1 && !store$4) return DEFAULT_CONFIG;
	return {
		lang: config$1?.lang ?? store$4?.lang,
		message: config$1?.message,
		abortEarly: config$1?.abortEarly ?? store$4?.abortEarly,
		abortPipeEarly: config$1?.abortPipeEarly ?? store$4?.abortPipeEarly
	};
}
let store$3;
/**
* Returns a global error message.
*
* @param lang The language of the message.
*
* @returns The error message.
*/
/* @__NO_SIDE_EFFECTS__ */
function getGlobalMessage(lang) {
	return store$3?.get(lang);
}
let store$2;
/**
* Returns a schema error message.
*
* @param lang The language of the message.
*
* @returns The error message.
*/
/* @__NO_SIDE_EFFECTS__ */
function getSchemaMessage(lang) {
	return store$2?.get(lang);
}
let store$1;
/**
* Returns a specific error message.
*
* @param reference The identifier reference.
* @param lang The language of the message.
*
* @returns The error message.
*/
/* @__NO_SIDE_EFFECTS__ */
function getSpecificMessage(reference, lang) {
	return store$1?.get(reference)?.get(lang);
}
/**
* Stringifies an unknown input to a literal or type string.
*
* @param input The unknown input.
*
* @returns A literal or type string.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _stringify(input) {
	const type = typeof input;
	if (type === "string") return `"${input}"`;
	if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
	if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
	return type;
}
/**
* Adds an issue to the dataset.
*
* @param context The issue context.
* @param label The issue label.
* @param dataset The input dataset.
* @param config The configuration.
* @param other The optional props.
*
* @internal
*/
function _addIssue(context, label, dataset, config$1, other) {
	const input = other && "input" in other ? other.input : dataset.value;
	const expected = other?.expected ?? context.expects ?? null;
	const received = other?.received ?? /* @__PURE__ */ _stringify(input);
	const issue = {
		kind: context.kind,
		type: context.type,
		input,
		expected,
		received,
		message: `Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
		requirement: context.requirement,
		path: other?.path,
		issues: other?.issues,
		lang: config$1.lang,
		abortEarly: config$1.abortEarly,
		abortPipeEarly: config$1.abortPipeEarly
	};
	const isSchema = context.kind === "schema";
	const message$1 = other?.message ?? context.message ?? /* @__PURE__ */ getSpecificMessage(context.reference, issue.lang) ?? (isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) ?? config$1.message ?? /* @__PURE__ */ getGlobalMessage(issue.lang);
	if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
	if (isSchema) dataset.typed = false;
	if (dataset.issues) dataset.issues.push(issue);
	else dataset.issues = [issue];
}
/**
* Compares two values using the SameValueZero algorithm, which treats `NaN`
* as equal to itself unlike `===`.
*
* @param value1 The first value.
* @param value2 The second value.
*
* @returns Whether the values are equal.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isSameValueZero(value1, value2) {
	return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
/**
* Disallows inherited object properties and prevents object prototype
* pollution by disallowing certain keys.
*
* @param object The object to check.
* @param key The key to check.
*
* @returns Whether the key is allowed.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isValidObjectKey(object$1, key) {
	return Object.prototype.hasOwnProperty.call(object$1, key) && key !== "__proto__" && key !== "prototype" && key !== "constructor";
}
/**
* Joins multiple `expects` values with the given separator.
*
* @param values The `expects` values.
* @param separator The separator.
*
* @returns The joined `expects` property.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _joinExpects(values$1, separator) {
	const list = [...new Set(values$1)];
	if (list.length > 1) return `(${list.join(` ${separator} `)})`;
	return list[0] ?? "never";
}
/**
* Eagerly creates and attaches the Standard Schema properties of a schema.
*
* Hint: The contextual `this` type includes the standard properties that are
* attached before the schema is returned.
*
* @param schema The schema to attach standard properties to.
*
* @returns The schema with standard properties attached.
*
* @internal
*/
function _standardSchema(schema) {
	schema["~standard"] = {
		version: 1,
		vendor: "valibot",
		validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
	};
	return schema;
}
/* @__NO_SIDE_EFFECTS__ */
function getDotPath(issue) {
	if (issue.path) {
		let key = "";
		for (const item of issue.path) if (typeof item.key === "string" || typeof item.key === "number") if (key) key += `.${item.key}`;
		else key += item.key;
		else return null;
		return key;
	}
	return null;
}
/**
* A Valibot error with useful information.
*/
var ValiError = class extends Error {
	/**
	* Creates a Valibot error with useful information.
	*
	* @param issues The error issues.
	*/
	constructor(issues) {
		super(issues[0].message);
		this.name = "ValiError";
		this.issues = issues;
	}
};
/**
* [UUID](https://en.wikipedia.org/wiki/Universally_unique_identifier) regex.
*/
const UUID_REGEX = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;
/* @__NO_SIDE_EFFECTS__ */
function check$2(requirement, message$1) {
	return {
		kind: "validation",
		type: "check",
		reference: check$2,
		async: false,
		expects: null,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "input", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function finite(message$1) {
	return {
		kind: "validation",
		type: "finite",
		reference: finite,
		async: false,
		expects: null,
		requirement: Number.isFinite,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "finite", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function integer(message$1) {
	return {
		kind: "validation",
		type: "integer",
		reference: integer,
		async: false,
		expects: null,
		requirement: Number.isInteger,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "integer", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function maxLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_length",
		reference: maxLength,
		async: false,
		expects: `<=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length > this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function maxValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_value",
		reference: maxValue,
		async: false,
		expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function minLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_length",
		reference: minLength,
		async: false,
		expects: `>=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function minValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_value",
		reference: minValue,
		async: false,
		expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function parseJson(config$1, message$1) {
	return {
		kind: "transformation",
		type: "parse_json",
		reference: parseJson,
		config: config$1,
		message: message$1,
		async: false,
		"~run"(dataset, config$2) {
			try {
				dataset.value = JSON.parse(dataset.value, this.config?.reviver);
			} catch (error) {
				if (error instanceof Error) {
					_addIssue(this, "JSON", dataset, config$2, { received: `"${error.message}"` });
					dataset.typed = false;
				} else throw error;
			}
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function regex(requirement, message$1) {
	return {
		kind: "validation",
		type: "regex",
		reference: regex,
		async: false,
		expects: `${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
			return dataset;
		}
	};
}
/**
* Creates a custom transformation action.
*
* @param operation The transformation operation.
*
* @returns A transform action.
*/
/* @__NO_SIDE_EFFECTS__ */
function transform(operation) {
	return {
		kind: "transformation",
		type: "transform",
		reference: transform,
		async: false,
		operation,
		"~run"(dataset) {
			dataset.value = this.operation(dataset.value);
			return dataset;
		}
	};
}
/**
* Creates a trim transformation action.
*
* @returns A trim action.
*/
/* @__NO_SIDE_EFFECTS__ */
function trim() {
	return {
		kind: "transformation",
		type: "trim",
		reference: trim,
		async: false,
		"~run"(dataset) {
			dataset.value = dataset.value.trim();
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function uuid(message$1) {
	return {
		kind: "validation",
		type: "uuid",
		reference: uuid,
		async: false,
		expects: null,
		requirement: UUID_REGEX,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "UUID", dataset, config$1);
			return dataset;
		}
	};
}
const ABORT_EARLY_CONFIG = { abortEarly: true };
/**
* Returns the fallback value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The output dataset if available.
* @param config The config if available.
*
* @returns The fallback value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getFallback(schema, dataset, config$1) {
	return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
/**
* Returns the default value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The input dataset if available.
* @param config The config if available.
*
* @returns The default value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getDefault(schema, dataset, config$1) {
	return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
/* @__NO_SIDE_EFFECTS__ */
function array(item, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "array",
		reference: array,
		expects: "Array",
		async: false,
		item,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (Array.isArray(input)) {
				dataset.typed = true;
				dataset.value = [];
				for (let key = 0; key < input.length; key++) {
					const value$1 = input[key];
					const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
					if (itemDataset.issues) {
						const pathItem = {
							type: "array",
							origin: "value",
							input,
							key,
							value: value$1
						};
						for (const issue of itemDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = itemDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!itemDataset.typed) dataset.typed = false;
					dataset.value.push(itemDataset.value);
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function boolean(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "boolean",
		reference: boolean,
		expects: "boolean",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "boolean") dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function exactOptional(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "exact_optional",
		reference: exactOptional,
		expects: wrapped.expects,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function instance(class_, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "instance",
		reference: instance,
		expects: class_.name,
		async: false,
		class: class_,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.value instanceof this.class) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/**
* Merges two values into one single output.
*
* @param value1 First value.
* @param value2 Second value.
*
* @returns The merge dataset.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _merge(value1, value2) {
	if (typeof value1 === typeof value2) {
		if (/* @__PURE__ */ _isSameValueZero(value1, value2) || value1 instanceof Date && value2 instanceof Date && /* @__PURE__ */ _isSameValueZero(+value1, +value2)) return { value: value1 };
		if (value1 && value2 && value1.constructor === Object && value2.constructor === Object) {
			const nextValue = {
				...value1,
				...value2
			};
			for (const key in value2) if (Object.prototype.hasOwnProperty.call(value1, key) && Object.prototype.hasOwnProperty.call(value2, key)) {
				const dataset = /* @__PURE__ */ _merge(value1[key], value2[key]);
				if (dataset.issue) return dataset;
				nextValue[key] = dataset.value;
			}
			return { value: nextValue };
		}
		if (Array.isArray(value1) && Array.isArray(value2)) {
			if (value1.length === value2.length) {
				const nextValue = [...value1];
				for (let index = 0; index < value1.length; index++) {
					const dataset = /* @__PURE__ */ _merge(value1[index], value2[index]);
					if (dataset.issue) return dataset;
					nextValue[index] = dataset.value;
				}
				return { value: nextValue };
			}
		}
	}
	return { issue: true };
}
/* @__NO_SIDE_EFFECTS__ */
function intersect(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "intersect",
		reference: intersect,
		expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "&"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			if (this.options.length) {
				const input = dataset.value;
				let outputs;
				dataset.typed = true;
				for (const schema of this.options) {
					const optionDataset = schema["~run"]({ value: input }, config$1);
					if (optionDataset.issues) {
						if (dataset.issues) for (const issue of optionDataset.issues) dataset.issues.push(issue);
						else dataset.issues = optionDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!optionDataset.typed) dataset.typed = false;
					if (dataset.typed) if (outputs) outputs.push(optionDataset.value);
					else outputs = [optionDataset.value];
				}
				if (dataset.typed) {
					dataset.value = outputs[0];
					for (let index = 1; index < outputs.length; index++) {
						const mergeDataset = /* @__PURE__ */ _merge(dataset.value, outputs[index]);
						if (mergeDataset.issue) {
							_addIssue(this, "type", dataset, config$1, { received: "unknown" });
							break;
						}
						dataset.value = mergeDataset.value;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function literal(literal_, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "literal",
		reference: literal,
		expects: /* @__PURE__ */ _stringify(literal_),
		async: false,
		literal: literal_,
		message: message$1,
		"~run"(dataset, config$1) {
			if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function nullable(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "nullable",
		reference: nullable,
		expects: `(${wrapped.expects} | null)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === null) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === null) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function nullish(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "nullish",
		reference: nullish,
		expects: `(${wrapped.expects} | null | undefined)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === null || dataset.value === void 0) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === null || dataset.value === void 0) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function number(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "number",
		reference: number,
		expects: "number",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function object(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "object",
		reference: object,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function optional(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "optional",
		reference: optional,
		expects: `(${wrapped.expects} | undefined)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === void 0) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === void 0) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function picklist(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "picklist",
		reference: picklist,
		expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			if (this.options.includes(dataset.value)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function record$1(key, value$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "record",
		reference: record$1,
		expects: "Object",
		async: false,
		key,
		value: value$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
					const entryValue = input[entryKey];
					const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
					if (keyDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "key",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of keyDataset.issues) {
							issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = keyDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
					if (valueDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "value",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of valueDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = valueDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
					if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function strictObject(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "strict_object",
		reference: strictObject,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
				if (!dataset.issues || !config$1.abortEarly) {
					for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
						_addIssue(this, "key", dataset, config$1, {
							input: key,
							expected: "never",
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						break;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function string(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "string",
		reference: string,
		expects: "string",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "string") dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function tuple(items, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "tuple",
		reference: tuple,
		expects: "Array",
		async: false,
		items,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (Array.isArray(input)) {
				dataset.typed = true;
				dataset.value = [];
				for (let key = 0; key < this.items.length; key++) {
					const value$1 = input[key];
					const itemDataset = this.items[key]["~run"]({ value: value$1 }, config$1);
					if (itemDataset.issues) {
						const pathItem = {
							type: "array",
							origin: "value",
							input,
							key,
							value: value$1
						};
						for (const issue of itemDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = itemDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!itemDataset.typed) dataset.typed = false;
					dataset.value.push(itemDataset.value);
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/**
* Returns the sub issues of the provided datasets for the union issue.
*
* @param datasets The datasets.
*
* @returns The sub issues.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _subIssues(datasets) {
	let issues;
	if (datasets) for (const dataset of datasets) if (issues) for (const issue of dataset.issues) issues.push(issue);
	else issues = dataset.issues;
	return issues;
}
/* @__NO_SIDE_EFFECTS__ */
function union(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "union",
		reference: union,
		expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			let validDataset;
			let typedDatasets;
			let untypedDatasets;
			for (const schema of this.options) {
				const optionDataset = schema["~run"]({ value: dataset.value }, config$1);
				if (optionDataset.typed) if (optionDataset.issues) if (typedDatasets) typedDatasets.push(optionDataset);
				else typedDatasets = [optionDataset];
				else {
					validDataset = optionDataset;
					break;
				}
				else if (untypedDatasets) untypedDatasets.push(optionDataset);
				else untypedDatasets = [optionDataset];
			}
			if (validDataset) return validDataset;
			if (typedDatasets) {
				if (typedDatasets.length === 1) return typedDatasets[0];
				_addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(typedDatasets) });
				dataset.typed = true;
			} else if (untypedDatasets?.length === 1) return untypedDatasets[0];
			else _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(untypedDatasets) });
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function variant(key, options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "variant",
		reference: variant,
		expects: "Object",
		async: false,
		key,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				let outputDataset;
				let maxDiscriminatorPriority = 0;
				let invalidDiscriminatorKey = this.key;
				let expectedDiscriminators = [];
				const parseOptions = (variant$1, allKeys) => {
					for (const schema of variant$1.options) {
						if (schema.type === "variant") parseOptions(schema, new Set(allKeys).add(schema.key));
						else {
							let keysAreValid = true;
							let currentPriority = 0;
							for (const currentKey of allKeys) {
								const discriminatorSchema = schema.entries[currentKey];
								if (currentKey in input ? discriminatorSchema["~run"]({
									typed: false,
									value: input[currentKey]
								}, ABORT_EARLY_CONFIG).issues : discriminatorSchema.type !== "exact_optional" && discriminatorSchema.type !== "optional" && discriminatorSchema.type !== "nullish") {
									keysAreValid = false;
									if (invalidDiscriminatorKey !== currentKey && (maxDiscriminatorPriority < currentPriority || maxDiscriminatorPriority === currentPriority && currentKey in input && !(invalidDiscriminatorKey in input))) {
										maxDiscriminatorPriority = currentPriority;
										invalidDiscriminatorKey = currentKey;
										expectedDiscriminators = [];
									}
									if (invalidDiscriminatorKey === currentKey) expectedDiscriminators.push(schema.entries[currentKey].expects);
									break;
								}
								currentPriority++;
							}
							if (keysAreValid) {
								const optionDataset = schema["~run"]({ value: input }, config$1);
								if (!outputDataset || !outputDataset.typed && optionDataset.typed) outputDataset = optionDataset;
							}
						}
						if (outputDataset && !outputDataset.issues) break;
					}
				};
				parseOptions(this, /* @__PURE__ */ new Set([this.key]));
				if (outputDataset) return outputDataset;
				_addIssue(this, "type", dataset, config$1, {
					input: input[invalidDiscriminatorKey],
					expected: /* @__PURE__ */ _joinExpects(expectedDiscriminators, "|"),
					path: [{
						type: "object",
						origin: "value",
						input,
						key: invalidDiscriminatorKey,
						value: input[invalidDiscriminatorKey]
					}]
				});
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/**
* Parses an unknown input based on a schema.
*
* @param schema The schema to be used.
* @param input The input to be parsed.
* @param config The parse configuration.
*
* @returns The parsed input.
*/
function parse$3(schema, input, config$1) {
	const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
	if (dataset.issues) throw new ValiError(dataset.issues);
	return dataset.value;
}
/* @__NO_SIDE_EFFECTS__ */
function pipe(...pipe$1) {
	return _standardSchema({
		...pipe$1[0],
		pipe: pipe$1,
		"~run"(dataset, config$1) {
			for (const item of pipe$1) if (item.kind !== "metadata") {
				if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
					dataset.typed = false;
					break;
				}
				if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
			}
			return dataset;
		}
	});
}
/**
* Parses an unknown input based on a schema.
*
* @param schema The schema to be used.
* @param input The input to be parsed.
* @param config The parse configuration.
*
* @returns The parse result.
*/
/* @__NO_SIDE_EFFECTS__ */
function safeParse(schema, input, config$1) {
	const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
	return {
		typed: dataset.typed,
		success: !dataset.issues,
		output: dataset.value,
		issues: dataset.issues
	};
}

// src/model/user-error.ts
/** An error that the user can fix: shown as sentences, without a stack. Ends with exit code 2. */
var UserError = class extends Error {
	name = "UserError";
	hint;
	constructor(message, options = {}) {
		super(message, { cause: options.cause });
		this.hint = options.hint;
	}
};
/** The text of any thrown value: JavaScript can throw values that are not an `Error`. */
function messageOf(thrown) {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
/** A code such as `ENOENT`, if the system gave one. */
function systemCodeOf(thrown) {
	return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : void 0;
}
/** Whether there was no space to write: on the disk, by a quota, or by a limit of the process. */
function isDiskFull(thrown) {
	return [
		"ENOSPC",
		"EDQUOT",
		"EFBIG"
	].includes(systemCodeOf(thrown) ?? "");
}
/** Turns an I/O error at a user-supplied path, or a full disk, into a UserError. @throws UserError */
async function writingTo(what, path, write) {
	try {
		return await write();
	} catch (error) {
		if (systemCodeOf(error) === void 0 || isDiskFull(error)) throw error;
		throw new UserError(`${what} ${path} cannot be written: ${messageOf(error)}.`, { cause: error });
	}
}
/** The text for a failure: sentences for a user's error, all details for a bug of ours. */
function describeFailure(thrown) {
	if (thrown instanceof UserError) return thrown.hint === void 0 ? thrown.message : `${thrown.message}\n${thrown.hint}`;
	if (isDiskFull(thrown)) return `The disk is full: ${messageOf(thrown)}\nFree some space or choose another work-dir.`;
	return `This is a bug in cpython-memcheck, please report it.\n${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}`;
}

// src/probe/layout.ts
/**
* Parts of CPython's internals that not every version has, by the macro that tells the probe (1 or 0). Each expression compiles only against
* headers that have the part. If a layout changes in a new version, add a row here, and an `#if` in the probe.
*/
const LAYOUTS = {
	HAS_THREE_GENERATIONS: "((struct _gc_runtime_state *)0)->generations[2].head",
	HAS_YOUNG_AND_OLD: "((struct _gc_runtime_state *)0)->old[1].head",
	HAS_PYTHON_DEPTH: "((PyThreadState *)0)->py_recursion_remaining",
	HAS_CACHED_CHUNK: "((PyThreadState *)0)->datastack_cached_chunk",
	HAS_DICT_VERSION: "((PyDictObject *)0)->ma_version_tag",
	HAS_FUNCTION_VERSION_CACHE: "((PyInterpreterState *)0)->func_state.func_version_cache",
	HAS_TYPE_VERSION_CACHE: "((PyInterpreterState *)0)->types.type_version_cache",
	HAS_TYPE_CACHES: "((PyTypeObject *)0)->_tp_cache == ((struct type_cache *)0)->hashtable[0].value",
	HAS_TRACE_TABLE: "_PyRuntime.tracemalloc.traces->buckets",
	HAS_UNIQUE_IDS: "((PyInterpreterState *)0)->unique_ids.table[0].obj",
	HAS_OWN_GIL: "((PyInterpreterState *)0)->ceval.own_gil",
	HAS_GIL_MUTEX: "((PyInterpreterState *)0)->ceval.gil->mutex",
	HAS_IMMORTAL_OBJECTS: "_Py_IsImmortal((PyObject *)0)",
	HAS_AUDIT_HOOKS: "_PyRuntime.audit_hooks.head",
	HAS_AUDIT_HOOK_HEAD: "_PyRuntime.audit_hook_head",
	HAS_FREE_LIST_STRUCT: "struct _Py_freelists",
	HAS_STACK_CHUNK_LIST: "((struct _Py_freelists *)0)->object_stack_chunks"
};
/** Something that every CPython has: if it does not compile, the headers are broken. */
const ALWAYS$1 = "PyObject";
/**
* @param compiles whether `layout.c` compiles with this QUESTION.
* @returns undefined if the headers themselves do not compile.
*/
async function findLayout(compiles) {
	const questions = Object.entries(LAYOUTS);
	const [hasHeaders, ...answers] = await Promise.all([ALWAYS$1, ...questions.map(([, question]) => question)].map(compiles));
	if (!hasHeaders) return void 0;
	return questions.map(([macro], index) => `-D${macro}=${answers[index] ? 1 : 0}`);
}

// src/probe/probe-files.ts
/** Files that are compiled separately. */
const SOURCES = {
	module: "probe.c",
	layout: "layout.c",
	preload: "preload.c",
	footprint: "footprint.c",
	marker: "marker.c",
	torture: "torture.c",
	lifecycle: "lifecycle.c",
	children: "children.c",
	follow: "follow.c"
};
const HEADERS = [
	"blocks.h",
	"children-check.h",
	"children-environment.h",
	"children-exec.h",
	"children-record.h",
	"children-report.h",
	"cpython.h",
	"footprint-breakpoints.h",
	"footprint-opens.h",
	"footprint-programs.h",
	"footprint-record.h",
	"footprint.h",
	"frames.h",
	"free-lists.h",
	"gil.h",
	"growth.h",
	"hide-heaps.h",
	"hide-lists.h",
	"hide.h",
	"leaks-memcheck.h",
	"leaks-sanitizer.h",
	"lost-objects.h",
	"marker-changes.h",
	"marker-find.h",
	"marker-libc.h",
	"marker-lost.h",
	"marker-python.h",
	"marker-report.h",
	"marker-roots.h",
	"marker-table.h",
	"marks.h",
	"method-cache.h",
	"objects.h",
	"planted.h",
	"readable.h",
	"sanitizer.h",
	"self-test-leaks.h",
	"survivors.h",
	"torture-calls.h",
	"torture.h",
	"unwind.h",
	"watched-functions.h",
	"worker.h"
];
/** Copied again for each check. */
const SCRIPTS = [
	"cpython_memcheck_children.py",
	"cpython_memcheck_command.py",
	"cpython_memcheck_descriptors.py",
	"cpython_memcheck_forks.py",
	"cpython_memcheck_growth.py",
	"cpython_memcheck_json.py",
	"cpython_memcheck_leaks.py",
	"cpython_memcheck_lifecycle.py",
	"cpython_memcheck_look.py",
	"cpython_memcheck_objects.py",
	"cpython_memcheck_owners.py",
	"cpython_memcheck_pytest.py",
	"cpython_memcheck_references.py",
	"cpython_memcheck_regrtest.py",
	"cpython_memcheck_suites.py",
	"cpython_memcheck_symbols.py",
	"cpython_memcheck_tests.py",
	"cpython_memcheck_torture.py",
	"cpython_memcheck_torture_child.py",
	"cpython_memcheck_torture_file.py",
	"cpython_memcheck_torture_plan.py",
	"cpython_memcheck_torture_turns.py",
	"cpython_memcheck_unittest.py",
	"cpython_memcheck_worker.py",
	"selftest.py",
	"runner.py"
];
/** All files of a probe. */
const PROBE_FILES = [
	...Object.values(SOURCES),
	...HEADERS,
	...SCRIPTS
];
/** The sources are beside this file, or beside the bundle that contains it. */
function sourcePath(name) {
	return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

// src/probe/seal.ts
const SEAL = "seal.json";
const SealSchema = object({
	sealVersion: literal(1),
	files: record$1(string(), string())
});
/** Files that Python would import, or read instead of a script. */
const IMPORTABLE = /\.(py|pyc|pth|so)$/;
/** Records the hashes of a probe's compiled files, and which of them are missing, before any test runs. */
async function sealProbe(folder, compiled) {
	const files = Object.fromEntries(await Promise.all(compiled.map(async (path) => [basename(path), await hashOf$3(path)])));
	await rm(join(folder, SEAL), {
		force: true,
		recursive: true
	});
	await writeFile(join(folder, SEAL), JSON.stringify({
		sealVersion: 1,
		files
	}), { flag: "wx" });
}
/**
* Whether a probe's compiled files are unchanged. Tests can write to the folder that Python imports the probe from: our scripts are copied
* again, and other importable files are removed.
*/
async function restoreProbe(folder, compiled, scripts) {
	const names = new Set([...compiled, ...scripts].map((path) => basename(path)));
	for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) if (entry.isDirectory() || IMPORTABLE.test(entry.name) && !names.has(entry.name)) await rm(join(folder, entry.name), {
		recursive: true,
		force: true
	});
	const text = await readFile(join(folder, SEAL), "utf8").catch(() => "");
	const seal = safeParse(pipe(string(), parseJson(), SealSchema), text);
	if (!seal.success) return false;
	if ((await Promise.all(compiled.map(hashOf$3))).some((found, index) => found !== seal.output.files[basename(compiled[index] ?? "")])) return false;
	await placeScripts(folder, scripts);
	return true;
}
/** Creates new files, replacing whatever is there. */
async function placeScripts(folder, scripts) {
	for (const script of scripts) {
		const place = join(folder, basename(script));
		await rm(place, {
			recursive: true,
			force: true
		});
		await copyFile(script, place);
	}
}
/** Identifies an interpreter with its probe by content: a test of one proves nothing about another. */
async function proofKey(python, probe) {
	const names = (await readdir(probe)).filter((name) => IMPORTABLE.test(name)).sort();
	const hashes = await Promise.all([python, ...names.map((name) => join(probe, name))].map(hashOf$3));
	return hash("sha256", JSON.stringify([names, hashes]));
}
/** Undefined if it can't be read. */
async function hashOf$3(path) {
	const content = await readFile(path).catch(() => void 0);
	return content && hash("sha256", content);
}

// src/probe/provide.ts
/** The functions from which memcheck must report the planted errors. Only a working live check finds a leaked list. */
const PLANTED$1 = {
	leaks: ["cpython_memcheck_planted_leak", "cpython_memcheck_planted_list"],
	read: "cpython_memcheck_planted_read"
};
const MODULE = "cpython_memcheck_probe";
/** Prefix of the files beside a probe that record a passed self-test. */
const SELF_TEST_PASSED = "self-test-passed";
/** File beside a probe without the live leak check, with the reason. */
const LIVE_REFUSAL = "no-live-check";
/** The compiler's list of the files that a probe depends on, beside it. */
const MADE_OF = "made-of.d";
/** The header folders of a CPython built from source. */
function headersIn(tree) {
	return [
		tree,
		join(tree, "Include"),
		join(tree, "Include", "internal")
	];
}
/**
* The probe for an interpreter: compiled with the interpreter's own headers, or reused. The sources are beside this file, or beside the bundle
* that contains it. If the headers lack something that the live leak check needs, the probe is compiled without it.
* @throws UserError if not even that compiles.
*/
async function provideProbe(parts, processes) {
	const digest = (await Promise.all(PROBE_FILES.map((name) => readFile(sourcePath(name))))).reduce((hash, text) => hash.update(text), createHash("sha256")).digest("hex");
	const folder = join(parts.folder, digest.slice(0, 16));
	const module = join(folder, `${MODULE}${parts.extensionSuffix}`);
	const preload = join(folder, "preload.so");
	const marker = join(folder, "marker.so");
	const footprint = join(folder, "footprint.so");
	const torture = join(folder, "torture.so");
	const children = {
		follow: join(folder, "follow.so"),
		look: join(folder, "children.so")
	};
	const library = join(folder, "lifecycle.so");
	const compiled = [
		module,
		preload,
		marker,
		footprint,
		torture,
		children.follow,
		children.look,
		library,
		join(folder, LIVE_REFUSAL)
	];
	const scripts = SCRIPTS.map(sourcePath);
	if (!await restoreProbe(folder, compiled, scripts)) {
		await rm(folder, {
			recursive: true,
			force: true
		});
		await mkdir(folder, { recursive: true });
		await compile$1(SOURCES.preload, ["-o", preload], parts, processes).then(requireCompiled);
		if (parts.freeThreaded) await compile$1(SOURCES.marker, [
			"-O2",
			"-o",
			marker
		], parts, processes);
		await compile$1(SOURCES.footprint, ["-o", footprint], parts, processes);
		await compile$1(SOURCES.torture, [
			"-O2",
			"-fno-omit-frame-pointer",
			"-o",
			torture
		], parts, processes);
		await compile$1(SOURCES.lifecycle, ["-o", library], parts, processes).then(requireCompiled);
		const layout = await findOutLayout(parts, processes);
		await compileModule(module, layout, parts, processes);
		await compile$1(SOURCES.follow, ["-o", children.follow], parts, processes).then(requireCompiled);
		if (layout !== void 0 && !parts.freeThreaded) await compile$1(SOURCES.children, [
			"-o",
			children.look,
			...layout
		], parts, processes);
		await placeScripts(folder, scripts);
		await sealProbe(folder, compiled);
	}
	const liveRefusal = await readFile(join(folder, LIVE_REFUSAL), "utf8").catch(() => void 0);
	const lifecycle = {
		library,
		script: join(folder, "cpython_memcheck_lifecycle.py")
	};
	return {
		runner: join(folder, "runner.py"),
		preload,
		marker,
		footprint,
		torture,
		children,
		lifecycle,
		...liveRefusal === void 0 ? {} : { liveRefusal }
	};
}
/**
* Removes probes whose dependencies, as listed by the compiler, have changed. The others are tested again with the current interpreter.
*/
async function forgetProbes(folder, isStale) {
	if (!existsSync(folder)) return;
	for (const version of await readdir(folder)) {
		const probe = join(folder, version);
		const rule = await readFile(join(probe, MADE_OF), "utf8").catch(() => void 0);
		if (rule === void 0 || isStale(rule)) await rm(probe, { recursive: true });
		else await removeSelfTest(probe);
	}
}
async function removeSelfTest(probe) {
	for (const name of await readdir(probe)) if (name.startsWith("self-test-passed")) await rm(join(probe, name));
}
function ask(question, parts, processes) {
	return compile$1(SOURCES.layout, ["-fsyntax-only", `-DQUESTION=${question}`], parts, processes);
}
function findOutLayout(parts, processes) {
	return findLayout(async (question) => (await ask(question, parts, processes)).code === 0);
}
async function compileModule(module, layout, parts, processes) {
	const output = [
		"-o",
		module,
		"-MD",
		"-MF",
		join(dirname(module), MADE_OF)
	];
	const whole = layout === void 0 ? await ask(ALWAYS$1, parts, processes) : await compile$1(SOURCES.module, [...output, ...layout], parts, processes);
	if (whole.code === 0) return;
	await compile$1(SOURCES.module, [...output, "-DNO_LIVE_CHECK"], parts, processes).then(requireCompiled);
	await writeFile(join(dirname(module), LIVE_REFUSAL), firstError(whole));
}
function compile$1(code, options, parts, processes) {
	const [program = "cc", ...args] = parts.compiler.split(/\s+/);
	const frames = ["-fno-omit-frame-pointer", "-fno-optimize-sibling-calls"];
	const headers = parts.headers.flatMap((folder) => ["-isystem", folder]);
	const layoutFlags = parts.layoutFlags ?? [];
	const origin = parts.origin === void 0 ? [] : [`-ffile-prefix-map=${parts.origin.join("=")}`];
	const flags = [
		"-std=c11",
		"-g",
		"-O1",
		...frames,
		"-Wall",
		"-Wextra",
		"-Werror=implicit-function-declaration",
		"-shared",
		"-fPIC",
		...layoutFlags,
		...origin
	];
	return processes.run(program, [
		...args,
		...flags,
		...headers,
		...options,
		sourcePath(code)
	]);
}
function requireCompiled(ended) {
	if (ended.code === 0) return;
	throw new UserError("The probe does not compile against this CPython.", { hint: firstError(ended) });
}
/** Our own `#error` explains it best; else the compiler's first error. */
function firstError({ stderr }) {
	const [, ours] = /#error "?cpython-memcheck: ([^"\n]*)"?/.exec(stderr) ?? [];
	return ours ?? stderr.split("\n").find((line) => /\berror:/.test(line)) ?? stderr.slice(-2e3);
}

// src/system/lock.ts
/** Part of util-linux, which Debian and Ubuntu always have. */
const FLOCK = "/usr/bin/flock";
const MAX_WAIT_S = 3600;
const POLL_MS = 500;
const MAX_OPEN_ATTEMPTS = 20;
/**
* Waits for the lock that flock(2) keeps on a file. The kernel ties it to the file, not to a network or process namespace, so it excludes other
* containers and, over NFS, other machines. It ends with the last descriptor of this opening of the file. Node opens files close-on-exec, so
* only our process has one: no child keeps the lock, and SIGKILL frees it. Users who can't read the file can't take the lock.
* @throws UserError after `limit` seconds, or if the file system does not support locks.
*/
async function acquireLock(path, progress, { subject, limit = MAX_WAIT_S }) {
	const began = performance.now();
	for (let attempt = 0;; attempt++) {
		const lock = await tryAcquireLock(path);
		if (lock !== void 0) return lock;
		const holder = holderOf(path);
		if (attempt === 0) progress.note(`Waiting for the ${subject}, which ${holder} is using (lock ${path}).`);
		if (performance.now() - began > limit * 1e3) throw gaveUp(path, holder, subject, limit);
		progress.update(`waiting for ${holder}`);
		await setTimeout$1(POLL_MS);
	}
}
/** Undefined if another process holds the lock. */
async function tryAcquireLock(path) {
	for (;;) {
		const descriptor = await writingTo("The lock", path, () => openLockFile(path));
		const isOurs = await flock(descriptor, path).catch((error) => {
			closeSync(descriptor);
			throw error;
		});
		if (isOurs && isAt(descriptor, path)) return hold(descriptor, path);
		closeSync(descriptor);
		if (!isOurs) return void 0;
	}
}
function hold(descriptor, path) {
	ftruncateSync(descriptor);
	writeSync(descriptor, `${process.pid} ${hostname()}`, 0);
	let isHeld = true;
	return { [Symbol.asyncDispose]: async () => {
		if (!isHeld) return;
		isHeld = false;
		if (isAt(descriptor, path)) rmSync(path, { force: true });
		closeSync(descriptor);
	} };
}
/** Opened for writing, which NFS requires. Tests run as the same user and may have replaced the file by anything. */
async function openLockFile(path) {
	const flags = constants$1.O_RDWR | constants$1.O_CREAT | constants$1.O_NOFOLLOW | constants$1.O_NONBLOCK;
	for (let attempt = 1;; attempt++) {
		await mkdir(dirname(path), { recursive: true });
		try {
			const descriptor = openSync(path, flags, 384);
			if (fstatSync(descriptor).isFile()) return descriptor;
			closeSync(descriptor);
		} catch (error) {
			if (![
				"ENOENT",
				"EISDIR",
				"ELOOP",
				"ENXIO"
			].includes(systemCodeOf(error) ?? "") || attempt === MAX_OPEN_ATTEMPTS) throw error;
		}
		if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) await rm(path, {
			recursive: true,
			force: true
		});
	}
}
/** Whether the file still has this name. */
function isAt(descriptor, path) {
	const [own, there] = [fstatSync(descriptor), statSync(path, { throwIfNoEntry: false })];
	return own.nlink > 0 && there?.ino === own.ino && there.dev === own.dev;
}
/** The lock belongs to the opening of the file that we share with the program, so it stays when the program ends. */
function flock(descriptor, path) {
	const stdio = [
		"ignore",
		"ignore",
		"pipe",
		descriptor
	];
	const child = existsSync(FLOCK) ? spawn(FLOCK, ["-n", "3"], {
		env: {},
		stdio: [...stdio]
	}) : spawn("flock", ["-n", "3"], { stdio: [...stdio] });
	let said = "";
	child.stderr?.setEncoding("utf8").on("data", (text) => said += text);
	return new Promise((done, failed) => {
		child.once("error", (cause) => failed(new UserError(`\`flock\` cannot be started: ${cause.message}.`, {
			hint: "It is part of util-linux.",
			cause
		})));
		child.once("close", (code) => {
			if (code === 0 || code === 1) return done(code === 0);
			failed(new UserError(`The lock ${path} cannot be taken: ${said.trim() || `\`flock\` ended with ${code}`}.`, { hint: "The file system must support flock(2). Choose a `work-dir` on one that does." }));
		});
	});
}
/** The process that last wrote the file. Its number may be from another container. */
function holderOf(path) {
	const [, pid, host] = /^(\d+) ([\w.-]+)$/.exec(readHead(path)) ?? [];
	return pid === void 0 ? "an unknown process" : `process ${pid} on host ${host}`;
}
function readHead(path) {
	try {
		return statSync(path).size > 300 ? "" : readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
function gaveUp(path, holder, subject, limit) {
	return new UserError(`Gave up waiting for the ${subject} after ${limit} s: ${holder} still holds the lock ${path}.`, { hint: `Wait for that check or stop it, or choose another \`work-dir\`. If no check is running, \`fuser ${path}\` shows what holds the lock.` });
}

// src/build/interpreter-facts.ts
/**
* The first version in which free lists can be turned off. Before, an object from a free list has the stack of the block's first owner, if it is
* seen at all.
*/
const MIN_INSTALLED_MINOR = 14;
const FactsSchema = object({
	implementation: string(),
	/** `3.14.7` */
	version: string(),
	/** Includes build date and compiler, which distinguish two builds of one version. */
	build: string(),
	minor: number(),
	freeThreaded: boolean(),
	/** Whether its mimalloc reports each block to memcheck. */
	tracked: boolean(),
	traceRefs: boolean(),
	jit: boolean(),
	sanitized: boolean(),
	framePointers: boolean(),
	/** The program itself, with links and virtual environments resolved. */
	program: string(),
	library: nullable(string()),
	headers: array(string()),
	stdlib: string(),
	modules: nullable(string()),
	extensionSuffix: string()
});
/** Runs in any Python 3: without the user's packages and variables. */
const QUESTION = `
import json, os, sys, sysconfig
get = sysconfig.get_config_var
flags = " ".join(str(get(name) or "") for name in ("CFLAGS", "PY_CFLAGS", "PY_CORE_CFLAGS", "CONFIG_ARGS"))
include = dict.fromkeys(sysconfig.get_path(name, vars={"base": sys.base_prefix, "installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix,
    "installed_platbase": sys.base_exec_prefix}) for name in ("include", "platinclude"))
shared = get("LDLIBRARY") if get("Py_ENABLE_SHARED") else None
libraries = [os.path.join(folder, shared) for folder in (get("LIBDIR"), os.path.join(sys.base_prefix, "lib")) if folder and shared]
print(json.dumps({
    "implementation": sys.implementation.name, "version": ".".join(map(str, sys.version_info[:3])), "build": sys.version,
    "minor": sys.version_info[1] if sys.version_info[0] == 3 else 0,
    "freeThreaded": bool(get("Py_GIL_DISABLED")), "tracked": "-DMI_TRACK_VALGRIND=1" in flags, "traceRefs": bool(get("Py_TRACE_REFS")),
    "jit": "_Py_JIT" in flags or "--enable-experimental-jit" in flags, "sanitized": "-fsanitize=" in flags,
    "framePointers": "-fno-omit-frame-pointer" in flags,
    "program": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "library": next((os.path.realpath(path) for path in libraries if os.path.exists(path)), None),
    "headers": list(include), "stdlib": sysconfig.get_path("stdlib"), "modules": get("DESTSHARED"), "extensionSuffix": get("EXT_SUFFIX") or "",
}))
`;
/** @throws UserError if the program is not a Python, or does not answer. */
async function askInterpreter(path, processes) {
	const env = {
		PATH: processes.env.PATH,
		HOME: processes.env.HOME
	};
	const ended = await processes.run(path, [
		"-I",
		"-S",
		"-c",
		QUESTION
	], {
		cwd: "/",
		env,
		timeout: 60
	}).catch((cause) => {
		throw new UserError(`\`python\` is ${path}, which cannot be started.`, { cause });
	});
	const facts = safeParse(pipe(string(), parseJson(), FactsSchema), ended.stdout);
	if (facts.success) return facts.output;
	throw new UserError(`\`python\` is ${path}, which does not answer like a CPython.`, { hint: `It says: ${ended.stderr.trim().split("\n")[0]?.slice(0, 150) ?? ""}` });
}
/** Why an installed interpreter can't be checked; undefined if it can. Pure. */
function refuseInterpreter(facts) {
	if (facts.implementation !== "cpython") return `it is ${facts.implementation}, not CPython`;
	if (facts.minor < MIN_INSTALLED_MINOR) return `it is CPython ${facts.version}: before 3.${MIN_INSTALLED_MINOR} free lists hide leaks. Set \`python-version\` to have one built without them`;
	if (facts.traceRefs) return "it keeps every object in a list (--with-trace-refs), so nothing is ever lost";
	if (facts.jit) return "it has the JIT, whose machine code has no function names";
	if (facts.sanitized) return "it was built with another sanitizer";
}

// src/build/old-builds.ts
/** Number of builds of other recipes and versions to keep; each takes about 350 MB. */
const MAX_BUILDS$1 = 3;
const LOCK$1 = ".lock";
/** The lock of a build folder. It is beside the folder, so that the folder can be removed while the lock is held. */
function lockOf(folder) {
	return `${folder}${LOCK$1}`;
}
/** Creates the folder if it does not exist. Its time tells when it was last used. */
async function markAsUsed(folder) {
	await mkdir(folder, { recursive: true });
	const now = /* @__PURE__ */ new Date();
	await utimes(folder, now, now);
}
/** Removes all builds except those used last, and those in use by other checks. */
async function removeOldBuilds(builds) {
	const names = (await readdir(builds)).filter((name) => !name.endsWith(LOCK$1));
	const folders = await Promise.all(names.map(async (name) => {
		const path = join(builds, name);
		return {
			path,
			used: (await stat(path).catch(() => void 0))?.mtimeMs ?? 0
		};
	}));
	for (const { path } of folders.sort((a, b) => b.used - a.used).slice(3)) {
		await using lock = await tryAcquireLock(lockOf(path));
		if (lock !== void 0) await rm(path, {
			recursive: true,
			force: true
		});
	}
}

// src/build/recipe.ts
/** Raise it with every change of flags or of a build folder's content, so that older builds are not reused. */
const RECIPE_VERSION = 2;
/** The name of the build folder in debug information: stacks and the bytes of a build are the same in every folder. */
const VIRTUAL_TREE = "/cpython";
/** Seconds since 1970: the time of source files, and the time that a build uses as the current one. Any time long ago. */
const SOURCE_TIME = 1e9;
const COMPILER_FLAGS = [
	"-fno-omit-frame-pointer",
	"-fno-optimize-sibling-calls",
	"-ffunction-sections",
	"-fdata-sections"
];
/** gcc merges identical functions into one, which then has the other's name. clang does not, and rejects the flag. */
const OF_GCC = "-fno-ipa-icf";
/** Valgrind 3.19 can't read clang 14's default, DWARF 5. */
const OF_CLANG = "-gdwarf-4";
/** Arguments of configure for a free-threaded build. */
const WITHOUT_GIL = /^--(disable-gil(=yes)?|enable-gil=no)$/;
/**
* Makes mimalloc, the only allocator of objects in a free-threaded build, report each block to memcheck. configure has no option for it. It changes
* the layout of structs.
*/
const TRACKED_MIMALLOC = "-DMI_TRACK_VALGRIND=1";
/** x86 and arm64 only. */
const LEAF_FRAME_POINTER = "-mno-omit-leaf-frame-pointer";
/**
* Misc/README.valgrind: `--with-valgrind --without-pymalloc`. Objects from a free list would have the stack of the code that allocated the block
* first, so free lists are disabled if configure can (3.11 to 3.13).
*/
function makeRecipe(source, toolchain, extraArgs) {
	const { architecture, compilerVersion } = toolchain;
	const [ownFlags, others] = partition(extraArgs, (arg) => arg.startsWith(CFLAGS));
	const flags = [
		...COMPILER_FLAGS,
		/\bclang\b/.test(compilerVersion) ? OF_CLANG : OF_GCC,
		.../^(x86_64|aarch64)$/.test(architecture) ? [LEAF_FRAME_POINTER] : [],
		...others.some((arg) => WITHOUT_GIL.test(arg)) ? [TRACKED_MIMALLOC] : [],
		...ownFlags.map((arg) => arg.slice(CFLAGS.length))
	];
	return {
		configureArgs: [
			"--with-valgrind",
			"--without-pymalloc",
			...source.hasFreelistsOption ? ["--without-freelists"] : [],
			"--without-ensurepip",
			`CC=${toolchain.compiler}`,
			"OPT=-g -O2 -Wall",
			`${CFLAGS}${flags.join(" ")}`,
			...others
		],
		toolchain
	};
}
const CFLAGS = "CFLAGS=";
function partition(items, is) {
	return [items.filter(is), items.filter((item) => !is(item))];
}
/** Everything that a build depends on except the source's content. Sources of one version share a folder, so `make` compiles only differences. */
function recipeKey(recipe, version) {
	return `${version}-${digest(JSON.stringify({
		RECIPE_VERSION: 2,
		...recipe
	}))}`;
}
/** Everything that a build depends on. */
function buildKey(recipe, source) {
	return `${recipeKey(recipe, source.version)}-${digest(source.contentHash)}`;
}
/** The environment of configure and make: variables that the user exported in a shell must not change a build with the same key. */
function buildEnvironment(env) {
	return {
		...pick(env, [
			"PATH",
			"HOME",
			"TMPDIR",
			"LANG",
			"LC_ALL",
			"PKG_CONFIG_PATH"
		]),
		SOURCE_DATE_EPOCH: `${SOURCE_TIME}`
	};
}
/** For `make` only: configure would write the folder's path into the build information that Python reports. */
const MAKE_VARIABLES = [`EXTRA_CFLAGS=-ffile-prefix-map=$(CURDIR)=${VIRTUAL_TREE} -MMD`, "ARFLAGS=rcsT"];
/** User name and home folder. No token or other secret of the job reaches the code under test. */
const USER_VARIABLES = [
	"PATH",
	"HOME",
	"TMPDIR",
	"LANG",
	"LC_ALL",
	"TZ",
	"USER",
	"LOGNAME",
	"SHELL"
];
/** The same hashes, constants and allocator on every run. A free-threaded interpreter only starts with its own allocator. */
function fixed({ freeThreaded }) {
	return {
		PYTHONHASHSEED: "0",
		...freeThreaded ? {} : { PYTHONMALLOC: "malloc" }
	};
}
/** CPython's own tests never import packages from the home folder, which the user or another test put there. */
function testEnvironment(env, python) {
	return {
		...pick(env, USER_VARIABLES),
		...fixed(python),
		PYTHONDONTWRITEBYTECODE: "1",
		PYTHONNOUSERSITE: "1"
	};
}
/** Additional variables for a command: package locations and locale. */
const COMMAND_VARIABLES = /^(OPENBLAS_NUM_THREADS|PYTHONPATH|VIRTUAL_ENV|LANGUAGE|LC_\w+|TMP|TEMP|TERM)$/;
/** OpenBLAS starts a thread pool when it is loaded, which does not survive a fork of the worker; memcheck runs one thread at a time. */
const ONE_THREAD = { OPENBLAS_NUM_THREADS: "1" };
/**
* A command can import the user's packages, and writes byte code as usual, so the next interpreter starts faster. @param passed names of
* additional variables that the user wants to pass.
*/
function commandEnvironment(env, passed, python) {
	const names = Object.keys(env).filter((name) => COMMAND_VARIABLES.test(name));
	return {
		...ONE_THREAD,
		...pick(env, [
			...USER_VARIABLES,
			...names,
			...passed
		]),
		...fixed(python)
	};
}
function pick(env, names) {
	return Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
function digest(text) {
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

// src/build/installed-python.ts
/** Beside the probe: stands for `Misc/valgrind-python.supp` of CPython's source. A live check needs none of it. */
const NO_SUPPRESSIONS = "# An installed CPython has no suppressions of its own.\n";
/**
* An interpreter that someone else built: from setup-python, uv, pyenv or the system. Only the probe is compiled. Objects come from malloc by
* PYTHONMALLOC, except in a free-threaded one, and the probe turns free lists off; the self-test decides whether that is enough.
* @throws UserError if this CPython can't be checked that way, or its headers are not installed.
*/
async function openInstalled(path, workDir, toolchain, tools) {
	const { progress, processes } = tools;
	const began = performance.now();
	const facts = await askInterpreter(path, processes);
	const refusal = refuseInterpreter(facts) ?? missingHeaders(facts);
	if (refusal !== void 0) throw new UserError(`\`python\` is ${path}, which cannot be checked: ${refusal}.`);
	const key = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
	const folder = join(workDir, "interpreters", `${facts.version}-${key}`);
	await mkdir(dirname(folder), { recursive: true });
	const lock = await acquireLock(lockOf(folder), progress, { subject: "folder of the interpreter's probe" });
	try {
		await markAsUsed(folder);
		const suppressions = join(folder, "Misc", "valgrind-python.supp");
		await mkdir(dirname(suppressions), { recursive: true });
		await writeFile(suppressions, NO_SUPPRESSIONS);
		progress.update("compiling the probe");
		const headers = [...facts.headers, ...facts.headers.map((include) => join(include, "internal"))];
		const { extensionSuffix, freeThreaded, tracked } = facts;
		const { compiler } = toolchain;
		const layoutFlags = tracked ? [TRACKED_MIMALLOC] : [];
		const parts = {
			headers,
			folder: join(folder, "probe"),
			compiler,
			extensionSuffix,
			freeThreaded,
			layoutFlags
		};
		const probe = await provideProbe(parts, processes);
		return {
			source: {
				path: folder,
				version: facts.version,
				hasFreelistsOption: false,
				files: /* @__PURE__ */ new Map(),
				contentHash: key,
				commit: null
			},
			recipe: {
				configureArgs: [facts.build],
				toolchain
			},
			python: {
				path,
				version: facts.version,
				tree: folder,
				roots: rootsOf(facts),
				objects: [facts.program, ...facts.library === null ? [] : [facts.library]],
				freeThreaded,
				hidesObjects: freeThreaded && !tracked,
				framePointers: facts.framePointers,
				suppressions: {
					all: suppressions,
					definiteLeaks: suppressions
				},
				probe,
				build: {
					kind: "installed",
					seconds: (performance.now() - began) / 1e3
				}
			},
			[Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]()
		};
	} catch (error) {
		await lock[Symbol.asyncDispose]();
		throw error;
	}
}
/**
* The first of `python3` and `python` in PATH, if it can be checked. Others are skipped silently: the user did not ask for them.
*/
async function findInstalled(processes) {
	for (const name of ["python3", "python"]) {
		const path = processes.pathOf(name);
		const facts = path === void 0 ? void 0 : await askInterpreter(path, processes).catch(() => void 0);
		if (path === void 0 || facts === void 0) continue;
		return refuseInterpreter(facts) === void 0 && missingHeaders(facts) === void 0 ? path : void 0;
	}
}
/** Files on stacks that belong to the interpreter. Packages are installed below the same prefix. */
function rootsOf({ program, library, modules, stdlib }) {
	return [
		program,
		...library === null ? [] : [library],
		modules ?? join(stdlib, "lib-dynload")
	];
}
function missingHeaders({ headers, minor }) {
	if (headers.some((include) => existsSync(join(include, "internal", "pycore_interp.h")))) return void 0;
	return `its headers are not in ${headers.join(" or ")} (on Debian and Ubuntu they are in the package \`python3.${minor}-dev\`)`;
}

// src/git/git.ts
/**
* Gives git a temporary repository with the checkout's objects and index, and our own configuration. Many settings of the checkout name
* programs, some under arbitrary names: filters, external diffs, monitors, hooks, remotes for missing objects. Git can't run what it does not
* read.
* @throws UserError if the folder is not in a git checkout.
*/
async function withGit(path, processes, use) {
	const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-git-"));
	try {
		const places = await findPlaces(path, folder, processes);
		await makeRepository(join(folder, "git"), places);
		const excludes = await globalExcludes(processes);
		const env = {
			...withoutConfiguration(folder, processes.env),
			GIT_DIR: join(folder, "git"),
			GIT_WORK_TREE: places.workTree,
			GIT_OBJECT_DIRECTORY: places.objects,
			GIT_INDEX_FILE: places.index
		};
		const own = [
			"-c",
			"core.quotePath=false",
			...excludes === "" ? [] : ["-c", `core.excludesFile=${excludes}`]
		];
		return await use((args, options) => processes.run("git", [...own, ...args], {
			...options,
			cwd: path,
			env
		}));
	} finally {
		await rm(folder, {
			recursive: true,
			force: true
		});
	}
}
/** The checked-out commit; null if the source is not a git checkout. */
async function commitOf(path, processes) {
	if (!existsSync(join(path, ".git"))) return null;
	const ended = await askCheckout(path, processes, ["rev-parse", "HEAD"]);
	return ended.code === 0 ? ended.stdout.trim() : null;
}
async function askCheckout(path, processes, args) {
	const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-git-"));
	try {
		return await readCheckout(path, folder, processes, args);
	} finally {
		await rm(folder, {
			recursive: true,
			force: true
		});
	}
}
/** Only for `git rev-parse` and `git config`: they read the checkout's configuration, but start no program. */
async function readCheckout(path, folder, processes, args) {
	await writeFile(join(folder, "global"), "[safe]\n	directory = *\n");
	return await processes.run("git", [...[
		"-c",
		"safe.directory=*",
		"-c",
		"core.fsmonitor=false"
	], ...args], {
		cwd: path,
		env: withoutConfiguration(folder, processes.env)
	});
}
async function findPlaces(path, folder, processes) {
	const ended = await readCheckout(path, folder, processes, ["rev-parse", ...[
		"--path-format=absolute",
		"--show-toplevel",
		...[
			"objects",
			"index",
			"info/exclude"
		].flatMap((name) => ["--git-path", name]),
		"--show-object-format"
	]]);
	if (ended.code !== 0) throw new UserError(`git cannot read the checkout ${path}.`, { hint: ended.stderr.trim() });
	const [workTree, objects, index, exclude, objectFormat, ...rest] = ended.stdout.trimEnd().split("\n");
	if (!workTree || !objects || !index || !exclude || !objectFormat || rest.length > 0) throw new UserError(`git gives no usable paths for the checkout ${path}.`, { hint: "Its path must not contain a line break." });
	return {
		workTree,
		objects,
		index,
		exclude,
		objectFormat
	};
}
/** The minimum that git accepts as a repository (gitrepository-layout(5)). */
async function makeRepository(folder, { index, exclude, objectFormat }) {
	for (const name of [
		"objects",
		"refs",
		"info"
	]) await mkdir(join(folder, name), { recursive: true });
	await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
	const extensions = `[extensions]\n\tobjectFormat = ${objectFormat}\n`;
	await writeFile(join(folder, "config"), `[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n${extensions}`);
	if (statSync(exclude, { throwIfNoEntry: false })?.isFile()) await copyFile(exclude, join(folder, "info", "exclude"));
	const shared = existsSync(dirname(index)) ? readdirSync(dirname(index)).filter((name) => name.startsWith("sharedindex.")) : [];
	for (const name of shared) await symlink(join(dirname(index), name), join(folder, basename(name)));
}
/** The user's global file of ignore patterns; "" if the configuration names none. It is a path, not a program. */
async function globalExcludes(processes) {
	const env = {
		...withoutVariables(processes.env),
		GIT_DIR: "/dev/null"
	};
	const ended = await processes.run("git", [
		"config",
		"--type=path",
		"--get",
		"core.excludesFile"
	], {
		cwd: "/",
		env
	});
	return ended.code === 0 ? ended.stdout.trimEnd() : "";
}
function withoutConfiguration(folder, env) {
	const only = {
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: join(folder, "global"),
		GIT_ATTR_NOSYSTEM: "1"
	};
	return {
		...withoutVariables(env),
		...only,
		GIT_OPTIONAL_LOCKS: "0",
		GIT_NO_LAZY_FETCH: "1",
		GIT_ALLOW_PROTOCOL: ""
	};
}
/** Git's own variables also name programs. */
function withoutVariables(env) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")));
}

// src/build/source-names.ts
/** Nothing that is built or run comes from here, and it changes often. */
const LEFT_OUT = /^(Doc|InternalDocs|Misc\/NEWS\.d|\.git|\.github)(\/|$)/;
/** Files that a build inside an exported source leaves there. For a git checkout, .gitignore lists them. */
const GENERATED = /(^|\/)(__pycache__|autom4te\.cache)(\/|$)|\.(o|a|so|pyc|gcda|gcno)$|^build\/|^(Makefile|Makefile\.pre|config\.(log|status|cache)|pyconfig\.h|pybuilddir\.txt|platform|python(\.exe)?|python-config(\.py)?|python-gdb\.py|_bootstrap_python|Modules\/(config\.c|Setup\.(local|bootstrap|stdlib)|ld_so_aix)|Programs\/(_freeze_module|_testembed)|Python\/frozen_modules\/.*\.h|Python\/deepfreeze\/.*\.c|Misc\/python(-embed)?\.pc|Misc\/python-config\.sh)$/;
/** Tracked and new files of a checkout, without those that .gitignore names. @throws UserError for a name that is not UTF-8. */
async function listCheckout(path, processes) {
	const pieces = [];
	const args = [
		"ls-files",
		"-z",
		"--cached",
		"--others",
		"--exclude-standard"
	];
	const ended = await withGit(path, processes, (git) => git(args, { onBytes: (bytes) => pieces.push(bytes) }));
	if (ended.code !== 0) throw new UserError(`git cannot list the files of ${path}.`, { hint: ended.stderr.trim() });
	return [...new Set(splitNames(Buffer.concat(pieces)))].filter((name) => !LEFT_OUT.test(name));
}
/** All files of an exported source, without those that a build makes. @throws UserError for a name that is not UTF-8. */
function listFolder(path) {
	return [...filesBelow(path, "")];
}
function* filesBelow(root, folder) {
	for (const entry of readdirSync(join(root, folder), {
		withFileTypes: true,
		encoding: "buffer"
	})) {
		const name = decodeName(Buffer.concat([Buffer.from(folder === "" ? "" : `${folder}/`), entry.name]));
		if (LEFT_OUT.test(name) || GENERATED.test(name)) continue;
		if (entry.isDirectory()) yield* filesBelow(root, name);
		else yield name;
	}
}
/** Names that each end with a null byte. */
function splitNames(bytes) {
	const names = [];
	for (let from = 0, end = bytes.indexOf(0); end !== -1; from = end + 1, end = bytes.indexOf(0, from)) names.push(decodeName(bytes.subarray(from, end)));
	return names;
}
/** Without such a file, a different source would be checked. */
function decodeName(bytes) {
	const name = bytes.toString("utf8");
	if (Buffer.from(name).equals(bytes) || LEFT_OUT.test(name) || GENERATED.test(name)) return name;
	throw new UserError(`The source has a file whose name is not UTF-8: ${JSON.stringify(bytes.toString("latin1"))} (as Latin-1).`, { hint: "Rename it, or, if it is no part of the source, delete it." });
}

// src/build/source-snapshot.ts
/** Reads no file. Every write changes a file's ctime, which no program can set. */
function takeSnapshot(path, names) {
	return new Map([...names].map((name) => [name, stateOf(join(path, name))]));
}
/** A file that is in only one of them, or has another state in the other; undefined if there is none. */
function firstDifference(before, after) {
	return [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].find((name) => before.get(name) !== after.get(name));
}
function sourceChanged(path, name) {
	return new UserError(`The source ${path} changed while the check was reading it: ${name}.`, { hint: "Check again when nothing else writes there, such as a `git checkout`, a build or an editor." });
}
function stateOf(path) {
	const status = lstatSync(path, { throwIfNoEntry: false });
	return status === void 0 ? "" : [
		status.ino,
		status.mode,
		status.size,
		status.mtimeMs,
		status.ctimeMs
	].join(" ");
}

// src/build/source.ts
const MIN_MINOR = 11;
/** The newest minor version whose internals are known. A newer one is accepted if the self-tests pass. */
const NEWEST_KNOWN_MINOR = 16;
/** Cheap: says whether a folder is a CPython source, and its version. @throws UserError if it is not one that we can check. */
async function readVersion(path) {
	if (!existsSync(path)) throw new UserError(`The source ${path} does not exist.`);
	const header = await readFile(join(path, "Include", "patchlevel.h"), "utf8").catch(() => "");
	const version = /^#define PY_VERSION\s+"([^"]+)"/m.exec(header)?.[1];
	if (version === void 0 || !existsSync(join(path, "configure"))) throw new UserError(`${path} is not a CPython source: Include/patchlevel.h and configure are not both there.`, { hint: "Give a CPython checkout as `source`, or a release as `python-version`." });
	if (!(Number(/^3\.(\d+)/.exec(version)?.[1]) >= MIN_MINOR)) throw new UserError(`${path} is CPython ${version}; 3.${MIN_MINOR} or newer is needed.`);
	return version;
}
/** Whether the internals of this version are known: `3.16.0a0`. */
function isKnownVersion(version) {
	return Number(/^3\.(\d+)/.exec(version)?.[1]) <= NEWEST_KNOWN_MINOR;
}
/** Attempts to read a source without changes in between, and the milliseconds between attempts: a branch switch takes less. */
const MAX_READS = 4;
const READ_PAUSE_MS = 500;
/** Reads the whole source in one consistent state. @throws UserError like {@link readVersion}, and if it keeps changing. */
async function openSource(path, processes) {
	await readVersion(path);
	for (let attempt = 1;; attempt++) {
		const read = await tryReadSource(path, processes).catch((error) => {
			if (error instanceof UserError) return error;
			throw error;
		});
		if (!(read instanceof UserError)) return read;
		if (attempt === MAX_READS) throw read;
		await setTimeout$1(READ_PAUSE_MS);
	}
}
/** The error if something changed meanwhile. */
async function tryReadSource(path, processes) {
	const before = await observe(path, processes);
	const version = await readVersion(path);
	const files = readFiles(path, before.snapshot.keys());
	const hasFreelistsOption = (await readFile(join(path, "configure"), "utf8").catch(() => "")).includes("--with-freelists");
	const after = await observe(path, processes);
	const changed = firstDifference(before.snapshot, after.snapshot) ?? (before.commit === after.commit ? void 0 : "HEAD");
	if (changed !== void 0) return sourceChanged(path, changed);
	return {
		path,
		version,
		hasFreelistsOption,
		files,
		contentHash: hashFiles(files),
		commit: after.commit
	};
}
/** The files of a source and their state, without reading their content. */
async function observe(path, processes) {
	await readVersion(path);
	const listing = existsSync(join(path, ".git")) ? listCheckout(path, processes) : listFolder(path);
	const [names, commit] = await Promise.all([listing, commitOf(path, processes)]);
	return {
		snapshot: takeSnapshot(path, names.toSorted()),
		commit
	};
}
function readFiles(path, names) {
	const files = /* @__PURE__ */ new Map();
	for (const name of names) {
		const file = readSourceFile(join(path, name));
		if (file !== void 0) files.set(name, file);
	}
	return files;
}
/** The content of a file, which must match its hash; the target of a link. @throws UserError if it has changed since. */
function readUnchanged(source, name) {
	const path = join(source.path, name);
	const file = source.files.get(name);
	const content = file?.kind === "link" ? readLink(path) : readIfThere(path);
	if (content === void 0 || hash("sha256", content) !== file?.hash) throw sourceChanged(source.path, name);
	return content;
}
/**
* Undefined for a deleted file that is still in git's index, and for something that is not a file (a submodule). Synchronous: with thousands of
* small files, waiting for each takes nine times as long.
*/
function readSourceFile(path) {
	const status = lstatSync(path, { throwIfNoEntry: false });
	const isLink = status?.isSymbolicLink();
	if (status === void 0 || !(isLink || status.isFile())) return void 0;
	const content = isLink ? readLink(path) : readIfThere(path);
	if (content === void 0) return void 0;
	return {
		kind: isLink ? "link" : (status.mode & 64) === 0 ? "file" : "executable",
		hash: hash("sha256", content)
	};
}
function readLink(path) {
	return unlessGone(() => Buffer.from(readlinkSync(path)));
}
function readIfThere(path) {
	return unlessGone(() => readFileSync(path));
}
/** Undefined if it was deleted, or replaced by something else, after it was listed. */
function unlessGone(read) {
	try {
		return read();
	} catch (error) {
		if ([
			"ENOENT",
			"ENOTDIR",
			"EISDIR",
			"EINVAL",
			"ELOOP"
		].includes(systemCodeOf(error) ?? "")) return void 0;
		throw error;
	}
}
function hashFiles(files) {
	const digest = createHash("sha256");
	for (const [name, file] of files) digest.update(`${file.kind} ${file.hash} ${name}\0`);
	return digest.digest("hex");
}

// src/model/problem-error.ts
/** A problem that ends the check. */
var ProblemError = class extends Error {
	name = "ProblemError";
	problem;
	constructor(problem) {
		super(problem.code);
		this.problem = problem;
	}
};

// src/stages/stopping.ts
/** Seconds that a stopped check has for its report. GitHub's runner kills a canceled job after seven and a half. */
const REPORT_TIMEOUT_S = 4;
/** Seconds from a signal to the end of this process, whatever still runs. */
const PATIENCE = 7;
/** Milliseconds. npm forwards a signal that the terminal has sent to all processes already, so it comes twice. */
const SAME_SIGNAL_MS = 1e3;
/** Stops the check after its time limit. */
function limitTime(seconds, processes) {
	if (seconds === void 0) return { [Symbol.dispose]: () => void 0 };
	const timer = setTimeout(() => processes.stop({
		code: "time-limit",
		seconds
	}), seconds * 1e3);
	return { [Symbol.dispose]: () => clearTimeout(timer) };
}
/** The result of work; after a stop only if it comes soon. @throws the error of the work, and Error if no result comes. */
async function untilStopped(work, { stopping }) {
	const { promise: late, reject } = Promise.withResolvers();
	stopping.addEventListener("abort", () => setTimeout(() => reject(/* @__PURE__ */ new Error("It did not finish in time.")), REPORT_TIMEOUT_S * 1e3).unref());
	return await Promise.race([work, late]);
}
/** The first signal stops the check, which then reports its results so far; another one ends this process. */
function stopBySignals(processes) {
	const end = () => {
		processes.killAll();
		process.exit(2);
	};
	let came = Number.POSITIVE_INFINITY;
	for (const signal of [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	]) process.on(signal, () => {
		if (performance.now() - came > SAME_SIGNAL_MS) end();
		if (processes.stopped !== void 0) return;
		came = performance.now();
		setTimeout(end, PATIENCE * 1e3).unref();
		processes.stop({
			code: "signal",
			signal
		});
	});
}

// src/attempt.ts
/**
* Waits for work, and ends all processes that it started. Errors that the user can fix and a stop are returned as problems.
* @throws any other error, which is a bug of ours
*/
async function attempt$1(work, { progress }, processes) {
	const outcome = await untilStopped(work, processes).then((value) => ({ value }), (error) => ({ problem: problemOf(error, processes) }));
	processes.killAll();
	progress.end();
	return outcome;
}
function problemOf(error, { stopped }) {
	if (stopped !== void 0) return {
		code: "stopped",
		why: stopped,
		unfinished: []
	};
	if (error instanceof ProblemError) return error.problem;
	if (error instanceof UserError) return {
		code: "check-failed",
		detail: error.message,
		hint: error.hint ?? null
	};
	if (isDiskFull(error)) return {
		code: "check-failed",
		detail: describeFailure(error),
		hint: null
	};
	throw error;
}

// src/model/python-version.ts
/** @param version `3.13.5` @returns `3.13` */
function minorVersion(version) {
	return version.split(".").slice(0, 2).join(".");
}
/** The name of the program and of its folders in `lib` and `include`: `python3.14`; `python3.14t` for a free-threaded build. */
function pythonName({ version, freeThreaded }) {
	return `python${minorVersion(version)}${freeThreaded ? "t" : ""}`;
}

// node_modules/smol-toml/dist/error.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function getLineColFromPtr(string, ptr) {
	let lines = string.slice(0, ptr).split(/\r?\n/);
	return [lines.length, lines.pop().length + 1];
}
function makeCodeBlock(string, line, column) {
	let lines = string.split(/\r?\n/);
	let codeblock = "";
	let numberLen = (Math.log10(line + 1) | 0) + 1;
	for (let i = line - 1; i <= line + 1; i++) {
		let l = lines[i - 1];
		if (!l) continue;
		codeblock += i.toString().padEnd(numberLen, " ");
		codeblock += ":  ";
		codeblock += l;
		codeblock += "\n";
		if (i === line) {
			codeblock += " ".repeat(numberLen + column + 2);
			codeblock += "^\n";
		}
	}
	return codeblock;
}
var TomlError = class TomlError extends Error {
	line;
	column;
	codeblock;
	constructor(message, options) {
		const [line, column] = getLineColFromPtr(options.toml, options.ptr);
		const codeblock = makeCodeBlock(options.toml, line, column);
		super(`Invalid TOML document: ${message}\n\n${codeblock}`, options);
		this.line = line;
		this.column = column;
		this.codeblock = codeblock;
	}
	/** @internal */
	static x(message, ctx, ptr) {
		throw new TomlError(message, {
			toml: ctx.s,
			ptr: ptr ?? ctx.p
		});
	}
};

// node_modules/smol-toml/dist/primitive.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseString(ctx) {
	let startPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p++);
	let first = c;
	let isLiteral = c === 39;
	let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
	if (isMultiline) {
		if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10) ctx.p++;
		else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) ctx.p += 2;
	}
	let parsed = "";
	let sliceStart = ctx.p;
	let state = 0;
	for (; ctx.p < ctx.s.length; ctx.p++) {
		c = ctx.s.charCodeAt(ctx.p);
		if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) state = state && 3;
		else if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in strings", ctx);
		else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
			if (isMultiline) {
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
			}
			if (!state) {
				let s = ctx.s.slice(sliceStart, ctx.p);
				parsed = parsed ? parsed + s : s;
			}
			ctx.p += isMultiline ? 3 : 1;
			return parsed;
		} else if (!state) {
			if (!isLiteral && c === 92) {
				parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
				state = 1;
			}
		} else if (state === 1) {
			if (c === 120 || c === 117 || c === 85) {
				let errPtr = ctx.p++ - 1;
				let value = 0;
				let len = c === 120 ? 2 : c === 117 ? 4 : 8;
				for (let j = 0; j < len; j++, ctx.p++) {
					let hex = ctx.s.charCodeAt(ctx.p);
					let digit = hex >= 48 && hex <= 57 ? hex - 48 : hex >= 65 && hex <= 70 ? hex - 65 + 10 : hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1;
					if (digit < 0) TomlError.x("invalid non-hex character in unicode escape", ctx);
					value = value << 4 | digit;
				}
				if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) TomlError.x("invalid unicode escape", ctx, errPtr);
				parsed += String.fromCodePoint(value);
				sliceStart = ctx.p--;
				state = 0;
			} else if (isMultiline && (c === 32 || c === 9)) state = 2;
			else {
				if (c === 98) parsed += "\b";
				else if (c === 116) parsed += "	";
				else if (c === 110) parsed += "\n";
				else if (c === 102) parsed += "\f";
				else if (c === 114) parsed += "\r";
				else if (c === 101) parsed += "\x1B";
				else if (c === 34) parsed += "\"";
				else if (c === 92) parsed += "\\";
				else TomlError.x("unrecognised escape sequence", ctx);
				sliceStart = ctx.p + 1;
				state = 0;
			}
		} else if (c !== 32 && c !== 9) {
			if (state === 2) TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
			state = !isLiteral && c === 92 ? 1 : 0;
			sliceStart = ctx.p;
		}
	}
	TomlError.x("unfinished string", ctx, startPtr);
}

// node_modules/smol-toml/dist/date.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class TomlDate extends Date {
	#hasDate = false;
	#hasTime = false;
	#offset = null;
	constructor(date, fasttype, unsafeDelim) {
		let hasDate = true;
		let hasTime = true;
		let offset = "Z";
		let c;
		if (typeof date === "string") {
			if (fasttype) prep: {
				if (fasttype < 3) {
					if (+date.slice(11, 13) > 23) {
						date = "";
						break prep;
					}
					if (fasttype === 2) {
						offset = null;
						date += "Z";
					} else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) offset = date.slice(date.length - 6);
					if (unsafeDelim) date = date.slice(0, 10) + "T" + date.slice(11);
				} else if (fasttype === 4) date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
				hasDate = fasttype !== 4;
				hasTime = fasttype !== 3;
			}
			else {
				let match = date.match(DATE_TIME_RE);
				if (match) {
					if (!match[1]) {
						hasDate = false;
						date = `0000-01-01T${date}`;
					}
					hasTime = !!match[2];
					hasTime && date[10] === " " && (date = date.replace(" ", "T"));
					if (match[2] && +match[2] > 23) date = "";
					else {
						offset = match[3] || null;
						if (!offset && hasTime) date += "Z";
					}
				} else date = "";
			}
		}
		super(date);
		if (!isNaN(this.getTime())) {
			this.#hasDate = hasDate;
			this.#hasTime = hasTime;
			this.#offset = offset;
		}
	}
	isDateTime() {
		return this.#hasDate && this.#hasTime;
	}
	isLocal() {
		return !this.#hasDate || !this.#hasTime || !this.#offset;
	}
	isDate() {
		return this.#hasDate && !this.#hasTime;
	}
	isTime() {
		return this.#hasTime && !this.#hasDate;
	}
	isValid() {
		return this.#hasDate || this.#hasTime;
	}
	toISOString() {
		let iso = super.toISOString();
		if (this.isDate()) return iso.slice(0, 10);
		if (this.isTime()) return iso.slice(11, 23);
		if (this.#offset === null) return iso.slice(0, -1);
		if (this.#offset === "Z" || this.#offset === "z") return iso;
		let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
		offset = this.#offset[0] === "-" ? offset : -offset;
		return (/* @__PURE__ */ new Date(this.getTime() - offset * 6e4)).toISOString().slice(0, -1) + this.#offset;
	}
	static wrapAsOffsetDateTime(jsDate, offset = "Z") {
		let date = new TomlDate(jsDate);
		date.#offset = offset;
		return date;
	}
	static wrapAsLocalDateTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#offset = null;
		return date;
	}
	static wrapAsLocalDate(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasTime = false;
		date.#offset = null;
		return date;
	}
	static wrapAsLocalTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasDate = false;
		date.#offset = null;
		return date;
	}
};

// node_modules/smol-toml/dist/extract.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function isDigit(char, base = 10) {
	return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
	return char === 32 || char === 9 || char === 10 || char === 13 || delim && (char === delim || char === 44) || char === 35;
}
/** @internal */
function extractValue(ctx, end) {
	let errPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p);
	if (c === 91 || c === 123) {
		ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
		let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
		ctx.d++;
		return value;
	}
	if (c === 34 || c === 39) return parseString(ctx);
	if (c === 116) {
		if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, true;
	}
	if (c === 102) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, false;
	}
	if (c === 43 || c === 45) return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
	if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) return parseDate(ctx, c, end);
	if (ctx.s.charCodeAt(ctx.p + 2) === 58) return parseTime(ctx, c, end);
	return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
	let c = startChr;
	let state = 0;
	let hasUnderscores = false;
	if (c === 105) {
		if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, (sign || 1) / 0;
	}
	if (c === 110) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, NaN;
	}
	if (c === 48) {
		if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr)) return ctx.bi === true ? 0n : 0;
		if (!sign) {
			if (c === 120) return parseIntegerBaseN(ctx, startPtr, 16, endChr);
			else if (c === 98) return parseIntegerBaseN(ctx, startPtr, 2, endChr);
			else if (c === 111) return parseIntegerBaseN(ctx, startPtr, 8, endChr);
		}
		if (c === 46) state = 2;
		else if (c === 101 || c === 69) state = 4;
		else TomlError.x("illegal leading zero", ctx, startPtr);
	} else if (!isDigit(c)) TomlError.x("invalid value", ctx, startPtr);
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
		if (!state) state = 1;
		if (c === 95) {
			if (!(state & 1)) TomlError.x("illegal underscore", ctx);
			state += 11;
			hasUnderscores = true;
		} else if (state === 1 && c === 46) state = 2;
		else if ((state === 1 || state === 3) && (c === 101 || c === 69)) state = 4;
		else if (state === 4 && (c === 43 || c === 45)) state = 6;
		else if (!isDigit(c)) TomlError.x(`illegal character in numeric literal`, ctx);
		else if (state > 9) state -= 11;
		else if (!(state & 1)) state++;
	}
	if (!state) {
		let val = (startChr - 48) * (sign || 1);
		return ctx.bi === true ? BigInt(val) : val;
	}
	if (!(state & 1)) TomlError.x("unfinished numeric value", ctx, startPtr);
	let str = ctx.s.slice(startPtr, ctx.p);
	if (hasUnderscores) str = str.replaceAll("_", "");
	return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
	let c, underscore = 1;
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) if (c === 95) {
		if (underscore & 1) TomlError.x("illegal underscore", ctx);
		underscore = 3;
	} else if (!isDigit(c, base)) TomlError.x(`illegal character in numeric literal`, ctx);
	else if (underscore & 1) underscore--;
	if (underscore & 1) TomlError.x("unfinished numeric value", ctx);
	let str = ctx.s.slice(startPtr + 2, ctx.p);
	if (underscore) str = str.replaceAll("_", "");
	return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
	if (ctx.bi !== true) int: {
		let val = parseInt(str, base);
		if (!Number.isSafeInteger(val)) {
			if (ctx.bi) break int;
			TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
		}
		return val;
	}
	return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
	let startPtr = ctx.p++, unsafeSeparator;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
	ctx.p += 5;
	if (!isDigit(ctx.s.charCodeAt(ctx.p++))) TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
	if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 3, false, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) !== 58) TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	if (c = ctx.s.charCodeAt(ctx.p)) {
		if (c === 90 || c === 122) return readDate(ctx, ctx.s.slice(startPtr, ++ctx.p), 1, unsafeSeparator, startPtr, "[+00:00]");
		if (c === 43 || c === 45) return readDate(ctx, ctx.s.slice(startPtr, ctx.p += 6), 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
	}
	return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
	let start = ctx.p;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) return parseNumber(ctx, --ctx.p, c, 0, endChr);
	if (ctx.s.charCodeAt(ctx.p += 4) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	return readDate(ctx, ctx.s.slice(start, ctx.p), 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
	if (ctx.ld) {
		let date = new TomlDate(str, type, unsafeDelim);
		if (!date.isValid()) TomlError.x("invalid date", ctx, errPtr);
		return date;
	}
	try {
		if (temporalSuffix) str += temporalSuffix;
		switch (type) {
			case 1: return Temporal.ZonedDateTime.from(str);
			case 2: return Temporal.PlainDateTime.from(str);
			case 3: return Temporal.PlainDate.from(str);
			case 4: return Temporal.PlainTime.from(str);
		}
	} catch (e) {
		TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
	}
}

// node_modules/smol-toml/dist/util.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function skipComment(ctx) {
	for (; ctx.p < ctx.s.length; ctx.p++) {
		let c = ctx.s.charCodeAt(ctx.p);
		if (c === 10) break;
		if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
			ctx.p++;
			break;
		}
		if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in comments", ctx);
	}
}
/** @internal */
function skipVoid(ctx, banNewLines, banComments) {
	let c;
	while (ctx.p < ctx.s.length) {
		while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10))) ctx.p++;
		if (banComments || c !== 35) break;
		skipComment(ctx);
	}
}

// node_modules/smol-toml/dist/struct.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseKey(ctx, end = 61) {
	let startPtr;
	let state = 0;
	let parsed = [];
	let sliceStart;
	let c = ctx.s.charCodeAt(startPtr = ctx.p);
	do
		if (c === end) {
			if (!state) TomlError.x("unexpected end of key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			return ctx.p++, parsed;
		} else if (c === 46) {
			if (!state) TomlError.x("illegal empty bare key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			state = 0;
		} else if (!state && (c === 34 || c === 39)) {
			if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2)) TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
			parsed.push(parseString(ctx));
			state = 2;
			ctx.p--;
		} else if (c === 32 || c === 9) {
			if (state === 1) {
				parsed.push(ctx.s.slice(sliceStart, ctx.p));
				state = 2;
			}
		} else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) TomlError.x("illegal character in key", ctx);
		else if (!state) {
			state = 1;
			sliceStart = ctx.p;
		}
	while (c = ctx.s.charCodeAt(++ctx.p));
	TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
/** @internal */
function parseInlineTable(ctx) {
	let startPtr = ctx.p++;
	let res = Object.create(null);
	let seen = /* @__PURE__ */ new Set();
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
			ctx.p++;
			return res;
		}
		let k;
		let t = res;
		let hasOwn = false;
		let errPtr = ctx.p;
		let key = parseKey(ctx);
		for (let i = 0; i < key.length; i++) {
			if (i) t = hasOwn ? t[k] : t[k] = Object.create(null);
			k = key[i];
			if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) {
				t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
				break;
			}
			if (!hasOwn && unsafe) Object.defineProperty(t, k, {
				enumerable: true,
				configurable: true,
				writable: true
			});
		}
		if (hasOwn) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
		skipVoid(ctx, true, true);
		let value = extractValue(ctx, 125);
		if (t && typeof (t[k] = value) === "object") seen.add(value);
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished table", ctx, startPtr);
}
/** @internal */
function parseArray(ctx) {
	let startPtr = ctx.p++;
	let res = [];
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
			ctx.p++;
			return res;
		}
		res.push(extractValue(ctx, 93));
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished array", ctx, startPtr);
}

// node_modules/smol-toml/dist/parse.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function peekTable(ctx, key, table, meta, type) {
	let t = table;
	let m = meta;
	let k;
	let hasOwn = false;
	let state;
	for (let i = 0; i < key.length; i++) {
		if (i) {
			t = hasOwn ? t[k] : t[k] = Object.create(null);
			m = (state = m[k]).c;
			if (type === 0 && (state.t === 1 || state.t === 2)) return null;
			if (state.t === 2) {
				let l = t.length - 1;
				t = t[l];
				m = m[l].c;
			}
		}
		k = key[i];
		if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) return null;
		if (!hasOwn) {
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) return false;
			if (unsafe) {
				Object.defineProperty(t, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
				Object.defineProperty(m, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
			}
			m[k] = {
				t: i < key.length - 1 && type === 2 ? 3 : type,
				d: false,
				i: 0,
				c: Object.create(null)
			};
		}
	}
	state = m[k];
	if (state.t !== type && !(type === 1 && state.t === 3)) return null;
	if (type === 2) {
		if (!state.d) {
			state.d = true;
			t[k] = [];
		}
		t[k].push(t = Object.create(null));
		state.c[state.i++] = state = {
			t: 1,
			d: false,
			i: 0,
			c: Object.create(null)
		};
	}
	if (state.d) return null;
	state.d = true;
	if (type === 1) t = hasOwn ? t[k] : t[k] = Object.create(null);
	else if (type === 0 && hasOwn) return null;
	return [
		k,
		t,
		state.c
	];
}
function validateTablePeek(ctx, peek, ptr) {
	if (peek === null || ctx.uk === 2) TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse$2(toml, options = {}) {
	let ctx = {
		s: toml,
		p: 0,
		d: options.maxDepth ?? 1e3,
		bi: options.integersAsBigInt ?? false,
		ld: options.useLegacyDate ?? true,
		uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
	};
	let res = Object.create(null);
	let meta = Object.create(null);
	let tmp;
	let skipping = false;
	let tbl = res;
	let m = meta;
	if (toml.charCodeAt(0) === 65279) ctx.p++;
	skipVoid(ctx);
	while (ctx.p < toml.length) {
		if (toml.charCodeAt(ctx.p) === 91) {
			let isTableArray = toml.charCodeAt(++ctx.p) === 91;
			tmp = ctx.p += +isTableArray;
			skipping = false;
			let k = parseKey(ctx, 93);
			if (isTableArray) {
				if (toml.charCodeAt(ctx.p) !== 93) TomlError.x("expected end of table array declaration", ctx);
				ctx.p++;
			}
			let p = peekTable(ctx, k, res, meta, isTableArray ? 2 : 1);
			if (!p) {
				validateTablePeek(ctx, p, tmp);
				skipping = true;
			} else {
				m = p[2];
				tbl = p[1];
			}
		} else {
			tmp = ctx.p;
			let p = peekTable(ctx, parseKey(ctx), tbl, m, 0);
			if (!p && !skipping) validateTablePeek(ctx, p, tmp);
			skipVoid(ctx, true, true);
			let v = extractValue(ctx, void 0);
			if (p && !skipping) p[1][p[0]] = v;
		}
		skipVoid(ctx, true);
		if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
		skipVoid(ctx);
	}
	return res;
}

// node_modules/smol-toml/dist/stringify.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let HAS_WELLFORMED = !!"".isWellFormed;

// node_modules/smol-toml/dist/index.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/

// src/system/installed-package.ts
/** Locations of an environment's packages. */
const PACKAGES = /\/(site|dist)-packages\//;
const ProjectFileSchema = object({ project: object({ name: string() }) });
/**
* Whether shared objects belong to a project: those in its folder, and those in the RECORD of its installed package (including libraries that
* auditwheel added). Results are cached.
*/
function ownsObjects(folder) {
	const name = projectName(folder);
	const answers = /* @__PURE__ */ new Map();
	return (object) => {
		const known = answers.get(object);
		if (known !== void 0) return known;
		const answer = object.startsWith(`${folder}/`) && !PACKAGES.test(object.slice(folder.length)) || name !== void 0 && isOfPackage(object, name);
		answers.set(object, answer);
		return answer;
	};
}
/** @param folder such as site-packages. @param project the project folder. */
function readPackages(folder, project) {
	const name = projectName(project);
	const installed = namesIn$2(folder).filter((entry) => /\.(dist|egg)-info$/.test(entry)).sort();
	const isOwn = (entry) => normalized(entry.replace(/-[^-]*\.(dist|egg)-info$/, "")) === name || originOf(join(folder, entry))?.startsWith(`${project}/`) === true;
	return {
		own: installed.filter(isOwn).flatMap((entry) => filesOf$1(join(folder, entry)).map((file) => join(folder, file))),
		others: installed.filter((entry) => !isOwn(entry)).map((entry) => `${entry}${contentOf(join(folder, entry))}`)
	};
}
/** The folder or file that pip installed the package from, with a trailing slash (PEP 610); undefined for other origins. */
function originOf(about) {
	const parsed = safeParse(pipe(string(), parseJson(), object({ url: string() })), readText$1(join(about, "direct_url.json")));
	const [, path] = (parsed.success ? /^file:\/\/(\/.*)$/.exec(parsed.output.url) : null) ?? [];
	return path === void 0 ? void 0 : `${decodeURIComponent(path)}/`;
}
function contentOf(about) {
	return originOf(about) === void 0 ? "" : ` ${hash("sha256", recordOf(about))}`;
}
function filesOf$1(about) {
	return recordOf(about).split("\n").flatMap((line) => /^"?([^",]+)"?,/.exec(line)?.[1] ?? []);
}
/** The name in pyproject.toml, normalized as on PyPI. Undefined if there is none. */
function projectName(folder) {
	try {
		const parsed = safeParse(ProjectFileSchema, parse$2(readFileSync(join(folder, "pyproject.toml"), "utf8")));
		return parsed.success ? normalized(parsed.output.project.name) : void 0;
	} catch {
		return;
	}
}
function normalized(name) {
	return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
function isOfPackage(object, name) {
	for (let folder = dirname(object); folder !== dirname(folder); folder = dirname(folder)) {
		const about = namesIn$2(folder).filter((entry) => entry.endsWith(".dist-info"));
		const own = about.find((entry) => normalized(entry.replace(/-[^-]*\.dist-info$/, "")) === name);
		if (own !== void 0) return recordOf(join(folder, own)).includes(`\n${relative(folder, object)},`);
		if (about.length > 0) return false;
	}
	return false;
}
function namesIn$2(folder) {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
/** A line for each file: its path, its hash, its size. */
function recordOf(about) {
	const record = readText$1(join(about, "RECORD"));
	return record === "" ? "" : `\n${record}`;
}
function readText$1(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

// src/build/object-quality.ts
/** Limit: a package with hundreds of modules compiles all with the same flags. */
const MAX_OBJECTS$1 = 20;
/**
* A note on the project's shared objects that give poor stacks: those in the interpreter's environment and on PYTHONPATH.
*/
async function objectNotes(python, directory, processes) {
	const owns = ownsObjects(directory);
	const folders = [join(dirname(dirname(python.path)), "lib", pythonName(python), "site-packages"), ...(processes.env.PYTHONPATH ?? "").split(delimiter)].filter((folder) => folder !== "");
	const objects = [...new Set(folders.flatMap(objectsBelow))].filter(owns).slice(0, MAX_OBJECTS$1);
	return (await Promise.all(objects.map(async (object) => ({
		object,
		lacks: lacksOf(await describe$3(object, processes), readFileSync(object))
	})))).flatMap(({ object, lacks }) => lacks.length === 0 ? [] : [{
		code: "object-without",
		object,
		lacks: [...lacks]
	}]);
}
/** Tests have run by now: what cannot be read, or is an archive on the path, has none. */
function objectsBelow(folder) {
	try {
		return readdirSync(folder, {
			recursive: true,
			encoding: "utf8"
		}).filter((name) => name.endsWith(".so")).map((name) => join(folder, name)).filter(isReadable);
	} catch (error) {
		if (systemCodeOf(error) === void 0) throw error;
		return [];
	}
}
function isReadable(path) {
	try {
		accessSync(path, constants$1.R_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
/** Its sections and symbols, from binutils' readelf. */
async function describe$3(object, processes) {
	const lines = [];
	await processes.run("readelf", [
		"-S",
		"-s",
		"-W",
		object
	], {
		onLine: (line) => lines.push(line),
		timeout: 60
	});
	return lines.join("\n");
}
/** `push %rbp; mov %rsp,%rbp`, the start of an x86-64 function with a frame pointer; other instructions may come in between. */
const KEEPS_FRAME_POINTER = Buffer.from([
	85,
	72,
	137,
	229
]);
/** Offset of the machine in ELF, and the number of x86-64. */
const MACHINE = {
	at: 18,
	x86: 62
};
/** Minimum share of functions: leaf functions have none, and some mix the two instructions with others. */
const MIN_PART$1 = .1;
/** @param described what `readelf -S -s -W` prints. @param content of the file. Pure. */
function lacksOf(described, content) {
	if (!/^ELF|\.dynsym/m.test(described)) return [];
	if (!described.includes(".symtab")) return ["symbols"];
	const functions = described.match(/^\s*\d+: [0-9a-f]+\s+[1-9]\d* FUNC .* \d+ \S+$/gm)?.length ?? 0;
	const isWithout = content[MACHINE.at] === MACHINE.x86 && count$8(content, KEEPS_FRAME_POINTER) < functions * MIN_PART$1;
	return [...described.includes(".debug_line") ? [] : ["lines"], ...isWithout ? ["frame pointers"] : []];
}
function count$8(content, pattern) {
	let found = 0;
	for (let at = content.indexOf(pattern); at !== -1; at = content.indexOf(pattern, at + 1)) found++;
	return found;
}

// src/affected/code.ts
/** Digits that are kept of a hash: the author of a change could find another text with the same 32 bits. */
const HASH_DIGITS = 16;
/** Objects of different programs may define the same name: then both count. */
function mergeAtoms(objects) {
	const groups = Map.groupBy([...objects].flat(), ({ key }) => key);
	return { atoms: new Map([...groups].map(([key, atoms]) => [key, mergeEqual(key, atoms)])) };
}
function mergeEqual(key, atoms) {
	const [only] = atoms;
	if (atoms.length === 1 && only !== void 0) return only;
	const hash = createHash("sha256");
	for (const part of atoms.map((atom) => atom.hash).toSorted()) hash.update(part);
	const references = [...new Set(atoms.flatMap((atom) => atom.references))];
	return {
		key,
		kind: atoms.every((atom) => atom.kind === "data") ? "data" : "function",
		hash: hash.digest("hex"),
		references
	};
}
function summarize({ atoms }) {
	const sorted = [...atoms.values()].toSorted((a, b) => a.key < b.key ? -1 : 1);
	return {
		keys: sorted.map(({ key }) => key),
		hashes: sorted.map(({ hash }) => shortHash(hash)).join(""),
		kinds: sorted.map(({ kind }) => kind === "function" ? "f" : "d").join("")
	};
}
function shortHash(hash) {
	return hash.slice(0, 16).padEnd(16, "0");
}
/**
* A function can only behave differently if its machine code changed, or a function that it calls, or data. It must get the address of data
* somewhere: from its own code, or from another function or data that refers to it. So new code needs no entry: only changed code leads there.
*/
function changedCode(before, now) {
	const old = new Map(before.keys.map((key, index) => [key, before.hashes.slice(index * 16, (index + 1) * 16)]));
	const gone = before.keys.filter((key, index) => before.kinds[index] === "f" && !now.atoms.has(key));
	const changed = [...now.atoms.values()].filter((atom) => {
		const hash = old.get(atom.key);
		return hash !== void 0 && hash !== shortHash(atom.hash);
	});
	const referrers = referrersOf(now);
	const isFunction = ({ kind }) => kind === "function";
	const rewritten = changed.filter(isFunction).map(({ key }) => key);
	const added = [...now.atoms.values()].filter((atom) => isFunction(atom) && !old.has(atom.key)).map(({ key }) => key);
	const functions = /* @__PURE__ */ new Set([...gone, ...rewritten]);
	const unreferenced = [];
	for (const { key } of changed.filter(({ kind }) => kind === "data")) {
		const readers = readersOf(key, referrers);
		if (readers.length === 0) unreferenced.push(key);
		for (const reader of readers) functions.add(reader);
	}
	return {
		functions: [...functions].toSorted(),
		rewritten: [...rewritten, ...added].toSorted(),
		unreferenced
	};
}
function referrersOf({ atoms }) {
	const referrers = /* @__PURE__ */ new Map();
	for (const atom of atoms.values()) for (const key of atom.references) referrers.set(key, [...referrers.get(key) ?? [], atom]);
	return referrers;
}
/** The functions that refer to data, directly or through other data. */
function readersOf(key, referrers) {
	const [seen, waiting] = [/* @__PURE__ */ new Set([key]), [key]];
	const readers = /* @__PURE__ */ new Set();
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) for (const atom of referrers.get(next) ?? []) if (atom.kind === "function") readers.add(atom.key);
	else if (!seen.has(atom.key)) {
		seen.add(atom.key);
		waiting.push(atom.key);
	}
	return [...readers];
}

// src/affected/footprints.ts
const FootprintsSchema = strictObject({
	/** The commit that was recorded; null if the source is not a git checkout. */
	sha: nullable(string()),
	/** The functions and variables of the build, sorted. */
	code: strictObject({
		keys: array(string()),
		kinds: string(),
		hashes: string()
	}),
	/** The files of the source, sorted, with the first eight digits of each hash. */
	sources: strictObject({
		names: array(string()),
		hashes: string()
	}),
	/** The test files with a complete record. */
	tests: array(string()),
	/** Distinct sets of test files: {@link EVERYONE}, {@link UNKNOWN}, or the bits of their indices in base64. */
	users: array(string()),
	/** For each of `code.keys`, the set of test files that run it; for each of `sources.names`, the set that opens it. */
	usersOfCode: array(number()),
	usersOfSources: array(number())
});
/** Part of the state that every test file begins with. */
const EVERYONE = "*";
/** A function whose calls can't be seen. */
const UNKNOWN = "?";
function makeFootprints({ sha, code, sources, watched, shared, tests }) {
	const names = [...tests.keys()].toSorted();
	const sets = /* @__PURE__ */ new Map();
	const indexOf = (set) => {
		const index = sets.get(set) ?? sets.size;
		sets.set(set, index);
		return index;
	};
	const bits = (isUser) => encodeBits(names.map((name) => isUser(tests.get(name) ?? {
		functions: /* @__PURE__ */ new Set(),
		files: /* @__PURE__ */ new Set()
	})));
	const files = [...sources.keys()].toSorted();
	return {
		sha,
		code: {
			...code,
			keys: [...code.keys]
		},
		sources: {
			names: files,
			hashes: files.map((name) => shortHash(sources.get(name) ?? "")).join("")
		},
		tests: names,
		usersOfCode: code.keys.map((key, index) => {
			if (code.kinds[index] !== "f") return indexOf("");
			if (shared.functions.has(key)) return indexOf(EVERYONE);
			return indexOf(watched.has(key) ? bits(({ functions }) => functions.has(key)) : UNKNOWN);
		}),
		usersOfSources: files.map((name) => indexOf(shared.files.has(name) ? EVERYONE : bits((footprint) => footprint.files.has(name)))),
		users: [...sets.keys()]
	};
}
/** Leaves out test files whose recording can't be trusted. */
function withoutTests(footprints, names) {
	return {
		...footprints,
		tests: footprints.tests.map((name) => names.has(name) ? "" : name)
	};
}
/** Which test files run each function. */
function usersOfFunctions(footprints) {
	return lookup(footprints, footprints.code.keys, footprints.usersOfCode);
}
/** Which test files open each file of the source. */
function usersOfFiles(footprints) {
	return lookup(footprints, footprints.sources.names, footprints.usersOfSources);
}
function lookup(footprints, names, users) {
	const indices = new Map(names.map((name, index) => [name, index]));
	return (name) => {
		const index = indices.get(name);
		return decodeUsers(footprints, index === void 0 ? void 0 : footprints.users[users[index] ?? -1]);
	};
}
function decodeUsers({ tests }, set) {
	if (set === void 0 || set === UNKNOWN) return { kind: "unknown" };
	if (set === EVERYONE) return { kind: "everyone" };
	return {
		kind: "some",
		tests: decodeBits(set, tests).filter((name) => name !== "")
	};
}
/** The values whose bits are set. */
function decodeBits(set, values) {
	const bytes = Buffer.from(set, "base64");
	return values.filter((_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7) & 1) === 1);
}
/** Without trailing zeros. */
function encodeBits(bits) {
	const bytes = new Uint8Array(Math.ceil((bits.lastIndexOf(true) + 1) / 8));
	for (const [index, bit] of bits.entries()) if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | 1 << (index & 7);
	return Buffer.from(bytes).toString("base64");
}

// src/model/engine-name.ts
/** The engines that check the code. `lifecycle` starts and ends interpreters; the others run test files. */
const EngineNameSchema = picklist([
	"memcheck",
	"scan",
	"torture",
	"lifecycle"
]);

// src/model/slice.ts
/** The stored form: `3/14`. */
const SliceSchema = pipe(string(), regex(/^\d+\/\d+$/));
function sliceName([part, of]) {
	return `${part}/${of}`;
}

// src/model/timeline.ts
const count$7 = pipe(number(), integer(), minValue(0));
/** Recordings kept; older ones are dropped. */
const MAX_POINTS = 50;
/** Leaks kept of one recording: those with the most blocks. */
const MAX_LEAKS = 50;
/** Kinds kept of one recording. Memcheck has about twenty. */
const MAX_KINDS = 50;
/** Totals of the baseline right after one recording. */
const TimelinePointSchema = strictObject({
	recordedAt: string(),
	sha: nullable(pipe(string(), regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
	/** Number of known errors of each kind. An error that several test files or engines found counts once. */
	kinds: pipe(array(strictObject({
		kind: string(),
		errors: count$7
	})), maxLength(50)),
	/** Number of recorded test files of each engine, and the sum of their seconds, even if they ran in parallel. */
	stages: pipe(array(strictObject({
		engine: EngineNameSchema,
		tests: count$7,
		seconds: number()
	})), maxLength(10)),
	/** Known leaks, most blocks first. If several engines found a leak, `blocks` is the largest count. */
	leaks: pipe(array(strictObject({
		signature: string(),
		function: string(),
		blocks: count$7
	})), maxLength(50)),
	/** Number of leaks that were dropped. */
	moreLeaks: count$7
});
/** The last recordings of a branch, oldest first. */
const TimelineSchema = pipe(array(TimelinePointSchema), maxLength(50));

// src/findings/cpython-functions.ts
const ALLOCATORS = /^(malloc|calloc|realloc|memalign|aligned_alloc|posix_memalign|valloc|strdup|strndup|__?strdup|operator new.*|_?PyMem_.*|_PyMem_.*|PyObject_(Malloc|Calloc|Realloc)|_PyObject_(Malloc|Calloc|Realloc|MallocWithType|ReallocWithType|CallocWithType)|_?PyObject_(GC_)?New(Var)?|_?PyObject_GC_(Malloc|Calloc|NewVar|Resize)|gc_alloc|_PyType_AllocNoTrack|PyType_GenericAlloc|PyType_GenericNew|_PyObject_Mi(Malloc|Calloc|Realloc)|_?mi_(heap_|page_)?(malloc|calloc|zalloc|realloc|rezalloc)\w*|_PyDebugAllocator_.*|arena_.*alloc)$/;
function isAllocator(name) {
	return ALLOCATORS.test(name);
}
const TRAMPOLINES = /^(_?PyObject_(Call|Vectorcall|FastCall|MakeTpCall|CallMethod|CallFunction|CallOneArg|CallNoArgs).*|_PyVectorcall_Call|PyVectorcall_Call|_PyEval_Vector|cfunction_(vectorcall|call).*|method_vectorcall.*|_PyFunction_Vectorcall|vectorcall_(method|maybe|unbound)|object_vacall|type_call|type_vectorcall|slot_tp_.*|wrap_(\w*func\w*|inquirypred|sq_\w+|objobj\w+|\w+attr|delitem|call|del|next|init|buffer|releasebuffer|descr_\w+)|wrapperdescr_.*|wrapper_call|slot_\w+|_PyCFunction_.*|PyCFunction_Call|tuple_call|method_call|classmethoddescr_call|_Py\w*Call\w*_StackRef\w*)$/;
/** Functions that only forward a call, between Python code and the called function. */
function isTrampoline(name) {
	return TRAMPOLINES.test(name);
}
const BOUNDARIES = /^(_PyEval_EvalFrameDefault|_PyEval_EvalFrame|PyEval_EvalCode|PyImport_ImportModule.*|_PyImport_.*|import_find_and_load|Py_Main|Py_BytesMain|pymain_.*|Py_Initialize.*|Py_InitializeFromConfig|init_interp_.*|pycore_.*|pyinit_.*|Py_FinalizeEx|thread_run|pythread_wrapper|start_thread|clone|clone3|main|_start|\(below main\)|__libc_start_.*)$/;
/** Where the relevant part of a stack ends: at the eval loop, or else an import, startup, or the start of a thread. */
function isBoundary(name) {
	return BOUNDARIES.test(name);
}
const CONSTRUCTORS = /^_?Py(Unicode|Bytes|ByteArray|Long|Float|Complex|List|Tuple|Dict|Set|FrozenSet|Slice|Bool|Cell|Capsule|MemoryView|Buffer|Code|Function|Method|Weakref|Iter|Seq|Gen|Err|Object)\w*_(New|From|As|Concat|Copy|Repr|Str|Format|Writer|Resize|Append|Join|Substring|Decode|Encode|SetItem|Set|Get)\w*$|^_?PyErr_\w+$|^(new_(dict|keys_object|values)|dict_(new|vectorcall)|list_(resize|new|new_prealloc|vectorcall|allocate_array)|tuple_(alloc|new)|unicode_\w+|get_small_int|dictresize|insertdict|insert_to_emptydict|_PyLong_\w+|resize_\w+|ensure_(shared_on_resize|list_capacity)|_PyUnicode\w*|PyUnicode\w*|PyBuffer_\w+|_PyBytes\w*|PyBytes\w*|_PyList\w*|PyList\w*|_PyTuple\w*|PyTuple\w*|_PyDict\w*|PyDict\w*|PyLong\w*|PyFloat\w*|PySet\w*|PyNumber_\w+|float_from_string\w*|_Py_string_to_\w+)$/;
/** Functions that create an object for their caller. They are never the function that a reader looks for, unless there is no other. */
function isGenericConstructor(name) {
	return CONSTRUCTORS.test(name);
}

// src/findings/linker-name.ts
/** Functions with abbreviations in linker names. */
const OPERATORS = [
	[/^operator new\[\]/, "_Zna*"],
	[/^operator new\b/, "_Znw*"],
	[/^operator delete\[\]/, "_Zda*"],
	[/^operator delete\b/, "_Zdl*"]
];
/** Classes of `std` with abbreviations. */
const ABBREVIATED = /^(allocator|basic_[io]?o?stream|basic_string|string|[io]?o?stream)$/;
/**
* A pattern for a function's linker name: the identifiers of its qualified name, in order. Overloads and template instances share a pattern.
* Undefined if no identifier is certain to be in the linker name.
*/
function linkerPattern(name) {
	const [, operator] = OPERATORS.find(([pattern]) => pattern.test(name)) ?? [];
	if (operator !== void 0) return operator;
	const parts = partsOf$1(name);
	const codes = parts.flatMap((part, index) => encode(part, parts[index - 1]));
	return codes.length === 0 ? void 0 : `_*${codes.join("*")}*`;
}
/** Debug information names an inlined function differently: without its classes, sometimes with template arguments. */
function inlinedPattern(name) {
	const plain = plainName$1(name);
	return plain === void 0 ? void 0 : `*${plain}*`;
}
/** `ext::Pool<int>::take(int)` is `take`. */
function plainName$1(name) {
	return identifierOf(partsOf$1(name))?.replace("~", "");
}
/** The last part of a name that is an identifier: a destructor has its `~`. */
function identifierOf(parts) {
	return parts.findLast((part) => IDENTIFIER.test(part))?.replaceAll(GROUP, "");
}
/** Replaces text between brackets. */
const GROUP = "%";
/** Replaces a lambda or closure. */
const closureMark = "$";
const IDENTIFIER = /^~?[A-Za-z_]\w*%*$/;
/** Names are untrusted: a longer one, or one with brackets nested deeper, has no pattern. */
const MAX_LENGTH$1 = 1e4;
const MAX_DEPTH$1 = 60;
/** The parts of a qualified name, without return type, parameters and bracketed text: `void ext::Pool<int>::get(int)` has `Pool`. */
function partsOf$1(name) {
	if (name.length > MAX_LENGTH$1) return [];
	let flat = name.replace(/\boperator\b(?!::).*$/, "");
	for (let depth = 0; depth < MAX_DEPTH$1 && /[)\]}>]/.test(flat); depth++) flat = flat.replace(/\([^()<>{}[\]]*\)/g, "").replace(/\{([^()<>{}[\]]*)\}/g, (_, inner) => /closure|lambda|\$/.test(inner) ? "$" : "").replace(/<[^()<>{}[\]]*>|\[[^()<>{}[\]]*\]/g, GROUP);
	return (flat.split(" ").filter((word) => !/^(const|volatile|&&?|%*)$/.test(word)).at(-1) ?? "").split("::");
}
/** The identifier with its length, as in the linker's name; without the length if something may come in between. */
function encode(part, outer) {
	if (!IDENTIFIER.test(part) || part.startsWith("~")) return [];
	const identifier = part.replaceAll(GROUP, "");
	if (identifier === outer?.replaceAll(GROUP, "") || identifier === "std" || outer === "std" && ABBREVIATED.test(identifier)) return [];
	return [part.includes(GROUP) || identifier.startsWith("_") ? identifier : `${identifier.length}${identifier}`];
}

// src/findings/readable-name.ts
/** Names of lambdas, closures and call operators: compilers and debug information number and name them differently. */
const CLOSURE = "::{closure}";
/** Names that can't be C functions: `ext::Pool<int>::take(int)`, `<two::Table as core::clone::Clone>::clone`, `take<int>`, `::take`. */
const QUALIFIED = /[:<>{}()]|^operator\b|^_FUN$/;
/** Files in which even a plain name is C++ or Rust: there `main` and `clone` are not C functions. */
const CPP_OR_RUST_FILE = /\.(rs|cc|cp|cpp|cxx|c\+\+|cu|hh|hpp|hxx|h\+\+|cuh|inl|ipp|ixx|tcc|tpp|txx)$/i;
/**
* `ext::Pool<int>::take(int)`, and `take<int>` if it was inlined, are both `::take`. Undefined for other names: `PyList_New`, `(below main)`.
*/
function unqualifiedName(name, file) {
	if (!QUALIFIED.test(name)) return file !== void 0 && CPP_OR_RUST_FILE.test(file) && !isAllocator(name) ? `::${name}` : void 0;
	if (isClosure(name)) return CLOSURE;
	const identifier = OPERATOR.exec(name)?.[1]?.replaceAll(" ", "") ?? identifierOf(partsOf$1(withImplementingType(name)));
	return identifier === void 0 ? void 0 : `::${identifier}`;
}
/** `operator[]`; allocation operators have words, and count as C functions in signatures. */
const OPERATOR = /\b(operator *(?:\[\]|->\*?|<=>|<<=?|>>=?|&&|\|\||\+\+|--|[-+*/%^&|=!<>]=?|~|,))/;
function isClosure(name) {
	return name === "_FUN" || /^<lambda|\boperator\(\)|::_FUN\(|^\{\{?closure/.test(name) || partsOf$1(withImplementingType(name)).at(-1)?.includes("$") === true;
}
/**
* The qualified name for titles, without template arguments and parameters: `ext::Pool::take`, `two::Table::clone`.
* @param module the extension module's name, if known.
*/
function titleName(name, module) {
	const cython = cythonName(name, module);
	if (cython !== void 0) return cython;
	if (!QUALIFIED.test(name) || /^operator (new|delete)/.test(name)) return name;
	const operator = OPERATOR.exec(name)?.[1];
	const title = [...partsOf$1(withImplementingType(name)).map((part) => part.replaceAll("$", "{closure}").replace(/%/g, "")).filter((part) => part !== "" && part !== "_"), ...operator === void 0 ? [] : [operator]].join("::");
	return title === "" ? name : title;
}
/** The first part of a qualified name: a C++ namespace, a Rust crate. Undefined if the name has one part only. */
function namespaceOf(name) {
	const parts = partsOf$1(withImplementingType(name));
	return parts.length > 1 || /\boperator\b/.test(name) ? parts[0]?.replace(/%/g, "") : void 0;
}
/** Rust: `<two::Table as core::clone::Clone>::clone` is `two::Table::clone`, and `<T as core::convert::Into<U>>::into` is the trait's. */
function withImplementingType(name) {
	const end = name.startsWith("<") ? closingBracket(name) : void 0;
	if (end === void 0) return name;
	const inner = name.slice(1, end);
	const as = inner.search(/ as (?=[^<>]*(<|$))/);
	const type = (as === -1 ? inner : inner.slice(0, as)).replace(/^[&*\s]*(mut |const |dyn )*/, "");
	return (as !== -1 && /^[A-Z]\w*$|^[([]/.test(type) ? inner.slice(as + 4) : type) + name.slice(end + 1);
}
/** Position of the closing bracket for the bracket at the start of a text; the `>` of an arrow is not a bracket. */
function closingBracket(text) {
	let depth = 0;
	for (const { 0: bracket, index } of text.matchAll(/<|(?<!-)>/g)) {
		depth += bracket === "<" ? 1 : -1;
		if (depth === 0) return index;
	}
}
/** Cython's `__pyx_pw_4demo_5Owner_3take`: the kind of function, the names of its modules and classes with their lengths, a serial number. */
const CYTHON = /^(?:__pyx_fuse_\d+)*__pyx_([a-z]+(?:_[a-z]+)*?)_(\d.*)$/;
/** A user's function: as a wrapper, the wrapped function, a generator's body, or a C function. */
const OWN_KINDS = /^(pw|pf|gb|f)$/;
/**
* `demo.Owner.take`. The serial number changes with each function above, so it is not part of the name. Undefined if Cython did not make the
* name.
*/
function cythonName(name, module) {
	const [, kind = "", mangled] = CYTHON.exec(name) ?? [];
	if (mangled === void 0) return void 0;
	const parts = [];
	let rest = mangled;
	for (let scope = scopeOf(rest); scope !== void 0; scope = scopeOf(rest)) {
		const inner = rest.slice(`${scope.length}`.length + scope.length + 1);
		if (parts.length > 0 && (parts.includes(module ?? "") || module === void 0) && isNumbered(kind, scope, inner)) break;
		parts.push(scope);
		rest = inner;
	}
	const own = rest.replace(/^\d+/, "").replace(/(?<=^(generator|lambda|genexpr))\d+$/, "");
	return [
		...parts,
		own,
		...OWN_KINDS.test(kind) ? [] : [kind]
	].join(".");
}
/**
* `4lose_block`: a function with the number 4, or a function of a class `lose`? Wrappers and generators always have a number, and wrapped
* functions have an even one, or none if first in their class. Otherwise class names are assumed to be capitalized.
*/
function isNumbered(kind, scope, inner) {
	if (!/^(pw|pf|gb)$/.test(kind) || /^\d/.test(inner)) return false;
	return kind !== "pf" || scope.length % 2 === 0 && !/^_*[A-Z]/.test(scope);
}
/** `demo` of `4demo_take`. */
function scopeOf(text) {
	const digits = /^\d+/.exec(text)?.[0] ?? "";
	const scope = text.slice(digits.length, digits.length + Number(digits));
	const rest = text.slice(digits.length + scope.length);
	return digits !== "" && /^[A-Za-z_]\w*$/.test(scope) && scope.length === Number(digits) && /^_./.test(rest) ? scope : void 0;
}
/** The same for a signature: independent of how `cythonName` splits it. */
function cythonKey(name) {
	const readable = cythonName(name);
	return readable === void 0 ? void 0 : `__pyx_${readable.replaceAll(".", "_")}`;
}

// src/findings/language-libraries.ts
/**
* Locations of C++'s and Rust's standard libraries, of their packages, and of bindings to Python on the machines that compile them. Compilers
* inline this code differently in each version, and it is on every user's stacks.
*/
const FOLDERS = [
	/^\/usr\/(local\/)?include\//,
	/\/include\/(c\+\+|boost|pybind11|nanobind)\//,
	/\/(site|dist)-packages\//,
	/\/nanobind\/src\//,
	/^\/rustc\/|^\/rust\/deps\/|\/rustlib\/src\/rust\//,
	/^(\.?\/)?library\/(alloc|core|std|proc_macro|panic_unwind)\/src\//,
	/\/cargo\/(registry|git)\/|\/\.cargo\/(registry|git)\//
];
const NAMESPACES = /^(std|__gnu_cxx|__cxxabiv1|boost|pybind11|nanobind|core|alloc|hashbrown|pyo3|pyo3_ffi)$/;
/** Cython's helper functions, which are in each file that it generates. */
const CYTHON_HELPER = /^__Pyx_/;
/** Whether a frame is code of a language's library, or of a binding to Python, that is part of the compiler or a package. */
function isLanguageLibrary(frame) {
	if (frame.function !== void 0 && CYTHON_HELPER.test(frame.function)) return true;
	return frame.file === void 0 ? isNamedLikeLibrary(frame) : isLibraryFile(frame);
}
/**
* Whether a frame in a project's file has the name of a library function: a template with the user's lambda as argument. addr2line and memcheck
* differ in which of the two names they give.
*/
function isLambdaInLibrary(frame) {
	return frame.file !== void 0 && !isLibraryFile(frame) && isNamedLikeLibrary(frame);
}
function isLibraryFile({ directory, file }) {
	const path = directory === void 0 || directory === "" ? `${file}` : `${directory}/${file}`;
	return FOLDERS.some((folder) => folder.test(path));
}
function isNamedLikeLibrary({ function: name }) {
	if (name === void 0 || unqualifiedName(name) === void 0) return false;
	return NAMESPACES.test(namespaceOf(name) ?? "");
}

// src/findings/frames.ts
const NONE = /* @__PURE__ */ new Set();
/** The frames that a person would call the stack: inlined functions from headers are merged into the function that contains them. */
function normalizeFrames(frames, ambiguous = NONE) {
	return frames.filter((_, index) => !isFolded(frames, index)).map((frame) => normalizeFrame(frame, ambiguous));
}
function normalizeFrame(frame, ambiguous = NONE) {
	const name = normalizeName(frame);
	return {
		name,
		key: (ambiguous.has(name) || name.startsWith("::")) && frame.file !== void 0 && !isHeader(frame.file) ? `${name}@${frame.file}` : name,
		frame
	};
}
/**
* `Py_INCREF`, `_PyObject_VectorcallTstate`: the compiler decides whether they are inlined. Memcheck gives an inlined frame the address of the
* frame that contains it, which comes next.
*/
function isFolded(frames, index) {
	const frame = frames[index];
	if (frame === void 0 || frame.address !== frames[index + 1]?.address) return false;
	return frame.function === UNKNOWN_INLINED || frame.file !== void 0 && isHeader(frame.file);
}
/** Valgrind's name for an inlined function that is described in another unit's debug information. */
const UNKNOWN_INLINED = "UnknownInlinedFun";
/** C and C++ headers, and files with inline functions and templates that headers include. Standard library headers have no suffix. */
const HEADER$1 = /^[^.]+$|\.(h|hh|hp|hpp|hxx|h\+\+|cuh|inc|inl|ipp|ixx|icc|tcc|tpl|tpp|txx)$/i;
function isHeader(file) {
	return HEADER$1.test(file);
}
/**
* Pairs of functions in CPython that are one function: argument clinic's `X` and `X_impl`, and functions that 3.13 split for the free-threaded
* build.
*/
const HALVES = /(?<=.)(_(impl|lock_held|unlocked))+$/;
/** `_tmp_12_rule`: CPython's parser generator numbers them, so a new grammar rule renumbers all later ones. */
const RULE_NUMBER = /(?<=^_(?:tmp|loop[01]|gather)_)\d+_(?=rule$)/;
/** A frame without a function is identified by its object: `/lib/x86_64-linux-gnu/libz.so.1.2.13` is `libz.so`. */
function normalizeName(frame) {
	if (frame.function === void 0 || frame.function === UNKNOWN_INLINED) return `(${objectName(frame.object) ?? "unknown"})`;
	const known = isLambda(frame) ? CLOSURE : unqualifiedName(frame.function, frame.file) ?? cythonKey(frame.function);
	if (known !== void 0) return known;
	if (/^\W|^operator\b/.test(frame.function)) return frame.function;
	return cutSuffixes(frame.function).replace(HALVES, "").replace(RULE_NUMBER, "");
}
function isLambda({ function: name, file, directory }) {
	return file !== void 0 && name !== void 0 && isLambdaInLibrary({
		address: "",
		function: name,
		file,
		...directory === void 0 ? {} : { directory }
	});
}
/** `malloc@@GLIBC_2.2.5`, `__GI_strlen`, `PyUnicode_New.part.0`, `f.constprop.1.isra.0` */
function cutSuffixes(name) {
	const start = name.replace(/(?<=.)@.*$/, "").replace(/^__GI_(?=.)/, "");
	const dot = start.indexOf(".", 1);
	return dot === -1 ? start : start.slice(0, dot);
}
function objectName(object) {
	return object?.split("/").at(-1)?.replace(/(\.so)\..*$/, "$1").replace(/\.cpython-.*\.so$/, ".so");
}

// src/findings/project-files.ts
/** @param paths relative to the project's root. */
function indexFiles(paths) {
	return Map.groupBy(paths, nameOf$3);
}
/**
* The project's file for a path that the compiler recorded: `/github/workspace/src/x.c` if the code was compiled in another checkout,
* `./src/x.c` with `-ffile-prefix-map`. The file with the most trailing folders in common wins. Undefined if several files have as many, or if
* only the name is equal: every library has a `utils.c`.
*/
function findByEnd(path, index) {
	const parts = partsOf(path);
	const candidates = (index.get(nameOf$3(path)) ?? []).map((file) => ({
		file,
		common: commonEnd(parts, partsOf(file))
	}));
	const most = Math.max(0, ...candidates.map(({ common }) => common));
	const [best, ...others] = candidates.filter(({ common }) => common === most);
	if (best === void 0 || others.length > 0) return void 0;
	const isWhole = most === partsOf(best.file).length || most === parts.length;
	return most > 1 || isWhole ? best.file : void 0;
}
function commonEnd(a, b) {
	const shorter = Math.min(a.length, b.length);
	const differing = a.toReversed().findIndex((part, index) => part !== b[b.length - 1 - index]);
	return differing === -1 ? shorter : Math.min(differing, shorter);
}
function partsOf(path) {
	return path.split("/").filter((part) => part !== "" && part !== ".");
}
function nameOf$3(path) {
	return path.slice(path.lastIndexOf("/") + 1);
}

// src/findings/site.ts
/** The path of a frame's file within the project, or undefined. Compilers write `/tree/./Modules`, and `..` for out-of-tree builds. */
function projectFile(frame, project) {
	if (frame.file === void 0) return void 0;
	const path = tidy(`${frame.directory ?? ""}/${frame.file}`);
	const root = frame.directory === void 0 ? void 0 : project.roots.find((candidate) => path.startsWith(`${candidate}/`));
	if (root !== void 0) return path.slice(root.length + 1);
	return project.files !== void 0 && !isSystem(frame) && !isInterpreter(frame, project) ? findByEnd(path, project.files) : void 0;
}
/** Folders of the system's own libraries. */
function isSystem({ object }) {
	return object !== void 0 && /^\/(usr\/)?lib/.test(object);
}
function isInterpreter({ directory, object }, { interpreter = [] }) {
	return interpreter.some((root) => object === root || object?.startsWith(`${root}/`) || directory !== void 0 && `${tidy(directory)}/`.startsWith(`${root}/`));
}
/** The first frame in the project's code that neither allocates for others nor forwards a call; otherwise the closest alternative. */
function siteOf(frames, project) {
	const normal = normalizeFrames(frames);
	const isOwn = ({ frame }) => projectFile(frame, project) !== void 0 && !isLanguageLibrary(frame);
	const boundary = normal.findIndex(({ name }) => isBoundary(name));
	const found = closest((boundary === -1 ? normal : normal.slice(0, boundary + 1)).filter(isOwn)) ?? closest(normal.filter(isOwn)) ?? closestForeign(normal, project);
	if (found === void 0) return {
		function: "(no stack)",
		file: null,
		line: null
	};
	return {
		function: titleOf$1(found),
		file: projectFile(found.frame, project) ?? found.frame.file ?? null,
		line: found.frame.line ?? null
	};
}
/** No frame is in the project: its files may be unknown. Readers look for neither the interpreter nor the system. */
function closestForeign(normal, project) {
	const others = normal.filter(({ frame }) => !isInterpreter(frame, project));
	const isCandidate = ({ name }) => !isAllocator(name) && !isTrampoline(name) && !isBoundary(name) && !isGenericConstructor(name);
	const candidates = others.filter(isCandidate);
	return candidates.find(({ frame }) => !isSystem(frame) && !isLanguageLibrary(frame)) ?? candidates.find(({ frame }) => !isLanguageLibrary(frame)) ?? candidates[0] ?? closest(normal);
}
/** `ext::Pool::take` of C++, `demo.Owner.take` of Cython. */
function titleOf$1({ name, frame }) {
	return !/^(::|__pyx_)/.test(name) || frame.function === void 0 ? name : titleName(frame.function, moduleOf$1(frame));
}
function closest(own) {
	const calls = (name) => isTrampoline(name) || isBoundary(name);
	return own.find(({ name }) => !isAllocator(name) && !calls(name) && !isGenericConstructor(name)) ?? own.find(({ name }) => !isAllocator(name) && !calls(name)) ?? own.find(({ name }) => !isAllocator(name)) ?? own[0];
}
/** `demo` of `/x/pkg/demo.cpython-313-x86_64-linux-gnu.so`. */
function moduleOf$1({ object }) {
	return object?.slice(object.lastIndexOf("/") + 1).replace(/\..*$/, "");
}
function tidy(path) {
	const parts = [];
	for (const part of path.split("/")) if (part === "..") parts.pop();
	else if (part !== "." && part !== "") parts.push(part);
	return `/${parts.join("/")}`;
}

// src/findings/owner.ts
/** Objects of the check, valgrind and the sanitizer, which are on every stack. */
const WATCHERS = /\/(vgpreload_[\w-]+|cpython_memcheck_probe[^/]*|preload|lib[al]san)\.so[^/]*$/;
/**
* The owner of an error, by the objects and files on its whole stack: an extension also calls Python code, and can leak objects that it created.
* A stack without extensions that ends before the eval loop was cut off, so its owner is unknown.
*/
function ownerOf(frames, project) {
	if (project.interpreter === void 0) return "project";
	if (frames.some((frame) => isProjects(frame, project))) return "project";
	if (frames.some((frame) => isExtension(frame, project))) return "extension";
	return frames.some((frame) => isBoundary(normalizeName(frame))) ? "interpreter" : "unknown";
}
function isProjects(frame, project) {
	if (projectFile(frame, project) !== void 0) return true;
	return frame.object !== void 0 && isExtension(frame, project) && project.ownsObject?.(frame.object) === true;
}
/** A shared object that belongs neither to the system nor to the interpreter. */
function isExtension(frame, project) {
	const { object } = frame;
	return object !== void 0 && /\.so\b/.test(object) && !WATCHERS.test(object) && !isSystem(frame) && !isInterpreter(frame, project);
}

// src/findings/segment.ts
const LEAK_FRAMES = 12;
/** Valgrind considers two errors equal if the addresses of their four innermost frames are; deeper frames depend on the order of tests. */
const ERROR_FRAMES = 4;
/**
* Errors in memory that is still referenced, but more of it after each run of the tests. Their first frame is what keeps it; the others are the
* allocation's.
*/
const GROWTH = "Growth";
/** References that are never released, to an object that stays alive. */
const REFERENCE_LEAK = "ReferenceLeak";
/** Whether only repeated runs of the tests find this kind. */
function needsRepeats(kind) {
	return kind === "Growth" || kind === "ReferenceLeak";
}
function isLeak(kind) {
	return kind.startsWith("Leak_");
}
/** All frames of an error with their roles in the signature. */
function assignRoles({ kind, frames }, ambiguous) {
	const normal = frames.map((frame) => normalizeFrame(frame, ambiguous));
	const shown = normal.filter((_, index) => !isFolded(frames, index));
	const roles = kind === "Growth" ? growthRoles(shown) : isLeak(kind) ? leakRoles(shown) : errorRoles(shown, normal);
	return normal.map((frame) => ({
		...frame,
		role: roles.get(frame) ?? "inlined"
	}));
}
/** The part of an error's stack that identifies it, innermost first: it stays the same if the surrounding code calls it differently. */
function segmentOf(annotated) {
	return annotated.filter(({ role }) => role === "key").map(({ key }) => key);
}
/**
* From the allocating function up to the one that Python code called. Recursion is folded: only the first occurrence of each name stays. The
* path from the eval loop to that function is the interpreter's choice, and changes when code gets hot. If there are only allocators and
* trampolines (`type_call` made an instance), those are the segment. A language's library has more frames between the allocator and the user's
* function than fit into a segment, so it is left out unless nothing else identifies the place.
*/
function leakRoles(shown) {
	const boundary = shown.findIndex(({ name }) => isBoundary(name));
	const near = boundary < 1 ? shown : shown.slice(0, boundary);
	const first = firstOfEach(near.some(isDistinctive) ? near.filter(({ frame }) => !isLanguageLibrary(frame)) : near);
	const start = first.findIndex(({ name }) => !isAllocator(name) && !isTrampoline(name));
	const end = first.findLastIndex(({ name }) => !isTrampoline(name));
	const own = start === -1 ? first : first.slice(start, end + 1);
	const roles = new Map(shown.map((frame) => [frame, "caller"]));
	for (const frame of near) roles.set(frame, isLanguageLibrary(frame.frame) ? "library" : "repeated");
	for (const frame of first) roles.set(frame, isAllocator(frame.name) ? "allocator" : "call");
	own.forEach((frame, index) => {
		roles.set(frame, index < LEAK_FRAMES ? "key" : "beyond");
	});
	return roles;
}
function growthRoles([kept, ...stack]) {
	const roles = new Map(leakRoles(stack));
	if (kept !== void 0) roles.set(kept, "key");
	return roles;
}
/** Whether a frame identifies where its stack comes from. */
function isDistinctive({ name, frame }) {
	return !isAllocator(name) && !isTrampoline(name) && !isGenericConstructor(name) && !isLanguageLibrary(frame);
}
/**
* The frames of the first addresses; adjacent frames with one address are one frame and the functions that the compiler inlined into it. Frames
* are distinguished by position: in a recursion the reader gives the same object for the same frame. As for a leak, the path from the eval loop
* is left out, unless there is nothing else.
*/
function errorRoles(shown, normal) {
	const starts = normal.flatMap(({ frame }, index) => frame.address === normal[index - 1]?.frame.address ? [] : [index]);
	const near = new Set(normal.slice(0, starts[ERROR_FRAMES] ?? normal.length));
	const first = firstOfEach(shown.filter((frame) => near.has(frame)));
	const boundary = first.findIndex(({ name }) => isBoundary(name));
	const called = boundary === -1 ? first : first.slice(0, boundary);
	const end = called.findLastIndex(({ name }) => !isTrampoline(name));
	const own = end === -1 ? first : called.slice(0, end + 1);
	const roles = new Map(shown.map((frame) => [frame, near.has(frame) ? "repeated" : "beyond"]));
	for (const frame of first) roles.set(frame, called.includes(frame) ? "call" : "caller");
	for (const frame of own) roles.set(frame, "key");
	return roles;
}
function firstOfEach(frames) {
	const seen = /* @__PURE__ */ new Set();
	return frames.filter(({ key }) => !seen.has(key) && seen.add(key));
}
/**
* The part of a stack that a baseline stores, so that later signature versions can be computed: for a leak up to the eval loop, for other errors
* the key frames.
*/
function normalizedStackOf(kind, annotated) {
	const shown = annotated.filter(({ role }) => role !== "inlined" && role !== "library");
	const kept = hasAllocation(kind) ? upToBoundary(shown, kind === "Growth" ? 1 : 0) : shown.filter(({ role }) => role !== "beyond");
	const groups = [];
	kept.forEach(({ key, frame }, index) => {
		if (index > 0 && frame.address === kept[index - 1]?.frame.address) groups.at(-1)?.push(key);
		else groups.push([key]);
	});
	return groups;
}
function hasAllocation(kind) {
	return isLeak(kind) || kind === "Growth";
}
/** @param start index of the allocation's first frame. */
function upToBoundary(shown, start) {
	const boundary = shown.slice(start).findIndex(({ name }) => isBoundary(name));
	return shown.slice(0, boundary < 1 ? shown.length : start + boundary + 1);
}
/** The roles of frames in a stored stack. */
function rolesOfStack(kind, stack) {
	const frames = stack.flatMap((group, index) => group.map((key) => frameOf$1(key, `${index}`)));
	const ambiguous = new Set(frames.flatMap((frame) => frame.file === void 0 ? [] : [frame.function]));
	return assignRoles({
		kind,
		frames
	}, ambiguous);
}
function frameOf$1(key, address) {
	const [, name = key, file] = /^((?:::)?[^@(:]+)@([^@]+)$/.exec(key) ?? [];
	return {
		address,
		function: name,
		...file === void 0 ? {} : { file }
	};
}

// src/findings/suppression.ts
/** Valgrind's parser takes at most this many callers (VG_MAX_SUPP_CALLERS). */
const MAX_FRAMES$4 = 500;
/**
* A suppression to paste, in the format of valgrind's manual (2.5), from the innermost frame up to the Python code that called it. Null if the
* kind can't be suppressed, or the error has no stack, such as an inherited file descriptor.
*/
function suppressionOf(error, name) {
	const head = suppressionKind(error);
	if (head === void 0 || error.frames.length === 0) return null;
	const boundary = error.frames.findIndex((frame) => isBoundary(normalizeName(frame)));
	const frames = boundary < 1 ? error.frames : error.frames.slice(0, boundary);
	const exact = linesOfValgrind(error);
	return `{\n${[
		name,
		...head,
		...frames.slice(0, MAX_FRAMES$4).map((frame, index) => exact?.[index] ?? frameLine$2(frame, frames[index + 1])).map(withoutSuffix)
	].map((line) => `   ${line}\n`).join("")}}\n`;
}
/** Valgrind's names of kinds in suppressions, if the kind alone determines it. */
const HEADS$1 = /* @__PURE__ */ new Map([
	["UninitCondition", ["Memcheck:Cond"]],
	["InvalidFree", ["Memcheck:Free"]],
	["MismatchedFree", ["Memcheck:Free"]],
	["InvalidJump", ["Memcheck:Jump"]],
	["Overlap", ["Memcheck:Overlap"]],
	["ReallocSizeZero", ["Memcheck:ReallocZero"]],
	["ClientCheck", ["Memcheck:User"]],
	["InvalidMemPool", ["Memcheck:Mempool"]],
	["CoreMemError", ["Memcheck:CoreMem"]],
	["InvalidAlignment", ["Memcheck:BadAlign"]],
	["InvalidSizeAndAlignment", ["Memcheck:BadAlign"]],
	["MismatchedAllocateDeallocateSize", ["Memcheck:SizeMismatch"]],
	["MismatchedAllocateDeallocateAlignment", ["Memcheck:AlignMismatch"]],
	["FdBadClose", ["CoreError:FdBadClose"]],
	["FdNotClosed", ["CoreError:FdNotClosed"]],
	["FdBadUse", ["CoreError:FdBadUse"]]
]);
/** The first lines of a suppression after its name: the kind, and the additional line that some kinds need. Undefined if unknown. */
function suppressionKind({ kind, what }) {
	if (isLeak(kind)) return ["Memcheck:Leak", "match-leak-kinds: definite,possible"];
	switch (kind) {
		case "InvalidRead":
		case "InvalidWrite": return sizedKind("Addr", what);
		case "UninitValue": return sizedKind("Value", what);
		case "InvalidSize": return [what.startsWith("Unsafe allocation") ? "Memcheck:UnsafeZeroSize" : "Memcheck:BadSize"];
		case "SyscallParam": return withLine("Memcheck:Param", parameterOf(what));
		case "FishyValue": return withLine("Memcheck:FishyValue", fishyArgumentOf(what));
		default: return HEADS$1.get(kind);
	}
}
function sizedKind(name, what) {
	const size = /of size (\d+)/.exec(what)?.[1];
	return size === void 0 ? void 0 : [`Memcheck:${name}${size}`];
}
function withLine(kind, line) {
	return line === void 0 ? void 0 : [kind, line];
}
/** `semctl(IPC_SET, arg.buf)` */
function parameterOf(what) {
	return /^Syscall param (\w.*?) (?:points to|contains) /.exec(what)?.[1];
}
/** `malloc(size)` */
function fishyArgumentOf(what) {
	const [, argument, allocator] = /^Argument '(\w+)' of function (\w.*) has a fishy /.exec(what) ?? [];
	return allocator === void 0 ? void 0 : `${allocator}(${argument})`;
}
/** The compiler numbers its copies of a function (`f.constprop.0`) in each build, and Rust's linker names contain a hash of the crate's version. */
function withoutSuffix(line) {
	return line.replace(/^(fun:_ZN.*17h)[0-9a-f]{16}E.*$/, "$1*").replace(/^fun:_R.*$/, (name) => name.replace(/Cs[0-9A-Za-z]+_/g, "Cs*_")).replace(/^(fun:[\w$]+(?:\.\.[\w$]+)*)\.(?!\.).*$/, "$1*");
}
/** From a suppression that valgrind generated: a line for each frame, with the names that it will compare. */
function linesOfValgrind({ suppression, frames }) {
	const exact = (suppression?.split("\n").map((line) => line.trim()) ?? []).filter((line) => /^(fun|obj):/.test(line));
	return exact.length === frames.length ? exact : void 0;
}
/** C++ and Rust names are shown in readable form, but suppressions match linker names, and inlined functions by their name in debug information. */
function frameLine$2({ function: name, linkerName, object, address }, next) {
	if (name !== void 0 && /^[\w.@$]+$/.test(name)) return `fun:${name}`;
	const isInlined = address === next?.address;
	const pattern = name === void 0 ? void 0 : isInlined ? inlinedPattern(name) : linkerName ?? linkerPattern(name);
	return pattern === void 0 ? `obj:${object ?? "*"}` : `fun:${pattern}`;
}

// src/findings/make-finding.ts
/** Raise it when an error's signature changes; signatures of an older baseline are computed again from its stored stacks. */
const SIGNATURE_VERSION = 4;
/** The signature ignores addresses, lines, sizes and threads. */
function signatureOf(kind, segment) {
	return createHash("sha256").update(JSON.stringify([
		4,
		classOf(kind),
		segment
	])).digest("hex").slice(0, 16);
}
/** Definite, possible and indirect describe what still points at a lost block, which changes with the order of tests. */
function classOf(kind) {
	return isLeak(kind) ? "Leak" : kind;
}
function findingOf({ engine, error: found, testFile, testId, objects, isInChild = false }, project) {
	const { generatedFrom } = project;
	const error = generatedFrom === void 0 ? found : {
		...found,
		frames: found.frames.map(generatedFrom)
	};
	const annotated = assignRoles(error, project.ambiguous);
	const segment = segmentOf(annotated);
	const signature = signatureOf(error.kind, segment);
	const showFurther = (frames) => normalizeFrames(frames).map(({ frame }) => showFrame(frame, null, project));
	return {
		engine,
		signature,
		segment,
		normalizedStack: normalizedStackOf(error.kind, annotated),
		kind: error.kind,
		what: error.what,
		test: {
			file: testFile,
			id: testId
		},
		isInChild,
		site: siteOf(error.frames, project),
		owner: ownerOf(framesWithPart(error), project),
		stack: annotated.map(({ frame, role }) => showFrame(frame, role, project)),
		further: error.auxiliary.map(({ what, frames }) => ({
			what,
			frames: showFurther(frames)
		})),
		...error.part && { part: error.part },
		...error.failure && { failure: error.failure },
		blocks: error.leaked?.blocks ?? 0,
		bytes: error.leaked?.bytes ?? 0,
		references: error.references ?? 0,
		objects: objects.slice(0, MAX_OBJECTS),
		suppression: suppressionOf(error, `cpython-memcheck ${signature}`)
	};
}
/** The owner of an error, decided by the involved functions if these are known. */
function framesWithPart({ part, frames, auxiliary }) {
	if (part === void 0) return frames;
	return [frames, ...auxiliary.map((one) => one.frames)].flat().filter((frame) => part.includes(frame.function ?? "???"));
}
/** What there may be more of than before: blocks of a leak, open descriptors, references that each run takes; 0 for another error. */
function amountOf({ kind, blocks, references }) {
	return kind === "Growth" ? 0 : Math.max(blocks, references);
}
/** Merges findings: one for each signature and test file. */
var FindingCollection = class {
	#findings = /* @__PURE__ */ new Map();
	#frames = 0;
	/** Whether the limit was exceeded. */
	get isFull() {
		return this.#frames > MAX_FRAMES$3;
	}
	add(finding) {
		const key = `${finding.signature} ${finding.test.file}`;
		const before = this.#findings.get(key);
		if (before === void 0) this.#frames += finding.further.reduce((sum, { frames }) => sum + frames.length, finding.stack.length + 1);
		if (before === void 0 && this.isFull) return;
		this.#findings.set(key, before === void 0 ? finding : addUp(before, finding));
	}
	/** In an order that does not depend on when the tests ran. */
	all() {
		return [...this.#findings.values()].sort(byTestAndSignature);
	}
};
/** Shows a stack that has code of the project, if any does. */
function addUp(before, added) {
	const [one, other] = OWNERS.indexOf(added.owner) < OWNERS.indexOf(before.owner) ? [added, before] : [before, added];
	const objects = [...one.objects, ...other.objects].slice(0, MAX_OBJECTS);
	const isInChild = one.isInChild && other.isInChild;
	const part = one.part && other.part && { part: [.../* @__PURE__ */ new Set([...one.part, ...other.part])] };
	const sum = (amount) => one[amount] + other[amount];
	return {
		...one,
		...part,
		isInChild,
		blocks: sum("blocks"),
		bytes: sum("bytes"),
		references: sum("references"),
		objects
	};
}
const OWNERS = [
	"project",
	"extension",
	"unknown",
	"interpreter"
];
/** Limit for all stacks of one test file, about 200 MB. A thousand leaks have fifty thousand frames. */
const MAX_FRAMES$3 = 1e6;
/** Enough to see what kind of object is lost. */
const MAX_OBJECTS = 5;
function byTestAndSignature(a, b) {
	return compareText(a.test.file, b.test.file) || compareText(a.signature, b.signature);
}
/** Compares by code unit, independent of the locale. */
function compareText(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
function showFrame(frame, role, project) {
	return {
		function: frame.function ?? "???",
		file: projectFile(frame, project) ?? frame.file ?? null,
		line: frame.line ?? null,
		object: frame.object ?? null,
		role
	};
}

// src/findings/baseline.ts
/** Raise it with every change of the stored format. */
const BASELINE_VERSION = 8;
const IdentitySchema = strictObject({
	/** `3.13.15` for a release; `3.16` for a checkout, where the source itself is under test. */
	python: string(),
	/** {@link CHECK_VERSION} of the check that recorded it. */
	check: number(),
	valgrind: string(),
	compiler: string(),
	libc: string(),
	architecture: string(),
	configureArgs: array(string()),
	valgrindArgs: array(string()),
	leakCheck: string(),
	/** Whether the scan also checked interpreters that tests start. */
	children: boolean()
});
/** How far a run got: {@link Reach}. */
const ReachSchema = strictObject({
	status: picklist([
		"passed",
		"failed",
		"skipped",
		"timeout",
		"crashed"
	]),
	ran: nullable(pipe(number(), integer(), minValue(0))),
	cause: nullable(string())
});
const TestSchema$2 = strictObject({
	name: string(),
	engine: EngineNameSchema,
	/** The tested slice of allocation sites; absent if all were tested. Each slice of a test file has its own record. */
	slice: optional(SliceSchema),
	seconds: number(),
	/** Set if the scan repeated the tests to find growing references and objects ({@link needsRepeats}). */
	repeated: optional(literal(true)),
	/** Reach of the run that got furthest, whose findings are kept. */
	...ReachSchema.entries,
	/** How the latest recorded run ended if it got less far, else null. */
	latest: nullable(ReachSchema)
});
const EntrySchema = strictObject({
	engine: EngineNameSchema,
	test: string(),
	slice: optional(SliceSchema),
	signature: pipe(string(), regex(/^[0-9a-f]{16}$/)),
	kind: string(),
	/** Stored beside its hash, so that later signature versions can be computed from it. */
	stack: array(array(string())),
	/** The finding's amount: of a reference leak its references. */
	blocks: pipe(number(), integer(), minValue(0))
});
const NamedBuildSchema = strictObject({
	/** The key that it is saved under. */
	key: string(),
	/** SHA-256 of the packed build. */
	sha256: pipe(string(), regex(/^[0-9a-f]{64}$/))
});
const SuppressedSchema$1 = strictObject({
	engine: EngineNameSchema,
	/** Name of the suppression. */
	name: string(),
	tests: pipe(number(), integer(), minValue(0))
});
const BaselineSchema = strictObject({
	baselineVersion: literal(8),
	signatureVersion: number(),
	recordedAt: string(),
	/** The commit of the source, if it is a git checkout. */
	sha: nullable(pipe(string(), regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
	/** A hash of everything that was checked; null if unknown (an extension's files beside a release). */
	content: nullable(string()),
	identity: IdentitySchema,
	tests: array(TestSchema$2),
	findings: array(EntrySchema),
	/** Hashes of the suppressions, acceptances and skips in effect when it was recorded. */
	relaxations: array(string()),
	/** Number of test files in which each suppression hid errors. */
	suppressed: array(SuppressedSchema$1),
	/** The functions of the build, to tell a renamed function from a different one; empty if there are no findings. */
	functions: array(string()),
	/** Cached builds that pull requests may start from, newest first. */
	builds: array(NamedBuildSchema),
	/** The functions and files used by each scanned test file, to select those that a change can reach; null if not recorded for all of them. */
	footprints: nullable(FootprintsSchema),
	/** Totals after each of the last recordings, including this one. */
	timeline: TimelineSchema
});
/** Why findings of the two sides can't be compared; undefined if they can. */
function incompatibility(baseline, identity) {
	if (baseline.signatureVersion > 4) return {
		code: "newer-signatures",
		recorded: baseline.signatureVersion,
		known: 4
	};
	const name = Object.keys(identity).find((key) => JSON.stringify(baseline.identity[key]) !== JSON.stringify(identity[key]));
	if (name === void 0) return void 0;
	return {
		code: "other-identity",
		field: name,
		recorded: show(baseline.identity[name]),
		current: show(identity[name])
	};
}
function show(value) {
	return typeof value === "object" ? value.join(" ") || "(none)" : `${value}`;
}
/** The parts of a baseline entry that its signature is made of. */
function segmentOfEntry({ kind, stack }) {
	return segmentOf(rolesOfStack(kind, stack));
}
/** The baseline with signatures of the current version: those of an older version are computed again. */
function upgradeSignatures(baseline) {
	if (baseline.signatureVersion === 4) return baseline;
	const entries = baseline.findings.map((entry) => ({
		...entry,
		signature: signatureOf(entry.kind, segmentOfEntry(entry))
	}));
	return {
		...baseline,
		signatureVersion: 4,
		findings: sortEntries(mergeEntries(entries, (a, b) => a + b))
	};
}
function mergeEntries(entries, blocks) {
	const merged = /* @__PURE__ */ new Map();
	for (const entry of entries) {
		const key = `${keyOfEntry(entry)} ${entry.signature}`;
		const other = merged.get(key);
		merged.set(key, other === void 0 ? entry : {
			...other,
			blocks: blocks(other.blocks, entry.blocks)
		});
	}
	return [...merged.values()];
}
function sortEntries(entries) {
	return entries.toSorted((a, b) => compareText(a.test, b.test) || compareText(a.engine, b.engine) || compareText(a.slice ?? "", b.slice ?? "") || compareText(a.signature, b.signature));
}
/** Each engine has a separate record of a test file, and torture one for each slice. */
function keyOfTest({ engine, name, slice = "" }) {
	return `${engine} ${name} ${slice}`;
}
function keyOfEntry({ engine, test, slice }) {
	return keyOfTest({
		engine,
		name: test,
		...slice && { slice }
	});
}
function sortTests(tests) {
	return tests.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.engine, b.engine) || compareText(a.slice ?? "", b.slice ?? ""));
}

// src/model/watch-fault.ts
const count$6 = number();
/** Why the probe could not watch a test file from start to end. The sentences are in report/incomplete-messages.ts. */
const WatchFaultSchema = variant("code", [
	object({ code: literal("tests-in-other-processes") }),
	object({ code: literal("leak-report-too-long") }),
	object({
		code: literal("too-many-stacks"),
		stacks: count$6
	}),
	object({ code: literal("children-not-followed") }),
	object({ code: literal("child-report-too-long") }),
	object({
		code: literal("too-many-stacks-of-children"),
		stacks: count$6
	}),
	object({ code: literal("too-many-survivors") }),
	object({
		code: literal("too-much-growth"),
		of: picklist(["kinds", "references"]),
		found: count$6,
		limit: count$6
	}),
	object({
		code: literal("growth-proof-missing"),
		of: picklist(["object", "reference"])
	}),
	object({
		code: literal("failure-proof-missing"),
		failed: count$6,
		planted: count$6
	}),
	object({
		code: literal("threads-left"),
		threads: count$6
	}),
	object({
		code: literal("ends-in-fork"),
		ending: string()
	}),
	object({
		code: literal("failures-not-tried"),
		left: count$6,
		planned: count$6,
		seconds: count$6
	})
]);

// src/model/incomplete.ts
const text$4 = string();
const count$5 = number();
/** Planted errors that must be in every report: {@link Proof}. */
const ProofSchema = picklist(["leak", "read"]);
/** What is wrong with an engine's report of one process. `detail` is the parser's diagnostic: what it read and where it stopped. */
const ReportFaultSchema = variant("code", [
	object({
		code: literal("report-damaged"),
		detail: text$4
	}),
	object({
		code: literal("report-too-large"),
		limit: count$5,
		unit: picklist(["bytes", "frames"])
	}),
	object({
		code: literal("suppression-too-wide"),
		name: text$4,
		file: text$4,
		line: count$5
	}),
	object({
		code: literal("watch-failed"),
		why: WatchFaultSchema
	})
]);
/** Why the results of a test file's run can't be used. */
const IncompleteSchema = variant("code", [
	object({
		code: literal("timeout"),
		seconds: count$5
	}),
	object({
		code: literal("crashed"),
		signal: nullable(text$4),
		exit: nullable(count$5)
	}),
	object({
		code: literal("excess"),
		of: picklist([
			"output",
			"disk",
			"processes"
		])
	}),
	object({ code: literal("worker-lost") }),
	object({
		code: literal("not-started"),
		detail: text$4
	}),
	object({
		code: literal("stopped"),
		hadStarted: boolean()
	}),
	object({ code: literal("not-begun") }),
	object({ code: literal("report-missing") }),
	object({ code: literal("report-partial") }),
	...ReportFaultSchema.options,
	object({
		code: literal("child-report-damaged"),
		report: text$4,
		fault: nullable(ReportFaultSchema)
	}),
	object({
		code: literal("proof-missing"),
		proof: ProofSchema
	}),
	object({ code: literal("no-test-ran") }),
	object({ code: literal("no-test-watched") })
]);
/** A short code that a baseline stores: two runs with the same code were cut short in the same way. */
function causeOf(incomplete) {
	if (incomplete === null) return null;
	switch (incomplete.code) {
		case "crashed": return incomplete.signal === null ? `exit:${incomplete.exit}` : `signal:${incomplete.signal}`;
		case "report-missing":
		case "report-partial":
		case "report-damaged":
		case "report-too-large":
		case "suppression-too-wide":
		case "child-report-damaged":
		case "proof-missing": return "report";
		case "watch-failed": return `watch:${incomplete.why.code}`;
		case "no-test-watched": return "no-test-ran";
		default: return incomplete.code;
	}
}

// src/findings/reach.ts
function reachOf({ status, ran, incomplete }) {
	return {
		status,
		ran,
		cause: causeOf(incomplete)
	};
}
const RANKS = {
	passed: 3,
	failed: 2,
	skipped: 1,
	timeout: 0,
	crashed: 0,
	stopped: 0
};
function rankOf({ status, cause }) {
	return cause === null ? RANKS[status] : 0;
}
/** Whether the findings of such a run are meaningful: a skipped or incomplete file may have any others. */
function hasFindings(reach) {
	return rankOf(reach) >= RANKS.failed;
}
/** Whether both runs were skipped, and watched from start to end. */
function isAsSkipped(now, before) {
	return now.status === "skipped" && before.status === "skipped" && before.cause === null;
}
/** If fewer than this share of its tests ran, a passing file was not checked as before. */
const MIN_PART = .5;
/** Whether a run got less far than another one of the same file, so that findings that it does not show may still exist. */
function reachedLess(now, before) {
	const [rank, rankBefore] = [rankOf(now), rankOf(before)];
	if (rank !== rankBefore) return rank < rankBefore;
	if (!hasFindings(now) || now.ran === null || before.ran === null) return false;
	return now.ran < before.ran * (now.status === "failed" ? 1 : MIN_PART);
}
/** Whether two runs were cut short in the same way. */
function endedAlike(now, before) {
	return now.status === before.status && now.cause === before.cause && !reachedLess(now, before);
}

// src/findings/timeline-point.ts
/** In characters. The name of a C++ template can fill pages. */
const MAX_NAME$1 = 80;
/** A baseline's point on the timeline. */
function pointOf({ recordedAt, sha, tests, findings }) {
	const leaks = leaksOf(findings);
	return {
		recordedAt,
		sha,
		kinds: kindsOf(findings),
		stages: stagesOf(tests),
		leaks: leaks.slice(0, 50),
		moreLeaks: Math.max(0, leaks.length - 50)
	};
}
/** Appends a point to a timeline. A point with the same time as the last one replaces it. */
function extendTimeline(earlier, point) {
	return [...earlier.at(-1)?.recordedAt === point.recordedAt ? earlier.slice(0, -1) : earlier, point].slice(-50);
}
/** Merges the timelines of two baselines with a common origin: sorted by time, without duplicates. */
function mergeTimelines(ours, theirs) {
	return [...new Map([...theirs, ...ours].map((point) => [JSON.stringify(point), point])).values()].toSorted((a, b) => compareText(a.recordedAt, b.recordedAt)).slice(-50);
}
function kindsOf(findings) {
	return [...Map.groupBy(findings, ({ kind }) => kind)].map(([kind, entries]) => ({
		kind,
		errors: new Set(entries.map(({ signature }) => signature)).size
	})).toSorted((a, b) => b.errors - a.errors || compareText(a.kind, b.kind)).slice(0, 50);
}
function stagesOf(tests) {
	return [...Map.groupBy(tests, ({ engine }) => engine)].map(([engine, own]) => ({
		engine,
		tests: new Set(own.map(({ name }) => name)).size,
		seconds: Math.round(own.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10
	})).toSorted((a, b) => compareText(a.engine, b.engine));
}
/** Blocks are summed over test files, but not over engines, which count the same blocks. */
function leaksOf(findings) {
	return [...Map.groupBy(findings.filter(({ blocks }) => blocks > 0), ({ signature }) => signature)].map(([signature, entries]) => ({
		signature,
		function: nameOf$2(entries),
		blocks: mostBlocks(entries)
	})).toSorted((a, b) => b.blocks - a.blocks || compareText(a.signature, b.signature));
}
function nameOf$2([entry]) {
	return (entry === void 0 ? "" : segmentOfEntry(entry)[0] ?? "").slice(0, MAX_NAME$1).replace(/[\ud800-\udbff]$/, "");
}
function mostBlocks(entries) {
	const sums = [...Map.groupBy(entries, ({ engine }) => engine).values()].map((own) => own.reduce((sum, { blocks }) => sum + blocks, 0));
	return Math.max(...sums);
}

// src/findings/record-baseline.ts
/** A cache drops the oldest, so more names are useless. */
const MAX_BUILDS = 5;
/**
* The baseline after a recording. A run that got as far as the recorded one replaces it with its findings; of a run that got less far, only how
* it ended is kept. Other tests stay. If the same content was recorded before, findings of all its runs stay known: otherwise an intermittent
* error would be new again and again.
*/
function recordInto(before, recording) {
	const { identity, sha, content, recordedAt, replaces = false, gone = [], repeated = /* @__PURE__ */ new Set() } = recording;
	const isSame = before !== void 0 && content !== null && before.content === content;
	const old = before?.tests.filter(({ name }) => !gone.includes(name)) ?? [];
	const updates = recording.tests.map((test) => updateTest(old.find(sameTest(test)), test, replaces));
	const replaced = new Set(updates.filter(({ latest }) => latest === null).map(keyOfTest));
	const tests = [...old.filter((test) => !updates.some(sameTest(test))).map((test) => repeated.has(keyOfTest(test)) ? {
		...test,
		repeated: true
	} : test), ...updates];
	const isThere = new Set(tests.map(keyOfTest));
	const kept = before?.findings.filter((entry) => isThere.has(keyOfEntry(entry)) && (isSame || !replaced.has(keyOfEntry(entry)))) ?? [];
	const fresh = recording.findings.map(entryOf).filter((entry) => replaced.has(keyOfEntry(entry)) || repeated.has(keyOfEntry(entry)) && needsRepeats(entry.kind));
	const findings = sortEntries(mergeEntries([...kept, ...fresh], Math.max));
	const next = {
		baselineVersion: 8,
		signatureVersion: 4,
		recordedAt,
		sha,
		content,
		identity,
		tests: sortTests(tests),
		findings,
		relaxations: [...new Set(recording.relaxations)].sort(compareText),
		suppressed: [...recording.suppressed],
		functions: findings.length === 0 ? [] : [...new Set(recording.functions)].sort(compareText),
		builds: mergeBuilds(recording.builds ?? [], before?.builds ?? []),
		footprints: nextFootprints(recording, before, updates)
	};
	return {
		...next,
		timeline: extendTimeline(before?.timeline ?? recording.earlier ?? [], pointOf(next))
	};
}
/** Suppression counts of an older build say nothing about later runs. */
function nextFootprints({ footprints = null }, before, updates) {
	if (footprints === null) return updates.some((test) => before?.tests.some(sameTest(test))) ? null : before?.footprints ?? null;
	return withoutTests(footprints, new Set(updates.flatMap(({ name, engine, latest }) => engine === "scan" && latest !== null ? [name] : [])));
}
function updateTest(before, now, replaces) {
	if (before === void 0 || replaces || !reachedLess(now, before)) return {
		...now,
		latest: null
	};
	const { status, ran, cause } = now;
	return {
		...before,
		latest: {
			status,
			ran,
			cause
		}
	};
}
function sameTest(test) {
	return (other) => keyOfTest(other) === keyOfTest(test);
}
/** A recording that neither saved nor restored a build, since it was in the folder, keeps the named ones. */
function mergeBuilds(now, before) {
	const newest = new Map([...before, ...now.toReversed()].map((build) => [build.key, build]));
	return [...now, ...before].filter((build) => newest.get(build.key) === build).slice(0, MAX_BUILDS);
}
function entryOf(finding) {
	const { engine, slice, signature, kind, normalizedStack } = finding;
	const stack = normalizedStack.map((group) => [...group]);
	return {
		engine,
		test: finding.test.file,
		...slice && { slice },
		signature,
		kind,
		stack,
		blocks: amountOf(finding)
	};
}

// src/findings/suppressed.ts
/**
* The number of test files in which each suppression hid errors: memcheck's own counts include those that a forked process inherits from its
* parent.
*/
function countSuppressed(runs) {
	const pairs = runs.flatMap(({ engine, suppressed }) => suppressed.map((name) => ({
		engine,
		name
	})));
	return [...Map.groupBy(pairs, ({ engine, name }) => `${engine} ${name}`).values()].flatMap((group) => group.slice(0, 1).map((one) => ({
		...one,
		tests: group.length
	}))).sort((a, b) => compareText(a.engine, b.engine) || compareText(a.name, b.name));
}
/** The larger count of each suppression: if only some test files are recorded, the others' counts stay. */
function mergeSuppressed(one, other) {
	return [...Map.groupBy([...one, ...other], ({ engine, name }) => `${engine} ${name}`).values()].flatMap((group) => group.slice(0, 1).map((first) => ({
		...first,
		tests: Math.max(...group.map(({ tests }) => tests))
	}))).sort((a, b) => compareText(a.engine, b.engine) || compareText(a.name, b.name));
}

// src/findings/recording.ts
const NOTHING_RECORDED = {
	isRecorded: false,
	notes: [],
	problems: []
};
/** Adds the runs to the baseline, as far as the scope allows. */
async function recordRuns(recordable, baselines) {
	const { scope, past, identity, runs, sha, content, gone, relaxations, builds = [], footprints = null, earlier = [] } = recordable;
	const before = past.kind === "comparable" ? past.baseline : void 0;
	const recordOf = (run) => before?.tests.find((test) => keyOfTest(test) === keyOfTest(run) && hasFindings(test));
	const chosen = scope === "nothing" ? [] : runs.filter((run) => scope !== "what-is-missing" || recordOf(run) === void 0);
	const repeated = scope === "what-is-missing" ? runs.filter((run) => isFirstRepeated(run, recordOf(run))) : [];
	const tests = chosen.flatMap(testOf);
	if (tests.length + repeated.length === 0) return NOTHING_RECORDED;
	const findings = [...chosen.filter((run) => run.incomplete === null).flatMap(findingsOf$2), ...repeated.flatMap(findingsOf$2).filter(({ kind }) => needsRepeats(kind))];
	const functions = [...await recordable.functionsOf(findings)];
	const recordedAt = (/* @__PURE__ */ new Date()).toISOString();
	const replaces = scope === "replace";
	const counts = countSuppressed(runs);
	const suppressed = scope === "what-is-missing" ? mergeSuppressed(before?.suppressed ?? [], counts) : counts;
	const next = recordInto(before, {
		identity,
		sha,
		content,
		recordedAt,
		tests,
		findings,
		functions,
		relaxations,
		suppressed,
		builds,
		footprints,
		earlier,
		replaces,
		repeated: new Set(repeated.map(keyOfTest)),
		gone
	});
	const outcome = await baselines.record(next);
	if (outcome.kind === "failed") return {
		isRecorded: false,
		...failureOf(outcome.why, before, findings)
	};
	const names = [...new Set([...tests, ...repeated].map(({ name }) => name))];
	return {
		isRecorded: true,
		notes: [{
			code: "baseline-recorded",
			where: outcome.where,
			tests: names,
			findings: findings.length
		}],
		problems: [],
		timeline: next.timeline
	};
}
/** Whether this run repeated the tests to find growth, and the recorded run did not. */
function isFirstRepeated(run, recorded) {
	return run.repeated === true && hasFindings(reachOf(run)) && recorded !== void 0 && recorded.repeated === void 0;
}
/** With a baseline to compare with, this check did its job, unless it found errors that are now neither known nor compared. */
function failureOf(why, before, findings) {
	const isCompared = ({ engine, kind, test }) => before?.tests.some((one) => one.engine === engine && one.name === test.file && hasFindings(one) && (one.repeated === true || !needsRepeats(kind))) ?? false;
	return before === void 0 || !findings.every(isCompared) ? {
		notes: [],
		problems: [{
			code: "baseline-not-recorded",
			why
		}]
	} : {
		notes: [{
			code: "previous-baseline-stays",
			why
		}],
		problems: []
	};
}
function findingsOf$2({ findings, slice }) {
	return findings.map((finding) => ({
		...finding,
		...slice && { slice }
	}));
}
/** A check that is stopped records nothing. */
function testOf(run) {
	const { name, engine, slice, seconds, repeated } = run;
	const { status, ran, cause } = reachOf(run);
	return status === "stopped" ? [] : [{
		name,
		engine,
		...slice && { slice },
		seconds: Math.round(seconds * 10) / 10,
		...repeated && { repeated },
		status,
		ran,
		cause
	}];
}

// src/findings/relaxation.ts
/** The entries of a suppression file (valgrind's manual, 2.5). Names and comments of entries are ignored. Pure. */
function suppressionsIn(text, file) {
	const found = [];
	let start;
	let body = [];
	for (const [index, raw] of text.split("\n").entries()) {
		const line = raw.trim();
		if (line === "{") [start, body] = [index + 1, []];
		else if (line === "}" && start !== void 0) {
			const [title = "", ...rest] = body;
			found.push({
				kind: "suppression",
				title,
				file,
				line: start,
				hash: hashOf$2(rest)
			});
			start = void 0;
		} else if (line !== "" && !line.startsWith("#")) body.push(line);
	}
	return found;
}
/**
* The entries of one kind in `.memcheck.toml`, with their lines.
* @param entries in the order of the file.
*/
function entriesIn(text, file, kind, entries) {
	const header = new RegExp(`^[ \\t]*\\[\\[[ \\t]*${kind}[ \\t]*\\]\\]`);
	const lines = text.split("\n").flatMap((line, index) => header.test(line) ? [index + 1] : []);
	return entries.map(({ title, says }, index) => ({
		kind,
		title,
		file,
		line: lines[index] ?? 1,
		hash: hashOf$2([kind, says])
	}));
}
/** Relaxations that did not exist when the baseline was recorded. */
function addedRelaxations(now, recorded) {
	const known = new Set(recorded);
	return now.filter(({ hash }) => !known.has(hash));
}
function hashOf$2(says) {
	return createHash("sha256").update(JSON.stringify(says)).digest("hex").slice(0, 16);
}

// src/findings/skip.ts
/**
* Removes skipped test files from an engine's list.
* @param today `2027-03-01`; days in this form sort as text.
*/
function leaveOut(jobs, skips, engine, today) {
	const valid = skips.filter((skip) => !isExpired(skip, today) && (skip.engine ?? engine) === engine);
	const skipOf = ({ name }) => valid.find(({ test }) => name === test || name.startsWith(`${test}.`));
	return {
		jobs: jobs.filter((job) => skipOf(job) === void 0),
		skipped: jobs.flatMap((job) => {
			const skip = skipOf(job);
			return skip === void 0 ? [] : [{
				name: job.name,
				skip
			}];
		})
	};
}
function isExpired({ expires }, today) {
	return expires !== void 0 && expires < today;
}

// src/findings/place.ts
/** Maximum distance in lines: a changed line this close to a line of the stack counts as the same function. */
const MAX_LINE_DISTANCE = 40;
/**
* The changed line nearest to the finding's site: on a line of its stack, or some lines away from one, since the cause of a leak is often a
* missing line in a function on the stack. Undefined if no function on the stack changed: the site itself is used then.
*/
function placeOf$1({ stack, site }, { lines }) {
	const frames = stack.flatMap(({ function: name, file, line }) => file === null || line === null ? [] : [{
		name,
		file,
		line
	}]);
	const index = Math.max(0, frames.findIndex(({ file, line }) => file === site.file && line === site.line));
	const [best] = frames.flatMap(({ file, line }, position) => (lines.get(file) ?? []).map((range) => {
		const nearest = Math.min(Math.max(line, range[0]), range[1]);
		return {
			file,
			line: nearest,
			lines: Math.abs(nearest - line),
			frames: Math.abs(position - index)
		};
	})).filter((one) => one.lines <= MAX_LINE_DISTANCE).sort((a, b) => Math.sign(a.lines) - Math.sign(b.lines) || a.frames - b.frames || a.lines - b.lines);
	return best && {
		file: best.file,
		line: best.line
	};
}

// src/report/burst.ts
/**
* One leaked object can cause hundreds of other loss records. If one test has more leaks than the limit, they become one finding in the place of
* the worst one, with all of them as its roots.
* @param findings worst first.
*/
function gatherBursts(findings, limit) {
	const groups = Map.groupBy(findings, burstOf);
	return findings.flatMap((finding) => {
		const group = groups.get(burstOf(finding)) ?? [];
		if (group.length <= limit || !isLeak(finding.kind)) return [finding];
		return finding === group[0] ? [gather(finding, group)] : [];
	});
}
/** Findings that are reported together must have the same outcome and come from one place. */
function burstOf({ status, confirmed, engine, kind, test }) {
	return JSON.stringify([
		status,
		confirmed,
		engine,
		classOf(kind),
		test.file,
		test.id
	]);
}
function gather(worst, group) {
	const sum = (amount) => group.reduce((total, finding) => total + amount(finding), 0);
	return {
		...worst,
		blocks: sum(({ blocks }) => blocks),
		bytes: sum(({ bytes }) => bytes),
		blocksBefore: worst.blocksBefore === null ? null : sum(({ blocksBefore }) => blocksBefore ?? 0),
		occurrences: worst.occurrences.map((one) => ({
			...one,
			blocks: sum(({ blocks }) => blocks),
			bytes: sum(({ bytes }) => bytes)
		})),
		roots: group.map(({ signature, kind, site, blocks, bytes }) => ({
			signature,
			kind,
			site,
			blocks,
			bytes
		}))
	};
}

// src/model/limits.ts
/** Bytes that it may write to its reports and its log: a whole suite takes a gigabyte of memcheck's XML. */
const MAX_WRITTEN = 2 * 1024 ** 3;
/** Bytes of disk space that must remain free. With less, no report can be written, and no baseline saved. */
const MIN_FREE = 128 * 1024 ** 2;
/** Maximum bytes of a stored baseline, plan or shard result, and of an unpacked baseline, which usually has a few megabytes. */
const MAX_STORED = 64 * 1024 ** 2;

// src/report/format.ts
/** Cuts text without splitting a character that takes two code units. */
function shorten(text, maxLength, end = "…") {
	return text.length <= maxLength ? text : `${text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "")}${end}`;
}
/** A C++ template name can fill pages. report.json has the full name. */
function shortName(name) {
	return shorten(name, 160);
}
function count$4(number, noun, plural = `${noun}s`) {
	return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}
/** `test_a, test_b`, or their number. */
function manyInWords(tests) {
	return tests.length > 10 ? `${tests.length} test files` : tests.join(", ");
}
/** `test_a, test_b and 3 more` */
function namesInWords(names, maxNames = 5) {
	const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
	return `${names.slice(0, maxNames).join(", ")}${more}`;
}
/** `Modules/_csv.c:702`, or the known part of it. */
function placeInWords(site) {
	return site.file === null ? "(no source file)" : site.line === null ? site.file : `${site.file}:${site.line}`;
}
function secondsInWords(seconds) {
	if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
	const whole = Math.round(seconds);
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}
/** What stopped a check, as a part of a sentence. */
function stopInWords(why) {
	return why.code === "signal" ? `it received ${why.signal}` : `it took longer than ${secondsInWords(why.seconds)}, its \`timeout\``;
}
/** External text, for use within a sentence. */
function clause(detail) {
	return detail.trimEnd().replace(/\.$/, "");
}

// src/report/incomplete-messages.ts
/** Why a run can't be used, as a clause without a full stop. */
function incompleteInWords(incomplete) {
	switch (incomplete.code) {
		case "timeout": return `it took longer than ${incomplete.seconds} s and was killed`;
		case "crashed": return `its process ${incomplete.signal === null ? `ended with exit code ${incomplete.exit}` : `was killed by ${incomplete.signal}`} before the test file ended`;
		case "excess": return `it ${EXCESSES[incomplete.of]} and was killed`;
		case "worker-lost": return "the interpreter that ran it ended unexpectedly";
		case "not-started": return `it was not run: ${clause(incomplete.detail)}`;
		case "stopped": return incomplete.hadStarted ? "the check was stopped while it ran" : "the check was stopped before it ran";
		case "not-begun": return "there was no time left to start it";
		case "report-missing": return "it left no report";
		case "report-partial": return "its report does not cover it from start to end";
		case "child-report-damaged": {
			const why = incomplete.fault === null ? "cannot be read" : `is not complete: ${faultInWords$1(incomplete.fault)}`;
			return `the report ${incomplete.report} of a forked process ${why}`;
		}
		case "proof-missing": return `its report lacks the ${PLANTED[incomplete.proof]} that was planted in it`;
		case "no-test-ran": return "it failed before any test ran";
		case "no-test-watched": return "no unittest or pytest test ran in the watched process";
		default: return `its report is not complete: ${faultInWords$1(incomplete)}`;
	}
}
const EXCESSES = {
	output: `wrote too much (${MAX_WRITTEN / 1024 ** 3} GiB of reports and output)`,
	disk: `left less than ${MIN_FREE / 1024 ** 2} MiB of disk space`,
	processes: `had more than ${400} processes at once`
};
const PLANTED = {
	leak: "leak",
	read: "invalid read"
};
function faultInWords$1(fault) {
	switch (fault.code) {
		case "watch-failed": return watchFaultInWords(fault.why);
		case "report-damaged": return clause(fault.detail);
		case "report-too-large": return `it has more than ${fault.limit.toLocaleString("en-US")} ${fault.unit}`;
		case "suppression-too-wide": return `the suppression \`${fault.name}\` (${fault.file}, line ${fault.line}) hides the planted leak, and so every other leak`;
	}
}
function watchFaultInWords(why) {
	switch (why.code) {
		case "tests-in-other-processes": return "its tests ran in other processes, which are not watched";
		case "leak-report-too-long": return "too much is lost: the leak sanitizer's report is too long to be read";
		case "too-many-stacks": return `too much is lost: ${count$4(why.stacks, "stack")} allocated it`;
		case "children-not-followed": return "interpreters that a test starts cannot be followed";
		case "child-report-too-long": return "children of the tests lost too much: their report is too long to be read";
		case "too-many-stacks-of-children": return `children of the tests lost too much: ${count$4(why.stacks, "stack")} allocated it`;
		case "too-many-survivors": return "it had more blocks or stacks than can be kept";
		case "too-much-growth": {
			const what = why.of === "kinds" ? "kinds of objects grow" : "objects get more references";
			return `${why.found} ${what} with each run of the tests, and at most ${why.limit} can be described`;
		}
		case "growth-proof-missing": return `the ${why.of} that was planted in it to grow was not found`;
		case "failure-proof-missing": return `only ${why.failed} of ${why.planted} allocations failed that were planted to fail`;
		case "threads-left": return `its tests leave ${count$4(why.threads, "thread")} running, so it cannot be forked`;
		case "ends-in-fork": return `even if no allocation fails, its tests do not finish in a fork: ${why.ending}`;
		case "failures-not-tried": return `${why.left} of ${count$4(why.planned, "failure")} of allocations were not tried in ${why.seconds} s`;
	}
}
const ITS_LOG = "See its log.";
function incompleteRemedy({ code }) {
	switch (code) {
		case "timeout": return "Raise `test-timeout`, or list the file under `[[skip]]` in .memcheck.toml.";
		case "excess":
		case "report-too-large": return "List the file under `[[skip]]` in .memcheck.toml, with the reason.";
		case "suppression-too-wide": return "Make the suppression narrower.";
		case "no-test-watched": return "Programs that the command starts are not watched: run the tests in its own process, without xdist (`-n 0`), tox or nox.";
		case "worker-lost":
		case "not-started": return "Run the check again. If it happens again, report a bug.";
		case "stopped": return "Run the check again.";
		case "not-begun": return "Raise `memcheck-budget`.";
		default: return ITS_LOG;
	}
}

// src/report/occurrences.ts
/**
* One bug is one finding: findings with the same outcome, allocation site, kind and leaked type are merged, with all their tests and paths as
* occurrences. The first one that memcheck saw is shown in full, or else the first.
* @param findings worst first.
*/
function groupBySite(findings) {
	return [...Map.groupBy(findings, bugOf).values()].flatMap((group) => {
		const shown = group.find(({ engine }) => engine === "memcheck") ?? group[0];
		return shown === void 0 ? [] : [merge$1(shown, [shown, ...group.filter((finding) => finding !== shown)])];
	});
}
function bugOf({ status, confirmed, acceptance, kind, site, objects, roots, signature, test }) {
	const apart = site.file === null || roots.length > 0 ? [signature, test.file] : kind === "Growth" ? [signature] : [];
	return JSON.stringify([
		status,
		confirmed,
		acceptance,
		classOf(kind),
		site,
		objects[0]?.type ?? null,
		apart
	]);
}
function merge$1(shown, group) {
	const sum = (amount) => group.reduce((total, finding) => total + amount(finding), 0);
	return {
		...shown,
		blocks: sum(({ blocks }) => blocks),
		bytes: sum(({ bytes }) => bytes),
		blocksBefore: group.every(({ blocksBefore }) => blocksBefore === null) ? null : sum(({ blocksBefore }) => blocksBefore ?? 0),
		occurrences: group.flatMap(({ occurrences }) => occurrences),
		suppression: joinDistinct(group.flatMap(({ suppression }) => suppression ?? []))
	};
}
function joinDistinct(texts) {
	return texts.length === 0 ? null : [...new Set(texts)].map((text) => `${text.trimEnd()}\n`).join("");
}

// src/model/child-counts.ts
const count$3 = pipe(number(), integer(), minValue(0));
/** Why a child was not checked (children.c, cpython_memcheck_children.py). */
const ObstacleSchema = picklist([
	"allocator",
	"collector",
	"exec",
	"exit",
	"exit-functions",
	"killed",
	"no-code",
	"not-entered",
	"running",
	"traced"
]);
const ChildCountsSchema = object({
	started: count$3,
	looked: count$3,
	missed: array(object({
		why: ObstacleSchema,
		count: count$3
	})),
	/** Programs other than the checked interpreter. Interpreters that they start are unknown. */
	others: count$3
});
/** Undefined if no test file was followed. */
function addChildCounts(all) {
	const known = all.filter((counts) => counts !== void 0);
	if (known.length === 0) return void 0;
	const sum = (of) => known.reduce((total, counts) => total + of(counts), 0);
	const missed = ObstacleSchema.options.map((why) => ({
		why,
		count: sum((counts) => missedFor(counts, why))
	}));
	return {
		started: sum(({ started }) => started),
		looked: sum(({ looked }) => looked),
		missed: missed.filter((one) => one.count > 0),
		others: sum(({ others }) => others)
	};
}
function missedFor({ missed }, why) {
	return missed.reduce((total, one) => total + (one.why === why ? one.count : 0), 0);
}

// src/model/problem.ts
const text$3 = string();
const count$2 = number();
const test$1 = {
	test: text$3,
	engine: EngineNameSchema
};
/** How a run of one test file fell short. */
const ShortfallSchema = variant("code", [
	object({
		code: literal("test-incomplete"),
		...test$1,
		incomplete: IncompleteSchema
	}),
	object({
		code: literal("test-skipped"),
		...test$1
	}),
	object({
		code: literal("test-failed"),
		...test$1
	}),
	object({
		code: literal("fewer-tests"),
		...test$1,
		ran: count$2,
		ranBefore: count$2
	})
]);
/** Why it is unknown whether there is a baseline. `detail` is GitHub's answer or the network's failure. */
const LookupFailureSchema = variant("code", [
	object({ code: literal("no-token") }),
	object({
		code: literal("no-branch"),
		branch: text$3,
		repository: text$3
	}),
	object({
		code: literal("no-commit"),
		sha: text$3
	}),
	object({
		code: literal("history-too-long"),
		sha: text$3
	}),
	object({ code: literal("too-many-candidates") }),
	object({
		code: literal("no-answer"),
		status: nullable(count$2),
		detail: text$3
	})
]);
/** Why a baseline's findings can't be compared. */
const IncompatibilitySchema = variant("code", [object({
	code: literal("newer-signatures"),
	recorded: count$2,
	known: count$2
}), object({
	code: literal("other-identity"),
	field: text$3,
	recorded: text$3,
	current: text$3
})]);
/** Why there is no comparison. `where` names the file or artifact. */
const NoBaselineSchema = variant("code", [
	object({
		code: literal("baseline-none"),
		where: text$3
	}),
	object({
		code: literal("baseline-incompatible"),
		where: text$3,
		why: IncompatibilitySchema
	}),
	object({
		code: literal("baseline-unreadable"),
		where: text$3,
		detail: text$3
	}),
	object({
		code: literal("baseline-unreachable"),
		where: text$3,
		why: LookupFailureSchema
	})
]);
/** Why a baseline was not recorded. */
const RecordingFailureSchema = variant("code", [
	object({
		code: literal("other-commit"),
		sha: text$3,
		ofRun: text$3
	}),
	object({ code: literal("earlier-attempt") }),
	object({ code: literal("other-job") }),
	object({ code: literal("other-recording") }),
	object({
		code: literal("upload"),
		detail: text$3
	})
]);
/** What stopped the check. */
const StopSchema = variant("code", [object({
	code: literal("signal"),
	signal: text$3
}), object({
	code: literal("time-limit"),
	seconds: count$2
})]);
/** Why a file that another job stored cannot be used. `detail` says what is wrong with it. */
const StoredFaultSchema = variant("code", [
	object({ code: literal("missing") }),
	object({
		code: literal("unreachable"),
		why: LookupFailureSchema
	}),
	object({
		code: literal("damaged"),
		detail: text$3
	})
]);
/** A value that differs from the plan. */
const mismatch = {
	field: text$3,
	planned: text$3,
	current: text$3
};
/** Problems of a sharded check. */
const ShardProblemSchema = variant("code", [
	object({
		code: literal("plan-unusable"),
		where: text$3,
		why: StoredFaultSchema
	}),
	object({
		code: literal("plan-mismatch"),
		...mismatch
	}),
	object({
		code: literal("shard-not-planned"),
		shard: text$3,
		shards: count$2
	}),
	object({
		code: literal("shard-unusable"),
		shard: text$3,
		where: text$3,
		why: StoredFaultSchema,
		tests: count$2
	}),
	object({
		code: literal("shard-of-other-plan"),
		shard: text$3,
		tests: count$2
	}),
	object({
		code: literal("shard-mismatch"),
		shard: text$3,
		...mismatch,
		tests: count$2
	}),
	object({
		code: literal("shard-failed"),
		shard: text$3,
		detail: text$3,
		hint: nullable(text$3),
		tests: count$2
	}),
	object({
		code: literal("shard-stopped"),
		shard: text$3,
		why: StopSchema,
		unfinished: array(text$3)
	}),
	object({
		code: literal("tests-not-run"),
		tests: array(object(test$1))
	}),
	object({
		code: literal("tests-not-compared"),
		tests: array(object(test$1))
	})
]);
/** Something that was requested but could not be checked. */
const ProblemSchema = variant("code", [
	...ShortfallSchema.options,
	object({
		code: literal("test-missing"),
		test: text$3
	}),
	object({
		code: literal("test-not-in-baseline"),
		...test$1
	}),
	object({
		code: literal("not-confirmed"),
		...test$1,
		doubt: nullable(ShortfallSchema)
	}),
	object({ code: literal("nothing-checked") }),
	object({
		code: literal("nothing-compared"),
		why: NoBaselineSchema
	}),
	object({
		code: literal("baseline-not-recorded"),
		why: RecordingFailureSchema
	}),
	object({
		code: literal("engine-dropped"),
		engine: EngineNameSchema,
		setting: picklist([
			"scan",
			"tests",
			"memcheck-budget"
		]),
		tests: count$2
	}),
	object({
		code: literal("engine-failed"),
		engine: EngineNameSchema,
		detail: text$3,
		hint: nullable(text$3)
	}),
	object({
		code: literal("stopped"),
		why: StopSchema,
		unfinished: array(text$3)
	}),
	...ShardProblemSchema.options,
	object({
		code: literal("check-failed"),
		detail: text$3,
		hint: nullable(text$3)
	})
]);

// src/model/note.ts
const text$2 = string();
const count$1 = number();
const test = {
	test: text$2,
	engine: EngineNameSchema
};
/** Why a recorded baseline was rejected. */
const RejectionSchema = variant("code", [
	object({ code: literal("no-run") }),
	object({ code: literal("other-repository") }),
	object({
		code: literal("other-branch"),
		branch: nullable(text$2)
	}),
	object({
		code: literal("other-workflow"),
		path: text$2
	}),
	object({
		code: literal("other-event"),
		event: text$2
	}),
	object({
		code: literal("unfinished"),
		status: nullable(text$2)
	}),
	object({
		code: literal("conclusion"),
		conclusion: nullable(text$2)
	}),
	object({ code: literal("expired") }),
	object({
		code: literal("too-large"),
		limit: count$1
	}),
	object({ code: literal("no-digest") }),
	object({ code: literal("deleted") }),
	object({ code: literal("merged-commit") }),
	object({
		code: literal("foreign-commit"),
		sha: nullable(text$2)
	}),
	object({
		code: literal("broken"),
		detail: text$2
	})
]);
/** Information that does not affect the verdict. */
const NoteSchema = variant("code", [
	object({
		code: literal("known-shortfall"),
		shortfall: ShortfallSchema
	}),
	object({
		code: literal("retried"),
		shortfall: ShortfallSchema
	}),
	object({
		code: literal("first-comparison"),
		why: NoBaselineSchema
	}),
	object({
		code: literal("acceptance-expired"),
		signature: text$2,
		function: text$2,
		expires: text$2,
		reason: text$2
	}),
	object({
		code: literal("baseline-recorded"),
		where: text$2,
		tests: array(text$2),
		findings: count$1
	}),
	object({
		code: literal("previous-baseline-stays"),
		why: RecordingFailureSchema
	}),
	object({
		code: literal("left-out"),
		...test,
		reason: text$2
	}),
	object({
		code: literal("memcheck-budget"),
		seconds: count$1,
		looked: count$1,
		leftOut: array(text$2)
	}),
	object({
		code: literal("no-lifecycle"),
		version: text$2
	}),
	object({ code: literal("free-threaded") }),
	object({ code: literal("memcheck-sees-no-objects") }),
	object({ code: literal("slow-stacks") }),
	object({
		code: literal("object-without"),
		object: text$2,
		lacks: array(picklist([
			"symbols",
			"lines",
			"frame pointers"
		]))
	}),
	object({
		code: literal("torture-chosen"),
		looked: array(text$2),
		functions: count$1,
		covered: count$1
	}),
	object({
		code: literal("torture-idle"),
		why: picklist([
			"records",
			"no-record",
			"unchanged",
			"unreadable-objects",
			"no-function",
			"many-functions"
		])
	}),
	object({
		code: literal("tortured"),
		slice: nullable(SliceSchema),
		sites: count$1,
		failures: count$1,
		unjudged: count$1,
		untried: count$1,
		leftOut: object({
			slow: count$1,
			failing: count$1
		}),
		others: count$1
	}),
	object({
		code: literal("children"),
		...ChildCountsSchema.entries
	}),
	object({
		code: literal("interpreters-running"),
		tests: array(text$2)
	}),
	object({
		code: literal("tests-chosen"),
		chosen: count$1,
		of: count$1,
		sha: nullable(text$2)
	}),
	object({
		code: literal("all-tests-affected"),
		of: count$1,
		why: picklist([
			"shared-function",
			"shared-file",
			"unwatched-function",
			"unreferenced-data",
			"most"
		]),
		name: nullable(text$2)
	}),
	object({
		code: literal("objects-whole"),
		objects: array(text$2)
	}),
	object({
		code: literal("leak-suspects"),
		signatures: array(text$2),
		functions: array(object({
			name: text$2,
			file: nullable(text$2),
			line: nullable(count$1)
		})),
		cleanTests: count$1
	}),
	object({
		code: literal("memcheck-chosen"),
		looked: array(text$2),
		targets: count$1,
		covered: count$1,
		seconds: nullable(count$1)
	}),
	object({
		code: literal("memcheck-partly"),
		test: text$2,
		leftOut: count$1
	}),
	object({
		code: literal("reached-incomplete"),
		...test,
		incomplete: IncompleteSchema
	}),
	object({
		code: literal("reached-errors"),
		...test,
		errors: array(object({
			kind: text$2,
			function: text$2
		}))
	}),
	object({
		code: literal("left-by-interpreter"),
		test: text$2,
		sites: count$1,
		blocks: count$1
	}),
	object({
		code: literal("suspect-incomplete"),
		test: text$2,
		incomplete: IncompleteSchema
	}),
	object({
		code: literal("uncovered-errors"),
		test: text$2,
		errors: array(object({
			kind: text$2,
			function: text$2
		}))
	}),
	object({
		code: literal("change-unknown"),
		sha: text$2
	}),
	object({
		code: literal("newer-python"),
		version: text$2
	}),
	object({
		code: literal("skip-unknown"),
		test: text$2
	}),
	object({
		code: literal("skip-expired"),
		test: text$2,
		expires: text$2
	}),
	object({ code: literal("unconfined") }),
	object({
		code: literal("baselines-rejected"),
		why: RejectionSchema,
		runs: array(nullable(count$1))
	}),
	object({
		code: literal("baseline-in-file"),
		why: picklist(["enterprise-server", "unknown-job"]),
		path: text$2
	}),
	object({
		code: literal("recording-refused"),
		why: RecordingFailureSchema
	}),
	object({
		code: literal("not-published"),
		what: picklist(["check-run", "comment"]),
		why: variant("code", [
			object({ code: literal("no-token") }),
			object({
				code: literal("refused"),
				permission: text$2,
				detail: text$2
			}),
			object({
				code: literal("failed"),
				detail: text$2
			})
		])
	})
]);

// src/report/baseline-messages.ts
const OWN_BASELINE = "A run on the default branch records one.";
const RECORD_ALWAYS = "One run on the branch with `record-baseline: always` records a new baseline without comparing.";
const PERMISSIONS = "The job's token needs `actions: read`, to list runs and artifacts, and `contents: read`, to read the branch's history.";
/** Why there is no comparison. */
function noBaselineMessage(why) {
	const { where } = why;
	switch (why.code) {
		case "baseline-none": return {
			text: `There is no baseline yet (${where}), so nothing could be compared.`,
			remedy: OWN_BASELINE
		};
		case "baseline-incompatible": return {
			text: `The baseline (${where}) cannot be compared with this check: ${incompatibilityInWords(why.why)}.`,
			remedy: REPLACE
		};
		case "baseline-unreadable": return {
			text: `The baseline (${where}) cannot be read: ${clause(why.detail)}.`,
			remedy: REPLACE
		};
		case "baseline-unreachable": return {
			text: `The baseline (${where}) could not be looked up: ${lookupFailureInWords(why.why)}.`,
			remedy: lookupRemedy(why.why)
		};
	}
}
const REPLACE = "It stays as it is. A run on the default branch records a new one; `record-baseline: always` replaces it anywhere.";
function incompatibilityInWords(why) {
	if (why.code === "newer-signatures") return `its signatures have version ${why.recorded}, and this cpython-memcheck reads up to version ${why.known}`;
	return `it was recorded with ${why.field} \`${why.recorded}\`, and this check has \`${why.current}\``;
}
function lookupFailureInWords(why) {
	switch (why.code) {
		case "no-token": return "the input `token` is empty";
		case "no-branch": return `${why.repository} has no branch \`${why.branch}\``;
		case "no-commit": return `GitHub does not have commit ${why.sha}, or it shares no history with the branch`;
		case "history-too-long": return `the history before ${why.sha} is too long`;
		case "too-many-candidates": return "there are too many runs and artifacts to read";
		case "no-answer": return clause(why.detail);
	}
}
function lookupRemedy(why) {
	switch (why.code) {
		case "no-token": return PERMISSIONS;
		case "no-branch": return "Set `baseline` to a branch of this repository, or leave it out to compare with the branch that the change targets.";
		case "no-commit": return "Check out a commit that was pushed to this repository.";
		case "history-too-long":
		case "too-many-candidates": return RECORD_ALWAYS;
		case "no-answer": return [
			401,
			403,
			404
		].includes(why.status ?? 0) ? PERMISSIONS : "Running the job again may help.";
	}
}
/** Why a baseline was not recorded, as a clause without a full stop. */
function recordingFailureInWords(why) {
	switch (why.code) {
		case "other-commit": return `the checkout is at ${why.sha}, but the run is for ${why.ofRun}`;
		case "earlier-attempt": return "the existing one may be from a job of an earlier attempt that is not run again";
		case "other-job": return "another job of this run recorded one with the same settings";
		case "other-recording": return "another check recorded one in the meantime, with other tools or settings";
		case "upload": return clause(why.detail);
	}
}
function recordingRemedy(why) {
	switch (why.code) {
		case "other-commit": return "Leave out `ref` at actions/checkout.";
		case "earlier-attempt": return "Run all jobs again to replace it.";
		case "other-job": return "Jobs of a matrix with the same settings share one baseline: give each job a setting that differs.";
		default: return "Run the check again.";
	}
}

// src/report/shard-messages.ts
const RUN_AGAIN = "Run the job of this shard again, then the report.";
const RUN_ALL_AGAIN = "Run the whole workflow again. If this happens again, report it as a bug.";
function shardProblem$1(problem) {
	switch (problem.code) {
		case "plan-unusable": return {
			text: `The plan cannot be used: ${faultInWords(problem.why, problem.where)}.`,
			remedy: "Run `plan` with the same settings first: in an earlier job of the same workflow run; in a terminal, with the same `--plan` directory."
		};
		case "plan-mismatch": return {
			text: `The plan was made for another check: ${mismatchInWords(problem)}.`,
			remedy: "Plan, shards and report must check the same commit, with the same settings, on the same runner image."
		};
		case "shard-not-planned": return {
			text: `The plan has no shard ${problem.shard}: it has ${count$4(problem.shards, "shard")}.`,
			remedy: "Use the value of `shard` from the matrix that `plan` prints."
		};
		case "shard-unusable": return {
			text: `${headOf(problem)}: ${faultInWords(problem.why, problem.where)}.`,
			remedy: RUN_AGAIN
		};
		case "shard-of-other-plan": return {
			text: `${headOf(problem)}: its result belongs to another plan.`,
			remedy: RUN_AGAIN
		};
		case "shard-mismatch": return {
			text: `${headOf(problem)}: it checked something else (${mismatchInWords(problem)}).`,
			remedy: RUN_AGAIN
		};
		case "shard-failed": return {
			text: `${headOf(problem)}: ${clause(problem.detail)}.`,
			remedy: problem.hint ?? RUN_AGAIN
		};
		case "shard-stopped": {
			const rest = problem.unfinished.length === 0 ? "" : ` It did not finish ${namesInWords(problem.unfinished)}.`;
			return {
				text: `Shard ${problem.shard} was stopped before its end: ${stopInWords(problem.why)}.${rest}`,
				remedy: RUN_AGAIN
			};
		}
		case "tests-not-run": return {
			text: `No shard ran ${testsInWords(problem)}.`,
			remedy: RUN_ALL_AGAIN
		};
		case "tests-not-compared": return {
			text: `The shards' findings in ${testsInWords(problem)} were not compared, because the report did not choose these test files.`,
			remedy: RUN_ALL_AGAIN
		};
	}
}
function testsInWords({ tests }) {
	return namesInWords([...new Set(tests.map(({ test }) => test))]);
}
function headOf({ shard, tests }) {
	return `Shard ${shard} did not check its ${count$4(tests, "test file")}`;
}
function mismatchInWords({ field, planned, current }) {
	return `${field} is ${shorten(current, MAX_LENGTH)}, and ${shorten(planned, MAX_LENGTH)} in the plan`;
}
const MAX_LENGTH = 200;
function faultInWords(why, where) {
	switch (why.code) {
		case "missing": return `${where} does not exist`;
		case "unreachable": return `${where} could not be read: ${lookupFailureInWords(why.why)}`;
		case "damaged": return `${where} is damaged (${clause(why.detail)})`;
	}
}

// src/report/messages.ts
/** Engine names within a sentence. */
const ENGINE_TITLES = {
	memcheck: "memcheck",
	scan: "the leak sanitizer",
	torture: "torture",
	lifecycle: "the check of start and shutdown"
};
const NOT_CHECKED_BEFORE = "If that is intended, a run on the default branch records it.";
/** What could not be checked. */
function problemMessage(problem) {
	switch (problem.code) {
		case "test-incomplete":
		case "test-skipped":
		case "test-failed":
		case "fewer-tests": return shortfallMessage(problem);
		case "test-missing": return {
			text: `${problem.test} is in the baseline but was not run: CPython no longer lists it.`,
			remedy: "If that is intended, list it under `[[skip]]` in .memcheck.toml."
		};
		case "test-not-in-baseline": return {
			text: `${problem.test} is not in the baseline, so its errors can't be compared.`,
			remedy: OWN_BASELINE
		};
		case "not-confirmed": return {
			text: `${problem.test} may have new errors: ${doubtInWords(problem)}, so they could not be confirmed.`,
			remedy: null
		};
		case "nothing-checked": return {
			text: "No test file was checked: none was chosen, or each was skipped or is incomplete.",
			remedy: "Choose test files that run here, with `tests` or `scan`."
		};
		case "nothing-compared": return noBaselineMessage(problem.why);
		case "baseline-not-recorded": return {
			text: `The baseline was not recorded: ${recordingFailureInWords(problem.why)}.`,
			remedy: recordingRemedy(problem.why)
		};
		case "engine-dropped": return {
			text: `The baseline has ${count$4(problem.tests, "test file")} that ${ENGINE_TITLES[problem.engine]} ran. This check has none, because \`${problem.setting}\` is \`none\`.`,
			remedy: "Choose another value, or give this check a `baseline` of its own."
		};
		case "engine-failed": return {
			text: `Nothing was checked by ${ENGINE_TITLES[problem.engine]}: ${problem.detail}`,
			remedy: problem.hint
		};
		case "stopped": return {
			text: stoppedInWords(problem),
			remedy: null
		};
		case "check-failed": return {
			text: problem.detail,
			remedy: problem.hint
		};
		default: return shardProblem$1(problem);
	}
}
/** A test file that was checked only in part, or not at all. */
function shortfallMessage(shortfall) {
	const { test } = shortfall;
	switch (shortfall.code) {
		case "test-incomplete": return {
			text: `${test} was not checked by ${ENGINE_TITLES[shortfall.engine]}: ${incompleteInWords(shortfall.incomplete)}.`,
			remedy: incompleteRemedy(shortfall.incomplete)
		};
		case "test-skipped": return {
			text: `${test} is skipped, but ran when the baseline was recorded.`,
			remedy: NOT_CHECKED_BEFORE
		};
		case "test-failed": return {
			text: `${test} fails, but passed when the baseline was recorded, so part of it was not checked.`,
			remedy: "Make the test pass; its log shows why it fails."
		};
		case "fewer-tests": {
			const { ran, ranBefore } = shortfall;
			return {
				text: `${test} ran ${count$4(ran, "test")}, but ${ranBefore} when the baseline was recorded.`,
				remedy: NOT_CHECKED_BEFORE
			};
		}
	}
}
function doubtInWords({ doubt }) {
	if (doubt === null) return "it did not run a second time";
	switch (doubt.code) {
		case "test-incomplete": return `in the second run ${incompleteInWords(doubt.incomplete)}`;
		case "test-skipped": return "the second run was skipped";
		case "test-failed": return "the second run failed";
		case "fewer-tests": return "the second run had fewer tests";
	}
}
function stoppedInWords({ why, unfinished }) {
	const head = `The check was stopped before its end: ${stopInWords(why)}.`;
	return unfinished.length === 0 ? head : `${head} It did not finish ${namesInWords(unfinished)}.`;
}

// src/report/affected-messages.ts
const CauseSchema = strictObject({
	code: picklist([
		"function",
		"file",
		"unrecorded"
	]),
	name: nullable(string())
});
/** The selected test files, each with the changed code or files that it uses, for a check that left others out. */
const AffectedSchema = array(strictObject({
	test: string(),
	causes: array(CauseSchema)
}));
function reportCause(cause) {
	return {
		code: cause.code,
		name: "name" in cause ? cause.name : null
	};
}
function affectedMessage(note) {
	switch (note.code) {
		case "tests-chosen": {
			const rest = note.sha === null ? "when the baseline was recorded" : `on ${note.sha.slice(0, 10)}, with the baseline`;
			return `This change can reach ${note.chosen} of ${note.of} test files; the rest was checked ${rest}.`;
		}
		case "all-tests-affected": return `All ${note.of} test files were run: ${ALL[note.why](note.name ?? "")}.`;
		case "memcheck-chosen": return chosenForMemcheck(note);
		case "objects-whole": return `Could not split ${manyInWords(note.objects)} into functions: any change there reaches all test files that load it. docs/affected-tests.md lists the compiler and linker flags that allow this.`;
		case "memcheck-partly": return `${note.test}: memcheck left out ${count$4(note.leftOut, "slow test")} for lack of time. Raise \`memcheck-budget\` to include them.`;
		case "reached-incomplete":
		case "reached-errors": return reachedInWords(note);
		case "torture-chosen":
		case "torture-idle": return tortureInWords(note);
		case "leak-suspects": {
			const { cleanTests } = note;
			const [leaks, they] = note.signatures.length === 1 ? ["leak", "it"] : ["leaks", "them"];
			const where = cleanTests === 0 ? `in no test file without ${they}` : `in the fewest test files without ${they} (${cleanTests})`;
			const names = namesInWords(note.functions.map(({ name, file, line }) => file === null ? name : `${name} (${placeInWords({
				file,
				line
			})})`));
			return `No function changed on the stack of the new ${leaks} ${namesInWords(note.signatures)}. These did, and run in each test file with ${they}, and ${where}: ${names}.`;
		}
	}
}
function chosenForMemcheck({ looked, targets, covered, seconds }) {
	if (targets === 0) return "Memcheck checked no test file: no suitable one runs the changed code.";
	const rest = covered === targets || seconds === null ? "" : `; more does not fit into \`memcheck-budget\` (${secondsInWords(seconds)})`;
	if (looked.length === 0) return `Memcheck checked no test file${rest}.`;
	return `Memcheck checked ${namesInWords(looked)}, which reach ${covered} of ${count$4(targets, "changed function and file", "changed functions and files")}${rest}.`;
}
/** The test files in which torture ran, or why in none. */
function tortureInWords(note) {
	if (note.code === "torture-idle") return `Torture made no allocation fail: ${IDLE[note.why]}.`;
	const { looked, functions, covered } = note;
	if (looked.length === 0) return "Torture checked no test file: no suitable one runs the changed code.";
	const of = covered === functions ? count$4(functions, "changed function") : `${covered} of ${count$4(functions, "changed function")}`;
	const rest = covered === functions ? "" : "; no suitable test file that fits into the time is known to run the others";
	return `Torture made allocations fail in ${of}, in ${namesInWords(looked)}${rest}.`;
}
const IDLE = {
	records: "a check that records a baseline has no change to look at",
	"no-record": "no baseline records which functions there were, so changed ones are unknown",
	unchanged: "nothing differs from the baseline",
	"unreadable-objects": "the object files of this build can't be read",
	"no-function": "this change rewrites no C function",
	"many-functions": "the change is in so many functions that old errors can't be told from new ones"
};
function reachedInWords(note) {
	const engine = ENGINE_TITLES[note.engine];
	if (note.code === "reached-incomplete") return `${note.test}: this change can reach it, but ${engine} did not finish it, because ${incompleteInWords(note.incomplete)}.`;
	return `${note.test}: ${engine} found errors that involve no changed function and have no baseline: ${errorsInWords(note.errors)}.`;
}
const MAX_PLACES$1 = 5;
function errorsInWords(errors) {
	return errors.slice(0, MAX_PLACES$1).map((error) => `${error.kind} in ${error.function}`).join(", ");
}
const ALL = {
	"shared-function": (name) => `each of them runs ${name}, which changed`,
	"shared-file": (name) => `each of them may depend on ${name}, which changed`,
	"unwatched-function": (name) => `the baseline does not know which of them run ${name}, which changed`,
	"unreferenced-data": (name) => `the baseline does not know which of them use ${name}, which changed`,
	most: () => "the change reaches most of them"
};
/** Why a test file ran or was left out, one reason per line. */
function explainTest(test, affected) {
	const chosen = affected.find((one) => one.test === test);
	if (chosen === void 0) return [`${test} was left out: it runs and opens nothing that changed.`];
	return [`${test} was run:`, ...chosen.causes.map((cause) => `  ${CAUSES[cause.code](cause.name ?? "")}`)];
}
const CAUSES = {
	function: (name) => `it runs ${name}, which changed`,
	file: (name) => `it depends on ${name}, which changed`,
	unrecorded: () => "the baseline does not know what it runs"
};

// src/report/child-messages.ts
/** In the order of the codes: `3 were killed`. */
const OBSTACLES = {
	allocator: (children) => `${were(children)} running with another allocator than malloc`,
	collector: (children) => `${children} had changed what the garbage collector does`,
	exec: (children) => `${children} became another program`,
	exit: (children) => `${children} ended by \`os._exit\``,
	"exit-functions": (children) => `${children} had cleared the exit functions`,
	killed: (children) => `${were(children)} killed, or crashed`,
	"no-code": (children) => `${children} ended before running any code`,
	"not-entered": (children) => `${were(children)} of another user, or had limited memory`,
	running: (children) => `${were(children)} still running at the end of the test file`,
	traced: (children) => `${were(children)} under a debugger`
};
function were(children) {
	return `${children} ${children === 1 ? "was" : "were"}`;
}
/** `Tests started 142 interpreters, of which 131 were looked at. Not looked at: 6 were killed, or crashed; 5 ended by os._exit.` */
function childCountsInWords({ started, looked, missed, others }) {
	const all = started === looked ? "all" : `${looked}`;
	const head = started === 0 ? "Tests started no other interpreters." : `Tests started ${count$4(started, "interpreter")}, of which ${all} ${looked === 1 && started !== looked ? "was" : "were"} looked at.`;
	const reasons = missed.map((one) => OBSTACLES[one.why](one.count)).join("; ");
	return [
		head,
		reasons === "" ? "" : `Not looked at: ${reasons}.`,
		others === 0 ? "" : `They also started ${count$4(others, "other program")}; interpreters that those started are not known.`
	].filter((part) => part !== "").join(" ");
}

// src/report/engine-notes.ts
function engineNote(note) {
	switch (note.code) {
		case "memcheck-budget": return `Memcheck checked ${`${note.looked} of ${note.looked + note.leftOut.length} test files`}, as many as fit into \`memcheck-budget\` (${secondsInWords(note.seconds)}). Left out: ${manyInWords(note.leftOut)}.`;
		case "no-lifecycle": return `Start and shutdown were not checked for leaks: CPython ${note.version} leaves too many blocks behind. 3.13 and newer are checked.`;
		case "free-threaded": return "Free-threaded build: memcheck finds a leaked block only if no other block points to it; the scan finds the others. Not checked: start and shutdown, references that are never released, and growth.";
		case "memcheck-sees-no-objects": return "Memcheck did not run: the allocator of this free-threaded interpreter does not report objects to it. Use `python-version` with `configure-args: --disable-gil` to build one that does.";
		case "slow-stacks": return "This interpreter has no frame pointers: the scan takes ten to twenty times as long for each allocation, and keeps 16 frames. CPython 3.15 and newer has frame pointers, and so do builds made by the check (`python-version`).";
		case "object-without": {
			const effects = note.lacks.map((lack) => LACKS[lack]).join(" and ");
			return `The shared object ${note.object} has ${effects}. \`install\` compiles with both; the README says with which variables.`;
		}
		case "tortured": return tortured(note);
		case "children": return childCountsInWords(note);
		case "interpreters-running": return `${manyInWords(note.tests)}: a subinterpreter with a GIL of its own was running during a leak check. Lists, dicts and other containers that it leaks are not found.`;
		case "left-by-interpreter": return `At the end of \`${note.test}\`, CPython itself left ${count$4(note.blocks, "block")} from ${count$4(note.sites, "place")} behind, with no extension on any stack. They are not counted.`;
		case "suspect-incomplete": return `${note.test}: memcheck could not confirm what the scan found in it, because ${incompleteInWords(note.incomplete)}.`;
		case "uncovered-errors": return `${note.test}: while confirming a leak of the scan, memcheck found other errors that have no baseline: ${errorsInWords(note.errors)}.`;
	}
}
const LACKS = {
	symbols: "no symbols, so its functions have no names in stacks",
	lines: "no line numbers",
	"frame pointers": "no frame pointers, so the scan's stacks may end in it"
};
function tortured({ slice, sites, failures, unjudged, untried, leftOut, others }) {
	return [
		`Torture made ${count$4(failures, "allocation")} fail, at ${count$4(sites, "site")}${slice === null ? "" : ` of slice ${slice}`}.`,
		unjudged === 0 ? "" : `${count$4(unjudged, "failure")} could not be judged because the test hung or ended its process.`,
		untried === 0 ? "" : `${count$4(untried, "failure")} did not fit into the time.`,
		leftOut.slow === 0 ? "" : `${count$4(leftOut.slow, "test")} took over a second and ${leftOut.slow === 1 ? "was" : "were"} left out.`,
		others === 0 ? "" : `${count$4(others, "error")} of CPython or of other extensions ${others === 1 ? "is" : "are"} not shown.`,
		leftOut.failing === 0 ? "" : `${count$4(leftOut.failing, "test")} did not pass and ${leftOut.failing === 1 ? "was" : "were"} left out.`
	].filter((part) => part !== "").join(" ");
}

// src/report/notes.ts
function noteMessage(note) {
	switch (note.code) {
		case "known-shortfall": return `Not checked on the default branch either: ${shortfallMessage(note.shortfall).text}`;
		case "retried": return `The second run came to its end, and the first did not: ${shortfallMessage(note.shortfall).text}`;
		case "first-comparison": return noBaselineMessage(note.why).text;
		case "acceptance-expired": return `${note.signature} in ${note.function} was accepted until ${note.expires} (${note.reason}), and counts again.`;
		case "baseline-recorded": return `Recorded as the baseline (${note.where}): ${manyInWords(note.tests)}, with ${count$4(note.findings, "known error")}.`;
		case "previous-baseline-stays": return `The baseline was not recorded: ${recordingFailureInWords(note.why)}. The previous one stays. ${recordingRemedy(note.why)}`;
		case "left-out": return `${note.test} was not checked by ${ENGINE_TITLES[note.engine]}: it ${note.reason}.`;
		case "tests-chosen":
		case "all-tests-affected":
		case "memcheck-chosen":
		case "memcheck-partly":
		case "leak-suspects":
		case "objects-whole":
		case "reached-incomplete":
		case "reached-errors":
		case "torture-chosen":
		case "torture-idle": return affectedMessage(note);
		case "change-unknown": return `The checkout has no commit ${note.sha}, on which the baseline was recorded. Moved files are not followed, and findings are shown at their own lines, not at changed ones. In a workflow, use \`fetch-depth: 0\` at actions/checkout.`;
		case "newer-python": return `CPython ${note.version} is newer than the versions that this cpython-memcheck was tested with: leaks are looked for only if the self-tests pass on its build.`;
		case "skip-unknown": return `.memcheck.toml skips ${note.test}, which does not exist.`;
		case "skip-expired": return `The skip of ${note.test} in .memcheck.toml expired on ${note.expires}: it is checked again.`;
		case "unconfined":
		case "baselines-rejected":
		case "baseline-in-file":
		case "recording-refused":
		case "not-published": return hostNote(note);
		default: return engineNote(note);
	}
}
function hostNote(note) {
	switch (note.code) {
		case "unconfined": return "setpriv (util-linux) is not installed: the checked code could use sudo and set-user-id programs, and outlive a check that is killed.";
		case "baselines-rejected": {
			const runs = note.runs.map((run) => `run ${run ?? "unknown"}`);
			return `Skipped baseline candidates because ${rejectionInWords(note.why)}: ${namesInWords(runs)}.`;
		}
		case "baseline-in-file": {
			const kept = `the baseline is in ${note.path}, which later runs have only if the runner keeps that folder.`;
			if (note.why === "enterprise-server") return `GitHub Enterprise Server does not support the artifacts that the check uses: ${kept}`;
			return `The runner does not name this job's repository, run and branch: ${kept}`;
		}
		case "recording-refused": return `No baseline is recorded: ${recordingFailureInWords(note.why)}. ${recordingRemedy(note.why)}`;
		case "not-published": return notPublished(note);
	}
}
function notPublished({ what, why }) {
	const head = `The ${what === "check-run" ? "check run" : "comment"} was not created`;
	if (why.code === "no-token") return `${head}: the input \`token\` is empty.`;
	const remedy = why.code === "refused" ? ` It needs \`${why.permission}: write\`, which a pull request from a fork never has.` : "";
	return `${head}: ${clause(why.detail)}.${remedy}`;
}
function rejectionInWords(why) {
	switch (why.code) {
		case "no-run": return "GitHub does not name the run that recorded it";
		case "other-repository": return "it was recorded in another repository";
		case "other-branch": return why.branch === null ? "it was recorded on an unknown branch" : `it was recorded on branch ${why.branch}`;
		case "other-workflow": return `it was recorded by another workflow (${why.path})`;
		case "other-event": return `it was recorded on the event ${why.event}`;
		case "unfinished": return `its run is not finished (${why.status ?? "status unknown"})`;
		case "conclusion": return `its run ended as ${why.conclusion ?? "unknown"}`;
		case "expired": return "it has expired";
		case "too-large": return `it is larger than ${why.limit} bytes`;
		case "no-digest": return "GitHub gives no digest for it";
		case "deleted": return "it or its run was deleted";
		case "merged-commit": return "its commit was merged into the branch from another branch";
		case "foreign-commit": return why.sha === null ? "its run is for another commit" : `it was recorded on commit ${why.sha}, which is not its run's commit`;
		case "broken": return clause(why.detail);
	}
}

// src/report/reported-finding.ts
const FrameSchema$1 = strictObject({
	function: string(),
	file: nullable(string()),
	line: nullable(number()),
	object: nullable(string()),
	/** The frame's role in the signature: `key`, or why it is left out; null in stacks that are not part of it. */
	role: nullable(picklist([
		"key",
		"inlined",
		"allocator",
		"library",
		"call",
		"repeated",
		"caller",
		"beyond"
	]))
});
const SiteSchema = strictObject({
	function: string(),
	file: nullable(string()),
	line: nullable(number())
});
/** A Python object that a leak lost, as far as it is known. */
const ObjectSchema = strictObject({
	type: string(),
	/** Null for an immortal object. */
	refcount: nullable(number()),
	length: optional(number()),
	repr: optional(string()),
	python: optional(array(string()))
});
const TestIdSchema = strictObject({
	file: string(),
	id: nullable(string())
});
const OccurrenceSchema = strictObject({
	engine: EngineNameSchema,
	test: TestIdSchema,
	signature: string(),
	/** The functions in the signature, innermost first. */
	path: array(string()),
	blocks: number(),
	bytes: number(),
	blocksBefore: nullable(number())
});
const FindingSchema$1 = strictObject({
	/**
	* `warning`: new, of a kind that does not fail the check. `recorded`: part of the baseline since this run, and not compared with anything.
	* `changed`: matched by similarity only; a person should verify that.
	*/
	status: picklist([
		"new",
		"grown",
		"warning",
		"known",
		"fixed",
		"flaky",
		"recorded",
		"unrecorded",
		"changed",
		"accepted"
	]),
	/** For a new or grown finding: whether a second run showed it again. */
	confirmed: boolean(),
	engine: EngineNameSchema,
	signature: string(),
	kind: string(),
	/** The engine's own message, if it says more than the kind; else empty. */
	what: string(),
	/** From the worst occurrence. */
	test: TestIdSchema,
	/** Whether it was found only in interpreters that the test started. */
	inChild: boolean(),
	site: SiteSchema,
	/** Whose shared objects are on the stack; `interpreter`: no extension's. */
	owner: picklist([
		"project",
		"extension",
		"interpreter",
		"unknown"
	]),
	/** The changed line nearest to the site, if the change is known and touches functions on the stack. */
	place: nullable(strictObject({
		file: string(),
		line: number()
	})),
	/** Lines of the checked source around the site. `first` is the number of the first line. Null if the source is not available. */
	excerpt: nullable(strictObject({
		first: number(),
		lines: array(string())
	})),
	stack: array(FrameSchema$1),
	/** Where the block was allocated or freed, for errors with that information. */
	further: array(strictObject({
		what: string(),
		frames: array(FrameSchema$1)
	})),
	/** For leaks, else 0; sums of all occurrences. For `FdLeftOpen`, blocks are descriptors. */
	blocks: number(),
	bytes: number(),
	/** For reference leaks and growth, else 0: references taken and not released, or objects added, in each run of the tests. */
	references: number(),
	/** Number of blocks in the baseline; null if it is not in the baseline. */
	blocksBefore: nullable(number()),
	/** Its match in the baseline, and how it was matched; null if there is none. */
	match: nullable(strictObject({
		pass: picklist([
			"exact",
			"renamed",
			"moved",
			"similar"
		]),
		similarity: number(),
		signature: string(),
		segment: array(string())
	})),
	/** Why the repository accepts it, and until when. */
	acceptance: nullable(strictObject({
		reason: string(),
		expires: string()
	})),
	/** For a burst of leaks from one test: the single leaks, worst first. Its blocks and bytes are their sums. */
	roots: array(strictObject({
		signature: string(),
		kind: string(),
		site: SiteSchema,
		blocks: number(),
		bytes: number()
	})),
	/** All occurrences of the bug: one allocation site, kind and leaked type. The first is the one shown in full. */
	occurrences: array(OccurrenceSchema),
	/** Some of the lost objects. */
	objects: array(ObjectSchema),
	suppression: nullable(string()),
	reproduce: string()
});
/** A finding's stack for readers: functions inlined from headers are part of the function that contains them. */
function shownFrames({ stack }) {
	return stack.filter(({ role }) => role !== "inlined");
}

// src/report/report.ts
/** Raise it with every change of report.json's format. */
const REPORT_VERSION = 11;
const TestSchema$1 = strictObject({
	name: string(),
	engine: EngineNameSchema,
	status: picklist([
		"passed",
		"failed",
		"skipped",
		"timeout",
		"crashed",
		"stopped"
	]),
	seconds: number(),
	/** Why the results of this test file can't be used; null if it was checked from start to end. */
	incomplete: nullable(intersect([IncompleteSchema, object({ message: string() })])),
	/** Tests that ran and were not skipped; null if unknown. */
	ran: nullable(number()),
	/** The interpreters that its tests started; null if they were not followed. */
	children: nullable(ChildCountsSchema),
	/** The log with its output; null if it did not run. */
	log: nullable(string()),
	/** The last lines of the log, if it failed or is incomplete. */
	lastWords: array(string()),
	/** Time besides the tests, in seconds: the worker's start, live leak checks (within `seconds`), reading memcheck's report. */
	costs: strictObject({
		start: number(),
		leakChecks: number(),
		reading: number()
	})
});
/** A test file that `.memcheck.toml` excludes. */
const SkippedSchema = strictObject({
	test: string(),
	engine: EngineNameSchema,
	reason: string(),
	expires: nullable(string())
});
/** Something that hides findings and did not exist when the baseline was recorded. */
const RelaxationSchema = strictObject({
	kind: picklist([
		"suppression",
		"accept",
		"skip"
	]),
	title: string(),
	file: string(),
	line: number()
});
/** A suppression that hid errors in some test files. */
const SuppressedSchema = strictObject({
	engine: EngineNameSchema,
	name: string(),
	tests: number(),
	/** The same count in the baseline; null if nothing was compared. */
	testsBefore: nullable(number())
});
/** Which of the repository's baselines was used; its own `sha` belongs to the checked source, which may be in another repository. */
const OriginSchema$1 = strictObject({
	/** The commit of the run that recorded it. */
	commit: string(),
	/** Where the change left the branch. */
	mergeBase: string(),
	/** How many first parents `commit` is before `mergeBase`. */
	distance: number(),
	run: string()
});
const ReportSchema = strictObject({
	schemaVersion: literal(11),
	verdict: picklist([
		"clean",
		"new-errors",
		"inconclusive"
	]),
	/** What was requested but not checked. */
	problems: array(intersect([ProblemSchema, object({
		message: string(),
		remedy: nullable(string())
	})])),
	/** Other information for the reader. */
	notes: array(intersect([NoteSchema, object({ message: string() })])),
	/** Null if the check ended before it was known. */
	toolchain: nullable(strictObject({
		python: nullable(string()),
		version: string(),
		valgrind: string(),
		compiler: string(),
		libc: string(),
		architecture: string(),
		configureArgs: array(string())
	})),
	build: nullable(strictObject({
		kind: picklist([
			"cold",
			"warm",
			"restored",
			"installed"
		]),
		seconds: number()
	})),
	baseline: nullable(strictObject({
		sha: nullable(string()),
		recordedAt: string(),
		origin: nullable(OriginSchema$1)
	})),
	/** Null if all requested test files ran. */
	affected: nullable(AffectedSchema),
	tests: array(TestSchema$1),
	skipped: array(SkippedSchema),
	relaxations: array(RelaxationSchema),
	suppressed: array(SuppressedSchema),
	findings: array(FindingSchema$1),
	/** Totals of the baseline after each of its last recordings, oldest first. Includes this run if it recorded. */
	timeline: TimelineSchema
});
function reportProblem(problem) {
	const { text, remedy } = problemMessage(problem);
	return {
		...problem,
		message: text,
		remedy
	};
}
function reportNote(note) {
	return {
		...note,
		message: noteMessage(note)
	};
}
/** The report of a check that failed. */
function failedReport(problem) {
	return {
		schemaVersion: 11,
		verdict: "inconclusive",
		problems: [reportProblem(problem)],
		notes: [],
		toolchain: null,
		build: null,
		baseline: null,
		affected: null,
		tests: [],
		skipped: [],
		relaxations: [],
		suppressed: [],
		findings: [],
		timeline: []
	};
}
/** 0 clean, 1 new errors, 2 part of what was requested was not checked. */
function exitCode(report, failOn) {
	const fresh = withStatus(report, "new", "grown");
	switch (report.verdict) {
		case "clean": return 0;
		case "inconclusive": return 2;
		case "new-errors":
			if (failOn === "new" || failOn === "memcheck" && fresh.some(({ engine }) => engine === "memcheck")) return 1;
			return report.problems.length > 0 ? 2 : 0;
	}
}
function withStatus(report, ...statuses) {
	return report.findings.filter((finding) => statuses.includes(finding.status));
}
/** The test files of a problem whose logs have something to show. */
function testsWithLastWords({ tests, problems }) {
	const named = new Set(problems.flatMap((problem) => "test" in problem ? [problem.test] : []));
	return tests.filter(({ name, lastWords, incomplete }) => lastWords.length > 0 && (incomplete !== null || named.has(name)));
}
function incompleteTests(report) {
	return report.tests.filter((test) => test.incomplete !== null);
}

// src/report/assemble.ts
/** Builds the report for report.json. Pure. */
function assembleReport(facts) {
	const { prepared, judgement } = facts;
	const { toolchain } = prepared.recipe;
	return {
		schemaVersion: 11,
		verdict: verdictOf(judgement),
		problems: judgement.problems.map(reportProblem),
		notes: [...judgement.notes, ...facts.notes].map(reportNote),
		toolchain: {
			python: prepared.python.path,
			version: prepared.python.version,
			valgrind: toolchain.valgrind,
			compiler: toolchain.compilerVersion,
			libc: toolchain.libc,
			architecture: toolchain.architecture,
			configureArgs: [...prepared.recipe.configureArgs]
		},
		build: prepared.python.build,
		baseline: facts.baseline && {
			sha: facts.baseline.sha,
			recordedAt: facts.baseline.recordedAt,
			origin: facts.origin
		},
		affected: facts.affected,
		tests: facts.runs.map(reportTest),
		skipped: facts.skipped.map(({ name, engine, skip: { reason, expires } }) => ({
			test: name,
			engine,
			reason,
			expires: expires ?? null
		})),
		suppressed: countSuppressed(facts.runs).map((count) => ({
			...count,
			testsBefore: testsBefore(count, facts.baseline)
		})),
		relaxations: facts.relaxations.map(({ kind, title, file, line }) => ({
			kind,
			title,
			file,
			line
		})),
		findings: reportFindings(facts),
		timeline: [...facts.timeline]
	};
}
function verdictOf({ findings, problems }) {
	if (findings.some(({ isConfirmed }) => isConfirmed)) return "new-errors";
	return problems.length > 0 ? "inconclusive" : "clean";
}
function reportTest({ name, engine, status, seconds, incomplete, ran, children, log, lastWords = [], costs }) {
	return {
		name,
		engine,
		status,
		seconds,
		incomplete: incomplete && {
			...incomplete,
			message: incompleteInWords(incomplete)
		},
		ran,
		children: children ?? null,
		log: log === "" ? null : log,
		lastWords: [...lastWords],
		costs
	};
}
function testsBefore({ engine, name }, baseline) {
	return baseline && (baseline.suppressed.find((before) => before.engine === engine && before.name === name)?.tests ?? 0);
}
/** In the order in which a reader should see them. */
const ORDER = [
	["new", "grown"],
	["warning"],
	["changed"],
	["flaky"],
	["accepted"],
	["unrecorded"],
	["known"]
];
function reportFindings({ judgement, recorded, reproduce, changes, burstLimit }) {
	const show = (judged, index) => {
		const { finding, status } = judged;
		const place = placeOf$1(finding, changes) ?? null;
		const shown = {
			...reportFinding(judged, recorded),
			place,
			reproduce: reproduce(finding.engine, finding.test)
		};
		return status === "known" || status === "unrecorded" && index >= MAX_WHOLE ? abridge(shown) : shown;
	};
	return [...ORDER.map((statuses) => judgement.findings.filter(({ status }) => statuses.includes(status)).map(show)).flatMap((group) => groupBySite(gatherBursts(group.toSorted(worstFirst), burstLimit))), ...judgement.fixed.map((entry) => reportFixed(entry, reproduce(entry.engine, {
		file: entry.test,
		id: null
	})))];
}
function reportFinding({ finding, status, isConfirmed, before, acceptance }, recorded) {
	const { engine, signature, kind, what, test, isInChild: inChild, site, owner, blocks, bytes, references, suppression } = finding;
	const further = finding.further.map((stack) => ({
		what: stack.what,
		frames: [...stack.frames]
	}));
	const blocksBefore = before?.blocks ?? null;
	return {
		status: status === "unrecorded" && recorded ? "recorded" : status,
		confirmed: isConfirmed,
		engine,
		signature,
		kind,
		what,
		test,
		inChild,
		site,
		owner,
		stack: [...finding.stack],
		further,
		blocks,
		bytes,
		references,
		blocksBefore,
		match: before === void 0 ? null : matchOf(before),
		excerpt: null,
		acceptance: acceptance === void 0 ? null : {
			reason: acceptance.reason,
			expires: acceptance.expires
		},
		roots: [],
		occurrences: [{
			engine,
			test,
			signature,
			path: [...finding.segment],
			blocks,
			bytes,
			blocksBefore
		}],
		objects: [...finding.objects],
		suppression
	};
}
function matchOf({ entry, pass, similarity }) {
	return {
		pass,
		similarity,
		signature: entry.signature,
		segment: [...segmentOfEntry(entry)]
	};
}
/** Number of findings of a first run that are kept in full. */
const MAX_WHOLE = 100;
/** At exit one test file leaves over a thousand known leaks: with full stacks, the report would be too large to open. */
function abridge(finding) {
	return {
		...finding,
		stack: shownFrames(finding).slice(0, 12),
		further: [],
		suppression: null
	};
}
/** A fixed finding has no place any more; the baseline kept only its segment. */
function reportFixed(entry, reproduce) {
	const segment = segmentOfEntry(entry);
	const stack = segment.map((name) => ({
		function: name,
		file: null,
		line: null,
		object: null,
		role: "key"
	}));
	return {
		status: "fixed",
		confirmed: false,
		engine: entry.engine,
		signature: entry.signature,
		kind: entry.kind,
		what: "",
		test: {
			file: entry.test,
			id: null
		},
		inChild: false,
		site: {
			function: segment[0] ?? "",
			file: null,
			line: null
		},
		owner: "project",
		place: null,
		excerpt: null,
		stack,
		further: [],
		blocks: 0,
		bytes: 0,
		references: 0,
		blocksBefore: entry.blocks,
		match: null,
		acceptance: null,
		roots: [],
		occurrences: [],
		objects: [],
		suppression: null,
		reproduce
	};
}
/** Memory corruption first, then invalid reads, then leaks; among leaks the most bytes first. */
const SEVERITY = [
	"InvalidWrite",
	"InvalidFree",
	"InvalidJump",
	"MismatchedFree",
	"InvalidRead",
	"Overlap"
];
function worstFirst(a, b) {
	const rank = ({ kind }) => {
		const index = SEVERITY.indexOf(kind);
		if (index !== -1) return index;
		return isLeak(kind) ? SEVERITY.length + 1 : SEVERITY.length;
	};
	return rank(a) - rank(b) || b.bytes - a.bytes || compareText(a.test.file, b.test.file) || compareText(a.signature, b.signature);
}

// src/settings/shell-words.ts
/**
* Splits a line as a shell splits words: white space separates, quotes group, a backslash takes the next character as it is and joins
* two lines. Nothing is expanded. Returns undefined where a quote is left open.
*/
function splitWords(line) {
	const piece = /\\\n|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s\\'"]+)|(\s+)/y;
	const words = [];
	let word;
	while (piece.lastIndex < line.length) {
		const match = piece.exec(line);
		if (match === null) return void 0;
		if (match[0] === "\\\n") continue;
		if (match[5] !== void 0) {
			if (word !== void 0) words.push(word);
			word = void 0;
		} else word = (word ?? "") + (match[1] ?? match[2] ?? match[3]?.replace(/\\(["\\$`])|\\\n/g, "$1") ?? match[4] ?? "");
	}
	return word === void 0 ? words : [...words, word];
}
/** A word as a person would type it in a shell. */
function quoteWord(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// src/settings/command.ts
const PYTHON = /^(.*\/)?(python|pypy)[\d.]*$/;
/** They run tests in other environments, with other interpreters. */
const RUNS_ELSEWHERE = /^(.*\/)?(tox|nox|hatch|uv|uvx|poetry|pdm|pipenv|make|sh|bash)$/;
const MEASURES_COVERAGE = /^(.*\/)?coverage[\d.]*$/;
const PYTEST = /^(.*\/)?(pytest|py\.test)$/;
/** Options with which pytest or unittest only prints something. */
const RUNS_NOTHING = /^(--collect-only|--co|--help|--version|--fixtures|--markers|--setup-plan|--setup-only|--cache-show)$/;
/**
* Parses the words of a command; shell forms (`pytest`, `python -m pytest`) are accepted. @throws UserError for a command that can't be watched,
* with an alternative.
*/
function parseCommand(words) {
	const own = PYTHON.test(words[0] ?? "") ? words.slice(1) : words;
	const [first = "", second = "", ...rest] = own;
	if (PYTEST.test(first)) return {
		...parseSuite("pytest", own.slice(1)),
		isScript: true
	};
	const program = first === "-m" ? second : first;
	if (RUNS_ELSEWHERE.test(program)) throw runsElsewhere(program);
	if (MEASURES_COVERAGE.test(program)) throw measuresCoverage(program);
	if (first === "-m" && PYTEST.test(second)) return parseSuite("pytest", rest);
	if (first === "-m" && second === "unittest") return parseSuite("unittest", rest);
	if (!isProgram$1(first, second)) throw badStart(first, own);
	return {
		kind: "command",
		words: own
	};
}
/** The words as a user writes them. */
function shellWords(command) {
	return command.kind === "suite" && command.isScript ? [command.runner, ...command.args] : commandWords(command);
}
/** The words as the interpreter gets them. */
function commandWords(command) {
	return command.kind === "command" ? command.words : [
		"-m",
		command.runner,
		...command.args
	];
}
/** `-m MODULE`, `-c CODE` or a script. */
function isProgram$1(first, second) {
	return first.startsWith("-") ? /^-[mc]$/.test(first) && second !== "" : first !== "";
}
function parseSuite(runner, args) {
	const idle = args.find((arg) => RUNS_NOTHING.test(arg));
	if (idle !== void 0) throw new UserError(`\`command\` contains \`${idle}\`, with which ${runner} runs no test.`);
	return {
		kind: "suite",
		runner,
		args
	};
}
function runsElsewhere(program) {
	return new UserError(`\`command\` starts ${program}, which runs tests in processes that the check can't watch.`, { hint: `Install the extension and its tests' packages first, then write what ${program} would run, such as \`-m pytest tests\`.` });
}
function measuresCoverage(program) {
	return new UserError(`\`command\` starts ${program}, which makes tests slower and adds nothing to the check.`, { hint: "Write what it would run, such as `-m pytest tests`." });
}
function badStart(first, words) {
	return new UserError(`\`command\` is \`${words.map(quoteWord).join(" ")}\`; allowed: \`-m MODULE …\`, \`-c CODE …\` or a script.`, { hint: first.startsWith("-") ? "Options of the interpreter can't be given. Most have an environment variable, such as PYTHONDEVMODE: set it and name it in `pass-env`." : "For tests write `-m pytest tests` or `-m unittest`." });
}

// src/settings/setting-values.ts
function parseNames(setting, names, alone) {
	for (const name of names) if (!/^test_\w+(\.\w+)*$/.test(name)) throw bad(setting, name, `names of test files such as \`test_csv test_json\`, or ${alone}`);
	return [...new Set(names)];
}
function parseJobs(value) {
	if (value === void 0) return void 0;
	if (!/^[1-9]\d{0,2}$/.test(value)) throw bad("jobs", value, "a whole number from 1 to 999");
	return Number(value);
}
function parseTitle(name, value) {
	if (value === void 0 || /^\P{C}{1,100}$/u.test(value)) return value;
	throw bad(name, value, "one line of at most 100 characters");
}
function parseDuration(name, value) {
	const match = /^(\d{1,6}) ?(s|m|min|h)$/.exec(value);
	const seconds = match === null ? 0 : Number(match[1]) * (match[2] === "h" ? 3600 : match[2] === "s" ? 1 : 60);
	if (seconds < 1 || seconds > 86400) throw bad(name, value, "a time from `1s` to `24h`, such as `90s`, `20m` or `1h`");
	return seconds;
}
function oneOf(name, value, allowed) {
	const found = allowed.find((candidate) => candidate === value);
	if (found !== void 0) return found;
	throw bad(name, value, allowed.map((candidate) => `\`${candidate}\``).join(", "));
}
function splitSetting(name, text) {
	const words = splitWords(text);
	if (words === void 0) throw bad(name, text, "words separated by spaces or lines, with every quote closed");
	return words;
}
function bad(name, value, allowed) {
	return new UserError(`\`${name}\` is \`${value}\`; allowed: ${allowed}.`);
}

// src/settings/settings-table.ts
const SETTINGS = [
	{
		name: "source",
		default: ".",
		meaning: "CPython checkout to test"
	},
	{
		name: "python-version",
		default: "",
		meaning: "test a release instead of `source`: `3.13` or `3.13.5`"
	},
	{
		name: "python",
		default: "",
		meaning: "installed CPython 3.14 or newer to run `command` with, as it is (default with `command`: `python3`, if it is one and neither `source` nor `python-version` is given)"
	},
	{
		name: "tests",
		default: "a quick set",
		meaning: "test files to run under memcheck: regrtest names, `all`, or `none` (memcheck then only confirms new leaks of the scan)"
	},
	{
		name: "scan",
		default: "all",
		meaning: "test files to scan for leaks at near native speed: names, `all` or `none`; memcheck then confirms new leaks. With `command`: `all` or `none`"
	},
	{
		name: "children",
		default: "no",
		meaning: "`yes`: the scan also checks interpreters that tests start, just before they exit"
	},
	{
		name: "torture",
		default: "none",
		meaning: "test files in which each allocation is made to fail, one at a time, to test error paths: names, `all` or `none`; `changed`: only allocations in functions that the pull request changes (needs `affected: auto`). With `command`: `all` or `none`"
	},
	{
		name: "torture-slice",
		default: "",
		meaning: "a part of all allocation sites: `3/14` is one of fourteen. With the run number in place of 3, nightly runs cover all of them in 14 nights; each slice has its own baseline"
	},
	{
		name: "command",
		default: "",
		meaning: "command for the checked interpreter to run instead of `tests`: `-m pytest …`, `-m unittest …` or another program"
	},
	{
		name: "memcheck-budget",
		default: "5m",
		meaning: "time limit for memcheck on test files in which the scan found nothing: `5m`, `all` or `none`; for `-m pytest` or `-m unittest`, and for the test files that a change can reach with `affected: auto` (default there: `1m`)"
	},
	{
		name: "fork",
		default: "yes",
		meaning: "with `-m pytest` or `-m unittest`: `yes` runs each test file in a fork of the process that collected the tests; `no` starts a new interpreter for each, for tests that break after a fork (threads started by imports, CUDA)"
	},
	{
		name: "install",
		default: "",
		meaning: "packages to install with pip for `command`, such as `.[test]`: in a virtual environment of the checked interpreter, with symbols and frame pointers"
	},
	{
		name: "affected",
		default: "all",
		meaning: "which test files of `all`, `-m pytest` or `-m unittest` run: `all`: every one; `auto`: those that the change can reach, unless the check records a baseline (experimental)"
	},
	{
		name: "pass-env",
		default: "",
		meaning: "additional environment variables to pass to `command`, which always gets `PATH`, `HOME`, `PYTHONPATH`, `VIRTUAL_ENV`, the locale and the like"
	},
	{
		name: "leak-check",
		default: "live",
		meaning: "`live`: check for leaks after each test file while the interpreter is running; `exit`: when it exits (default with any other program); `none`: memory errors only"
	},
	{
		name: "leak-check-per",
		default: "file",
		meaning: "how often a live check looks for leaks: after each `file`, `class` or `test` (slower)"
	},
	{
		name: "python-stacks",
		default: "no",
		meaning: "`yes`: show the Python allocation traceback of each leaked object (tracemalloc)"
	},
	{
		name: "suppressions",
		default: "",
		meaning: "suppression files to use in addition to CPython's `Misc/valgrind-python.supp`"
	},
	{
		name: "configure-args",
		default: "",
		meaning: "additional arguments for CPython's `configure`"
	},
	{
		name: "valgrind-args",
		default: "",
		meaning: "additional arguments for valgrind"
	},
	{
		name: "jobs",
		default: "one per core, or per 1.5 GB of memory",
		meaning: "number of test files to run at once"
	},
	{
		name: "mode",
		default: "check",
		meaning: "`check`; or, for a check that is split into shards, `plan` before the shards and `report` after them",
		only: "action"
	},
	{
		name: "shards",
		default: "",
		meaning: "with `plan`: number of shards, such as `8`"
	},
	{
		name: "shard-time",
		default: "",
		meaning: "with `plan`, instead of `shards`: time limit for each shard, such as `30m`; the plan has as many shards as needed"
	},
	{
		name: "shard",
		default: "",
		meaning: "run only this shard of the plan, such as `3/8`; `report` then gives the verdict. In a workflow, use the value from the matrix"
	},
	{
		name: "plan",
		default: "in `work-dir`",
		meaning: "directory of the plan and of its shards' results",
		only: "terminal"
	},
	{
		name: "test-timeout",
		default: "20m",
		meaning: "time limit for one test file: `90s`, `20m`, `1h`"
	},
	{
		name: "timeout",
		default: "5h",
		meaning: "time limit for the whole check, which then reports what it has so far: `55m`, `5h`, `none`"
	},
	{
		name: "baseline",
		default: "",
		meaning: "baseline file to compare with (default: in `work-dir`); action: branch to compare with (default: the base branch), or a file such as `./path`"
	},
	{
		name: "record-baseline",
		default: "auto",
		meaning: "`auto`: add tests missing from the baseline (action: record all of them, on a push to the default branch, a schedule or a dispatch); `always`; `never`"
	},
	{
		name: "fail-on",
		default: "new",
		meaning: "`new`: fail on new errors; `memcheck`: only on those that memcheck found; `none`: report only"
	},
	{
		name: "check-run",
		default: "",
		meaning: "name of a check run to create, with all annotations; needs `checks: write`",
		only: "action"
	},
	{
		name: "comment",
		default: "",
		meaning: "title of a comment to keep on the pull request; needs `pull-requests: write`",
		only: "action"
	},
	{
		name: "work-dir",
		default: "~/.cache/cpython-memcheck",
		meaning: "directory for builds, baselines and reports (action: the runner's temp folder); letters, digits and `/._-+@,=~` only"
	},
	{
		name: "build-cache",
		default: "",
		meaning: "directory of cached builds to restore from and save to",
		only: "terminal"
	},
	{
		name: "report",
		default: "",
		meaning: "where to write report.json",
		only: "terminal"
	},
	{
		name: "html",
		default: "",
		meaning: "where to write report.html (default: next to report.json)",
		only: "terminal"
	},
	{
		name: "token",
		default: "github.token",
		meaning: "GitHub token, used to read baselines and, if enabled, to post the check run and comment",
		only: "action"
	}
];
/** The value of a setting that was not given. */
function defaultOf(name) {
	return SETTINGS.find((setting) => setting.name === name)?.default ?? "";
}

// src/settings/work.ts
function parseInstall(words, hasCommand) {
	if (words.length > 0 && !hasCommand) throw new UserError("`install` is given without a `command`.");
	return words;
}
function parseWork(tests, command, leakCheck) {
	if (command.length > 0) {
		if (tests.length > 0) throw new UserError("Both `tests` and `command` are given; give only one of them.");
		const parsed = parseCommand(command);
		return leakCheck === "exit" || leakCheck === "none" ? {
			kind: "command",
			words: commandWords(parsed)
		} : parsed;
	}
	if (tests.length === 0) return { kind: "default-tests" };
	if (tests.length === 1 && tests[0] === "all") return { kind: "all-tests" };
	if (tests.length === 1 && tests[0] === "none") return {
		kind: "tests",
		names: []
	};
	return {
		kind: "tests",
		names: parseNames("tests", tests, "`all` or `none` alone")
	};
}
/** Whether the user's own program or tests run instead of CPython's tests. */
function isCommand({ kind }) {
	return kind === "command" || kind === "suite";
}
/** Whether memcheck only runs suspects of the scan. */
function isWithoutTests(work) {
	return work.kind === "tests" && work.names.length === 0;
}
/** The setting that leaves memcheck nothing but new leaks of the scan; undefined if none does. */
function settingWithoutMemcheck(settings) {
	if (isWithoutTests(settings.work)) return "tests";
	return settings.memcheckBudget === "none" ? "memcheck-budget" : void 0;
}
function parseScan(words, leakCheck, work) {
	const scan = scanOf(words, leakCheck, isCommand(work));
	if (isWithoutTests(work) && scan.kind === "none") throw new UserError("`tests` is `none`, and `scan` is `none`, too: no test file would run.");
	return scan;
}
/** The scan needs a live check, even if the user did not ask for one. */
function scanOf(words, leakCheck, hasCommand) {
	if (words.length === 1 && words[0] === "none") return { kind: "none" };
	if (words.length === 1 && words[0] === "all" && (leakCheck === "live" || !hasCommand)) return { kind: "all" };
	if (words.length > 0 && hasCommand) throw new UserError(`\`scan\` names test files, which a \`command\` chooses itself; allowed with it: ${leakCheck === "live" ? "`all`, `none`" : "`none`"}.`);
	if (words.length === 0) return leakCheck === "live" ? { kind: "all" } : { kind: "none" };
	return {
		kind: "names",
		names: parseNames("scan", words, "`all` or `none` alone")
	};
}
/** A child that ignores its environment (`-E`, `-I`) allocates objects with malloc only if it is built that way, as ours is. */
function parseChildren(value, scan, source, affected) {
	const isWanted = oneOf("children", value ?? defaultOf("children"), ["yes", "no"]) === "yes";
	if (isWanted && scan.kind === "none") throw new UserError("`children` is `yes`, and `scan` is `none`: the scan looks at children.");
	if (isWanted && source.kind === "interpreter") throw new UserError("`children` is `yes`, which needs a CPython build: give `source` or `python-version` instead of `python`.");
	if (isWanted && affected === "auto") throw new UserError("`children` is `yes`, which can't be combined with `affected: auto`: both replace the functions that start programs.");
	return isWanted;
}
/** Functions are recorded for each test file, so `auto` needs CPython's own test files or those of a project. */
function parseAffected(value, { kind }, source) {
	const choice = oneOf("affected", value ?? defaultOf("affected"), ["auto", "all"]);
	if (choice === "auto" && kind === "command") throw new UserError("`affected` is `auto`, which only works with test files; allowed with a `command`: `all`, and `auto` if it starts with `-m pytest` or `-m unittest`.");
	if (choice === "auto" && kind === "suite" && source.kind === "checkout") throw new UserError("`affected` is `auto`, which with a `command` needs `python` or `python-version`: with `source`, both CPython and the project may change.");
	return choice;
}
/** Tests are run repeatedly in forked children: possible for a suite, not for a program. */
function parseTorture(words, work, forks, affected, scan) {
	if (words.length === 0 || words.length === 1 && words[0] === "none") return { kind: "none" };
	const isAll = words.length === 1 && words[0] === "all";
	if (work.kind === "command" || work.kind === "suite" && !isAll) throw new UserError("`torture` names test files of CPython's; allowed with a `command`: `none`, and `all` if it starts with `-m pytest` or `-m unittest`.");
	if (scan.kind === "none" && work.kind === "suite") throw new UserError("`torture` with a `command` takes the test files that the scan collects, and `scan` is `none`.");
	if (!forks) throw new UserError("`torture` runs tests in forked processes, and `fork` is `no`.");
	if (isAll) return { kind: "all" };
	if (words.length > 1 || words[0] !== "changed") return {
		kind: "names",
		names: parseNames("torture", words, "`changed`, `all` or `none` alone")
	};
	if (affected === "all" || scan.kind !== "all") throw new UserError("`torture` is `changed`, which needs `affected: auto` and `scan: all`: they record which test files run a function.");
	return { kind: "changed" };
}
/** The number may be a run number, which grows without limit: `15/14` is `1/14`. */
function parseSlice(value, torture) {
	if (value === void 0) return void 0;
	const [, number, of] = /^(\d{1,9})\/([1-9]\d{0,2})$/.exec(value) ?? [];
	if (number === void 0 || of === void 0) throw bad("torture-slice", value, "a number and how many slices there are, such as `3/14`");
	if (torture.kind === "none" || torture.kind === "changed") throw new UserError("`torture-slice` is given, which needs `torture: all`, or names of test files.");
	return [Number(number) % Number(of), Number(of)];
}
function parseForks(value, { kind }) {
	if (value !== void 0 && kind !== "suite") throw new UserError("`fork` needs a `command` that starts with `-m pytest` or `-m unittest`.");
	return oneOf("fork", value ?? defaultOf("fork"), ["yes", "no"]) === "yes";
}
function parseBudget(value, { kind }, affected) {
	const isForChange = kind === "default-tests" && affected === "auto";
	if (value === void 0) return kind === "suite" ? 300 : isForChange ? 60 : "all";
	if (kind !== "suite" && !isForChange) throw new UserError("`memcheck-budget` needs a `command` that starts with `-m pytest` or `-m unittest`, or `affected: auto` without `tests`.");
	return value === "all" || value === "none" ? value : parseDuration("memcheck-budget", value);
}
/** A live check needs the hooks of regrtest, pytest or unittest; any other program is checked when it ends. */
function parseLeakCheck(value, { kind }) {
	const leakCheck = oneOf("leak-check", value ?? (kind === "command" ? "exit" : "live"), [
		"live",
		"exit",
		"none"
	]);
	if (kind === "command" && leakCheck === "live") throw new UserError("`leak-check` is `live`, which only works with tests; allowed with this `command`: `exit`, `none`.");
	return leakCheck;
}

// src/git/changes.ts
const NO_CHANGES = {
	moves: /* @__PURE__ */ new Map(),
	lines: /* @__PURE__ */ new Map()
};
/** Reads `git diff --no-color --no-ext-diff --src-prefix=a/ --dst-prefix=b/ -M -U0`. Pure; skips unknown lines. */
function parseDiff(diff) {
	const files = diff.split(/^diff --git .*\n/m).map(parseFile);
	return {
		moves: new Map(files.flatMap(({ from, to }) => from === void 0 || to === void 0 ? [] : [[from, to]])),
		lines: new Map(files.flatMap(({ path, ranges }) => path === void 0 || ranges.length === 0 ? [] : [[path, ranges]]))
	};
}
/** Reads one file's diff. Content lines begin with a sign, header lines do not. */
function parseFile(text) {
	const [head = ""] = text.split(/^@@ /m, 1);
	const field = (pattern) => pattern.exec(head)?.[1];
	return {
		from: unquote(field(/^rename from (.*)$/m)),
		to: unquote(field(/^rename to (.*)$/m)),
		path: unquote(field(/^\+\+\+ ("?b\/.*?)\t?$/m))?.slice(2),
		ranges: text.split("\n").flatMap(rangeOf)
	};
}
const ESCAPED = {
	a: "\x07",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "	",
	v: "\v"
};
/** Git quotes a name with a quote, a backslash or a control character as C does: `"a\tb\\c\001"`. */
function unquote(name) {
	const inner = /^"(.*)"$/.exec(name ?? "")?.[1];
	if (inner === void 0) return name;
	return inner.replace(/\\([0-7]{3}|.)/g, (_, code) => code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : ESCAPED[code] ?? code);
}
/** ` -12,3 +14,2 ` is lines 14 to 15. */
function rangeOf(line) {
	const [, start, count = "1"] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
	return start === void 0 ? [] : [[Number(start), Number(start) + Math.max(0, Number(count) - 1)]];
}

// src/git/git-changes.ts
const SUBMODULES = "--ignore-submodules=all";
/** A checkout's changes since a commit; undefined if unknown: it is not a git checkout, or lacks that commit. */
async function readChanges(path, since, processes) {
	const lines = [];
	const args = [
		"diff",
		...[
			"--no-color",
			"--no-ext-diff",
			"--no-textconv",
			SUBMODULES,
			"--src-prefix=a/",
			"--dst-prefix=b/"
		],
		"-M",
		"-U0",
		"--relative",
		"--end-of-options",
		since,
		"--"
	];
	return (await withGit(path, processes, (git) => git(args, {
		onLine: (line) => lines.push(line),
		timeout: 300
	})).catch(() => void 0))?.code === 0 ? parseDiff(lines.join("\n")) : void 0;
}

// src/stages/change.ts
/** The repository's changes since the baseline's commit, with a note if they would help but are unknown. */
async function changesSince(past, repository, processes) {
	if (past.kind !== "comparable" || past.baseline.sha === null) return { changes: NO_CHANGES };
	const changes = await readChanges(repository, past.baseline.sha, processes);
	if (changes !== void 0) return { changes };
	return {
		changes: NO_CHANGES,
		note: {
			code: "change-unknown",
			sha: past.baseline.sha
		}
	};
}
/**
* Whether the reader must know that the changes are unknown: an error is new, or a test file has no record or is gone, perhaps because it was
* renamed.
*/
function needsChanges({ findings, problems }) {
	return problems.some(({ code }) => code === "test-missing") || findings.some(({ status, isConfirmed }) => isConfirmed || status === "unrecorded");
}

// src/affected/changed-files.ts
function changedFiles$1({ sources }, now) {
	const before = new Map(sources.names.map((name, index) => [name, sources.hashes.slice(index * 16, (index + 1) * 16)]));
	const removed = sources.names.filter((name) => !now.has(name)).map((name) => ({
		name,
		kind: "removed"
	}));
	const others = [...now].flatMap(([name, hash]) => {
		const old = before.get(name);
		if (old === void 0) return [{
			name,
			kind: "added"
		}];
		return old === shortHash(hash) ? [] : [{
			name,
			kind: "modified"
		}];
	});
	return [...removed, ...others];
}
function effectsOf(changes, footprints, rules) {
	const usersOf = usersOfFiles(footprints);
	return changes.flatMap((change) => rules.reached(change, change.kind === "added" ? void 0 : usersOf(change.name)));
}
/** The effect on test files that open the file. */
function openedBy(file, users) {
	if (users === void 0) return [];
	if (users.kind !== "some") return [{
		of: "all",
		file
	}];
	return users.tests.length === 0 ? [] : [{
		of: "tests",
		tests: users.tests,
		file
	}];
}

// src/affected/selection.ts
/** A part of all test files. */
const MOST = .8;
/** Number of reasons kept for one test file. */
const MAX_CAUSES = 20;
function selectAffected(change) {
	const { footprints, rules, code, sources, tests } = change;
	const effects = effectsOf(changedFiles$1(footprints, sources), footprints, rules);
	const { functions, rewritten, unreferenced } = changedCode(footprints.code, code);
	const cause = whyAll(effects, unreferenced);
	const all = (why) => ({
		kind: "all",
		cause: why,
		functions,
		rewritten
	});
	if (cause !== void 0) return all(cause);
	const chosen = new Chosen();
	const usersOf = usersOfFunctions(footprints);
	for (const name of functions) {
		const users = usersOf(name);
		if (users.kind === "everyone") return all({
			code: "shared-function",
			name
		});
		if (users.kind === "unknown") return all({
			code: "unwatched-function",
			name
		});
		chosen.add(users.tests, {
			code: "function",
			name
		});
	}
	for (const effect of effects) chosen.add(reachedBy(effect, tests), {
		code: "file",
		name: effect.file
	});
	const recorded = new Set(footprints.tests);
	chosen.add(tests.filter((name) => !recorded.has(name)), { code: "unrecorded" });
	const listed = new Map(tests.flatMap((name) => chosen.entry(name)));
	if (listed.size > MOST * tests.length) return all({
		code: "most",
		count: listed.size
	});
	return {
		kind: "some",
		chosen: listed,
		functions,
		rewritten
	};
}
function whyAll(effects, unreferenced) {
	const effect = effects.find(({ of }) => of === "all");
	if (effect !== void 0) return {
		code: "shared-file",
		name: effect.file
	};
	const [name] = unreferenced;
	return name === void 0 ? void 0 : {
		code: "unreferenced-data",
		name
	};
}
var Chosen = class {
	#causes = /* @__PURE__ */ new Map();
	add(tests, cause) {
		for (const name of tests) {
			const causes = this.#causes.get(name) ?? [];
			if (causes.length < MAX_CAUSES) causes.push(cause);
			this.#causes.set(name, causes);
		}
	}
	/** Empty if the test file was not selected. */
	entry(name) {
		const causes = this.#causes.get(name);
		return causes === void 0 ? [] : [[name, causes]];
	}
};
function reachedBy(effect, tests) {
	switch (effect.of) {
		case "tests": return effect.tests;
		case "package": return tests.filter((name) => name === effect.package || name.startsWith(`${effect.package}.`));
		case "all": return tests;
	}
}

// src/build/unsuitable-tests.ts
/** Test files that `all` leaves out, each with its reason. */
const UNSUITABLE_TESTS = [
	{
		name: "test_math",
		under: "memcheck",
		reason: "takes over 10 minutes under memcheck, nearly all of it in Python loops"
	},
	{
		name: "test_genexps",
		reason: "asserts that a tuple's address is used again at once, which both engines' allocators do not"
	},
	{
		name: "test_gdb",
		reason: "debugs another Python with gdb, which is not followed"
	},
	{
		name: "test_perf_profiler",
		reason: "runs perf on another Python, which is not followed"
	},
	{
		name: "test_faulthandler",
		reason: "makes other Pythons crash on purpose, which is not followed"
	},
	{
		name: "test_regrtest",
		reason: "starts whole test runs in other processes, which are not followed"
	},
	{
		name: "test_tools",
		reason: "runs scripts in other processes, which are not followed"
	},
	{
		name: "test_freeze",
		reason: "copies and builds CPython itself"
	}
];

// src/build/tests.ts
/** Fast under memcheck, and close to C code that changes often. All are in CPython 3.11 and newer. */
const DEFAULT_TESTS = [
	"test_binascii",
	"test_bisect",
	"test_csv",
	"test_heapq",
	"test_operator",
	"test_struct"
];
/** Detects a misspelled name before any work is done. @throws UserError that names the missing test files. */
function requireTests(names, source) {
	const missing = names.filter((name) => !testExists(name, source));
	if (missing.length === 0) return;
	throw new UserError(`There is no test file ${missing.map((name) => `\`${name}\``).join(", ")} in ${join(source, "Lib", "test")}.`, { hint: "Use regrtest's names, such as `test_csv` or `test_asyncio.test_events`." });
}
/** Whether a source has a test file with that name. */
function testExists(name, source) {
	const path = join(source, "Lib", "test", ...name.split("."));
	return existsSync(`${path}.py`) || existsSync(join(path, "__init__.py"));
}
/** regrtest's name: `test_csv` or `test_asyncio.test_events`. */
function isTestName(name) {
	return /^test_\w+(\.\w+)*$/.test(name);
}
/**
* All test files that regrtest lists, without those that make no sense under the engine.
* @param folder to run it in: with a package `test` in the workspace, that would be listed instead of CPython's.
*/
async function selectAll(engine, python, folder, processes) {
	const names = [];
	await processes.output(python.path, [
		"-P",
		"-m",
		"test",
		"--list-tests"
	], {
		cwd: folder,
		env: testEnvironment(processes.env, python),
		onLine: (line) => names.push(line.trim().replace(/^test\./, ""))
	});
	names.filter((name) => name !== "").forEach(requireName);
	const reasonFor = (name) => UNSUITABLE_TESTS.find((test) => matches$1(name, test.name) && (test.under ?? engine) === engine)?.reason;
	return {
		names: names.filter((name) => name !== "" && reasonFor(name) === void 0),
		leftOut: names.flatMap((name) => {
			const reason = reasonFor(name);
			return reason === void 0 ? [] : [{
				name,
				reason
			}];
		})
	};
}
/** The names are used as file names. */
function requireName(name) {
	if (!isTestName(name)) throw new UserError(`This CPython lists a test file ${JSON.stringify(name.slice(0, 100))}, which is not a valid name.`);
}
function matches$1(listed, name) {
	return listed === name || listed.startsWith(`${name}.`);
}

// src/affected/elf.ts
const SECTION = {
	symbols: 2,
	relocations: 4,
	dynamic: 6,
	noBits: 8,
	dynamicSymbols: 11,
	initArray: 14,
	finiArray: 15
};
const FLAG = {
	allocated: 2,
	code: 4,
	merged: 16,
	strings: 32
};
const SYMBOL = {
	none: 0,
	data: 1,
	function: 2,
	section: 3,
	file: 4,
	common: 5,
	threadLocal: 6
};
/** Section number of a variable without a value, which the linker allocates (`int x;`, -fcommon). */
const COMMON = 65522;
const HEADER = {
	size: 64,
	sections: 40,
	sectionSize: 58,
	sectionCount: 60,
	names: 62
};
/** @throws RangeError or Error if it is not such a file. */
function readElf(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < HEADER.size || view.getUint32(0) !== 2135247942 || bytes[4] !== 2 || bytes[5] !== 1) throw new Error("not 64-bit ELF");
	const at = Number(view.getBigUint64(HEADER.sections, true));
	const size = view.getUint16(HEADER.sectionSize, true);
	const count = view.getUint16(HEADER.sectionCount, true);
	const namesIndex = view.getUint16(HEADER.names, true);
	const raw = Array.from({ length: count }, (_, index) => readSection(bytes, view, at + index * size, index));
	const names = raw[namesIndex]?.bytes ?? /* @__PURE__ */ new Uint8Array();
	const sections = raw.map(({ nameAt, ...section }) => ({
		...section,
		name: stringAt(names, nameAt)
	}));
	const symbolsOf = (wanted) => sections.filter(({ type }) => type === wanted).flatMap((table) => readSymbols(table, sections[table.link]?.bytes ?? /* @__PURE__ */ new Uint8Array()));
	const [symbols, dynamicSymbols] = [symbolsOf(SECTION.symbols), symbolsOf(SECTION.dynamicSymbols)];
	const relocations = new Map(sections.flatMap((section) => section.type === SECTION.relocations ? [[section.info, section]] : []));
	return {
		sections,
		symbols,
		dynamicSymbols,
		relocationsOf: ({ index }) => readRelocations(relocations.get(index))
	};
}
function readSection(bytes, view, at, index) {
	const word = (offset) => Number(view.getBigUint64(at + offset, true));
	const type = view.getUint32(at + 4, true);
	const [offset, size] = [word(24), word(32)];
	if (type !== SECTION.noBits && index > 0 && offset + size > bytes.length) throw new Error("cut off");
	return {
		index,
		nameAt: view.getUint32(at, true),
		type,
		flags: word(8),
		address: word(16),
		size,
		bytes: type === SECTION.noBits || index === 0 ? /* @__PURE__ */ new Uint8Array() : bytes.subarray(offset, offset + size),
		link: view.getUint32(at + 40, true),
		info: view.getUint32(at + 44, true),
		entrySize: word(56)
	};
}
const SYMBOL_SIZE = 24;
function readSymbols({ bytes }, strings) {
	const view = viewOf(bytes);
	let file = "";
	return Array.from({ length: Math.floor(bytes.length / SYMBOL_SIZE) }, (_, index) => {
		const at = index * SYMBOL_SIZE;
		const info = view.getUint8(at + 4);
		const name = stringAt(strings, view.getUint32(at, true));
		if ((info & 15) === SYMBOL.file) file = name;
		const [value, size] = [Number(view.getBigUint64(at + 8, true)), Number(view.getBigUint64(at + 16, true))];
		return {
			name,
			type: info & 15,
			isLocal: info >> 4 === 0,
			section: view.getUint16(at + 6, true),
			value,
			size,
			file
		};
	});
}
const RELOCATION_SIZE = 24;
function readRelocations(section) {
	if (section === void 0) return [];
	const view = viewOf(section.bytes);
	return Array.from({ length: Math.floor(section.bytes.length / RELOCATION_SIZE) }, (_, index) => {
		const at = index * RELOCATION_SIZE;
		const [type, symbol] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
		return {
			offset: Number(view.getBigUint64(at, true)),
			type,
			symbol,
			addend: view.getBigInt64(at + 16, true)
		};
	});
}
function viewOf(bytes) {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
/** Reads up to the terminating zero. */
function stringAt(bytes, at) {
	const end = bytes.indexOf(0, at);
	return Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString("latin1");
}

// src/affected/symbol-key.ts
/**
* `list_sort.cold` is a part of `list_sort`, and only `list_sort` jumps there. `.llvm.N`, on local names that LLVM exports, changes with the file.
*/
function functionName(name) {
	return name.replace(/\.llvm\.\d+$/, "").replace(/\.cold(\.\d+)?$/, "");
}
/** Whether it is the cold part of a function, which can be entered anywhere. */
function isColdPart(name) {
	return /\.cold(\.\d+)?(\.llvm\.\d+)?$/.test(name);
}
/** Global symbols of objects that a program makes local have no file. */
function keyOf$3({ name, isLocal, file }) {
	return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}

// src/affected/footprint-files.ts
/** Both files begin with this number. Raise it with every change of either format. */
const MAGIC = 844123459;
const WORD = 4;
/**
* The functions that can be watched: those with an entry point.
* @param isWanted filters functions by their key
* @throws Error if it is not a program or library
*/
function listFunctions(path, bytes, isWanted = () => true) {
	const { symbols, dynamicSymbols, sections } = readElf(bytes);
	const functions = (symbols.length === 0 ? dynamicSymbols : symbols).filter(({ type, section, size, name }) => {
		const isCode = ((sections[section]?.flags ?? 0) & FLAG.code) !== 0;
		return type === SYMBOL.function && isCode && size > 0 && !isColdPart(name);
	});
	return {
		path,
		functions: [...Map.groupBy(functions, ({ value }) => value)].toSorted(([a], [b]) => a - b).map(([address, group]) => ({
			address,
			keys: group.map(keyOf$3).filter(isWanted)
		})).filter(({ keys }) => keys.length > 0)
	};
}
function encodeList({ objects, roots, isStrict }) {
	const functions = objects.flatMap((object) => object.functions);
	const strings = [...objects, ...roots].map(({ path }) => Buffer.from(`${path}\0`));
	const offsets = strings.map((_, index) => strings.slice(0, index).reduce((sum, { length }) => sum + length, 0));
	const firsts = objects.map((_, index) => objects.slice(0, index).reduce((sum, object) => sum + object.functions.length, 0));
	const words = [
		...[
			MAGIC,
			objects.length,
			functions.length,
			roots.length,
			isStrict ? 1 : 0
		],
		...objects.flatMap((object, index) => [
			offsets[index] ?? 0,
			firsts[index] ?? 0,
			object.functions.length
		]),
		...roots.map((_, index) => offsets[objects.length + index] ?? 0),
		...functions.map(({ address }) => address)
	];
	const encoded = Buffer.alloc(words.length * WORD);
	for (const [index, word] of words.entries()) encoded.writeUInt32LE(word, index * WORD);
	return Buffer.concat([encoded, ...strings]);
}
/** A function that every Python process runs: a record without it is not from the checked interpreter. */
const RUN_BY_ALL = "_PyEval_EvalFrameDefault";
const LOG_BYTES = 524288;
const LOG_AT = 65552;
const HITS_AT = 589840;
/** In the order of their bits. The next bit, IS_OF_TEST, is no gap. */
const GAPS = [
	"full",
	"unseen-program",
	"unseen-function"
];
/** The content is untrusted: tests could have written it. */
function decodeRecord(bytes, functionCount) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!(bytes.length === HITS_AT + functionCount && view.getUint32(0, true) === MAGIC) || view.getUint32(WORD, true) !== functionCount) return {
		hits: /* @__PURE__ */ new Uint8Array(),
		files: [],
		gap: "unreadable"
	};
	const flags = view.getUint32(8, true);
	const length = Math.min(view.getUint32(12, true), LOG_BYTES);
	const log = Buffer.from(bytes.subarray(LOG_AT, LOG_AT + length)).toString("utf8");
	const gap = GAPS.find((_, bit) => (flags & 1 << bit) !== 0) ?? null;
	const files = log.split("\n").filter((line) => line !== "").map((line) => ({
		root: line.charCodeAt(0) - "0".charCodeAt(0),
		path: line.slice(1)
	}));
	return {
		hits: new Uint8Array(bytes.subarray(HITS_AT)),
		files,
		gap
	};
}

// src/engines/scan/footprint-recorder.ts
/** Code that a worker runs before the first test file, and between test files (cpython_memcheck_regrtest.py). */
const SHARED = ["shared.footprint", "serving.footprint"];
/** Records which functions a scan's processes run and which files they open (src/probe/footprint.c). */
var FootprintRecorder = class FootprintRecorder {
	#keys;
	#roots;
	#list;
	/** The workers' recordings. */
	#folders = /* @__PURE__ */ new Set();
	#tests = /* @__PURE__ */ new Map();
	constructor(list, { objects, roots }) {
		this.#list = list;
		this.#roots = roots;
		this.#keys = objects.flatMap(({ functions }) => functions.map(({ keys }) => keys));
	}
	/** @param folder of this run. */
	static async open(watched, folder) {
		const list = join(folder, "functions.list");
		await writeFile(list, encodeList(watched));
		return new FootprintRecorder(list, watched);
	}
	/** Variables for a worker with its records in that folder. */
	environment(folder) {
		return { CPYTHON_MEMCHECK_FOOTPRINT: `${this.#list}:${join(folder, SHARED[0])}` };
	}
	/** Collects the recording of a process that has ended. */
	async take({ test, folder, pid }) {
		this.#folders.add(folder);
		const path = join(folder, `${pid}.footprint`);
		const raw = await this.#read(path);
		await rm(path, {
			force: true,
			recursive: true
		});
		this.#tests.set(test, [...this.#tests.get(test) ?? [], raw]);
	}
	/** Undefined if a worker's recording is incomplete: then nothing is known of any test file. */
	async recorded() {
		const paths = [...this.#folders].flatMap((folder) => SHARED.map((name) => join(folder, name)));
		const shared = await Promise.all(paths.map((path) => this.#read(path)));
		if (shared.length === 0 || shared.some(({ gap }) => gap !== null)) return void 0;
		const whole = [...this.#tests].filter(([, raws]) => raws.every(({ gap }) => gap === null));
		return {
			watched: new Set(this.#keys.flat()),
			shared: this.#merge(shared),
			tests: new Map(whole.map(([name, raws]) => [name, this.#merge(raws)]))
		};
	}
	/** Why recordings of test files are incomplete. */
	gaps() {
		return new Map([...this.#tests].flatMap(([name, raws]) => raws.flatMap(({ gap }) => gap === null ? [] : [[name, gap]])));
	}
	async #read(path) {
		const isFile = await lstat(path).then((status) => status.isFile(), () => false);
		const raw = decodeRecord(isFile ? await readFile(path) : /* @__PURE__ */ new Uint8Array(), this.#keys.length);
		const isOfPython = this.#keys.some((keys, index) => raw.hits[index] !== 0 && keys.includes("_PyEval_EvalFrameDefault"));
		return raw.gap === null && !isOfPython ? {
			...raw,
			gap: "unreadable"
		} : raw;
	}
	#merge(raws) {
		const functions = this.#keys.filter((_, index) => raws.some(({ hits }) => hits[index] === 1)).flat();
		return {
			functions: new Set(functions),
			files: new Set(raws.flatMap(({ files }) => files).flatMap((file) => this.#nameOf(file)))
		};
	}
	#nameOf({ root, path }) {
		const found = this.#roots[root];
		return found === void 0 ? [] : [sourceOf$2(found.prefix + path)];
	}
};
/** `Lib/__pycache__/csv.cpython-313.pyc` was compiled from `Lib/csv.py`. Files of pytest also have its version in their names. */
function sourceOf$2(path) {
	return path.replace(/__pycache__\/([^/]+?)\.cpython-[^/]+\.pyc$/, "$1.py");
}

// src/stages/choose-affected.ts
/** Limit of changed functions: with more (a field of a widely used struct), older errors would be attributed to the change. */
const MAX_FUNCTIONS = 300;
function isInFewFunctions({ rewritten }) {
	return rewritten.length <= MAX_FUNCTIONS;
}
/** The data for a selection, or why nothing can be left out. Pure. */
function whatToChooseBy({ settings, context: { scope, past }, content }) {
	if (settings.affected === "all" || settings.scan.kind !== "all" && settings.work.kind !== "all-tests") return "asked";
	if (scope === "everything" || scope === "replace") return "records";
	if (past.kind !== "comparable" || past.baseline.footprints === null) return "no-record";
	return content !== null && content === past.baseline.content ? "unchanged" : past.baseline.footprints;
}
/** Decides which of all test files run. */
async function chooseAffected(checkContext, list) {
	const { underTest } = checkContext;
	const footprints = whatToChooseBy(checkContext);
	if (typeof footprints === "string" || underTest === void 0) return {
		kind: "any",
		why: typeof footprints === "string" ? footprints : "asked"
	};
	const code = underTest.code();
	if (code === void 0) return {
		kind: "any",
		why: "unreadable-objects"
	};
	const { scanned, others } = await list();
	const tests = [...scanned, ...others];
	const rules = underTest.rules([.../* @__PURE__ */ new Set([...footprints.tests, ...tests])]);
	const sources = underTest.sources(footprints.sources.names);
	return {
		...selectAffected({
			footprints,
			rules,
			code,
			sources,
			tests
		}),
		scanned,
		footprints
	};
}
/** Chooses among CPython's test files. For a suite, this happens when the scan has collected its test files. */
async function chooseBeforeScan(checkContext) {
	const { settings, prepared, runContext } = checkContext;
	if (settings.work.kind === "suite") return {
		kind: "any",
		why: "not-collected"
	};
	return await chooseAffected(checkContext, async () => {
		const { names, leftOut } = await selectAll("scan", prepared.python, runContext.folder, runContext.processes);
		return {
			scanned: names,
			others: leftOut.map(({ name }) => name)
		};
	});
}
/** The selected test files, with the reasons; null if none was left out. */
function reportAffected(affected) {
	if (affected.kind !== "some") return null;
	const { chosen } = affected;
	return affected.scanned.flatMap((test) => {
		const causes = chosen.get(test);
		return causes === void 0 ? [] : [{
			test,
			causes: causes.map(reportCause)
		}];
	});
}
/** Notes on how many test files ran and why, and on shared objects that made the choice less precise. */
function affectedNotes(affected, underTest) {
	const objects = [...underTest?.whole ?? []];
	return [...choiceNotes(affected), ...objects.length === 0 ? [] : [{
		code: "objects-whole",
		objects
	}]];
}
function choiceNotes(affected) {
	if (affected.kind === "any") return [];
	const of = affected.scanned.length;
	if (affected.kind === "some") return [{
		code: "tests-chosen",
		chosen: reportAffected(affected)?.length ?? 0,
		of,
		sha: affected.footprints.sha
	}];
	const { cause } = affected;
	return [{
		code: "all-tests-affected",
		of,
		why: cause.code,
		name: "name" in cause ? cause.name : null
	}];
}
/** Of the jobs for all test files, those that the change can reach, and the names of the others. */
function withoutUnaffected(jobs, affected) {
	if (affected.kind !== "some") return {
		jobs,
		rest: []
	};
	const isChosen = ({ name }) => affected.chosen.has(name);
	return {
		jobs: jobs.filter(isChosen),
		rest: jobs.filter((job) => !isChosen(job)).map(({ name }) => name)
	};
}
/**
* Whether this check may record which functions its test files run. Not if the baseline keeps older runs as well: the records would come from
* two builds. Pure.
*/
function recordsFootprints({ settings, context: { scope, past } }) {
	const isWhole = scope === "everything" || scope === "replace" || scope === "what-is-missing" && past.kind !== "comparable";
	return settings.affected === "auto" && isWhole && settings.scan.kind === "all";
}
/** The recorder; undefined if it is not needed or not possible. */
async function openRecorder(checkContext) {
	const { prepared, runContext, underTest } = checkContext;
	const canRecord = prepared.recipe.toolchain.architecture === "x86_64" && existsSync(prepared.python.probe.footprint);
	if (underTest === void 0 || !recordsFootprints(checkContext) || !canRecord) return void 0;
	return await FootprintRecorder.open(underTest.watched(), runContext.folder);
}
/** The baseline's part of a recording; null if there was none or it is incomplete. */
function footprintsOf(recorded, runs, underTest, sha) {
	const code = recorded === void 0 ? void 0 : underTest?.code();
	if (recorded === void 0 || underTest === void 0 || code === void 0) return null;
	const complete = new Set(runs.flatMap(({ name, engine, incomplete }) => engine === "scan" && incomplete === null ? [name] : []));
	const tests = new Map([...recorded.tests].filter(([name]) => complete.has(name)));
	const opened = [recorded.shared, ...tests.values()].flatMap(({ files }) => [...files]);
	return makeFootprints({
		...recorded,
		tests,
		sha,
		code: summarize(code),
		sources: underTest.sources(new Set(opened))
	});
}

// src/system/source-lines.ts
/** Generated files can be large: one of numpy's has 1.5 MB. */
const MAX_BYTES$4 = 8388608;
/** A test may have replaced the file by a pipe: opening it must not block. */
const FLAGS = constants$1.O_RDONLY | constants$1.O_NONBLOCK | constants$1.O_NOFOLLOW;
/**
* The lines of a source file, read after untrusted tests, which may have replaced it. Undefined if it is not a regular file below the folder, is too
* large, cannot be read, or has the wrong hash.
* @param root folder, whose path had no symbolic links before the tests ran
* @param file path relative to the folder
* @param sha256 the expected hash; undefined accepts any content
*/
async function readSourceLines(root, file, sha256) {
	if (isAbsolute(file) || file.includes("\0")) return void 0;
	try {
		await using opened = await open(join(root, file), FLAGS);
		const content = await isBelow$1(opened, root) ? await readWhole(opened) : void 0;
		if (content === void 0 || sha256 !== void 0 && hash("sha256", content) !== sha256) return void 0;
		return content.toString("utf8").split("\n");
	} catch {
		return;
	}
}
/** Checks the open file, not the path: a folder on the path may be, or become, a symbolic link. */
async function isBelow$1({ fd }, folder) {
	return (await readlink(`/proc/self/fd/${fd}`)).startsWith(`${folder}/`);
}
async function readWhole(file) {
	const status = await file.stat();
	if (!status.isFile() || status.size > MAX_BYTES$4) return void 0;
	const buffer = Buffer.alloc(status.size);
	const { bytesRead } = await file.read(buffer, 0, status.size, 0);
	return buffer.subarray(0, bytesRead);
}

// src/findings/function-table.ts
/** Reads the output of `nm -a -p -C` for programs and libraries: the local symbols of a file follow its name. Pure. */
function parseSymbols(listing) {
	const files = /* @__PURE__ */ new Map();
	let file = "";
	for (const line of listing.split("\n")) {
		const [, kind = "", symbol = ""] = /^[0-9a-f]* ?([atTwW]) (\S.*)$/.exec(line) ?? [];
		if (kind === "a") file = symbol;
		else if (kind !== "" && !MADE_BY_COMPILER.test(symbol)) {
			const name = normalizeName({ function: symbol }).replace(/^::/, "");
			const places = files.get(name) ?? /* @__PURE__ */ new Set();
			files.set(name, symbol.includes(".") ? places : places.add(kind === "t" ? file : ""));
		}
	}
	const ambiguous = [...files].filter(([, places]) => places.size > 1).map(([name]) => name);
	return {
		names: new Set(files.keys()),
		ambiguous: new Set(ambiguous)
	};
}
/** Symbols that every object has. */
const MADE_BY_COMPILER = /^(_init|_fini|_start|frame_dummy|(de)?register_tm_clones|__do_global_dtors_aux)$/;

// src/build/functions.ts
/** Folders of the system's own libraries, whose functions are not part of the project. */
const SYSTEM = /^\/(usr\/)?lib/;
/** The functions of a build and, as needed, of the extension modules that its tests load. Read with binutils' nm, each file once. */
var Functions = class Functions {
	/** Functions of the build itself. */
	own;
	#names;
	#asked;
	#processes;
	constructor(objects, own, processes) {
		this.own = own;
		this.#names = new Set(own.names);
		this.#asked = new Set(objects);
		this.#processes = processes;
	}
	static async ofBuild(python, processes) {
		const objects = python.objects ?? await builtObjects(python.tree);
		return new Functions(objects, await askNm(objects, processes), processes);
	}
	/** The names of all functions of the build and of the other objects on these stacks. */
	async namesFor(findings) {
		const others = [...new Set(findings.flatMap(({ stack }) => stack.flatMap(({ object }) => object ?? [])))].filter((object) => object.startsWith("/") && !SYSTEM.test(object) && !this.#asked.has(object));
		for (const object of others) this.#asked.add(object);
		for (const name of (await askNm(others, this.#processes)).names) this.#names.add(name);
		return this.#names;
	}
};
/** The interpreter and its extension modules. */
async function builtObjects(tree) {
	const folder = join(tree, (await readFile(join(tree, "pybuilddir.txt"), "utf8")).trim());
	const modules = (await readdir(folder)).filter((name) => name.endsWith(".so")).sort();
	return [join(tree, "python"), ...modules.map((name) => join(folder, name))];
}
/** A file without symbols, or that is not an object file, adds nothing: nm reports it on standard error and continues. */
async function askNm(objects, processes) {
	const lines = [];
	if (objects.length > 0) await processes.run("nm", [
		"-a",
		"-p",
		"-C",
		...objects
	], {
		onLine: (line) => lines.push(line),
		timeout: 120
	});
	return parseSymbols(lines.join("\n"));
}

// src/affected/function-map.ts
var FunctionMap = class {
	#ranges;
	/** The keys of all functions by name: the part `x.cold` of a global function is local. */
	#keys;
	constructor({ symbols, sections }) {
		const functions = symbols.filter(({ type }) => type === SYMBOL.function);
		const beginnings = functions.filter(({ name }) => !isColdPart(name));
		this.#keys = new Map(beginnings.flatMap((symbol) => [symbol.name, keyOf$3(symbol)].map((name) => [name, keyOf$3(symbol)])));
		const groups = Map.groupBy(functions, ({ section }) => section);
		this.#ranges = new Map([...groups].map(([index, own]) => [index, this.#rangesIn(sections[index], own)]));
	}
	keyOf(symbol) {
		const own = keyOf$3(symbol);
		return !isColdPart(symbol.name) || this.#keys.has(own) ? own : this.#keys.get(functionName(symbol.name)) ?? own;
	}
	/** Sorted by start. Each alias has its own range. */
	in({ index }) {
		return this.#ranges.get(index) ?? [];
	}
	/** The function that contains this byte of a section. */
	at(section, offset) {
		const ranges = this.in(section);
		let [low, high] = [0, ranges.length];
		while (low < high) {
			const middle = low + high >> 1;
			if ((ranges[middle]?.from ?? 0) <= offset) low = middle + 1;
			else high = middle;
		}
		const range = ranges[low - 1];
		return range !== void 0 && offset < Math.max(range.to, range.from + 1) ? range : void 0;
	}
	/** Machine code that belongs to no function, except padding. */
	gapsIn(section) {
		const ends = [
			{
				from: 0,
				to: 0
			},
			...this.in(section),
			{
				from: section.size,
				to: section.size
			}
		];
		let end = 0;
		return ends.flatMap(({ from, to }) => {
			const gap = {
				from: end,
				to: from
			};
			end = Math.max(end, to);
			return gap.from < gap.to && !isPadding(section.bytes.subarray(gap.from, gap.to)) ? [gap] : [];
		});
	}
	#rangesIn(section, symbols) {
		if (section === void 0 || (section.flags & FLAG.code) === 0) return [];
		const groups = Map.groupBy(symbols, (symbol) => symbol.value - section.address);
		const starts = [...groups.keys()].toSorted((a, b) => a - b);
		return starts.flatMap((from, index) => {
			const own = groups.get(from) ?? [];
			const names = own.map(({ name }) => name);
			const size = Math.max(...own.map((symbol) => symbol.size));
			const to = size > 0 ? from + size : starts[index + 1] ?? section.size;
			return [...Map.groupBy(own, (symbol) => this.keyOf(symbol))].flatMap(([key, [symbol]]) => symbol === void 0 ? [] : [{
				key,
				names,
				symbol,
				from,
				to
			}]);
		});
	}
};
/** Bytes of x86-64's no-op instructions of any length, and of those that trap. */
const PADDING = /* @__PURE__ */ new Set([
	0,
	15,
	31,
	46,
	64,
	68,
	102,
	128,
	132,
	144,
	204
]);
function isPadding(bytes) {
	return bytes.every((byte) => PADDING.has(byte));
}

// src/affected/line-numbers.ts
/** Macros of CPython's headers that expand to `__LINE__`. */
const OF_HEADERS = ["PyErr_BadInternalCall", "_PyObject_ASSERT_FAILED_MSG"];
const MACRO = /^[ \t]*#[ \t]*define[ \t]+(\w+)((?:.*\\\n)*.*)$/gm;
/** The lines of a C file whose numbers the compiler may have put into code. */
function linesInCode(source) {
	const pattern = takesLine(macrosWithLines(source));
	return new Set(source.split("\n").flatMap((line, index) => pattern.test(line) ? [index + 1] : []));
}
/** Macros of the file, including those defined by other macros. */
function macrosWithLines(source, known = []) {
	const found = [...source.matchAll(MACRO)].flatMap(([, name = "", body = ""]) => takesLine(known).test(body) ? [name] : []);
	return found.length === known.length ? found : macrosWithLines(source, found);
}
function takesLine(macros) {
	return new RegExp(`__LINE__|\\b(${[...OF_HEADERS, ...macros].join("|")})\\b`);
}
/** `mov $N, %eax` to `mov $N, %edi` of x86-64; with a prefix, of %r8d to %r15d. */
const isMove = (byte) => byte !== void 0 && byte >= 184 && byte <= 191;
const NUMBER_BYTES = 4;
/** Layout of the location in a Rust panic (core::panic::Location), in bytes: address and length of the file name, line, column. */
const LOCATION = {
	size: 24,
	length: 8,
	line: 16
};
/**
* The byte range of line and column; undefined if the data is not a location.
* @param nameAt returns the text of the given length at the address in the first field
*/
function lineOfPanic(data, nameAt) {
	if (data.length !== LOCATION.size) return void 0;
	const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getBigUint64(LOCATION.length, true);
	return length < MAX_PATH && nameAt(Number(length))?.endsWith(".rs") ? {
		from: LOCATION.line,
		to: LOCATION.size
	} : void 0;
}
const MAX_PATH = 4096;
/** Replaces each of these line numbers by zero where it is moved into a register. */
function withoutLines(code, lines) {
	if (lines.size === 0) return code;
	const copy = Uint8Array.from(code);
	const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
	for (let at = 0; at + NUMBER_BYTES < code.length; at++) if (isMove(code[at]) && lines.has(view.getUint32(at + 1, true))) copy.fill(0, at + 1, at + 1 + NUMBER_BYTES);
	return copy;
}

// src/affected/merged-constants.ts
/** An instruction may have up to this many bytes between its address field and its end. */
const MAX_BYTES_AFTER_FIELD = 3;
/** Whether the section has mergeable strings or constants of one size. LLVM also marks mixed sections as mergeable, but with entry size 0. */
function holdsConstants({ flags, entrySize }) {
	return (flags & FLAG.merged) !== 0 && entrySize > 0;
}
/** The string or constant at an offset. @param isExact false if it may also start up to three bytes later: then the next one may be included. */
function constantAt({ bytes, flags, entrySize }, at, isExact) {
	const start = Math.max(at, 0);
	if ((flags & FLAG.strings) !== 0 && entrySize === 1) return JSON.stringify(stringAt(bytes, isExact || bytes[start] !== 0 ? start : start + 1));
	const first = start - start % entrySize;
	const furthest = start + (isExact ? 0 : MAX_BYTES_AFTER_FIELD);
	const last = furthest - furthest % entrySize;
	const end = (flags & FLAG.strings) !== 0 ? bytes.length : last + entrySize;
	return Buffer.from(bytes.subarray(first, end)).toString("hex");
}

// src/affected/direct-jumps.ts
const FIELD_BYTES = 4;
/** Jumps from inside the range to the start of a function outside it. @param startingAt returns the function that starts at an offset. */
function jumpsWithin(bytes, { from, to }, relocations, startingAt) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const relocated = new Set(relocations.map(({ offset }) => offset));
	const jumps = [];
	for (let field = from + 1; field + FIELD_BYTES <= Math.min(to, bytes.length); field++) {
		if (!isBeforeDistance(bytes[field - 1], bytes[field - 2]) || relocated.has(field)) continue;
		const at = field + FIELD_BYTES + view.getInt32(field, true);
		const target = at >= from && at < to ? void 0 : startingAt(at);
		if (target !== void 0) jumps.push({
			field,
			target
		});
	}
	return jumps;
}
/** Whether these are the last bytes of the opcode of `call`, `jmp`, a conditional jump, or `lea` relative to the instruction pointer. */
function isBeforeDistance(byte = 0, before = 0) {
	const [isCall, isJump, isConditional] = [
		byte === 232,
		byte === 233,
		before === 15 && byte >= 128 && byte <= 143
	];
	return isCall || isJump || isConditional || before === 141 && (byte & 199) === 5;
}

// src/affected/relocation-fields.ts
const RELOCATION = {
	none: 0,
	absolute: 1,
	relative: 2
};
/** The relocations in a range. @param relocations sorted by offset. */
function relocationsIn(relocations, { from, to }) {
	const first = firstIndex(relocations, from);
	return relocations.slice(first, firstIndex(relocations, to, first));
}
function firstIndex(relocations, offset, from = 0) {
	let [low, high] = [from, relocations.length];
	while (low < high) {
		const middle = low + high >> 1;
		if ((relocations[middle]?.offset ?? 0) < offset) low = middle + 1;
		else high = middle;
	}
	return low;
}
/** R_X86_64_PC32, PLT32, GOTPCREL, GOTPCRELX, REX_GOTPCRELX: relative to the end of the instruction. */
function isRelative(type) {
	return [
		2,
		4,
		9,
		41,
		42
	].includes(type);
}
/** Width of the field in bytes. R_X86_64_64, PC64 and GOTOFF64 have eight; TLSDESC_CALL only marks an instruction. */
function widthOf(type) {
	if ([
		1,
		24,
		25
	].includes(type)) return 8;
	if ([12, 13].includes(type)) return 2;
	if ([14, 15].includes(type)) return 1;
	return type === 35 ? 0 : 4;
}

// src/affected/object-content.ts
var ObjectContents = class {
	#object;
	#relocations = /* @__PURE__ */ new Map();
	#unnamed = /* @__PURE__ */ new Map();
	#keys = /* @__PURE__ */ new Map();
	constructor(object) {
		this.#object = object;
	}
	/** @param lines line numbers, which change with every line added before them. @param within unnamed sections that this content is part of. */
	of(section, range = whole$1(section), lines = NO_LINES, within = NO_LINES) {
		const hash = createHash("sha256").update(`${section.flags} ${range.to - range.from}\n`);
		const references = /* @__PURE__ */ new Set();
		const relocations = this.#within(section, range);
		const bytes = Uint8Array.from(section.bytes.subarray(range.from, range.to));
		for (const { type, offset } of relocations) bytes.fill(0, offset - range.from, offset - range.from + widthOf(type));
		const line = lineOfPanic(bytes, (length) => this.#textAt(relocations, length));
		if (line !== void 0) bytes.fill(0, line.from, line.to);
		const take = (offset, type, target) => {
			hash.update(`${offset} ${type} ${target.name}\n`);
			for (const key of target.references) references.add(key);
		};
		for (const relocation of relocations) take(relocation.offset - range.from, relocation.type, this.#targetOf(relocation, section, within));
		const isCode = (section.flags & FLAG.code) !== 0;
		if (isCode && this.#object.isLinked) for (const { field, target } of jumpsWithin(section.bytes, range, relocations, (at) => this.#startingAt(section, at))) {
			bytes.fill(0, field - range.from, field - range.from + 4);
			take(field - range.from, RELOCATION.relative, {
				name: target,
				references: [target]
			});
		}
		hash.update(isCode ? withoutLines(bytes, lines) : bytes);
		return {
			hash: hash.digest("hex").slice(0, 16),
			references: [...references]
		};
	}
	/** The text that the only address in some data points to. */
	#textAt([only, ...others], length) {
		const symbol = only === void 0 ? void 0 : this.#object.elf.symbols[only.symbol];
		const section = this.#object.elf.sections[symbol?.section ?? 0];
		if (symbol === void 0 || section === void 0 || only?.type !== RELOCATION.absolute || others.length > 0) return void 0;
		const at = symbol.value - section.address + Number(only.addend);
		return Buffer.from(section.bytes.subarray(at, at + length)).toString("latin1");
	}
	#startingAt(section, offset) {
		const found = this.#object.functions.at(section, offset);
		return found?.from === offset ? found.key : void 0;
	}
	/** Relocations in the range, sorted, with offsets relative to the section. */
	#within(section, range) {
		let all = this.#relocations.get(section.index);
		if (all === void 0) {
			all = this.#object.elf.relocationsOf(section).filter(({ type }) => type !== RELOCATION.none).map((one) => ({
				...one,
				offset: one.offset - section.address
			})).toSorted((a, b) => a.offset - b.offset);
			this.#relocations.set(section.index, all);
		}
		return relocationsIn(all, range);
	}
	/** The target of a reference, without the parts that other changes in the file move: offsets among strings, numbers in names. */
	#targetOf({ type, symbol: index, addend, offset }, from, within) {
		const { elf } = this.#object;
		const symbol = elf.symbols[index];
		if (symbol === void 0) return {
			name: `? ${addend}`,
			references: []
		};
		const section = symbol.section === 0 ? void 0 : elf.sections[symbol.section];
		if (section === void 0) return {
			name: `${keyOf$3(symbol)} ${addend}`,
			references: [keyOf$3(symbol)]
		};
		const place = {
			symbol,
			section,
			type,
			addend,
			isTable: type === RELOCATION.relative && (from.flags & FLAG.code) === 0,
			offset
		};
		return this.#inSection(place, within);
	}
	#inSection({ symbol, section, type, addend, isTable, offset }, within) {
		const start = symbol.value - section.address;
		const isNamed = symbol.type !== SYMBOL.section && symbol.name !== "";
		const at = start + Number(addend) + (isRelative(type) ? 4 : 0);
		if (holdsConstants(section)) return {
			name: constantAt(section, isNamed ? start : at, isNamed || !isRelative(type)),
			references: []
		};
		const inCode = isTable ? start + Number(addend) - offset : at;
		if ((section.flags & FLAG.code) !== 0) return isNamed ? this.#named(symbol, addend) : this.#codeAt(section, inCode);
		if (!this.#object.variables.has(section.index)) return this.#inUnnamed(section, `${isNamed ? start : 0} ${addend}`, within);
		return {
			...isNamed ? this.#named(symbol, addend) : this.#variableAt(section, at),
			references: this.#keysIn(section.index)
		};
	}
	#named(symbol, addend) {
		const key = this.#object.functions.keyOf(symbol);
		return {
			name: `${key} ${addend}`,
			references: [key]
		};
	}
	#codeAt(section, offset) {
		const found = this.#object.functions.at(section, offset);
		if (found === void 0) return {
			name: `${section.name} ${offset}`,
			references: []
		};
		return {
			name: `${found.key} +${offset - found.from}`,
			references: [found.key]
		};
	}
	#inUnnamed(section, offset, within) {
		if (within.has(section.index)) return {
			name: `itself ${offset}`,
			references: []
		};
		const { hash, references } = this.#ofUnnamed(section, within);
		return {
			name: `${hash} ${offset}`,
			references
		};
	}
	#keysIn(section) {
		let keys = this.#keys.get(section);
		if (keys === void 0) {
			keys = [...new Set((this.#object.variables.get(section) ?? []).map((symbol) => this.#object.functions.keyOf(symbol)))];
			this.#keys.set(section, keys);
		}
		return keys;
	}
	/** Named by the last variable that starts at or before it: an offset from the section would move if another variable grows. */
	#variableAt(section, offset) {
		const last = this.#object.variables.get(section.index)?.findLast(({ value }) => value - section.address <= offset);
		if (last === void 0) return { name: `${section.name} ${offset}` };
		return { name: `${this.#object.functions.keyOf(last)} +${offset - (last.value - section.address)}` };
	}
	#ofUnnamed(section, within) {
		const content = (within.size === 0 ? this.#unnamed.get(section.index) : void 0) ?? this.of(section, whole$1(section), NO_LINES, /* @__PURE__ */ new Set([...within, section.index]));
		if (within.size === 0) this.#unnamed.set(section.index, content);
		return content;
	}
};
const NO_LINES = /* @__PURE__ */ new Set();
function whole$1({ size }) {
	return {
		from: 0,
		to: size
	};
}

// src/affected/object-code.ts
/** @throws Error if it is not an object file, or has no machine code yet. */
function readObjectCode(bytes, readSource) {
	const elf = readElf(bytes);
	if (elf.sections.some(({ name }) => name.startsWith(".gnu.lto_"))) throw new Error("made for link-time optimization");
	return new ObjectCode(elf, readSource, false).atoms();
}
/** `_parser.12`: the compiler numbers variables that are local to a function, so a new one renumbers all later ones. */
const NUMBERED = /\.\d+$/;
/** Sections that the linker generates from references. The relocations have the same information. */
const OF_LINKER = /^\.(got|plt|dynamic|eh_frame)/;
/** The compiler's startup and exit code, in every program and library. It is equal in comparable baselines, which have the same compiler. */
const OF_COMPILER = "crtstuff.c";
/** Unwind tables of C++ and Rust: one section for each function, with the function's name appended. */
const EXCEPTIONS = ".gcc_except_table";
var ObjectCode = class {
	#elf;
	#functions;
	#contents;
	#linesOf;
	/** Variables that are atoms, by the section that holds them. */
	#variables;
	#exceptions;
	#isLinked;
	constructor(elf, readSource, isLinked) {
		this.#elf = elf;
		this.#isLinked = isLinked;
		this.#functions = new FunctionMap(elf);
		const variables = elf.symbols.filter((symbol) => this.#isVariable(symbol)).toSorted((a, b) => a.value - b.value);
		this.#variables = Map.groupBy(variables, ({ section }) => section);
		const parsed = {
			elf,
			functions: this.#functions,
			variables: this.#variables,
			isLinked
		};
		this.#contents = new ObjectContents(parsed);
		this.#linesOf = linesBySymbol(elf, readSource);
		this.#exceptions = new Map(elf.sections.flatMap((section) => section.name.startsWith(`${EXCEPTIONS}.`) ? [[section.name.slice(18), section]] : []));
	}
	atoms() {
		const sections = this.#elf.sections.filter(({ flags, name }) => (flags & FLAG.allocated) !== 0 && !OF_LINKER.test(name));
		const common = this.#elf.symbols.filter(({ section }) => section === COMMON).map(commonAtom);
		return [...sections.flatMap((section) => [
			...this.#functionsIn(section),
			...this.#variablesIn(section),
			...this.#rest(section)
		]), ...common];
	}
	/** Symbols other than variables local to a function and unnamed constants: those are parts of the functions that refer to them. */
	#isVariable(symbol) {
		const section = this.#elf.sections[symbol.section];
		if (section === void 0 || (section.flags & FLAG.allocated) === 0 || OF_LINKER.test(section.name)) return false;
		return (symbol.type === SYMBOL.data || symbol.type === SYMBOL.threadLocal) && (section.flags & FLAG.code) === 0 && !holdsConstants(section) && !(symbol.isLocal && NUMBERED.test(symbol.name));
	}
	#functionsIn(section) {
		return this.#functions.in(section).filter(({ symbol }) => symbol.file !== OF_COMPILER || !symbol.isLocal).map((range) => {
			const part = this.#isLinked ? range : {
				from: 0,
				to: section.size
			};
			const content = this.#contents.of(section, part, this.#linesOf(range.symbol));
			return {
				key: range.key,
				kind: "function",
				...this.#withExceptions(content, range)
			};
		});
	}
	#withExceptions(own, { names }) {
		const tables = names.flatMap((name) => this.#exceptions.get(name) ?? []).map((section) => this.#contents.of(section));
		return tables.length === 0 ? own : merge([own, ...tables]);
	}
	#variablesIn(section) {
		const symbols = this.#variables.get(section.index) ?? [];
		if (symbols.length === 0) return [];
		const content = this.#contents.of(section);
		return [...new Set(symbols.map(keyOf$3))].map((key) => ({
			key,
			kind: "data",
			...content
		}));
	}
	/** Assembler code, sections that the linker collects, such as `.init_array`, and unwind tables that are not split by function. */
	#rest(section) {
		const parts = this.#restOf(section);
		if (parts.length === 0) return [];
		return [{
			key: `${this.#elf.symbols.find(({ type }) => type === SYMBOL.file)?.name ?? ""}:(${section.name})`,
			kind: "function",
			...merge(parts)
		}];
	}
	#restOf(section) {
		if (section.size === 0) return [];
		const isArray = section.type === SECTION.initArray || section.type === SECTION.finiArray;
		const isTable = section.name.startsWith(EXCEPTIONS) && !this.#hasFunction(section.name.slice(18));
		if (isArray || isTable) return [this.#contents.of(section)];
		return (section.flags & FLAG.code) !== 0 ? this.#functions.gapsIn(section).map((gap) => this.#contents.of(section, gap)) : [];
	}
	#hasFunction(name) {
		return this.#elf.symbols.some((symbol) => symbol.type === SYMBOL.function && symbol.name === name);
	}
};
function merge(parts) {
	const [only, ...others] = parts;
	if (only !== void 0 && others.length === 0) return only;
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part.hash);
	return {
		hash: hash.digest("hex").slice(0, 16),
		references: [...new Set(parts.flatMap(({ references }) => references))]
	};
}
/** The line numbers that a function's code may contain. A global function does not name its file, so there are none if the object has several files. */
function linesBySymbol({ symbols }, readSource) {
	const files = new Set(symbols.flatMap(({ type, name }) => type === SYMBOL.file && name !== "" ? [name] : []));
	const lines = new Map([...files].flatMap((name) => {
		const text = readSource(name);
		return text === void 0 ? [] : [[name, linesInCode(text)]];
	}));
	const [single, ...others] = lines.values();
	const ofGlobals = single !== void 0 && others.length === 0 ? single : /* @__PURE__ */ new Set();
	return ({ isLocal, file }) => isLocal && file !== "" ? lines.get(file) ?? /* @__PURE__ */ new Set() : ofGlobals;
}
function commonAtom(symbol) {
	return {
		key: keyOf$3(symbol),
		kind: "data",
		hash: `common ${symbol.size}`,
		references: []
	};
}

// src/affected/linked-code.ts
/** Undefined if symbols or relocations are missing: then any change may affect every function. */
function readLinkedCode(bytes, readSource) {
	try {
		const elf = readElf(bytes);
		if (!isWhole(elf)) return void 0;
		const atoms = new ObjectCode(elf, readSource, true).atoms();
		return {
			atoms,
			rest: hashNeeds(elf),
			atLoad: reachableFrom(atoms.filter(runsAtLoad), atoms)
		};
	} catch {
		return;
	}
}
/** Whether its code has symbols and correct relocations. */
function isWhole(elf) {
	const text = elf.sections.find(({ name }) => name === ".text");
	const hasFunctions = elf.symbols.some(({ type, section, size }) => type === SYMBOL.function && section === text?.index && size > 0);
	return text !== void 0 && hasFunctions && elf.relocationsOf(text).length > 0 && relocationsMatch(elf, text);
}
/** R_X86_64_PC32: the field holds the distance to the symbol. */
const DISTANCE = 2;
/** Whether the linker kept the relocations consistent with the code. */
function relocationsMatch(elf, text) {
	const view = new DataView(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength);
	return elf.relocationsOf(text).every(({ type, offset, symbol: index, addend }) => {
		const symbol = elf.symbols[index];
		if (type !== DISTANCE || symbol === void 0 || symbol.section === 0) return true;
		return view.getInt32(offset - text.address, true) === symbol.value + Number(addend) - offset;
	});
}
function runsAtLoad({ key }) {
	return key.endsWith(":(.init_array)");
}
function reachableFrom(beginning, atoms) {
	const references = new Map(atoms.map(({ key, references: own }) => [key, own]));
	const [seen, waiting] = [/* @__PURE__ */ new Set(), beginning.flatMap(({ references: own }) => own)];
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) {
		if (seen.has(next)) continue;
		seen.add(next);
		waiting.push(...references.get(next) ?? []);
	}
	return seen;
}
/** DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH (gABI, dynamic section). */
const NAMES = [
	1,
	14,
	15,
	29
];
const ENTRY_BYTES = 16;
function hashNeeds({ sections }) {
	const hash = createHash("sha256");
	for (const { bytes, link } of sections.filter(({ type }) => type === SECTION.dynamic)) {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
			const [tag, value] = [Number(view.getBigUint64(at, true)), Number(view.getBigUint64(at + 8, true))];
			if (NAMES.includes(tag)) hash.update(`${tag} ${stringAt(sections[link]?.bytes ?? /* @__PURE__ */ new Uint8Array(), value)}\n`);
		}
	}
	return hash.digest("hex");
}

// src/affected/suite-file-rules.ts
function suiteRules(files) {
	return { reached: (change, users) => isTestFile$1(change.name, files) ? ofTestFile(change, users, files) : [...openedBy(change.name, users), ...furtherEffects$1(change, files)] };
}
/** Also checks the name, because any module may be collected for its doctests. */
function isTestFile$1(name, { tests }) {
	return tests.has(name) && /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(name);
}
/**
* A suite imports all its test files before the first one runs, so the records of all contain this one. A change to it reaches the test file itself
* and files that may import it, which are those that mention its name. A new test file runs because it has no record.
*/
function ofTestFile({ name: file, kind }, users, files) {
	const importers = importersOf(file, files);
	if (!importers.every((name) => isTestFile$1(name, files))) return [{
		of: "all",
		file
	}];
	const readers = users?.kind === "some" ? users.tests : [];
	return [{
		of: "tests",
		tests: [.../* @__PURE__ */ new Set([
			...kind === "removed" ? [] : [file],
			...importers,
			...readers
		])],
		file
	}];
}
function importersOf(file, { mentioning }) {
	const [found, waiting] = [/* @__PURE__ */ new Set(), [file]];
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) for (const name of mentioning(moduleOf(next))) {
		if (name === file || found.has(name)) continue;
		found.add(name);
		waiting.push(name);
	}
	return [...found];
}
function moduleOf(file) {
	return file.slice(file.lastIndexOf("/") + 1).replace(/\.py$/, "");
}
/** Test files that depend on a file without opening it. */
function furtherEffects$1({ name: file, kind }, files) {
	switch (kindOf$1(file)) {
		case "code":
		case "read": return kind === "added" && isBesideTests(file, files) ? [{
			of: "all",
			file
		}] : [];
		case "build": return [{
			of: "all",
			file
		}];
		case "library": return kind === "modified" ? [] : [{
			of: "all",
			file
		}];
	}
}
/** Whether the file is in the folder of a test file, or below it. */
function isBesideTests(file, { tests }) {
	return [...tests].some((test) => file.startsWith(test.slice(0, test.lastIndexOf("/") + 1)));
}
/** `code` is compiled, so its changes show in the shared objects. `read` affects only the tests that open it. */
function kindOf$1(name) {
	if (BUILD.test(name)) return "build";
	if (/\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|pxi|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc|md|rst)$/i.test(name)) return "code";
	const isHidden = /(^|\/)\./.test(name);
	const isDocument = /^docs?\//i.test(name);
	const isAtTop = !name.includes("/") && !/\.(py|so)$/.test(name);
	return isHidden || isDocument || isAtTop ? "read" : "library";
}
/** Names under which the command and the other installed packages are compared like files. */
const PARTS = {
	command: "the command",
	packages: "the installed packages"
};
/** Files that affect the whole build, or how the tests are run. */
const BUILD = new RegExp(`(^|/)(pyproject\\.toml|setup\\.(py|cfg)|meson(\\.build|_options\\.txt|\\.options)|CMakeLists\\.txt|[^/]*\\.cmake|Cargo\\.(toml|lock)|[^/]*requirements[^/]*\\.txt|MANIFEST\\.in|tox\\.ini|\\.?pytest\\.(ini|toml)|conftest\\.py)$|^(${Object.values(PARTS).join("|")})$`);

// src/system/source-files.ts
/** Languages that extensions are compiled from. */
const SOURCE = /\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc)$/i;
/** A large monorepo can have too many; beyond this the rest is left out. */
const MAX_FILES$2 = 5e4;
const MAX_FOLDERS = 2e4;
/** The source files of compiled languages in a folder, by relative path. Hidden folders, npm packages and unreadable folders are left out. */
function listSourceFiles(root) {
	return listFiles(root, SOURCE);
}
/** `ext.so`, `libx.so.1.2` */
const SHARED_OBJECT = /\.so(\.[\d.]+)?$/;
/** Folders of setuptools and cargo for intermediate objects. */
const INTERMEDIATE = /(^|\/)(build\/(lib|bdist)[.-]|target\/[^/]+\/(deps|build)\/)/;
/**
* The shared objects below a folder, including symbolic links to them. Virtual environments, installed packages and intermediate objects are left out.
*/
async function listSharedObjects(root) {
	const [objects, environments] = [await listFiles(root, SHARED_OBJECT, isLinkToFile), await listFiles(root, /^pyvenv\.cfg$/)];
	const folders = environments.map((name) => name.slice(0, -10));
	return objects.filter((name) => !/(^|\/)(site|dist)-packages\//.test(name) && !INTERMEDIATE.test(name) && !folders.some((folder) => name.startsWith(folder)));
}
async function isLinkToFile(entry) {
	if (!entry.isSymbolicLink()) return false;
	return await stat(join(entry.parentPath, entry.name)).then((status) => status.isFile(), () => false);
}
/** @param isFurther whether to include an entry that is not a regular file. */
async function listFiles(root, wanted, isFurther = async () => false) {
	const files = [];
	const folders = [""];
	for (let next = 0; next < folders.length && next < MAX_FOLDERS && files.length < MAX_FILES$2; next++) {
		const folder = folders[next] ?? "";
		const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
		for (const entry of entries) {
			const path = join(folder, entry.name);
			if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules") folders.push(path);
			else if (wanted.test(entry.name) && (entry.isFile() || await isFurther(entry))) files.push(path);
		}
	}
	return files;
}

// src/build/project-folders.ts
async function findFolders(place, processes) {
	const directory = realpathSync(place.directory);
	const searched = (await searchedFolders(place, processes)).filter((folder) => !isOfInterpreter(folder, realpathSync(place.tree)));
	const packages = searched.filter(hasPackages);
	const others = searched.filter((folder) => !packages.includes(folder));
	const named = nameFolders([...packages, ...others.filter((folder) => !isBelow(folder, directory))]);
	const roots = [{
		path: directory,
		prefix: ""
	}, ...named].toSorted((a, b) => b.path.length - a.path.length);
	const read = packages.map((folder) => readPackages(folder, directory));
	return {
		roots,
		packages: roots.filter(({ path }) => packages.includes(path)),
		searched: [directory, ...others],
		own: new Set(read.flatMap(({ own }) => own)),
		others: read.flatMap((one) => one.others)
	};
}
/** The interpreter's `sys.path`, without symbolic links. @throws UserError if the interpreter does not print it. */
async function searchedFolders(place, processes) {
	const { directory, passEnv, path } = place;
	const env = commandEnvironment(processes.env, passEnv, place);
	const answer = await processes.output(path, ["-c", "import json, sys; print(json.dumps(sys.path[1:]))"], {
		cwd: directory,
		env,
		timeout: 60
	});
	const folders = safeParse(pipe(string(), parseJson(), array(string())), answer.trimEnd().split("\n").at(-1));
	if (!folders.success) throw new UserError(`${path} did not print its \`sys.path\`, which \`affected: auto\` needs to find the project's files.`, { hint: `It printed: ${answer.slice(0, MAX_SHOWN)}` });
	return [...new Set(folders.output.filter((folder) => existsSync(folder)).map((folder) => realpathSync(folder)))];
}
const MAX_SHOWN = 200;
/** Whether the folder belongs to the interpreter itself. Checks with different interpreters are never compared, so its files need no comparison. */
function isOfInterpreter(folder, tree) {
	return isBelow(folder, tree) || existsSync(join(folder, "os.py")) || basename(folder) === "lib-dynload" || folder.endsWith(".zip");
}
function hasPackages(folder) {
	return /^(site|dist)-packages$/.test(basename(folder)) || readdirSync(folder).some((name) => name.endsWith(".dist-info"));
}
function isBelow(path, folder) {
	return path === folder || path.startsWith(`${folder}/`);
}
/** Names folders by the last part of their path, so that names are equal on other machines. */
function nameFolders(paths) {
	const names = paths.map((path) => basename(path));
	return paths.map((path, index) => {
		const before = names.slice(0, index).filter((name) => name === names[index]).length;
		return {
			path,
			prefix: `${names[index]}${before === 0 ? "" : `-${before + 1}`}/`
		};
	});
}

// src/build/project-under-test.ts
/** Reads the project before any test runs. */
async function projectUnderTest({ directory, passEnv, python, command }, processes) {
	const folders = await findFolders({
		directory,
		passEnv,
		...python
	}, processes);
	const files = new ProjectFiles(folders, await listProject(directory, processes));
	const objects = await readObjects(directory, files, folders);
	const parts = {
		[PARTS.command]: command.join(" "),
		[PARTS.packages]: folders.others.join("\n")
	};
	const fixed = [...Object.entries(parts).map(([name, text]) => [name, hash("sha256", text)]), ...objects.map(({ name, bytes, linked }) => [name, linked?.rest ?? hash("sha256", bytes)])];
	return {
		objects: objects.map(({ path }) => path),
		whole: objects.filter(({ linked }) => linked === void 0).map(({ name }) => name),
		watched: () => watchedOf(objects, folders, python),
		code: () => mergeAtoms(objects.map(({ linked }) => linked?.atoms ?? [])),
		sources: (further) => new Map([...files.hashes(further), ...fixed]),
		rules: (tests) => suiteRules({
			tests: new Set(tests),
			mentioning: (word) => files.mentioning(word)
		})
	};
}
function watchedOf(objects, folders, python) {
	const program = realpathSync(python.path);
	return {
		objects: [...[program, ...(python.objects ?? []).filter((path) => path !== program)].map((path) => listFunctions(path, readFileSync(path), (key) => key === RUN_BY_ALL)), ...objects.map(({ path, bytes, linked }) => {
			if (linked === void 0) return {
				path,
				functions: []
			};
			return listFunctions(path, bytes, (key) => !linked.atLoad.has(key));
		})],
		roots: folders.roots,
		isStrict: true
	};
}
/** Shared objects below the project's folders, and those that it installed. */
async function readObjects(directory, files, { own, searched }) {
	const sources = await listSourceFiles(directory);
	const index = indexFiles(sources);
	const readSource = (name) => {
		const [only, ...others] = index.get(basename(name)) ?? [];
		const found = findByEnd(name, index) ?? (others.length === 0 ? only : void 0);
		return found === void 0 ? void 0 : readFileSync(join(directory, found), "utf8");
	};
	const below = await Promise.all(searched.map(async (folder) => (await listSharedObjects(folder)).map((name) => join(folder, name))));
	const installed = [...own].filter((path) => SHARED_OBJECT.test(path) && existsSync(path));
	return [.../* @__PURE__ */ new Set([...below.flat(), ...installed])].flatMap((path) => {
		const name = files.nameOf(path);
		const bytes = readFileSync(path);
		return name === void 0 ? [] : [{
			path,
			name,
			bytes,
			linked: readLinkedCode(bytes, readSource)
		}];
	});
}
async function listProject(directory, processes) {
	if (existsSync(join(directory, ".git"))) return await listCheckout(directory, processes);
	const names = listFolder(directory);
	const environments = names.filter((name) => name.endsWith("/pyvenv.cfg")).map((name) => name.slice(0, -10));
	return names.filter((name) => !isHidden(name) && !environments.some((folder) => name.startsWith(folder)));
}
/** The project's files, by names that are equal on other machines. */
var ProjectFiles = class {
	#folders;
	#listed;
	#began = Date.now();
	#texts;
	constructor(folders, names) {
		this.#folders = folders;
		const installed = [...folders.own].flatMap((path) => this.nameOf(path) ?? []);
		const all = [...names, ...installed].filter((name) => !SHARED_OBJECT.test(name) && !isGenerated(name));
		this.#listed = new Map(all.flatMap((name) => this.#hash(name)));
	}
	nameOf(path) {
		const root = this.#folders.roots.find((one) => path.startsWith(`${one.path}/`));
		return root && root.prefix + path.slice(root.path.length + 1);
	}
	/** SHA-256 of the listed files, and of others that tests opened, such as generated files that git ignores. */
	hashes(further) {
		const others = [...further].filter((name) => !this.#listed.has(name) && this.#isRelevant(name));
		return new Map([...this.#listed, ...others.flatMap((name) => this.#hash(name))]);
	}
	/** The project's Python files that contain the word. */
	mentioning(word) {
		this.#texts ??= new Map([...this.#listed.keys()].filter((name) => name.endsWith(".py")).map((name) => [name, this.#read(name)]));
		const pattern = new RegExp(`\\b${word.replaceAll(/[^\w]/g, "\\$&")}\\b`);
		return [...this.#texts].flatMap(([name, text]) => pattern.test(text) ? [name] : []);
	}
	/** False for files of other packages, which are compared by version, and for files that tests of this check wrote. */
	#isRelevant(name) {
		const path = this.#pathOf(name);
		if (SHARED_OBJECT.test(name) || isGenerated(name) || isHidden(name)) return false;
		if (this.#folders.packages.some((root) => path.startsWith(`${root.path}/`)) && !this.#folders.own.has(path)) return false;
		return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? this.#began) < this.#began;
	}
	#pathOf(name) {
		const root = this.#folders.roots.find(({ prefix }) => prefix !== "" && name.startsWith(prefix)) ?? this.#folders.roots.find(({ prefix }) => prefix === "");
		return `${root?.path ?? ""}/${name.slice(root?.prefix.length ?? 0)}`;
	}
	#read(name) {
		return readFileSync(this.#pathOf(name), "utf8");
	}
	#hash(name) {
		const path = this.#pathOf(name);
		return statSync(path, { throwIfNoEntry: false })?.isFile() ? [[name, hash("sha256", readFileSync(path))]] : [];
	}
};
/** Files that Python and pip generate from others. They contain times or paths. */
function isGenerated(name) {
	return /(^|\/)__pycache__\/|\.pyc$|\.(dist|egg)-info\/|(^|\/)\.\.\//.test(name);
}
function isHidden(name) {
	return /(^|\/)\./.test(name);
}

// src/affected/cpython-file-rules.ts
const CPYTHON_RULES = { reached: (change, users) => [...openedBy(change.name, users), ...furtherEffects(change)] };
/** Test files that depend on a file without opening it. */
function furtherEffects({ name, kind }) {
	switch (kindOf(name)) {
		case "code":
		case "read": return [];
		case "build": return [{
			of: "all",
			file: name
		}];
		case "library": return kind === "modified" ? [] : comingAndGoing(name);
	}
}
/** An added or removed file changes the result of an import or of listing its folder. */
function comingAndGoing(file) {
	if (/^Lib\/test\/test_\w+\.py$/.test(file)) return [];
	const [, name] = /^Lib\/test\/(test_\w+)\//.exec(file) ?? [];
	return name === void 0 ? [{
		of: "all",
		file
	}] : [{
		of: "package",
		package: name,
		file
	}];
}
/**
* `code` is compiled, so its changes show in the objects. `read` affects only the tests that open it. Any other file may affect the whole build.
*/
function kindOf(name) {
	if (/^(Include|Modules|Objects|Parser|Programs|Python)\/.*\.(c|h|S|asdl|gram|rst|txt|md)$/.test(name)) return "code";
	if (/^Lib\//.test(name)) return "library";
	if (/^Misc\/.*\.(supp|in)$/.test(name)) return "build";
	if (/^(Doc|Misc|Tools|PC|PCbuild|Mac|iOS|Apple|Android|Platforms|\.\w+)\//.test(name)) return "read";
	return /^(\.\w+|[\w-]+\.(rst|md|toml|txt)|LICENSE)$/.test(name) ? "read" : "build";
}

// src/build/stale-objects.ts
/** Where CPython's Makefile puts objects, beside their sources. */
const OBJECT_FOLDERS = [
	"Modules",
	"Objects",
	"Parser",
	"Programs",
	"Python"
];
/**
* Deletes the objects that depend on changed files, so that `make` compiles them again. CPython's Makefile lacks many headers (all those of
* `clinic`), and `make` keeps an object whose source is gone. The compiler knows all dependencies (gcc's -MMD).
*/
function removeStaleObjects(tree, changed) {
	const isStale = madeOf(changed);
	if (isStale === void 0) return;
	for (const folder of OBJECT_FOLDERS) {
		const files = new Set(readdirSync(join(tree, folder), {
			recursive: true,
			encoding: "utf8"
		}));
		for (const object of files) {
			if (!object.endsWith(".o")) continue;
			const dependencies = object.replace(/o$/, "d");
			if (!files.has(dependencies) || isStale(readFileSync(join(tree, folder, dependencies), "utf8"))) rmSync(join(tree, folder, object));
		}
	}
}
/**
* Whether a dependency rule as compilers write it (`Modules/x.o: Modules/x.c \`) names one of these files. Compared by base name, since a new
* file may hide one in another folder. Undefined if only Python code changed. Pure.
*/
function madeOf(changed) {
	const names = new Set(changed.filter((name) => !name.startsWith("Lib/")).map((name) => basename(name)));
	return names.size === 0 ? void 0 : (rule) => rule.split(/[\s\\]+/).some((word) => names.has(basename(word)));
}

// src/build/object-files.ts
/** A file that every build has. */
const ALWAYS = "_PyEval_EvalFrameDefault";
/** Where setup.py of 3.11 puts objects of extension modules. */
const OF_SETUP = "build";
/** The functions and variables of a build, from its object files; undefined if any can't be read (another compiler's format). */
function readBuildCode(tree) {
	try {
		const code = mergeAtoms(objectFiles(tree).map((path) => readObjectCode(readFileSync(path), (name) => readSource$1(path, name))));
		return code.atoms.get(ALWAYS)?.kind === "function" ? code : void 0;
	} catch {
		return;
	}
}
/** The Makefile puts objects beside their sources; for others the source is unknown. */
function readSource$1(object, name) {
	const path = join(dirname(object), basename(name));
	return existsSync(path) ? readFileSync(path, "utf8") : void 0;
}
function objectFiles(tree) {
	return [...OBJECT_FOLDERS, OF_SETUP].flatMap((folder) => readdirSync(join(tree, folder), {
		recursive: true,
		encoding: "utf8"
	}).filter((name) => name.endsWith(".o")).sort().map((name) => join(tree, folder, name)));
}

// src/build/under-test.ts
async function cpythonUnderTest({ python: { tree }, source }) {
	const objects = await builtObjects(tree);
	return {
		objects,
		whole: [],
		watched: () => ({
			objects: objects.map((path) => listFunctions(path, readFileSync(path))),
			roots: [{
				path: realpathSync(tree),
				prefix: ""
			}],
			isStrict: false
		}),
		code: () => readBuildCode(tree),
		sources: () => new Map([...source.files].map(([name, { hash }]) => [name, hash])),
		rules: () => CPYTHON_RULES
	};
}

// src/build/toolchain.ts
/** Compilers write DWARF 5 by default; valgrind reads it since 3.18 (release notes). */
const MIN_VALGRIND = [3, 18];
/** Ignores a .valgrindrc in the workspace or home folder, and VALGRIND_OPTS, which can name files to write to. */
const OWN_OPTIONS = "--command-line-only=yes";
const INSTALL_HINT = "On Debian and Ubuntu `scripts/install-dependencies` of cpython-memcheck installs all that is needed.";
/** @throws UserError that names what is missing, too old or broken. */
async function probeToolchain(processes) {
	const compiler = processes.env.CC?.trim() || "gcc";
	const [compilerVersion, libc, architecture, valgrind] = await Promise.all([
		probeCompiler(processes, compiler),
		processes.output("getconf", ["GNU_LIBC_VERSION"]),
		processes.output("uname", ["-m"]),
		probeValgrind(processes)
	]);
	return {
		compiler,
		compilerVersion,
		libc: libc.trim(),
		architecture: architecture.trim(),
		valgrind
	};
}
async function probeCompiler(processes, compiler) {
	const [program = compiler, ...args] = compiler.split(/\s+/);
	const version = await processes.output(program, [...args, "--version"]).catch((cause) => {
		throw new UserError(`The C compiler \`${compiler}\` does not work.`, {
			hint: `Install one or name it in CC. ${INSTALL_HINT}`,
			cause
		});
	});
	await requireHeaders(processes, program, args);
	return version.split("\n", 1)[0]?.trim() ?? "";
}
async function requireHeaders(processes, program, args) {
	if ((await processes.run(program, [
		...args,
		"-E",
		"-include",
		"valgrind/memcheck.h",
		"-x",
		"c",
		"/dev/null"
	])).code !== 0) throw new UserError("Valgrind's headers (valgrind/memcheck.h) are missing.", { hint: INSTALL_HINT });
}
async function probeValgrind(processes) {
	const version = parseValgrindVersion(await processes.output("valgrind", ["--version", OWN_OPTIONS], { cwd: "/" }).catch((cause) => {
		throw new UserError("Valgrind is missing.", {
			hint: INSTALL_HINT,
			cause
		});
	}));
	const trial = await processes.run("valgrind", [
		OWN_OPTIONS,
		"--tool=memcheck",
		"--quiet",
		"--error-exitcode=9",
		"true"
	], { cwd: "/" });
	if (trial.code !== 0) throw new UserError(`Valgrind ${version} cannot run a program here.`, { hint: `${lastLines$1(trial.stderr)}\n${INSTALL_HINT}` });
	return version;
}
/** Exported for its tests. @throws UserError when the version cannot be read or is too old. */
function parseValgrindVersion(said) {
	const [version] = /\d+\.\d+(?:\.\d+)?/.exec(said) ?? [];
	if (version === void 0) throw new UserError(`Valgrind's version cannot be read from \`${said.trim()}\`.`);
	if (!isAtLeast(version, MIN_VALGRIND)) throw new UserError(`Valgrind ${version} is too old: ${MIN_VALGRIND.join(".")} or newer is needed.`);
	return version;
}
/** Compares by number: `3.9.1` is older than 3.18. Reads the first two numbers of `version`; false if there are none. */
function isAtLeast(version, [major, minor]) {
	const [, ownMajor, ownMinor] = /(\d+)\.(\d+)/.exec(version) ?? [];
	return Number(ownMajor) > major || Number(ownMajor) === major && Number(ownMinor) >= minor;
}
function lastLines$1(text) {
	return text.trim().split("\n").slice(-3).join("\n");
}

// src/findings/suppression-file.ts
/** Maximum frames of each stack; inlined functions come in addition. */
const MAX_STACK_FRAMES = 30;
/**
* The suppressions of definite leaks. Those for other kinds of errors and other tools are ignored.
* @throws UserError with the line that valgrind can't read either, and for a suppression that hides every leak.
*/
function parseLeakSuppressions(text, file) {
	return new SuppressionReader(text, file).readAll();
}
/** A line that valgrind reads as a frame although another line of the kind may follow; it does not expect `src:` there. */
const FRAME_AFTER_KIND = /^(fun:|obj:|\.\.\.$)/;
const LEAK_KINDS = /^match-leak-kinds:\s*(all|none|(?:reachable|possible|indirect|definite)(?:,(?:reachable|possible|indirect|definite))*)$/;
var SuppressionReader = class {
	#file;
	#lines;
	#next = 0;
	constructor(text, file) {
		this.#file = file;
		this.#lines = text.split("\n").map((line, index) => ({
			text: line.trim(),
			number: index + 1
		})).filter((line) => line.text !== "" && !line.text.startsWith("#"));
	}
	readAll() {
		const found = [];
		while (this.#next < this.#lines.length) {
			const start = this.#take();
			if (start.text !== "{") this.#refuse(start, "a suppression must begin with `{`");
			const name = this.#take();
			if (name.text === "}") this.#refuse(name, "the suppression has neither a name nor a kind");
			const frames = this.#readBody();
			if (frames !== void 0) found.push({
				name: name.text,
				file: this.#file,
				line: name.number,
				frames
			});
		}
		return found;
	}
	/** Undefined if it does not suppress definite leaks. */
	#readBody() {
		const kind = this.#take();
		const [, tools, error] = /^([^:]*):(.*)$/.exec(kind.text) ?? this.#refuse(kind, "`TOOL:KIND` is expected here, as in `Memcheck:Leak`");
		if (!tools?.split(",").includes("Memcheck") || error !== "Leak") {
			while (this.#take().text !== "}");
			return;
		}
		const isDefinite = this.#readLeakKinds();
		const frames = this.#readFrames();
		if (isDefinite && frames.every(matchesAll)) this.#refuse(kind, "the suppression hides every leak: name a function, an object or a file");
		return isDefinite ? frames : void 0;
	}
	#readLeakKinds() {
		const line = this.#take();
		if (FRAME_AFTER_KIND.test(line.text)) {
			this.#next--;
			return true;
		}
		if (line.text === "}") this.#refuse(line, "the suppression has no frames");
		if (line.text.startsWith("src:")) this.#refuse(line, "valgrind takes `src:` as the first frame only after a line `match-leak-kinds:`");
		const [, kinds] = LEAK_KINDS.exec(line.text) ?? this.#refuse(line, "neither a frame nor a line `match-leak-kinds:` that valgrind knows");
		return /\b(definite|all)\b/.test(kinds ?? "");
	}
	#readFrames() {
		const frames = [];
		for (let line = this.#take(); line.text !== "}"; line = this.#take()) frames.push(patternOf(line.text) ?? this.#refuse(line, "a frame is `...`, or `fun:`, `obj:` or `src:` with a pattern"));
		if (frames.length === 0) this.#refuse(this.#lines[this.#next - 1], "the suppression has no frames");
		return frames.slice(0, 30);
	}
	#take() {
		return this.#lines[this.#next++] ?? this.#refuse(this.#lines.at(-1), "the file ends within a suppression");
	}
	#refuse(line, problem) {
		throw new UserError(`The suppression file ${this.#file} cannot be used: line ${line?.number ?? 1}: ${problem}.`, { hint: line === void 0 ? "The file is empty." : `The line is \`${line.text.slice(0, 200)}\`.` });
	}
};
function patternOf(line) {
	if (line === "...") return { of: "any" };
	const [, tag, pattern = ""] = /^(fun|obj|src):(.*)$/.exec(line) ?? [];
	switch (tag) {
		case "fun": return {
			of: "function",
			glob: pattern.replace(/(?<=\w)\.(part|isra|constprop|cold|lto_priv)\..*$/, "")
		};
		case "obj": return {
			of: "object",
			glob: pattern
		};
		case "src": return sourceOf$1(pattern);
		default: return;
	}
}
/** Undefined: valgrind reads a line that is not a number as every line, and so would hide more than intended. */
function sourceOf$1(pattern) {
	const [, glob, line] = /^([^:]*)(?::0*(\d+))?$/.exec(pattern) ?? [];
	if (glob === void 0) return void 0;
	return {
		of: "source",
		glob,
		line: line === void 0 || line === "0" ? null : Number(line)
	};
}
function matchesAll(pattern) {
	return pattern.of === "any" || /^\*+$/.test(pattern.glob) && !(pattern.of === "source" && pattern.line !== null);
}

// src/engines/memcheck/memcheck-args.ts
/** valgrind's arguments, before the program's own. */
function memcheckArgs(options) {
	return [
		"--command-line-only=yes",
		"--tool=memcheck",
		"--xml=yes",
		`--xml-file=${options.xmlFolder}/%p.xml`,
		...leakArgs(options.leakCheck),
		`--num-callers=${30}`,
		"--error-limit=no",
		"--keep-debuginfo=yes",
		"--vgdb=no",
		...descriptorArgs(options.valgrind),
		...guardPageArgs(options.valgrind),
		...options.suppressions.map((file) => `--suppressions=${file}`),
		...options.extraArgs
	];
}
/** The first release with `--track-fds=bad`: the modes before it also report every descriptor that is open at exit. */
const REPORTS_BAD_DESCRIPTORS = [3, 26];
/** Options that report the use of closed file descriptors, if this valgrind has them. They change the findings. */
function descriptorArgs(valgrind) {
	return isAtLeast(valgrind, REPORTS_BAD_DESCRIPTORS) ? ["--track-fds=bad"] : [];
}
/** The first release that keeps a list of the guard pages that glibc 2.42 gives the stacks of threads (`MADV_GUARD_INSTALL`). */
const LISTS_GUARD_PAGES = [3, 27];
/** By default valgrind gives up after 500 pages, which 500 threads, including stacks that glibc keeps of ended ones, can exceed. */
function guardPageArgs(valgrind) {
	return isAtLeast(valgrind, LISTS_GUARD_PAGES) ? ["--max-guard-pages=10000"] : [];
}
function leakArgs(leakCheck) {
	switch (leakCheck) {
		case "none": return ["--leak-check=no"];
		case "exit": return [
			"--leak-check=full",
			"--show-leak-kinds=definite,possible",
			"--errors-for-leak-kinds=definite,possible"
		];
		case "live": return [
			"--leak-check=no",
			"--show-leak-kinds=definite",
			"--errors-for-leak-kinds=definite"
		];
	}
}

// src/findings/history.ts
function historyOf(lookup, identity) {
	switch (lookup.kind) {
		case "none": return {
			kind: "first-run",
			where: lookup.where
		};
		case "unreadable":
		case "unreachable": return lookup;
		case "found": {
			const why = incompatibility(lookup.baseline, identity);
			if (why !== void 0) return {
				kind: "incomparable",
				why,
				where: lookup.where
			};
			return {
				kind: "comparable",
				baseline: upgradeSignatures(lookup.baseline),
				where: lookup.where
			};
		}
	}
}
/** Why there is no comparison, as data for the report. */
function noBaselineOf(history) {
	const { where } = history;
	switch (history.kind) {
		case "first-run": return {
			code: "baseline-none",
			where
		};
		case "incomparable": return {
			code: "baseline-incompatible",
			where,
			why: history.why
		};
		case "unreadable": return {
			code: "baseline-unreadable",
			where,
			detail: history.detail
		};
		case "unreachable": return {
			code: "baseline-unreachable",
			where,
			why: history.why
		};
	}
}
/** @param automatic what `auto` means where the check runs. */
function recordingScope(setting, automatic, history) {
	if (setting === "never") return "nothing";
	if (setting === "always") return "replace";
	if (history.kind === "unreachable") return "nothing";
	if (automatic === "what-is-missing" && (history.kind === "incomparable" || history.kind === "unreadable")) return "nothing";
	return automatic;
}

// src/findings/moved-tests.ts
/** The history, with test files renamed as git reports. */
function followMovedTests(history, { moves }) {
	if (history.kind !== "comparable") return history;
	const names = new Map([...moves].flatMap(([from, to]) => pairOf(testNameOf(from), testNameOf(to))));
	return names.size === 0 ? history : {
		...history,
		baseline: renameTests(history.baseline, names)
	};
}
function renameTests(baseline, names) {
	const now = (name) => names.get(name) ?? name;
	return {
		...baseline,
		tests: baseline.tests.map((test) => ({
			...test,
			name: now(test.name)
		})),
		findings: baseline.findings.map((entry) => ({
			...entry,
			test: now(entry.test)
		}))
	};
}
function pairOf(from, to) {
	return from === void 0 || to === void 0 ? [] : [[from, to]];
}
/**
* `Lib/test/test_csv.py` is `test_csv`, and `Lib/test/test_asyncio/test_events.py` is `test_asyncio.test_events`; a test file of a project's own
* suite is named by its path.
*/
function testNameOf(path) {
	const [, name] = /^Lib\/test\/((?:\w+\/)*test_\w+)\.py$/.exec(path) ?? [];
	return name?.replaceAll("/", ".") ?? (path.startsWith("Lib/") ? void 0 : path);
}

// src/system/cython-lines.ts
/** Cython marks each generated statement with its source line: `/* "demo.pyx":12`. */
const COMMENT = /^ *\/\* "([^"]+\.(?:pyx|pxd|pxi|py))":(\d+)$/;
/** A generated file of numpy has 1.5 MB. */
const MAX_BYTES$3 = 67108864;
/**
* Replaces lines of generated C files by the lines of Cython's source, if the C file is still where it was compiled. Each file is read once.
*/
var CythonLines = class {
	#files = /* @__PURE__ */ new Map();
	/** The unchanged frame if it is not Cython's, or the file is gone. */
	sourceOf(frame) {
		const { function: name, directory, file, line } = frame;
		if (name === void 0 || !/^__(pyx|Pyx)_/.test(name) || directory === void 0 || file === void 0 || line === void 0) return frame;
		const generated = join(directory, file);
		const origin = this.#originsIn(generated).findLast(({ from }) => from <= line);
		if (origin === void 0) return frame;
		const beside = join(directory, basename(origin.path));
		const path = existsSync(beside) ? beside : origin.path;
		return {
			...frame,
			directory: dirname(path),
			file: basename(path),
			line: origin.line
		};
	}
	#originsIn(path) {
		const known = this.#files.get(path);
		if (known !== void 0) return known;
		const origins = readOrigins(path);
		this.#files.set(path, origins);
		return origins;
	}
};
function readOrigins(path) {
	return readGenerated(path).split("\n").flatMap((text, index) => {
		const [, source = "", line] = COMMENT.exec(text) ?? [];
		return line === void 0 ? [] : [{
			from: index + 1,
			path: source,
			line: Number(line)
		}];
	});
}
/** Empty for what cannot be read: debug information names files of the machine that compiled, or any other. */
function readGenerated(path) {
	try {
		const status = statSync(path);
		return path.startsWith("/") && status.isFile() && status.size <= MAX_BYTES$3 ? readFileSync(path, "utf8") : "";
	} catch {
		return "";
	}
}

// src/system/run-folder.ts
const LOCK = ".lock";
/**
* A separate folder for this run. The last finished run's folder stays, for its logs; earlier ones are removed. A run holds a lock beside its
* folder until its process ends: process ids would say nothing about a run in another container.
*/
async function openRunFolder(runs) {
	await mkdir(runs, { recursive: true });
	const folder = join(runs, `${Date.now()}-${randomUUID().slice(0, 8)}`);
	await tryAcquireLock(`${folder}${LOCK}`);
	await removeFinished(runs);
	await mkdir(folder);
	return folder;
}
async function removeFinished(runs) {
	const names = new Set((await readdir(runs)).map((name) => name.replace(/\.lock$/, "")));
	let isLast = true;
	for (const name of [...names].sort().reverse()) {
		await using lock = await tryAcquireLock(join(runs, `${name}${LOCK}`));
		if (lock === void 0 || !existsSync(join(runs, name))) continue;
		if (!isLast) await rm(join(runs, name), {
			recursive: true,
			force: true
		});
		isLast = false;
	}
}

// src/stages/preparation.ts
/** Compares the baseline with what changed since, and prepares the run. @throws UserError if the settings do not fit the interpreter. */
async function prepare({ settings, own, prepared, lookup, automaticScope, progress, processes, today, execution, plannedWidth }) {
	const repository = repositoryOf(settings);
	const identity = identityOf(settings, prepared);
	const recorded = historyOf(lookup, identity);
	const { changes, note } = await changesSince(recorded, repository, processes);
	const past = followMovedTests(recorded, changes);
	const scope = recordingScope(settings.recordBaseline, automaticScope, past);
	const functions = await Functions.ofBuild(prepared.python, processes);
	const functionsOf = (findings) => functions.namesFor(findings);
	const change = {
		changes,
		functionsOf,
		acceptances: own.accepted,
		today
	};
	const runContext = await openRunContext(settings, prepared, functions, processes);
	const content = isForeign(settings) ? null : prepared.source.contentHash;
	return {
		checkContext: {
			settings,
			prepared,
			runContext,
			context: {
				past,
				scope,
				width: settings.jobs,
				plannedWidth,
				progress,
				change,
				skips: own.skips,
				execution
			},
			content,
			underTest: await openUnderTest(settings, prepared, processes),
			isLocal: automaticScope === "what-is-missing"
		},
		identity,
		sha: settings.source.kind === "checkout" ? prepared.source.commit : await commitOf(repository, processes),
		content,
		notes: note === void 0 ? [] : [note]
	};
}
/** Undefined if all test files run. */
async function openUnderTest(settings, prepared, processes) {
	const { work, affected, directory, passEnv } = settings;
	if (affected === "all") return void 0;
	if (work.kind !== "suite") return await cpythonUnderTest(prepared);
	return await projectUnderTest({
		directory,
		passEnv,
		python: prepared.python,
		command: commandWords(work)
	}, processes);
}
/** What a baseline must have in common with this check to be compared. */
function identityOf(settings, { recipe, python }) {
	const { toolchain, configureArgs } = recipe;
	return {
		python: settings.source.kind !== "checkout" ? python.version : minorVersion(python.version),
		check: 3,
		valgrind: toolchain.valgrind,
		compiler: toolchain.compilerVersion,
		libc: toolchain.libc,
		architecture: toolchain.architecture,
		configureArgs: [...configureArgs],
		valgrindArgs: [...descriptorArgs(toolchain.valgrind), ...settings.valgrindArgs],
		leakCheck: settings.leakCheck,
		children: settings.children
	};
}
/** The folder whose changes are checked. */
function repositoryOf({ source, directory }) {
	return source.kind === "checkout" ? source.path : directory;
}
/** An extension's own files are under test if a released or installed CPython runs a command on them; otherwise CPython is. */
function isForeign({ work, source }) {
	return isCommand(work) && source.kind !== "checkout";
}
async function projectOf(settings, { roots }) {
	if (!isForeign(settings)) return { roots };
	const cython = new CythonLines();
	return {
		roots: [settings.directory],
		files: indexFiles(await listSourceFiles(settings.directory)),
		interpreter: roots,
		ownsObject: ownsObjects(settings.directory),
		generatedFrom: (frame) => cython.sourceOf(frame)
	};
}
async function openRunContext(settings, { python }, functions, processes) {
	if (settings.pythonStacks && minorVersion(python.version) === "3.11") throw new UserError(`\`python-stacks\` needs CPython 3.12 or newer, and this is ${python.version}: with older versions, tracemalloc hides every leak.`);
	return {
		python,
		project: {
			...await projectOf(settings, python),
			ambiguous: functions.own.ambiguous
		},
		folder: await openRunFolder(join(settings.workDir, "runs")),
		...settings.work.kind === "suite" ? {
			suite: settings.work,
			forks: settings.forks
		} : {},
		leakCheckPer: settings.leakCheckPer,
		pythonStacks: settings.pythonStacks,
		timeout: settings.testTimeout,
		processes
	};
}

// src/stages/excerpts.ts
/** Called before any test runs, because a test may replace a folder by a symbolic link. */
async function checkedSource({ settings, prepared, runContext }) {
	return {
		roots: await Promise.all(runContext.project.roots.map((root) => realpath(root).catch(() => root))),
		files: isForeign(settings) ? /* @__PURE__ */ new Map() : prepared.source.files
	};
}
/** Maximum number of findings with an excerpt, worst first: a first run of a whole suite has thousands of findings. */
const MAX_EXCERPTS = 300;
const LINES_BEFORE = 4;
const LINES_AFTER = 3;
/** In characters. Generated code can have lines of thousands. */
const MAX_LINE$3 = 200;
/** Adds excerpts of the checked source to the first findings of a report. Files that cannot be read safely are left out. */
async function addExcerpts(report, source) {
	const shown = report.findings.filter(({ site }) => site.file !== null && site.line !== null).slice(0, MAX_EXCERPTS);
	const excerpts = /* @__PURE__ */ new Map();
	for (const [file, findings] of Map.groupBy(shown, ({ site }) => site.file ?? "")) {
		const lines = await readFrom(source, file);
		for (const finding of findings) excerpts.set(finding, lines === void 0 ? null : excerptOf(lines, finding.site.line ?? 0));
	}
	return {
		...report,
		findings: report.findings.map((finding) => ({
			...finding,
			excerpt: excerpts.get(finding) ?? null
		}))
	};
}
async function readFrom({ roots, files }, file) {
	for (const root of roots) {
		const lines = await readSourceLines(root, file, files.get(file)?.hash);
		if (lines !== void 0) return lines;
	}
}
/** Null if the file has no such line. */
function excerptOf(all, line) {
	if (line < 1 || line > all.length) return null;
	const first = Math.max(1, line - LINES_BEFORE);
	return {
		first,
		lines: all.slice(first - 1, line + LINES_AFTER).map((text) => text.replace(/\r$/, "").slice(0, MAX_LINE$3))
	};
}

// src/stages/gone-tests.ts
/** Whether a source has a test file of that name, `test_csv` or `test_asyncio.test_events`. */
function isInSource(name, sources) {
	const path = `Lib/test/${name.replaceAll(".", "/")}`;
	return sources.has(`${path}.py`) || sources.has(`${path}/__init__.py`);
}
/** The recorded test files that do not exist any more: of CPython's, or of a project's own suite. What is not known to be gone stays recorded. Pure. */
function goneTests(recorded, { work, sources, isBelow, ran }) {
	if (work === "command") return [];
	if (work !== "suite") return recorded.filter((name) => isTestName(name) && !isInSource(name, sources));
	return ran.some((name) => isPath(name) && isBelow(name)) ? recorded.filter((name) => isPath(name) && !isBelow(name)) : [];
}
/** unittest has names of modules for what is not below the folder that it runs in. */
function isPath(name) {
	return name.includes("/") || name.endsWith(".py");
}

// src/stages/python-notes.ts
function pythonNotes({ version, freeThreaded }) {
	return [...isKnownVersion(version) ? [] : [{
		code: "newer-python",
		version
	}], ...freeThreaded ? [{ code: "free-threaded" }] : []];
}

// src/engines/scan/scan-environment.ts
/** Documented in the sanitizers' wiki, SanitizerCommonFlags and AddressSanitizerLeakSanitizer. */
const LSAN_OPTIONS = [
	"leak_check_at_exit=0",
	"report_objects=1",
	"allocator_may_return_null=1",
	...[
		"abort",
		"segv",
		"sigbus",
		"sigfpe",
		"sigill",
		"sigtrap"
	].map((signal) => `handle_${signal}=0`)
];
/**
* Frames of a stack. By frame pointers, as many as memcheck keeps. By the tables that exceptions are unwound by, which takes ten to twenty times as
* long, no more than lead to the eval loop as a rule.
*/
const MAX_FRAMES$2 = {
	fast: 30,
	slow: 16,
	marker: 30,
	"slow marker": 30
};
/** Frames that tracemalloc puts between an object and its memory, at most; the journal's reader takes them away again. */
const TRACING_FRAMES = 4;
/** glibc reuses the stack of an ended thread for the next one. Leftovers on it would count as references. */
const NO_STALE_STACKS = "glibc.pthread.stack_cache_size=0";
/**
* The environment of an interpreter under the leak sanitizer or the marker.
* @param isTracing whether tracemalloc runs, too: a stack then reaches as far as without.
* @param stacks "bare" for addresses without names, which we look up ourselves, once for all processes.
*/
function scanEnvironment(preloads, stacks, unwinder, isTracing = false) {
	if (unwinder === "marker") return {
		LD_PRELOAD: preloads,
		GLIBC_TUNABLES: NO_STALE_STACKS
	};
	if (unwinder === "slow marker") return {
		...scanEnvironment(preloads, stacks, "marker"),
		CPYTHON_MEMCHECK_UNWIND: "tables"
	};
	const unwinding = [`malloc_context_size=${MAX_FRAMES$2[unwinder] + (isTracing ? TRACING_FRAMES : 0)}`, `fast_unwind_on_malloc=${unwinder === "fast" ? 1 : 0}`];
	return {
		LD_PRELOAD: preloads,
		LSAN_OPTIONS: [
			...LSAN_OPTIONS,
			...unwinding,
			`symbolize=${stacks === "bare" ? 0 : 1}`
		].join(":")
	};
}
/** The value of LD_PRELOAD. @throws UserError for a path that the dynamic linker would split in two (ld.so(8)). */
function joinPreloads(...paths) {
	const bad = paths.find((path) => /[\s:]/.test(path));
	if (bad === void 0) return paths.join(":");
	throw new UserError(`${bad} cannot be preloaded: the dynamic linker takes blanks and colons for the end of a path.`, { hint: "Another `work-dir` helps, or `scan: none`." });
}

// src/model/leaked-object.ts
/** The probe's description of a leaked Python object, made without running the object's code. */
const LeakedObjectSchema = object({
	type: string(),
	/** Null for an immortal object. */
	refcount: nullable(number()),
	length: optional(number()),
	/** The beginning of its value, for built-in types. */
	repr: optional(string()),
	/** Where Python code allocated it, innermost last; with `python-stacks`. */
	python: optional(array(string()))
});

// src/probe/protocol.ts
/** Raise it with every change of these lines. `PROTOCOL` in cpython_memcheck_leaks.py must have the same value. */
const PROTOCOL_VERSION = 3;
/** The beginning of each line in a report. */
const MARK = "cpython-memcheck ";
const VersionSchema = literal(3);
/** Calls: the object file and the offset in it, innermost first. */
const PlacesSchema = array(tuple([nullable(string()), number()]));
/** An allocation failure that was not handled, seen twice. */
const TortureFindingSchema = object({
	event: literal("torture-finding"),
	kind: picklist([
		"leak",
		"crash",
		"lost-error"
	]),
	flavor: picklist(["once", "from-then-on"]),
	/** The innermost functions that do not allocate for others. */
	site: array(string()),
	/** The first allocation that failed. */
	failed: PlacesSchema,
	/** Where the lost block was allocated, or where the crash was. */
	frames: optional(PlacesSchema),
	blocks: optional(number()),
	bytes: optional(number()),
	signal: optional(number()),
	/** CPython's message for a lost error. */
	what: optional(string())
});
/** Which allocations of a test file are made to fail. */
const TorturePlanSchema = object({
	event: literal("torture-plan"),
	tests: number(),
	/** Tests that are not repeated, by reason. */
	leftOut: object({
		slow: number(),
		failing: number()
	}),
	sites: number(),
	chosen: number(),
	seconds: number()
});
/** The results. */
const TortureEndSchema = object({
	event: literal("torture-end"),
	injections: number(),
	/** Not tried for lack of time. */
	unfinished: number(),
	/** The test did not reach the allocation again. */
	unreached: number(),
	/** The test hung or ended its process; and failures that were not tried after too many of these. */
	hangs: number(),
	afterHangs: number(),
	/** Not reproduced in a second try. */
	unconfirmed: number(),
	children: number(),
	crashes: number(),
	seconds: number(),
	/** Seconds of all processes. */
	cpu: number()
});
const LineSchema = variant("event", [
	TortureFindingSchema,
	TorturePlanSchema,
	TortureEndSchema,
	object({
		event: literal("file-start"),
		protocol: VersionSchema
	}),
	object({
		event: literal("file-stop"),
		state: string(),
		ran: nullish(number())
	}),
	object({
		event: literal("test-start"),
		id: string()
	}),
	object({
		event: literal("test-stop"),
		id: string()
	}),
	object({
		event: literal("slow-tests"),
		tests: array(tuple([string(), number()]))
	}),
	object({
		event: literal("leaked-object"),
		record: number(),
		...LeakedObjectSchema.entries
	}),
	object({
		event: literal("immortals"),
		record: number(),
		blocks: number(),
		bytes: number()
	}),
	object({
		event: literal("growing-reference"),
		references: number(),
		...LeakedObjectSchema.entries
	}),
	object({
		event: literal("open-descriptor"),
		/** `socket`, `pipe`, `file`, `temporary file`, `copy of a standard stream`, `eventpoll`, … */
		kind: string(),
		path: nullable(string()),
		count: number(),
		/** The test after which it was first open; null if unknown. */
		id: nullable(string())
	}),
	object({
		event: literal("leak-check"),
		/** `child`: leaks of interpreters that the test started, listed in the lines before this one. */
		of: picklist([
			"fork",
			"file",
			"class",
			"test",
			"child"
		]),
		id: optional(string()),
		seconds: optional(number())
	}),
	object({
		event: literal("leak"),
		record: number(),
		/** Blocks that no other lost block points to, and their bytes. */
		blocks: number(),
		direct: number(),
		/** Bytes that are reachable only from them. */
		indirect: number(),
		frames: PlacesSchema
	}),
	object({
		event: literal("growth"),
		/** The minimum that a run left. */
		blocks: number(),
		/** An example. Null for memory that is not a Python object. */
		object: nullable(object(LeakedObjectSchema.entries)),
		/** What keeps it alive, outermost first; empty if no Python object does. */
		path: array(string()),
		frames: PlacesSchema
	}),
	object({
		event: literal("left"),
		blocks: number(),
		bytes: number(),
		frames: PlacesSchema
	}),
	object({
		event: literal("rounds"),
		measured: number()
	}),
	object({
		event: literal("children"),
		...ChildCountsSchema.entries
	}),
	object({
		event: literal("running-interpreters"),
		count: number()
	}),
	object({
		event: literal("watch-failed"),
		why: WatchFaultSchema
	}),
	object({
		event: literal("self-test"),
		/** Number of leak kinds that were planted. */
		kinds: number(),
		/** Planted leaks that were not found. */
		missed: array(string()),
		/** Live objects that were reported. */
		falseAlarms: array(string())
	})
]);
/** Parses a line of a report: undefined for other programs' lines; `unreadable` for our lines with an unknown format. */
function parseLine(text) {
	if (!text.startsWith("cpython-memcheck ")) return void 0;
	return parse$1(LineSchema, text.slice(17)) ?? "unreadable";
}
/** The number of a process that can be killed: 0 and 1 would mean many. */
const Pid = pipe(number(), integer(), minValue(2), maxValue(2 ** 22));
/** Messages of a worker. Tests can write to its pipe, too. */
const MessageSchema = variant("event", [
	object({ event: literal("free-lists") }),
	object({
		event: literal("ready"),
		protocol: VersionSchema,
		pid: Pid,
		workerKilobytes: number(),
		/** The test files that a suite has collected. */
		files: optional(array(object({
			name: string(),
			tests: number()
		})), [])
	}),
	object({
		event: literal("start"),
		name: string(),
		pid: Pid
	}),
	object({
		event: literal("end"),
		name: string(),
		pid: Pid,
		exit: nullable(number()),
		signal: nullable(number()),
		seconds: number(),
		/** Seconds of the child, and of those that it waited for. */
		cpu: number(),
		workerKilobytes: number()
	})
]);
/** Parses a line of a control pipe; undefined if it is not a worker's message. */
function parseMessage(text) {
	return parse$1(MessageSchema, text);
}
function parse$1(schema, text) {
	const parsed = safeParse(pipe(string(), parseJson(), schema), text);
	return parsed.success ? parsed.output : void 0;
}

// src/engines/control.ts
/** The descriptor on which a worker sends messages, after the three standard ones. */
const CONTROL = 3;
/** Seconds. A worker ends after the last test file, or with the check; each test file has its own limit. */
const WORKER_LIMIT = 1728e3;
/** The arguments that make the checked interpreter a worker with reports and logs in a folder. `more` are options of an engine. */
function serveArgs(runContext, folder, more = []) {
	const { python, suite, forks = true, leakCheckPer, leakCheckSeconds, pythonStacks, regrtestArgs = [] } = runContext;
	return [
		...[
			python.probe.runner,
			"serve",
			"--control",
			`${3}`,
			"--reports",
			folder,
			"--logs",
			join(folder, "logs")
		],
		...[
			"--leak-check-per",
			leakCheckPer,
			"--python-stacks",
			pythonStacks ? "12" : "0",
			...more
		],
		...leakCheckSeconds === void 0 ? [] : ["--leak-check-seconds", `${leakCheckSeconds}`],
		...forks ? [] : ["--no-fork"],
		...suite === void 0 ? [] : [
			"--suite",
			suite.runner,
			...suite.isScript ? ["--script"] : []
		],
		...["--", ...suite?.args ?? regrtestArgs]
	];
}
/** A worker's input: one line for each test file, with strings and constants only (cpython_memcheck_json.py). */
function orderLine({ name, references = false, leaveOut = [] }) {
	return `${JSON.stringify({
		name,
		references,
		leaveOut: leaveOut.join("\n"),
		log: logName(name)
	})}\n`;
}
/** Name of the log with a test file's output, in the worker's folder of logs. */
function logName(name) {
	const plain = name.replace(/[^\w.-]+/g, "_").slice(-100);
	return `${plain}${plain === name ? "" : `-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`}.log`;
}
/** Reads a worker's messages. */
var ControlPipe = class {
	#lines;
	constructor(pipe) {
		this.#lines = createInterface({ input: pipe })[Symbol.asyncIterator]();
	}
	/** Undefined if the pipe is closed, if nothing comes within the given seconds, or for an invalid message. */
	async next(seconds) {
		const { promise: silence, resolve } = Promise.withResolvers();
		const timer = setTimeout(() => resolve(void 0), seconds * 1e3);
		const line = await Promise.race([this.#lines.next(), silence]);
		clearTimeout(timer);
		if (line === void 0 || line.done) return void 0;
		return parseMessage(line.value);
	}
};

// src/engines/scan/journal.ts
/** Size limit: a test file with ten thousand tests writes 3 MB. The whole file is in memory at once. */
const MAX_BYTES$2 = 67108864;
/**
* Never throws for any content.
* @param suppressionFor returns the suppression that hides a leak, if there is one. None may hide the planted leak.
* @param maxFrames that a leak's stack has without tracemalloc's.
*/
async function* readJournal(path, symbols, suppressionFor, maxFrames = Number.POSITIVE_INFINITY) {
	if ((await stat(path)).size > MAX_BYTES$2) return {
		complete: false,
		fault: {
			code: "report-too-large",
			limit: MAX_BYTES$2,
			unit: "bytes"
		}
	};
	const texts = (await readFile(path, "utf8")).split("\n");
	const last = texts.pop();
	const lines = texts.map((text) => ({
		text,
		line: parseLine(text)
	}));
	await symbols.learn(lines.flatMap(({ line }) => isLeakLine(line) || isGrowthLine(line) ? line.frames : []));
	const hidden = [];
	let fault = last === "" ? void 0 : damaged$2("its last line is cut off");
	for (const { text, line } of lines) {
		if (isGrowthLine(line)) {
			yield {
				type: "error",
				error: growthOf(line, symbols)
			};
			continue;
		}
		if (!isLeakLine(line)) {
			fault = faultOf(line) ?? fault;
			yield {
				type: "message",
				text
			};
			continue;
		}
		const error = errorOf$2(line, symbols, maxFrames);
		const suppression = suppressionFor(error);
		if (suppression === void 0) yield {
			type: "error",
			error
		};
		else if (isPlanted$1(error)) fault = tooWide(suppression);
		else hidden.push(suppression);
	}
	yield* suppressedEvents(hidden);
	return fault === void 0 ? { complete: true } : {
		complete: false,
		fault
	};
}
function isLeakLine(line) {
	return typeof line === "object" && line.event === "leak";
}
function isGrowthLine(line) {
	return typeof line === "object" && line.event === "growth";
}
function faultOf(line) {
	if (line === "unreadable") return damaged$2("a line of it cannot be read");
	return line?.event === "watch-failed" ? {
		code: "watch-failed",
		why: line.why
	} : void 0;
}
function damaged$2(detail) {
	return {
		code: "report-damaged",
		detail
	};
}
function suppressedEvents(hidden) {
	const counts = new Map([...Map.groupBy(hidden, ({ name }) => name)].map(([name, group]) => [name, group.length]));
	return counts.size === 0 ? [] : [{
		type: "suppressed",
		counts
	}];
}
function isPlanted$1({ frames }) {
	return frames.some(({ function: name = "" }) => PLANTED$1.leaks.some((planted) => planted === name));
}
function tooWide({ name, file, line }) {
	return {
		code: "suppression-too-wide",
		name,
		file,
		line
	};
}
function errorOf$2({ record, blocks, direct, indirect, frames }, symbols, maxFrames) {
	return {
		unique: `${record}`,
		kind: "Leak_DefinitelyLost",
		what: "",
		frames: framesOf(frames, symbols, maxFrames),
		auxiliary: [],
		record,
		leaked: {
			bytes: direct + indirect,
			blocks
		}
	};
}
/** The same with tracemalloc as without: the signature has frames far out, too. */
function framesOf(places, symbols, maxFrames) {
	return places.map((place) => symbols.framesAt(place).filter(({ function: name = "" }) => !name.startsWith("tracemalloc_"))).filter((frames) => frames.length > 0).slice(0, maxFrames).flat();
}
/** The path that keeps the object comes before the stack: both are in the signature. The parentheses keep the name unchanged (frames.ts). */
function growthOf({ blocks, object, path, frames }, symbols) {
	const name = `(${path.length === 0 ? "C code" : path.join(" → ")} → ${object?.type ?? "memory"})`;
	return {
		unique: name,
		kind: GROWTH,
		what: "",
		references: blocks,
		...object !== null && { example: object },
		frames: [{
			address: "0x0",
			function: name
		}, ...frames.flatMap((place) => symbols.framesAt(place))],
		auxiliary: []
	};
}

// src/engines/scan/suppressions.ts
/** The suppression that matches the innermost frames of a leak's stack, if there is one. Pure. */
function suppressionFor({ frames }, suppressions) {
	const calls = callsOf(frames);
	return suppressions.find((suppression) => matches(suppression.frames, calls));
}
/**
* Valgrind looks up a frame's file by its position in the list of addresses, in which inlined functions have no entry: after an inlined
* function, `src:` is compared with a frame further out (supp_pattEQinp in m_errormgr.c; tried with 3.19 and 3.27).
*/
function callsOf(frames) {
	const innermost = [];
	for (const [index, frame] of frames.entries()) {
		const [before, first] = [frames[index - 1], innermost.at(-1)];
		if (first === void 0 || before?.address !== frame.address || before.object !== frame.object || isSame(frame, first)) innermost.push(frame);
	}
	return frames.map((frame, index) => ({
		frame,
		source: innermost[index]
	}));
}
function isSame(one, other) {
	return one.function === other.function && one.file === other.file && one.line === other.line;
}
function matches(patterns, calls) {
	return matchesWildly(patterns, calls, {
		isAny: ({ of }) => of === "any",
		fits,
		toTheEnd: false
	});
}
function fits(pattern, { frame, source }) {
	switch (pattern.of) {
		case "any": return false;
		case "source": return source?.file !== void 0 && matchesGlob(pattern.glob, source.file) && (pattern.line ?? source.line) === source.line;
		default: return namesOf$1(frame, pattern.of).some((name) => matchesGlob(pattern.glob, name));
	}
}
/** Valgrind compares functions by linker name, and inlined ones by plain name. */
function namesOf$1(frame, of) {
	if (of === "object") return [frame.object ?? ""];
	const { function: name = "", linkerName } = frame;
	return linkerName === void 0 ? [name] : [linkerName, plainName$1(name) ?? name];
}
function matchesGlob(glob, name) {
	return matchesWildly([...glob], [...name], {
		isAny: (letter) => letter === "*",
		fits: (letter, other) => letter === "?" || letter === other,
		toTheEnd: true
	});
}
/** Takes at most as many steps as there are pairs: a suppression file comes with the code under test, and a regular expression could take a day. */
function matchesWildly(patterns, items, { isAny, fits, toTheEnd }) {
	let [back, from] = [-1, 0];
	for (let at = 0, item = 0;;) {
		if (at === patterns.length && (!toTheEnd || item === items.length)) return true;
		const [pattern, next] = [patterns[at], items[item]];
		if (pattern !== void 0 && isAny(pattern)) [back, from] = [++at, item];
		else if (pattern !== void 0 && next !== void 0 && fits(pattern, next)) [at, item] = [at + 1, item + 1];
		else if (back >= 0 && from < items.length) [at, item] = [back, ++from];
		else return false;
	}
}

// src/engines/scan/symbols.ts
/**
* The functions and lines at offsets in programs and libraries, from binutils' addr2line. Cached for the whole check: most stacks consist of the
* same calls.
*/
var Symbols = class {
	#processes;
	#known = /* @__PURE__ */ new Map();
	constructor(processes) {
		this.#processes = processes;
	}
	/** Several frames for a call in inlined functions, innermost first. Known only after `learn`. */
	framesAt(place) {
		return this.#known.get(keyOf$2(place)) ?? [frameWithout(place)];
	}
	/** Looks up everything that is not known yet, with one process for each file. */
	async learn(places) {
		const wanted = /* @__PURE__ */ new Map();
		for (const [object, offset] of places) {
			if (object?.[0] !== "/" || this.#known.has(keyOf$2([object, offset]))) continue;
			const offsets = wanted.get(object) ?? /* @__PURE__ */ new Set();
			wanted.set(object, offsets.add(offset));
		}
		for (const [object, offsets] of wanted) await this.#ask(object, [...offsets]);
	}
	async #ask(object, offsets) {
		const answers = new AnswerReader(object);
		const { child, ended } = this.#processes.start("addr2line", [
			"-a",
			"-f",
			"-i",
			"-e",
			object
		], {
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			],
			onLine: (line) => answers.take(line)
		});
		child.stdin?.on("error", () => void 0);
		child.stdin?.end(offsets.map((offset) => `${hexadecimal(offset)}\n`).join(""));
		await ended;
		const names = await this.#demangle([...answers.answers.values()].flat().flatMap((frame) => frame.function ?? []));
		for (const [offset, frames] of answers.answers) {
			const readable = frames.map((frame) => withReadableName(frame, names));
			this.#known.set(keyOf$2([object, offset]), readable);
		}
	}
	/** The readable names of C++ and Rust functions, from binutils' c++filt. */
	async #demangle(names) {
		const mangled = [...new Set(names.filter((name) => /^_[ZR]\S+$/.test(name)))];
		if (mangled.length === 0) return /* @__PURE__ */ new Map();
		const readable = [];
		const { child, ended } = this.#processes.start("c++filt", ["-i"], {
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			],
			onLine: (line) => readable.push(line)
		});
		child.stdin?.on("error", () => void 0);
		child.stdin?.end(mangled.map((name) => `${name}\n`).join(""));
		await ended;
		return new Map(mangled.map((name, index) => [name, readable[index] ?? name]));
	}
};
/** addr2line's output: the address, then for each function, inlined ones first, a line with its name and one with its place. */
var AnswerReader = class {
	answers = /* @__PURE__ */ new Map();
	#object;
	#frames = [];
	#place;
	#function;
	constructor(object) {
		this.#object = object;
		this.#place = [object, 0];
	}
	take(line) {
		if (this.#function !== void 0) this.#takePlace(line);
		else if (/^0x[0-9a-f]{16}$/.test(line)) {
			this.#place = [this.#object, Number(line)];
			this.#frames = [];
			this.answers.set(Number(line), this.#frames);
		} else this.#function = line;
	}
	#takePlace(line) {
		const name = this.#function === "??" ? void 0 : this.#function?.replace(/^_{2,3}interceptor_/, "");
		this.#function = void 0;
		const [, path = "??", number = ""] = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(line) ?? [];
		const slash = path.lastIndexOf("/");
		const source = path === "??" ? {} : {
			directory: path.slice(0, Math.max(slash, 0)),
			file: path.slice(slash + 1)
		};
		const code = /^[1-9]/.test(number) ? { line: Number(number) } : {};
		this.#frames.push({
			...frameWithout(this.#place),
			...name === void 0 ? {} : { function: name },
			...source,
			...code
		});
	}
};
function withReadableName(frame, names) {
	const linkerName = frame.function;
	const readable = linkerName === void 0 ? void 0 : names.get(linkerName);
	return linkerName === void 0 || readable === void 0 || readable === linkerName ? frame : {
		...frame,
		function: readable,
		linkerName
	};
}
function frameWithout([object, offset]) {
	return {
		address: hexadecimal(offset),
		...object === null ? {} : { object }
	};
}
function keyOf$2([object, offset]) {
	return `${object}+${offset}`;
}
function hexadecimal(offset) {
	return `0x${offset.toString(16).toUpperCase()}`;
}

// src/engines/scan/scan-engine.ts
function titleOf({ python }) {
	return python.freeThreaded ? "the leak marker" : "the leak sanitizer";
}
/** The same build with the leak sanitizer's runtime preloaded: leaks only, at close to native speed. */
function scanEngine(runContext, { preloads, suppressions, children = false, recorder }) {
	const all = recorder === void 0 ? preloads : `${joinPreloads(runContext.python.probe.footprint)}:${preloads}`;
	const symbols = new Symbols(runContext.processes);
	const unwinder = unwinderOf(runContext);
	return {
		name: "scan",
		title: titleOf(runContext),
		proof: ["leak"],
		suffix: "jsonl",
		read: (path) => readJournal(path, symbols, (error) => suppressionFor(error, suppressions), MAX_FRAMES$2[unwinder]),
		start: (job, folder, output) => runContext.processes.start(runContext.python.path, serveArgs(runContext, folder, children ? ["--scan", "--children"] : ["--scan"]), {
			cwd: job.cwd,
			env: {
				...job.env,
				...scanEnvironment(all, "bare", unwinder, runContext.pythonStacks),
				...recorder?.environment(folder)
			},
			stdio: [
				"pipe",
				output,
				output,
				"pipe"
			],
			timeout: WORKER_LIMIT
		}),
		...recorder === void 0 ? {} : { finished: (process) => recorder.take(process) },
		whyNotStarted
	};
}
/** @param runtime the path of the leak sanitizer's runtime, or of the marker. */
function scanSelfTest(runContext, preloads, env, runtime) {
	return {
		engine: {
			name: "scan",
			title: titleOf(runContext)
		},
		tool: createHash("sha256").update(readFileSync(runtime)).digest("hex").slice(0, 16),
		whyNotStarted,
		remedy: "To check without the scan, use `scan: none`.",
		run: (script, folder) => runContext.processes.run(runContext.python.path, [
			script,
			"scan",
			folder
		], {
			cwd: folder,
			env: {
				...env,
				...scanEnvironment(preloads, "bare", unwinderOf(runContext))
			},
			timeout: SELF_TEST_LIMIT$1
		})
	};
}
/** Options that depend on the checked interpreter. */
function unwinderOf({ python }) {
	if (python.freeThreaded) return python.framePointers ? "marker" : "slow marker";
	return python.framePointers ? "fast" : "slow";
}
/** Seconds. It takes less than one on two cores. */
const SELF_TEST_LIMIT$1 = 120;
/** When the runtime gives up, its message is in the report's place. */
async function whyNotStarted(folder) {
	const names = (await readdir(folder)).filter((name) => /\.(leaks|log)$/.test(name));
	const words = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
	if (/LeakSanitizer has encountered a fatal error|failed to (attach|stop)|under ptrace/i.test(words)) return "it is not allowed to use ptrace. Start the container with `--cap-add=SYS_PTRACE`, or use `scan: none`.";
	if (/cannot be preloaded/.test(words)) return "its runtime cannot be preloaded into this build. Use `scan: none`.";
}

// src/system/signal-name.ts
/** `SIGSEGV`; `signal 99` for a number without a name. */
function signalName(number) {
	return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}

// src/engines/torture/holder.ts
/**
* For two stacks called by Python code, given as normalized names, innermost first: the position in each of the innermost call common to both.
* That call held what one allocated when the other one failed.
*/
function findHolder(failed, other) {
	for (const [index, name] of failed.entries()) {
		const at = isOwnFunction(name) ? other.indexOf(name) : -1;
		const caller = failed[index + 1];
		if (at !== -1 && (!isGenericConstructor(name) || caller !== void 0 && caller === other[at + 1])) return [index, at];
	}
}
/** Whether a function does more than allocate for others, or forward a call. */
function isOwnFunction(name) {
	return !isAllocator(name) && !isTrampoline(name);
}
/**
* The functions involved in an error: on the stack of the failed allocation, and on that of a crash, out to the call common to both stacks. Its
* callers only made a call, and the function that allocated the lost block did so correctly.
*/
function functionsWithPart(failed, others) {
	const [one, two] = [calledFromPython$1(failed), calledFromPython$1(others.crash ?? others.lost ?? [])];
	const [atOne, atTwo] = findHolder(one.map(normalizeName), two.map(normalizeName)) ?? [one.length, two.length];
	const names = [...upTo(one, atOne), ...others.crash === void 0 ? [] : upTo(two, atTwo)].map((frame) => frame.function ?? "???");
	return [...new Set(names)];
}
/** Includes the functions that the last one is inlined into: the code is theirs. */
function upTo(frames, index) {
	const end = frames.slice(index + 1).findIndex(({ address }) => address !== frames[index]?.address);
	return frames.slice(0, end === -1 ? frames.length : index + 1 + end);
}
/** Includes the eval loop itself, which may be what changed. */
function calledFromPython$1(frames) {
	const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
	return boundary === -1 ? frames : frames.slice(0, boundary + 1);
}

// src/engines/torture/error-path.ts
const KINDS$1 = {
	leak: "ErrorPathLeak",
	crash: "ErrorPathCrash",
	"lost-error": "LostError"
};
const FLAVORS = {
	once: "one allocation failed",
	"from-then-on": "an allocation failed, and all that followed"
};
/** The main stack comes first: where it crashed, or the error path that loses something. */
function errorOf$1(finding, framesAt) {
	const failed = finding.failed.flatMap(framesAt);
	const other = (finding.frames ?? []).flatMap(framesAt);
	return {
		unique: "torture",
		kind: KINDS$1[finding.kind],
		what: `${whatOf(finding)} after ${FLAVORS[finding.flavor]}`,
		failure: {
			site: finding.site,
			lasting: finding.flavor === "from-then-on"
		},
		part: functionsWithPart(failed, finding.kind === "crash" ? { crash: other } : { lost: other }),
		frames: finding.kind === "crash" ? other : errorPathOf(failed, finding.kind === "leak" ? other : []),
		auxiliary: [...finding.kind === "leak" ? [{
			what: "The lost block was allocated here",
			frames: other
		}] : [], {
			what: "The allocation that failed",
			frames: failed
		}]
	};
}
function whatOf({ kind, blocks = 0, bytes = 0, signal, what = "" }) {
	switch (kind) {
		case "leak": return `${bytes} bytes in ${blocks} blocks are definitely lost`;
		case "crash": return `The process was killed by ${signalName(signal ?? 0)}`;
		case "lost-error": return `SystemError: ${what.replaceAll(/ at 0x[0-9a-f]+/g, "")}`;
	}
}
/**
* The stack of the failed allocation, starting at the innermost function that also allocated, directly or not, the lost block: it held that
* block when the other allocation failed. If there is none, it starts at the first function that does more than create an object for its caller.
*/
function errorPathOf(failed, lost) {
	const near = calledFromPython(failed).map(normalizeName);
	const [holder] = findHolder(near, calledFromPython(lost).map(normalizeName)) ?? [-1];
	const caller = near.findIndex((name) => isOwnFunction(name) && !isGenericConstructor(name));
	return failed.slice([
		holder,
		caller,
		near.findIndex(isOwnFunction),
		0
	].find((index) => index !== -1));
}
function calledFromPython(frames) {
	const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
	return boundary < 1 ? frames : frames.slice(0, boundary);
}

// src/engines/torture/torture-journal.ts
/** Reads the runner's output for one test file as the same events that memcheck's report gives. Never throws for any content. */
async function* readTortureJournal(path, symbols, take) {
	const { events, ending } = await readAll(readJournal(path, symbols, () => void 0));
	const read = events.map((event) => ({
		event,
		line: lineOf$1(event)
	}));
	await symbols.learn(read.flatMap(({ line }) => line?.event === "torture-finding" ? [...line.failed, ...line.frames ?? []] : []));
	let isWhole = false;
	for (const { event, line } of read) {
		isWhole ||= line?.event === "torture-end";
		if (line?.event === "torture-finding") yield {
			type: "error",
			error: errorOf$1(line, (place) => symbols.framesAt(place))
		};
		else if (line?.event === "torture-plan" || line?.event === "torture-end") take(line);
		else yield event;
	}
	if (isWhole || !ending.complete) return ending;
	return {
		complete: false,
		fault: {
			code: "report-damaged",
			detail: "it does not say what was tried"
		}
	};
}
function lineOf$1(event) {
	const line = event.type === "message" ? parseLine(event.text) : void 0;
	return line === "unreadable" ? void 0 : line;
}
async function readAll(reading) {
	const events = [];
	for (let step = await reading.next();; step = await reading.next()) {
		if (step.done) return {
			events,
			ending: step.value
		};
		events.push(step.value);
	}
}

// src/engines/torture/torture-engine.ts
/** A project's tests are tortured where an extension is involved. */
const OF_EXTENSIONS = { extensions: true };
/**
* The scan's process, in which selected allocations fail.
* @param preloads the injector, then the libraries that the scan preloads
*/
function tortureEngine(runContext, preloads, request, take) {
	const symbols = new Symbols(runContext.processes);
	const { whyNotStarted } = scanEngine(runContext, {
		preloads,
		suppressions: []
	});
	return {
		name: "torture",
		title: "torture",
		proof: ["leak"],
		suffix: "jsonl",
		read: (path) => readTortureJournal(path, symbols, take),
		start: (job, folder, output) => runContext.processes.start(runContext.python.path, serveArgs(runContext, folder, [
			"--scan",
			"--torture",
			JSON.stringify(request)
		]), {
			cwd: job.cwd,
			env: {
				...job.env,
				...scanEnvironment(preloads, "bare", "fast")
			},
			stdio: [
				"pipe",
				output,
				output,
				"pipe"
			],
			timeout: WORKER_LIMIT
		}),
		whyNotStarted
	};
}

// src/stages/reproduce.ts
const SAME_EVERY_TIME = ["PYTHONHASHSEED=0", "PYTHONMALLOC=malloc"];
/** A command that reproduces the error, without the check: for one test file, or for one test if it is known. */
function reproduceCommand(scene, engine, test) {
	const preloads = engine === "memcheck" ? void 0 : scene.preloads[engine];
	return (preloads !== void 0 ? [
		"env",
		...SAME_EVERY_TIME,
		...scanWords(preloads, engine, scene.unwinder),
		scene.python,
		scene.runner,
		"look",
		...engine === "torture" ? tortureWords(scene.work.kind === "suite" ? OF_EXTENSIONS : {}, scene.work, test) : [
			"--scan",
			...scene.children ? ["--children"] : [],
			...testWords(scene.work, test)
		]
	] : [...SAME_EVERY_TIME, ...memcheckWords(scene, test)]).map(quoteWord).join(" ");
}
function scanWords(preloads, engine, unwinder) {
	return Object.entries(scanEnvironment(preloads, engine === "torture" ? "bare" : "with names", unwinder)).map(([name, value]) => `${name}=${value}`);
}
/** The runner's input for a test in which allocations fail. It selects the test itself. */
function tortureWords(asked, work, { file, id }) {
	return [
		"--torture",
		JSON.stringify(asked),
		...id === null ? [] : ["--only", id],
		...testWords(work, {
			file,
			id: null
		})
	];
}
/** The runner's target: a test file, or the single test if regrtest can select it. */
function testWords(work, { file, id }) {
	if (work.kind === "suite") return [
		...work.isScript ? ["--script"] : [],
		"--suite",
		work.runner,
		file,
		...work.args
	];
	return id !== null && /^[\w.]+$/.test(id) ? [
		file,
		"-m",
		id
	] : [file];
}
function memcheckWords(scene, test) {
	const args = memcheckArgs({
		...scene.options,
		xmlFolder: ""
	}).filter((arg) => !/^--(xml|tool|vgdb)/.test(arg));
	const start = scene.options.leakCheck === "live" ? [scene.runner, "look"] : ["-m", "test"];
	const program = scene.work.kind === "command" ? scene.work.words : [...start, ...testWords(scene.work, test)];
	return [
		"valgrind",
		...args,
		scene.python,
		...program
	];
}
/** A command that reproduces the error with a new check, for people without this build. `CPYTHON` stands for a checkout of the change. */
function checkCommand(settings, engine, { file }) {
	const { source, work, install, passEnv, leakCheck, children, configureArgs, valgrindArgs } = settings;
	const scan = engine === "scan" ? file : "none";
	const command = work.kind === "command" || work.kind === "suite" ? wordsOf$1(shellWords(work)) : void 0;
	const tests = engine === "lifecycle" ? { scan } : command === void 0 ? {
		tests: file,
		scan
	} : {
		command,
		install: wordsOf$1(install),
		"pass-env": wordsOf$1(passEnv)
	};
	const torture = engine === "torture" ? { torture: file } : {};
	const flags = {
		...flagsOf(source),
		...tests,
		...torture,
		children: children && engine === "scan" ? "yes" : "",
		"leak-check": leakCheck === "live" ? "" : leakCheck,
		"configure-args": wordsOf$1(configureArgs),
		"valgrind-args": wordsOf$1(valgrindArgs),
		"record-baseline": "never"
	};
	return [
		"npm",
		"run",
		"check",
		"--",
		...Object.entries(flags).filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value])
	].map(quoteWord).join(" ");
}
function flagsOf(source) {
	switch (source.kind) {
		case "release": return { "python-version": source.version };
		case "checkout": return { source: "CPYTHON" };
		case "interpreter": return { python: source.program };
	}
}
function wordsOf$1(words) {
	return words.map(quoteWord).join(" ");
}

// src/conclude.ts
/** Records the baseline if this check may record one, and assembles the report. */
async function conclude(started, looked) {
	const { request, today, own, lookup, builds, prepared, preparation, relaxations, excerpted } = started;
	const { settings, ports, processes } = request;
	const earlier = lookup.kind === "found" ? lookup.baseline.timeline : [];
	const recording = looked.isWhole ? await record(preparation, looked, {
		relaxations,
		builds: builds?.used ?? [],
		earlier
	}, ports.baselines) : NOTHING_RECORDED;
	const { past, change } = preparation.checkContext.context;
	const report = assembleReport({
		prepared,
		runs: looked.runs,
		judgement: {
			...looked.judgement,
			problems: [...looked.judgement.problems, ...recording.problems]
		},
		baseline: past.kind === "comparable" ? past.baseline : null,
		origin: lookup.kind === "found" ? lookup.origin ?? null : null,
		recorded: recording.isRecorded,
		skipped: looked.skipped,
		relaxations: past.kind === "comparable" ? addedRelaxations(relaxations, past.baseline.relaxations) : [],
		changes: change.changes,
		affected: looked.affected,
		timeline: recording.timeline ?? earlier,
		burstLimit: own.burstLimit,
		notes: [
			...processes.notes,
			...needsChanges(looked.judgement) ? preparation.notes : [],
			...looked.notes,
			...isCommand(settings.work) ? await objectNotes(prepared.python, settings.directory, processes) : [],
			...pythonNotes(prepared.python),
			...skipNotes(own.skips, (test) => exists(test, settings, prepared), today),
			...lookup.notes ?? [],
			...recording.notes
		],
		reproduce: ports.isLocal ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test)
	});
	return await addExcerpts(report, excerpted);
}
function record({ checkContext, identity, sha, content }, { recordable: runs, footprints: recorded }, { relaxations: hiding, ...rest }, baselines) {
	const { past, scope, change } = checkContext.context;
	const { settings, prepared } = checkContext;
	const before = past.kind === "comparable" ? past.baseline.tests.map(({ name }) => name) : [];
	const isBelow = (path) => existsSync(join(settings.directory, path));
	const ran = runs.map(({ name }) => name);
	const gone = goneTests(before, {
		work: settings.work.kind,
		sources: prepared.source.files,
		isBelow,
		ran
	});
	const relaxations = hiding.map(({ hash }) => hash);
	const footprints = footprintsOf(recorded, runs, checkContext.underTest, sha);
	const { functionsOf } = change;
	return recordRuns({
		scope,
		past,
		identity,
		runs,
		sha,
		content,
		gone,
		relaxations,
		footprints,
		functionsOf,
		...rest
	}, baselines);
}
function exists(test, { work, directory }, { source }) {
	return work.kind === "suite" ? existsSync(join(directory, test)) : isInSource(test, source.files);
}
function skipNotes(skips, isThere, today) {
	return skips.flatMap(({ test, expires }) => {
		if (!isThere(test)) return [{
			code: "skip-unknown",
			test
		}];
		return expires !== void 0 && isExpired({ expires }, today) ? [{
			code: "skip-expired",
			test,
			expires
		}] : [];
	});
}

// src/findings/acceptance.ts
/**
* The acceptance that applies to a finding; undefined if none does.
* @param today `2027-03-01`; days in this form sort as text.
*/
function acceptanceFor(finding, acceptances, today) {
	return acceptances.find((acceptance) => covers(acceptance, finding) && acceptance.expires >= today);
}
/** Findings with an expired acceptance count again. */
function expiryNotes(fresh, { acceptances, today }) {
	return fresh.filter(({ finding }) => acceptanceFor(finding, acceptances, today) === void 0).flatMap(({ finding }) => {
		const expired = acceptances.find((acceptance) => covers(acceptance, finding));
		if (expired === void 0) return [];
		const { expires, reason } = expired;
		return [{
			code: "acceptance-expired",
			signature: finding.signature,
			function: finding.site.function,
			expires,
			reason
		}];
	});
}
function covers({ signature, path, test }, finding) {
	return (path === void 0 ? signature === finding.signature : isKeptBy(path, finding)) && (test === void 0 || test === finding.test.file);
}
/** A growth finding's path begins with what keeps it: `(json.KEPT: list → Entry)`. */
function isKeptBy(path, { kind, segment: [kept = ""] }) {
	return kind === "Growth" && kept.startsWith(`(${path} → `);
}

// src/findings/details.ts
/**
* Adds details from another run of the same test to a finding: the test, if leaks were checked after each test, and the Python lines that
* allocated the lost object.
*/
function withDetails(finding, other) {
	return {
		...finding,
		test: finding.test.id === null ? {
			...finding.test,
			id: other.test.id
		} : finding.test,
		objects: hasPythonLines(finding) || !hasPythonLines(other) ? finding.objects : other.objects
	};
}
function hasPythonLines({ objects }) {
	return objects.some(({ python = [] }) => python.length > 0);
}

// src/findings/likeness.ts
/**
* How likely it is that two stacks differ only in functions that just one of the two builds has: a rename, or a helper that was merged into its
* caller or split off. A name without a symbol in either build (because it is always inlined) counts as unchanged. Null if they differ
* otherwise.
*/
function renamedLikeness(before, now, { before: old, now: today }) {
	if (old === null || today === null) return null;
	const isGone = (key) => old.has(nameOf$1(key)) && !today.has(nameOf$1(key));
	const isFresh = (key) => today.has(nameOf$1(key)) && !old.has(nameOf$1(key));
	const a = without$1(before, isGone);
	const b = without$1(now, isFresh);
	if (a.taken + b.taken === 0) return null;
	if (a.own.length === 0 || b.own.length === 0) return a.own.length === b.own.length && sameNames(a.all, b.all) ? "weak" : null;
	if (isLeak(before.kind)) return sameNames(a.own, b.own) ? "strong" : null;
	const shown = Math.min(a.own.length, b.own.length);
	return Math.abs(a.own.length - b.own.length) <= Math.max(a.taken, b.taken) && sameNames(a.own.slice(0, shown), b.own.slice(0, shown)) ? "strong" : null;
}
/** Roles are assigned to the remaining frames, so that an allocator is left out even if a new helper of it is innermost. */
function without$1({ kind, stack }, isOther) {
	const left = stack.map((group) => group.filter((key) => !isOther(key))).filter((group) => group.length > 0);
	const annotated = rolesOfStack(kind, left);
	const all = annotated.filter(({ role }) => role !== "repeated").map(({ key }) => key);
	return {
		own: rolesOfStack(kind, stack).some(({ key, role }) => isOwn(role) && !isOther(key)) ? annotated.filter(({ role }) => isOwn(role)).map(({ key }) => key) : [],
		all,
		taken: stack.flat().length - left.flat().length
	};
}
function isOwn(role) {
	return role === "key" || role === "beyond";
}
/**
* Whether two segments differ only in the files of their functions, because git reports the files as moved or because a name now occurs in
* several files.
*/
function movedEqually(before, now, moves) {
	const renamed = new Map([...moves].map(([from, to]) => [baseOf(from), baseOf(to)]));
	const isSame = (a, b) => {
		if (b === void 0 || nameOf$1(a) !== nameOf$1(b)) return false;
		const [fileBefore, fileNow] = [fileOf(a), fileOf(b)];
		return fileBefore === fileNow || fileBefore === "" || fileNow === "" || renamed.get(fileBefore) === fileNow;
	};
	return before.length === now.length && before.every((key, index) => isSame(key, now[index]));
}
/** Above this likelihood, two stacks may still be different errors. Such a match is shown, never accepted silently. */
const MIN_SIMILARITY = .75;
/**
* The weight of the longest common subsequence, relative to the mean weight of both segments. Functions that create objects for anyone weigh
* little.
*/
function similarityOf(before, now) {
	const total = weightOf(before) + weightOf(now);
	return total === 0 ? 0 : 2 * commonWeight(before, now) / total;
}
function commonWeight(before, now) {
	const row = new Array(now.length + 1).fill(0);
	for (const a of before) {
		let diagonal = 0;
		now.forEach((b, index) => {
			const above = row[index + 1] ?? 0;
			row[index + 1] = a === b ? diagonal + weightOf([a]) : Math.max(above, row[index] ?? 0);
			diagonal = above;
		});
	}
	return row[now.length] ?? 0;
}
function weightOf(keys) {
	return keys.reduce((sum, key) => sum + (isGenericConstructor(nameOf$1(key)) || isTrampoline(nameOf$1(key)) ? .3 : 1), 0);
}
function sameNames(a, b) {
	return a.length === b.length && a.every((key, index) => key === b[index]);
}
/** `module_exec@_csv.c` is `module_exec`, `::take@pool.cpp` is `take`, as in the table of functions. */
function nameOf$1(key) {
	return key.replace(FILE$1, "").replace(/^::/, "");
}
function fileOf(key) {
	return FILE$1.exec(key)?.[0].slice(1) ?? "";
}
const FILE$1 = /@[^@:(]+$/;
function baseOf(path) {
	return path.slice(path.lastIndexOf("/") + 1);
}

// src/findings/match.ts
const NO_EVIDENCE = {
	functions: {
		before: null,
		now: null
	},
	moves: /* @__PURE__ */ new Map()
};
/**
* Pairs the findings of one test file with the baseline. Equal signatures first; then, in each later pass, only unmatched findings and entries,
* each block once. A finding with an exact match is never a candidate for fuzzy matching: on real stacks most findings resemble another one.
*/
function matchFindings(entries, findings, evidence) {
	const before = entries.map((item) => residueOf(item, segmentOfEntry(item), Math.max(1, item.blocks)));
	const now = findings.map((item) => residueOf(item, item.segment, Math.max(1, amountOf(item))));
	return [
		...pair("exact", (a, b) => Number(a.item.signature === b.item.signature), before, now),
		...pair("renamed", (a, b) => renamed(a, b, evidence), before, now),
		...pair("moved", (a, b) => Number(movedEqually(a.segment, b.segment, evidence.moves)), before, now),
		...pair("similar", similarity, before, now)
	];
}
/** If only the surrounding frames support a match, the amounts must be equal. */
function renamed(before, now, { functions }) {
	const { kind, normalizedStack: stack } = now.item;
	const likeness = renamedLikeness(before.item, {
		kind,
		stack
	}, functions);
	if (likeness === "weak") return before.left === now.left ? .5 : 0;
	return likeness === "strong" ? 1 : 0;
}
/** Only whole leaks: if part of a known leak is gone, that says nothing about another, similar leak, or a smaller one. */
const similarity = (before, now) => {
	if (before.left < before.amount || now.left < now.amount || now.left > before.left) return 0;
	const score = similarityOf(before.segment, now.segment);
	return score >= .75 ? score : 0;
};
function residueOf(item, segment, amount) {
	return {
		item,
		amount,
		segment,
		left: amount
	};
}
function pair(pass, likeness, before, now) {
	const open = before.filter(({ left }) => left > 0);
	return now.filter(({ left }) => left > 0).flatMap((b) => open.filter((a) => classOf(a.item.kind) === classOf(b.item.kind)).map((a) => ({
		a,
		b,
		score: likeness(a, b)
	})).filter(({ score }) => score > 0)).sort(bestFirst).flatMap(({ a, b, score }) => take(pass, a, b, score));
}
/** The most similar pair first, then equal amounts; the remaining order only has to be deterministic. */
function bestFirst(one, other) {
	const gap = ({ a, b }) => Math.abs(a.left - b.left);
	return other.score - one.score || gap(one) - gap(other) || compareText(one.a.item.signature, other.a.item.signature) || compareText(one.b.item.signature, other.b.item.signature);
}
function take(pass, a, b, score) {
	const amount = Math.min(a.left, b.left);
	if (amount === 0) return [];
	a.left -= amount;
	b.left -= amount;
	return [{
		entry: a.item,
		finding: b.item,
		pass,
		amount,
		similarity: score
	}];
}

// src/findings/compare.ts
/** While the interpreter is running, two or three of a thousand lost blocks seem alive, because some value looks like a pointer to them. */
const LIVE_TOLERANCE = .005;
const ALL_COMPARABLE = {
	test: hasFindings,
	kind: () => true
};
/** Compares what complete runs found with what the baseline has of the same test files. */
function compare(baseline, tests, findings, evidence = NO_EVIDENCE, comparable = ALL_COMPARABLE) {
	const recorded = new Set(baseline.tests.filter(comparable.test).map((test) => test.name));
	const parts = tests.filter((name) => recorded.has(name)).map((name) => compareOne(baseline.findings.filter(({ test, kind }) => test === name && comparable.kind(kind, name)), findings.filter(({ test, kind }) => test.file === name && comparable.kind(kind, name)), evidence, baseline.identity.leakCheck === "live" ? LIVE_TOLERANCE : 0));
	return {
		compared: parts.flatMap(({ compared }) => compared),
		fixed: parts.flatMap(({ fixed }) => fixed),
		unrecorded: {
			tests: tests.filter((name) => !recorded.has(name)),
			found: findings.filter(({ test, kind }) => !recorded.has(test.file) || !comparable.kind(kind, test.file))
		}
	};
}
/** One test file on both sides. */
function compareOne(entries, findings, evidence, tolerance) {
	const matches = matchFindings(entries, findings, evidence);
	const byFinding = Map.groupBy(matches, ({ finding }) => finding);
	const matched = new Set(matches.map(({ entry }) => entry));
	return {
		compared: findings.map((finding) => judge$2(finding, byFinding.get(finding) ?? [], tolerance)),
		fixed: entries.filter((entry) => !matched.has(entry))
	};
}
/** Of errors without an amount memcheck reports each place once. */
function judge$2(finding, matches, tolerance) {
	const [first] = matches;
	if (first === void 0) return {
		status: "new",
		finding
	};
	const { entry, pass, similarity } = first;
	const covered = matches.reduce((sum, { amount }) => sum + amount, 0);
	const most = covered + Math.floor(covered * tolerance);
	const amount = amountOf(finding);
	const before = {
		entry,
		pass,
		similarity,
		blocks: amount > covered ? covered : entry.blocks,
		most
	};
	if (amount > most) return {
		status: "grown",
		finding,
		before
	};
	return {
		status: matches.some((match) => match.pass === "similar") ? "changed" : "known",
		finding,
		before
	};
}
/** A new finding after a second run of its test: found in both runs, with the smaller count, or nothing. */
function confirm(fresh, again) {
	const { finding } = fresh;
	const second = again.find((other) => other.signature === finding.signature && other.test.file === finding.test.file);
	if (second === void 0) return void 0;
	const smaller = amountOf(second) < amountOf(finding) ? second : finding;
	if (fresh.status === "grown" && amountOf(smaller) <= fresh.before.most) return void 0;
	const { suppression } = second;
	const { blocks, bytes, references } = smaller;
	return {
		...fresh,
		finding: {
			...withDetails(finding, second),
			blocks,
			bytes,
			references,
			suppression
		}
	};
}

// src/findings/shortfall.ts
function isComplete(run) {
	return run.incomplete === null;
}
/**
* These problems, and another one if there are none and yet no test file was checked. @param isPartial whether test files were left out that the
* change cannot reach: then there may be nothing to check.
*/
function unlessNothing(problems, runs, isPartial = false) {
	const isAnyChecked = runs.some((run) => run.incomplete === null && run.status !== "skipped");
	const isStopped = runs.some((run) => run.status === "stopped");
	return isAnyChecked || isStopped || isPartial || problems.length > 0 ? problems : [{ code: "nothing-checked" }];
}
function incompleteProblem({ name, engine, incomplete }) {
	return incomplete === null ? [] : [{
		code: "test-incomplete",
		test: name,
		engine,
		incomplete
	}];
}
/** A run that got less far than the baseline's is a problem, unless the default branch falls short in the same way. */
function judgeReach(run, before) {
	if (run.status === "stopped") return {};
	const [shortfall] = shortfallOf(run, before);
	if (shortfall === void 0) return {};
	if (before !== void 0 && endedAlike(reachOf(run), before.latest ?? before)) return { note: {
		code: "known-shortfall",
		shortfall
	} };
	return { problem: shortfall };
}
/** What a run did not check, although the run before did or it had to. */
function shortfallOf(run, before) {
	if (run.incomplete !== null) return incompleteProblem(run);
	if (before === void 0 || !reachedLess(reachOf(run), before)) return [];
	const test = {
		test: run.name,
		engine: run.engine
	};
	if (run.status === "skipped") return [{
		code: "test-skipped",
		...test
	}];
	if (before.status === "passed" && run.status === "failed") return [{
		code: "test-failed",
		...test
	}];
	return [{
		code: "fewer-tests",
		...test,
		ran: run.ran ?? 0,
		ranBefore: before.ran ?? 0
	}];
}
function reachedAsMuch(run, tests) {
	const before = tests.find(({ name }) => name === run.name);
	return isComplete(run) && (before === void 0 || !reachedLess(reachOf(run), before));
}

// src/findings/cut-short.ts
/** What a test file did before it crashed or was stopped is often why: its new errors are shown, though nothing confirms them. Pure. */
function cutShort(runs, { history, evidence, changes }) {
	if (history.kind !== "comparable") return [];
	const incomplete = runs.filter((run) => !isComplete(run));
	const errors = incomplete.flatMap(({ findings }) => findings).filter(({ kind }) => !isLeak(kind));
	const names = incomplete.map(({ name }) => name);
	const { compared, unrecorded } = compare(history.baseline, names, errors, evidence);
	const ofChange = unrecorded.found.filter((finding) => isNearChange(finding, changes)).map((finding) => ({
		status: "new",
		finding
	}));
	return [...compared.filter(({ status }) => status === "new"), ...ofChange];
}
/** That the default branch falls short in the same way excuses no error beside lines that the change touched. @param cut its new errors. Pure. */
function excusedShortfalls(shortfalls, cut, { changes }) {
	return shortfalls.flatMap(({ note }) => {
		if (note?.code !== "known-shortfall") return [];
		const { test, engine } = note.shortfall;
		return cut.some(({ finding }) => finding.test.file === test && isNearChange(finding, changes)) ? [{
			code: "not-confirmed",
			test,
			engine,
			doubt: null
		}] : [];
	});
}
function isNearChange(finding, changes) {
	return changes !== void 0 && placeOf$1(finding, changes) !== void 0;
}

// src/findings/warning.ts
/** Whether a new finding of this kind is shown without failing the check: descriptors may be left open, and caches may grow, on purpose. */
function isWarning(kind) {
	return WARNINGS.has(kind);
}
const WARNINGS = /* @__PURE__ */ new Set(["FdLeftOpen", GROWTH]);

// src/findings/judgement.ts
/** The result of a check that ran nothing. */
const NOTHING$1 = {
	findings: [],
	fixed: [],
	problems: [],
	notes: []
};
/** First step: compares the findings with the history. */
function compareRuns(runs, grounds) {
	const { history, evidence, acceptances, today } = grounds;
	if (history.kind !== "comparable") return {
		runs,
		grounds,
		comparison: void 0,
		fresh: []
	};
	const complete = runs.filter(isComplete);
	const names = complete.map(({ name }) => name);
	const comparison = compare(history.baseline, names, findingsOf$1(complete), evidence, comparableIn(history.baseline.tests, complete));
	return {
		runs,
		grounds,
		comparison,
		fresh: comparison.compared.filter((one) => isFresh(one) && acceptanceFor(one.finding, acceptances, today) === void 0)
	};
}
function comparableIn(recorded, runs) {
	const repeated = new Set(runs.filter((run) => run.repeated).map(({ name }) => name));
	const repeatedBefore = new Set(recorded.filter((test) => test.repeated).map(({ name }) => name));
	return {
		test: (test) => hasFindings(test) || runs.some((run) => run.name === test.name && isAsSkipped(run, test)),
		kind: (kind, test) => !needsRepeats(kind) || repeated.has(test) && repeatedBefore.has(test)
	};
}
/** The test files that must run again. */
function testsToConfirm({ fresh }) {
	return [...new Set(fresh.map(({ finding }) => finding.test.file))];
}
/** Second step. @param again the second runs of {@link testsToConfirm}. */
function judge$1(compared, again) {
	const { runs, grounds, comparison } = compared;
	const { history, missing, scope } = grounds;
	if (history.kind !== "comparable" || comparison === void 0) return judgeWithoutBaseline(runs, grounds);
	const confirmation = confirmFresh(compared, again);
	const shortfalls = runs.map((run) => judgeReach(run, history.baseline.tests.find(named(run.name))));
	const cut = cutShort(runs, grounds);
	const isCounted = (finding) => acceptanceFor(finding, grounds.acceptances, grounds.today) === void 0;
	const excused = excusedShortfalls(shortfalls, cut.filter(({ finding }) => isCounted(finding)), grounds);
	const reasons = [...shortfalls.flatMap(({ problem }) => problem ?? []), ...excused];
	return {
		findings: [
			...confirmation.findings,
			...cut.map((one) => ({
				...one,
				isConfirmed: false
			})),
			...comparison.compared.flatMap((one) => judgeSettled(one, grounds)),
			...comparison.unrecorded.found.map(unrecorded)
		],
		fixed: comparison.fixed.filter((entry) => runs.some((run) => run.name === entry.test && reachedAsMuch(run, history.baseline.tests))),
		problems: [
			...unlessNothing(reasons, runs, grounds.isPartial),
			...confirmation.problems,
			...missing.map((test) => ({
				code: "test-missing",
				test
			})),
			...unrecordedProblems(comparison.unrecorded.found, scope)
		],
		notes: [...expiryNotes(comparison.compared.filter(isFresh), grounds), ...shortfalls.flatMap(({ note }) => note ?? [])]
	};
}
/** A check in which no stage ran anything is not clean either. */
function requireChecked(judgement, runs, isPartial = false) {
	return {
		...judgement,
		problems: unlessNothing(judgement.problems, runs, isPartial)
	};
}
function judgeWithoutBaseline(runs, { history, scope }) {
	const why = history.kind === "comparable" ? [] : [noBaselineOf(history)];
	const isEnough = scope !== "nothing" && history.kind !== "unreachable";
	const problems = runs.flatMap((run) => run.status === "stopped" ? [] : incompleteProblem(run));
	const note = (one) => ({
		code: "first-comparison",
		why: one
	});
	return {
		...NOTHING$1,
		findings: findingsOf$1(runs.filter(isComplete)).map(unrecorded),
		problems: [...unlessNothing(problems, runs), ...isEnough ? [] : why.map((one) => ({
			code: "nothing-compared",
			why: one
		}))],
		notes: isEnough ? why.map(note) : []
	};
}
function findingsOf$1(runs) {
	return runs.flatMap(({ findings }) => findings);
}
function isFresh({ status }) {
	return status === "new" || status === "grown";
}
function unrecorded(finding) {
	return {
		finding,
		status: "unrecorded",
		isConfirmed: false
	};
}
/** Findings that need no second run: known, changed and accepted ones. */
function judgeSettled(compared, { acceptances, today }) {
	if (!isFresh(compared)) return [{
		...compared,
		isConfirmed: false
	}];
	const acceptance = acceptanceFor(compared.finding, acceptances, today);
	return acceptance === void 0 ? [] : [{
		...compared,
		status: "accepted",
		isConfirmed: false,
		acceptance
	}];
}
function confirmFresh({ runs, fresh }, again) {
	const found = findingsOf$1(again.filter(isComplete));
	const doubtful = /* @__PURE__ */ new Map();
	return {
		findings: fresh.map((compared) => {
			const confirmed = confirm(compared, found);
			if (confirmed !== void 0) return isWarning(compared.finding.kind) ? asWarning(confirmed) : {
				...confirmed,
				isConfirmed: true
			};
			const { engine, test } = compared.finding;
			const doubt = doubtOf(again.find(named(test.file)), runs.find(named(test.file)));
			if (doubt === void 0) return {
				...compared,
				status: "flaky",
				isConfirmed: false
			};
			if (isWarning(compared.finding.kind)) return asWarning(compared);
			doubtful.set(test.file, {
				code: "not-confirmed",
				test: test.file,
				engine,
				doubt
			});
			return {
				...compared,
				isConfirmed: false
			};
		}),
		problems: [...doubtful.values()]
	};
}
function asWarning(compared) {
	return {
		...compared,
		status: "warning",
		isConfirmed: false
	};
}
/** Why an error that is missing in a second run may still exist, null without a second run; undefined if it does not exist. */
function doubtOf(second, first) {
	if (second === void 0) return null;
	return shortfallOf(second, first && reachOf(first))[0];
}
function named(name) {
	return (one) => one.name === name;
}
/** Errors of test files without a record can't be compared, unless this run records them. Warnings fail no check. */
function unrecordedProblems(found, scope) {
	if (scope !== "nothing") return [];
	const errors = found.filter(({ kind }) => !isWarning(kind));
	return [...new Map(errors.map(({ engine, test }) => [test.file, engine]))].map(([test, engine]) => ({
		code: "test-not-in-baseline",
		test,
		engine
	}));
}

// src/findings/merge-engines.ts
/** The test files in which the scan found a new leak twice, for memcheck to check. Leaks in children are left out, since memcheck can't see them. */
function suspectsOf({ findings }) {
	const leaks = findings.filter(({ finding, isConfirmed }) => isConfirmed && isLeak(finding.kind) && !finding.isInChild);
	return [...new Set(leaks.map(({ finding }) => finding.test.file))];
}
/**
* The judgement of both engines. If memcheck found the same error, its finding is reported; leaks that only the scan found, twice, remain the
* scan's.
* @param looks memcheck's runs of the suspects, both its own test files and those run only for this.
*/
function mergeEngines(scan, memcheck, looks) {
	const seen = Map.groupBy(memcheck.findings, groupedKey);
	const isSeen = (judged) => (seen.get(groupedKey(judged)) ?? []).some((own) => coversScan(own, judged));
	const gone = new Set(memcheck.fixed.map((entry) => `${entry.test} ${entry.signature}`));
	const alone = scan.findings.filter((judged) => judged.status === "flaky" || !isSeen(judged));
	return {
		findings: [...memcheck.findings.map((judged) => asScanKnows(judged, scan)), ...alone.map((judged) => asMemcheckSaw(judged, looks))],
		fixed: [...memcheck.fixed, ...scan.fixed.filter((entry) => !gone.has(`${entry.test} ${entry.signature}`))],
		problems: distinct$2([...scan.problems, ...memcheck.problems]),
		notes: distinct$2([
			...scan.notes,
			...memcheck.notes,
			...looks.flatMap((look) => notesOn(look, scan))
		])
	};
}
/** Adds the judgement of torture, whose kinds of errors no other engine finds. */
function addJudgement(one, other) {
	return {
		findings: [...one.findings, ...other.findings],
		fixed: [...one.fixed, ...other.fixed],
		problems: distinct$2([...one.problems, ...other.problems]),
		notes: distinct$2([...one.notes, ...other.notes])
	};
}
/** Flaky and unrecorded findings are kept separately; all others are the same error, whatever the two engines' baselines say. */
function groupedKey({ finding, status }) {
	return `${["flaky", "unrecorded"].includes(status) ? status : "compared"} ${keyOf$1(finding)}`;
}
/** What memcheck knows says nothing of what the scan has more of: memcheck does not look at the interpreters that tests start. */
function coversScan({ isConfirmed, before }, scanned) {
	return isConfirmed || !scanned.isConfirmed || before === void 0 || scanned.finding.blocks <= before.most;
}
/** The scan may have checked after each test. */
function asScanKnows(judged, scan) {
	const other = scan.findings.find(({ finding }) => keyOf$1(finding) === keyOf$1(judged.finding));
	return other === void 0 ? judged : {
		...judged,
		finding: withDetails(judged.finding, other.finding)
	};
}
function asMemcheckSaw(judged, looks) {
	if (!judged.isConfirmed) return judged;
	const seen = looks.flatMap((look) => look.findings).find((finding) => keyOf$1(finding) === keyOf$1(judged.finding));
	const isLess = seen !== void 0 && judged.before !== void 0 && seen.blocks <= judged.before.most;
	return seen === void 0 || isLess ? judged : {
		...judged,
		finding: withDetails(seen, judged.finding)
	};
}
/** Other errors that memcheck found in a suspect. */
function notesOn(look, scan) {
	if (look.incomplete !== null) return [{
		code: "suspect-incomplete",
		test: look.name,
		incomplete: look.incomplete
	}];
	const scanned = new Set(scan.findings.filter(({ status }) => status !== "unrecorded").map(({ finding }) => keyOf$1(finding)));
	const others = look.findings.filter((finding) => !isLeak(finding.kind) || !scanned.has(keyOf$1(finding)));
	if (others.length === 0) return [];
	const errors = distinct$2(others.map(({ kind, site }) => ({
		kind,
		function: site.function
	})));
	return [{
		code: "uncovered-errors",
		test: look.name,
		errors: [...errors]
	}];
}
function distinct$2(values) {
	return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
function keyOf$1({ test, signature }) {
	return `${test.file} ${signature}`;
}

// src/findings/stopped.ts
/** The result of a stopped check: never clean, with the test files that it did not finish. */
function judgeStopped(judgement, runs, why) {
	const unfinished = [...new Set(runs.filter(({ status }) => status === "stopped").map(({ name }) => name))];
	return {
		...judgement,
		problems: [{
			code: "stopped",
			why,
			unfinished
		}, ...judgement.problems]
	};
}

// src/affected/mangled-names.ts
/** `_ZN3ext5parseERKSs`, `_RNvNtCs4X_3ext5parse4take`; a local one follows the name of its file. */
const MANGLED = /(^|:)_[ZR]/;
/** Names are untrusted, so deeper nested brackets are kept. */
const MAX_DEPTH = 20;
/** Whether a readable name may belong to this C++ or Rust function: `void ext::Pool<int>::take(int)`, or only `take` if it was inlined. */
function mayBeCalled(key, name) {
	if (!MANGLED.test(key)) return false;
	const identifiers = identifiersIn(name);
	let at = 0;
	for (const identifier of identifiers) {
		at = key.indexOf(`${identifier.length}${identifier}`, at);
		if (at < 0) return false;
		at += identifier.length;
	}
	return identifiers.length > 0;
}
/** The identifiers in a qualified name, without those of constructors, destructors, operators and closures. */
function identifiersIn(name) {
	const parts = qualifiedName(name).split("::");
	return parts.filter((part, index) => /^[A-Za-z_]\w*$/.test(part) && !/^(operator|h[0-9a-f]{16}$)/.test(part) && part !== parts[index - 1]);
}
function qualifiedName(name) {
	let flat = name.replace(/^<([^<> ]+) as .*?>::/, "$1::");
	for (let depth = 0; depth < MAX_DEPTH && /[<({]/.test(flat); depth++) flat = flat.replaceAll(/<[^<>]*>|\([^()]*\)|\{[^{}]*\}/g, "");
	return flat.replace(/ (const|noexcept|&&?)$/, "").split(" ").at(-1) ?? "";
}

// src/affected/blame.ts
/** The most likely ones; empty if a changed function is on the stack, since the stack then shows the cause. */
function blame$1({ stack, leaking, clean }, changed, usersOf) {
	if (isOnStack(changed, stack)) return [];
	const suspects = changed.flatMap((key) => {
		const users = usersOf(key);
		if (users.kind !== "some") return [{
			key,
			name: plainName(key),
			cleanUsers: clean.length
		}];
		if (!leaking.every((test) => users.tests.includes(test))) return [];
		return [{
			key,
			name: plainName(key),
			cleanUsers: clean.filter((test) => users.tests.includes(test)).length
		}];
	});
	const least = Math.min(...suspects.map(({ cleanUsers }) => cleanUsers));
	const likeliest = suspects.filter(({ cleanUsers }) => cleanUsers === least).toSorted((a, b) => a.name < b.name ? -1 : 1);
	return likeliest.filter(({ name }, index) => likeliest.findIndex((other) => other.name === name) === index);
}
/** Whether a changed function is on a stack. @param stack the functions' names. */
function isOnStack(changed, stack) {
	const names = new Set(changed.map(plainName));
	return stack.some((name) => names.has(name) || changed.some((key) => mayBeCalled(key, name)));
}
/** `codegen.c:f.constprop.0` is `f`. */
function plainName(key) {
	return key.replace(/^.*:/, "").replace(/\.(isra|constprop|part|cold|llvm|lto_priv)\b.*$/, "");
}

// src/stages/blame-notes.ts
/** A leak's stack only shows who allocated it. If a changed function is on the stack, no further note is needed. Pure. */
function blameLeaks(affected, judgement, runs) {
	if (affected.kind === "any" || affected.functions.length === 0) return [];
	const usersOf = usersOfFunctions(affected.footprints);
	const complete = [...new Set(runs.flatMap(({ name, incomplete }) => incomplete === null ? [name] : []))];
	const blamed = [...Map.groupBy(judgement.findings.filter(({ finding, isConfirmed }) => isConfirmed && isLeak(finding.kind)), ({ finding }) => finding.signature)].map(([signature, group]) => {
		const leaking = new Set(group.map(({ finding }) => finding.test.file));
		const clean = complete.filter((name) => !leaking.has(name));
		return {
			signature,
			suspects: blame$1({
				stack: stackOf(group),
				leaking: [...leaking],
				clean
			}, affected.functions, usersOf)
		};
	});
	return [...Map.groupBy(blamed.filter(({ suspects }) => suspects.length > 0), ({ suspects }) => JSON.stringify(suspects)).values()].map((group) => ({
		signatures: group.map(({ signature }) => signature),
		suspects: group[0]?.suspects ?? []
	}));
}
function stackOf(group) {
	return group.flatMap(({ finding }) => finding.stack.map((frame) => frame.function));
}
/** With the changed line nearest to each suspect's code, or else the line where it begins. Pure. */
function blameNotes(blamed, places, changes) {
	return blamed.map(({ signatures, suspects }) => {
		const functions = suspects.map(({ key, name }) => ({
			name,
			...placeIn(places.get(key), changes)
		}));
		return {
			code: "leak-suspects",
			signatures: [...signatures],
			functions,
			cleanTests: suspects[0]?.cleanUsers ?? 0
		};
	});
}
function placeIn(places, changes) {
	if (places === void 0) return {
		file: null,
		line: null
	};
	const { file, line } = placeOf$1(places, changes) ?? places.site;
	return {
		file,
		line: file === null ? null : line
	};
}

// src/stages/function-places.ts
/** Samples for one function: enough to be near each of its lines. */
const MAX_PLACES = 200;
/** The source places of the build's functions, by key; functions without debug information are missing. */
async function placesOfFunctions(keys, { underTest, runContext }) {
	const places = /* @__PURE__ */ new Map();
	for (const path of underTest?.objects ?? []) for (const symbol of readElf(await readFile(path)).symbols) {
		const key = keyOf$3(symbol);
		if (symbol.type === SYMBOL.function && symbol.size > 0 && keys.includes(key) && !places.has(key)) places.set(key, within(path, symbol));
	}
	const symbols = new Symbols(runContext.processes);
	await symbols.learn([...places.values()].flat());
	return new Map([...places].flatMap(([key, all]) => {
		const stack = all.flatMap((place) => symbols.framesAt(place)).map((frame) => stackFrame(frame, runContext.project));
		return all.slice(0, 1).flatMap((place) => symbols.framesAt(place).slice(-1)).map((frame) => [key, {
			site: stackFrame(frame, runContext.project),
			stack
		}]);
	}));
}
function within(path, { value, size }) {
	const step = Math.max(1, Math.ceil(size / MAX_PLACES));
	return Array.from({ length: Math.ceil(size / step) }, (_, index) => [path, value + index * step]);
}
function stackFrame(frame, project) {
	const file = projectFile(frame, project) ?? null;
	return {
		function: frame.function ?? "",
		file,
		line: frame.line ?? null,
		object: frame.object ?? null,
		role: null
	};
}

// src/model/test-run.ts
const NO_COSTS = {
	start: 0,
	leakChecks: 0,
	reading: 0
};
/** A run without a report: only this is known. */
function runWithoutReport(run) {
	return {
		seconds: 0,
		ran: null,
		findings: [],
		suppressed: [],
		costs: NO_COSTS,
		log: "",
		...run
	};
}

// src/engines/cancellation.ts
/** A test runner that starts nothing once the check is stopped. Its unfinished test files are reported as stopped. */
function withCancellation(testRunner, { name }, processes) {
	return {
		run: async (job) => {
			if (processes.stopped !== void 0) return stoppedRun(job, name, false);
			const run = await testRunner.run(job).catch((error) => {
				if (processes.stopped === void 0) throw error;
			});
			if (run !== void 0 && (processes.stopped === void 0 || run.incomplete === null)) return run;
			return stoppedRun(job, name, true);
		},
		stop: () => testRunner.stop()
	};
}
function stoppedRun({ name }, engine, hadStarted) {
	return runWithoutReport({
		name,
		engine,
		status: "stopped",
		incomplete: {
			code: "stopped",
			hadStarted
		}
	});
}

// src/engines/lifecycle/lifecycle-journal.ts
/** Memory that each interpreter leaves behind. The prefix is that of all leaks, whose signatures use the allocation's stack. */
const LEFT_BY_INTERPRETER = "Leak_PerInterpreter";
/** The planted leak proves that the rounds were watched; without it, a missing leak means nothing. */
async function readLifecycleJournal(text, symbols) {
	const parsed = text.split("\n").flatMap((line) => parseLine(line) ?? []);
	const lines = parsed.flatMap((line) => line === "unreadable" ? [] : [line]);
	const failed = lines.find((line) => line.event === "watch-failed");
	if (lines.length < parsed.length) return unusable({
		code: "report-damaged",
		detail: "a line of it cannot be read"
	});
	if (failed !== void 0) return unusable({
		code: "watch-failed",
		why: failed.why
	});
	if (lines.at(-1)?.event !== "rounds") return unusable({ code: "report-partial" });
	const left = lines.filter((line) => line.event === "left").toSorted(byAmount);
	await symbols.learn(left.flatMap(({ frames }) => frames));
	const errors = left.map((one, index) => errorOf(one, index, symbols));
	if (!errors.some(isPlanted)) return unusable({
		code: "proof-missing",
		proof: "leak"
	});
	return {
		kind: "whole",
		errors: errors.filter((error) => !isPlanted(error))
	};
}
/** The lines are ordered by addresses, which differ each time; a finding shows the first of its stacks. */
function byAmount(one, other) {
	const [frames, others] = [one, other].map((left) => JSON.stringify(left.frames));
	return other.blocks - one.blocks || `${frames}`.localeCompare(`${others}`);
}
function unusable(why) {
	return {
		kind: "unusable",
		why
	};
}
function isPlanted({ frames }) {
	return frames.some(({ function: name }) => name === PLANTED$1.leaks[0]);
}
function errorOf({ blocks, bytes, frames }, index, symbols) {
	return {
		unique: `${index}`,
		kind: LEFT_BY_INTERPRETER,
		what: "",
		frames: frames.flatMap((place) => symbols.framesAt(place)),
		auxiliary: [],
		leaked: {
			bytes,
			blocks
		}
	};
}

// src/engines/lifecycle/lifecycle-runner.ts
/** The kinds of rounds: the whole runtime; subinterpreters that share the GIL; subinterpreters with their own GIL. */
const LIFECYCLES = [
	"interpreter",
	"subinterpreter",
	"own-gil"
];
const PREFIX$1 = "lifecycle.";
/** Seconds. A round takes three. */
const TIMEOUT = 300;
/** In 3.11 and 3.12, each interpreter leaves blocks from over six hundred stacks behind, which will not be fixed (gh-113055). */
const OLDEST_MINOR = 13;
/** A job for each kind of round; none for versions that leak too much to compare. @param version `3.13.5` */
function lifecycleJobs(version, env, scratch) {
	if (Number(version.split(".")[1]) < OLDEST_MINOR) return [];
	return LIFECYCLES.map((kind) => ({
		name: `${PREFIX$1}${kind}`,
		args: [kind],
		cwd: scratch,
		env
	}));
}
/** Starts and ends interpreters, some in one process, and finds the blocks that each leaves behind. Needs no tool but the probe. */
function lifecycleRunner(runContext, suppressions) {
	const symbols = new Symbols(runContext.processes);
	return {
		run: (job) => runLifecycle(job, runContext, suppressions, symbols),
		stop: async () => {}
	};
}
async function runLifecycle(job, runContext, suppressions, symbols) {
	const { python, processes } = runContext;
	const folder = join(runContext.folder, job.name);
	await rm(folder, {
		recursive: true,
		force: true
	});
	await mkdir(folder, { recursive: true });
	const [journal, log] = [join(folder, "journal.jsonl"), join(folder, "output.log")];
	const args = [
		`LD_PRELOAD=${joinPreloads(python.probe.lifecycle.library)}`,
		python.path,
		...job.args,
		journal,
		python.probe.lifecycle.script
	];
	const ended = await processes.run("env", args, {
		cwd: job.cwd,
		env: job.env,
		timeout: TIMEOUT,
		logFile: log
	});
	const read = await readLifecycleJournal(await readFile(journal, "utf8").catch(() => ""), symbols);
	const errors = read.kind === "whole" ? read.errors : [];
	const hidden = errors.flatMap((error) => suppressionFor(error, suppressions) ?? []);
	const shown = errors.filter((error) => suppressionFor(error, suppressions) === void 0);
	return {
		name: job.name,
		engine: "lifecycle",
		...outcomeOf$2(ended, read),
		seconds: ended.seconds,
		ran: null,
		findings: findingsOf(shown, job, runContext),
		suppressed: [...new Set(hidden.map(({ name }) => name))],
		costs: NO_COSTS,
		log
	};
}
function outcomeOf$2({ code, signal, timedOut }, read) {
	if (timedOut) return {
		status: "timeout",
		incomplete: {
			code: "timeout",
			seconds: TIMEOUT
		}
	};
	if (signal !== null || code !== 0) return {
		status: "crashed",
		incomplete: {
			code: "crashed",
			signal,
			exit: code
		}
	};
	return read.kind === "whole" ? {
		status: "passed",
		incomplete: null
	} : {
		status: "crashed",
		incomplete: read.why
	};
}
function findingsOf(errors, { name }, { project }) {
	const findings = new FindingCollection();
	for (const error of errors) findings.add(findingOf({
		engine: "lifecycle",
		error,
		testFile: name,
		testId: null,
		objects: []
	}, project));
	return findings.all();
}

// src/system/pool.ts
/** Processes items in order, at most `width` at a time; results are in the order of the items. The first failure ends it. */
async function inPool(items, width, work) {
	const results = [];
	const queue = (function* () {
		yield* items.entries();
	})();
	const worker = async () => {
		for (const [index, item] of queue) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
	return results;
}

// src/engines/countdown.ts
const MIN_FINISHED_TO_ESTIMATE = 10;
/** Tracks what is running, and estimates the remaining time. */
var Countdown = class {
	#waiting;
	#started = /* @__PURE__ */ new Map();
	/** Total duration of the finished jobs, in seconds. */
	#finished = [];
	#total;
	#width;
	#durations;
	constructor(jobs, width, durations) {
		this.#waiting = new Set(jobs.map((job) => job.name));
		this.#total = jobs.length;
		this.#width = Math.min(width, jobs.length);
		this.#durations = durations;
	}
	start(job) {
		this.#waiting.delete(job.name);
		this.#started.set(job.name, performance.now());
		return this.running();
	}
	stop(job) {
		const started = this.#started.get(job.name);
		if (started !== void 0) this.#finished.push((performance.now() - started) / 1e3);
		this.#started.delete(job.name);
	}
	running() {
		return [...this.#started.keys()].join(" ");
	}
	position() {
		const done = this.#total - this.#waiting.size - this.#started.size;
		const left = this.#secondsLeft();
		return left === void 0 ? {
			done,
			total: this.#total
		} : {
			done,
			total: this.#total,
			left
		};
	}
	/** Test files without a recorded time are assumed to take as long as those before; undefined until enough have finished for a useful estimate. */
	#secondsLeft() {
		const names = [...this.#waiting, ...this.#started.keys()];
		if (names.some((name) => !this.#durations.has(name)) && this.#finished.length < MIN_FINISHED_TO_ESTIMATE) return void 0;
		const mean = this.#finished.reduce((sum, seconds) => sum + seconds, 0) / this.#finished.length;
		const rest = names.map((name) => {
			const spent = (performance.now() - (this.#started.get(name) ?? performance.now())) / 1e3;
			return Math.max(0, (this.#durations.get(name) ?? mean) - spent);
		});
		return Math.max(rest.reduce((sum, seconds) => sum + seconds, 0) / this.#width, ...rest, 0);
	}
};

// src/engines/log-tail.ts
/** Maximum characters of a line. */
const MAX_LINE$2 = 500;
/** Bytes to read from the end of the log. */
const MAX_BYTES$1 = 65536;
/**
* The last lines of a test's output, without empty lines at the end. The log is untrusted: the test may have replaced it by a pipe or a link to
* another file, which counts as no lines.
*/
async function lastLinesOf(path) {
	const text = await readEnd(path).catch(() => "");
	const lines = text.trimEnd().split(/\r?\n/);
	return text.trimEnd() === "" ? [] : lines.slice(-20).map((line) => (line.length > MAX_LINE$2 ? `${line.slice(0, MAX_LINE$2)}…` : line).toWellFormed());
}
async function readEnd(path) {
	await using file = await open(path, constants$1.O_RDONLY | constants$1.O_NOFOLLOW | constants$1.O_NONBLOCK);
	const status = await file.stat();
	if (!status.isFile()) return "";
	const start = Math.max(0, status.size - MAX_BYTES$1);
	const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(status.size, MAX_BYTES$1)), 0, void 0, start);
	const text = buffer.toString("utf8", 0, bytesRead);
	return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
}

// src/engines/run-all.ts
/** Limit: with more test files, a line for each passed one would hide the others. */
const MAX_NOTED = 60;
/** Runs jobs in parallel and reports progress. Results are in the order of the jobs. */
async function runAll(jobs, width, durations, testRunner, progress) {
	const clock = new Countdown(jobs, width, durations);
	const runOne = async (job) => {
		progress.update(clock.start(job), clock.position());
		const run = await withLastWords(await testRunner.run(job));
		clock.stop(job);
		if (jobs.length <= MAX_NOTED || !isUneventful(run)) progress.note(describeRun(run));
		if (clock.running() !== "") progress.update(clock.running(), clock.position());
		return run;
	};
	const runs = await inPool(longestFirst$1(jobs, durations), width, runOne).finally(() => testRunner.stop());
	const byName = new Map(runs.map((run) => [run.name, run]));
	return jobs.flatMap((job) => byName.get(job.name) ?? []);
}
async function withLastWords(run) {
	return run.incomplete === null && run.status !== "failed" || run.log === "" ? run : {
		...run,
		lastWords: await lastLinesOf(run.log)
	};
}
function isUneventful({ status, incomplete }) {
	return status === "stopped" || incomplete === null && status !== "failed";
}
function describeRun(run) {
	const end = run.incomplete === null ? "" : `: ${incompleteInWords(run.incomplete)}`;
	return `${run.name} ${run.status} in ${secondsInWords(run.seconds)}${end}`;
}
/** Longest first, so that the last worker does not run the longest test alone. A test file without a recorded time may be the longest. */
function longestFirst$1(jobs, seconds) {
	const expected = (job) => seconds.get(job.name) ?? Number.POSITIVE_INFINITY;
	return jobs.toSorted((a, b) => Math.sign(expected(b) - expected(a)) || 0);
}

// src/findings/retried.ts
/** A crash that comes and goes may be the change's: the first run is reported, with the new errors that only it showed. Pure. */
function addRetried(judgement, retried, grounds) {
	return {
		...judgement,
		findings: [...judgement.findings, ...retried.flatMap((one) => seenOnce(one, grounds))],
		notes: [...judgement.notes, ...retried.flatMap(({ first }) => noteOf(first, grounds))]
	};
}
function noteOf(first, { history }) {
	const before = history.kind === "comparable" ? history.baseline.tests.find(({ name }) => name === first.name) : void 0;
	return shortfallOf(first, before).map((shortfall) => ({
		code: "retried",
		shortfall
	}));
}
function seenOnce({ first, second }, { history, evidence, acceptances, today }) {
	if (history.kind !== "comparable") return [];
	const gone = first.findings.filter(({ kind }) => isComplete(first) || !isLeak(kind)).filter((finding) => !second.findings.some(({ signature }) => signature === finding.signature));
	return compare(history.baseline, [first.name], gone, evidence).compared.filter(({ finding, status }) => status === "new" && acceptanceFor(finding, acceptances, today) === void 0).map((one) => ({
		...one,
		status: "flaky",
		isConfirmed: false
	}));
}

// src/stages/closer-look.ts
/** Each takes up to a minute, and the first check should finish in a reasonable time. */
const MAX_FILES$1 = 10;
/** The test files with leaks that have no baseline and whose test is unknown. Pure. */
function filesToLookAt({ findings }) {
	return [...new Set(findings.filter(lacksTest).map(({ finding }) => finding.test.file))].slice(0, MAX_FILES$1);
}
function lacksTest({ status, finding }) {
	return status === "unrecorded" && isLeak(finding.kind) && finding.test.id === null;
}
/** @param again runs of {@link filesToLookAt}. Pure. */
function withTests(judgement, again) {
	const seen = again.flatMap(({ findings }) => findings);
	return {
		...judgement,
		findings: judgement.findings.map((judged) => {
			const { signature, test } = judged.finding;
			const other = lacksTest(judged) ? seen.find((one) => one.signature === signature && one.test.file === test.file) : void 0;
			return other === void 0 ? judged : {
				...judged,
				finding: withDetails(judged.finding, other)
			};
		})
	};
}

// src/stages/stage.ts
/** Runs test files, compares the findings with the engine's baseline, and confirms new ones. */
async function runStage(stage, context) {
	const past = ofEngine(context.past, stage);
	const first = (await runJobs(stage, context)).filter(hasStarted);
	const runs = await retry(first, past, stage, context);
	const grounds = {
		...await groundsOf(past, context, runs),
		missing: missingFrom(stage, past),
		isPartial: stage.isPartial ?? false
	};
	const compared = compareRuns(runs, grounds);
	const judgement = judge$1(compared, await confirmIn(testsToConfirm(compared), stage, context));
	return {
		runs,
		judgement: await lookCloser(addRetried(judgement, retriedRuns(first, runs), grounds), stage, context)
	};
}
async function lookCloser(judgement, stage, context) {
	const { lookingCloser: testRunner } = stage;
	const names = testRunner === void 0 ? [] : filesToLookAt(judgement);
	if (testRunner === void 0 || names.length === 0) return judgement;
	const jobs = stage.jobs.filter((job) => names.includes(job.name));
	return withTests(judgement, await runJobs({
		...stage,
		testRunner,
		title: `${stage.title}: which tests`,
		jobs
	}, context, "closer-look"));
}
/** Runs the test files with new findings once more. */
async function confirmIn(names, stage, context) {
	if (names.length === 0) return [];
	const jobs = stage.jobs.filter((job) => names.includes(job.name));
	const testRunner = stage.confirming ?? stage.testRunner;
	return await runJobs({
		...stage,
		testRunner,
		title: `${stage.title}: confirm what is new`,
		jobs
	}, context, "confirm");
}
/** False for test files that the runner did not start for lack of time: they count as not planned. */
function hasStarted({ incomplete }) {
	return incomplete?.code !== "not-begun";
}
/** Runs a stage's test files without judging their findings. */
async function runJobs({ title, jobs, testRunner, refine = (run) => run, ...stage }, { past, width, progress, execution }, step = "first") {
	const durations = durationsOf(ofEngine(past, stage));
	return (await execution.run(stage.engine, step, jobs, async (own) => {
		if (own.length > 0) progress.begin(title);
		return await runAll(own, width, durations, testRunner, progress);
	})).map(refine);
}
async function groundsOf(history, { scope, change }, runs) {
	const before = history.kind === "comparable" ? history.baseline.functions : [];
	const now = await change.functionsOf(runs.flatMap(({ findings }) => findings));
	const functions = before.length === 0 ? {
		before: null,
		now: null
	} : {
		before: new Set(before),
		now
	};
	const { acceptances, today, changes } = change;
	return {
		history,
		scope,
		evidence: {
			functions,
			moves: changes.moves
		},
		acceptances,
		today,
		changes
	};
}
/** Retries test files that got less far than expected: among hundreds, one may fail by chance. */
async function retry(first, past, stage, context) {
	const tests = past.kind === "comparable" ? past.baseline.tests : [];
	const fellShort = (run) => {
		const before = tests.find((test) => test.name === run.name);
		return (run.incomplete !== null || before !== void 0 && reachedLess(reachOf(run), before)) && !(before !== void 0 && endedAlike(reachOf(run), before.latest ?? before));
	};
	const again = first.filter((run) => run.status !== "timeout" && run.status !== "stopped" && fellShort(run)).map(({ name }) => name);
	if (again.length === 0) return first;
	const jobs = stage.jobs.filter((job) => again.includes(job.name));
	const second = await runJobs({
		...stage,
		title: `${stage.title}: retrying incomplete tests`,
		jobs
	}, context, "retry");
	return first.map((run) => second.find((other) => other.name === run.name && !fellShort(other)) ?? run);
}
function retriedRuns(first, runs) {
	return runs.flatMap((second, index) => {
		const run = first[index];
		return run === void 0 || run === second ? [] : [{
			first: run,
			second
		}];
	});
}
/** Test files of the baseline that `all` no longer lists. */
function missingFrom({ allBut, jobs }, past) {
	if (allBut === void 0 || past.kind !== "comparable") return [];
	const expected = /* @__PURE__ */ new Set([...jobs.map(({ name }) => name), ...allBut]);
	return past.baseline.tests.map(({ name }) => name).filter((name) => !expected.has(name));
}
/** The record of one engine and one slice: findings of different ones are never compared. */
function ofEngine(past, { engine, slice }) {
	if (past.kind !== "comparable") return past;
	const own = (entries) => entries.filter((entry) => entry.engine === engine && entry.slice === slice);
	const baseline = {
		...past.baseline,
		tests: own(past.baseline.tests),
		findings: own(past.baseline.findings)
	};
	return {
		...past,
		baseline
	};
}
function durationsOf(past) {
	return new Map(past.kind === "comparable" ? past.baseline.tests.map((test) => [test.name, test.seconds]) : []);
}
/** An engine that can't run at all: the other one continues, and the verdict says what is missing. */
function engineFailed(engine, { message, hint }) {
	return {
		code: "engine-failed",
		engine,
		detail: message,
		hint: hint ?? null
	};
}
/** An engine that is turned off: if the baseline has its runs, that check looked at more than this one. Pure. */
function engineDropped(engine, setting, { past }) {
	const own = ofEngine(past, { engine });
	const tests = own.kind === "comparable" ? own.baseline.tests.length : 0;
	return tests === 0 ? [] : [{
		code: "engine-dropped",
		engine,
		setting,
		tests
	}];
}
/** Test files that `all` leaves out. */
function leftOutNotes(engine, leftOut) {
	return leftOut.map(({ name, reason }) => ({
		code: "left-out",
		test: name,
		engine,
		reason
	}));
}

// src/stages/lifecycle-stage.ts
/** Finds leaks at start and shutdown of an interpreter: in every check of CPython's own tests that looks for leaks. */
async function runLifecycles({ settings, prepared, runContext, context }) {
	if (settings.work.kind === "command" || settings.work.kind === "suite" || settings.leakCheck === "none") return {
		runs: [],
		judgement: NOTHING$1
	};
	if (prepared.python.freeThreaded) return {
		runs: [],
		judgement: NOTHING$1
	};
	const { version } = prepared.python;
	const jobs = lifecycleJobs(version, testEnvironment(runContext.processes.env, prepared.python), runContext.folder);
	if (jobs.length === 0) return {
		runs: [],
		judgement: {
			...NOTHING$1,
			notes: [{
				code: "no-lifecycle",
				version
			}]
		}
	};
	const files = [prepared.python.suppressions.all, ...settings.suppressions];
	const suppressions = (await Promise.all(files.map(async (file) => parseLeakSuppressions(await readFile(file, "utf8"), file)))).flat();
	const testRunner = withCancellation(lifecycleRunner(runContext, suppressions), { name: "lifecycle" }, runContext.processes);
	return await runStage({
		engine: "lifecycle",
		title: "Start and shutdown",
		jobs,
		testRunner
	}, context);
}

// src/stages/memcheck-budget.ts
/** Memcheck's slowdown: an estimate, until the baseline has the real time. */
const SLOWDOWN$1 = 30;
/** Minimum seconds for each test file. */
const MIN_SECONDS$1 = 1;
/** Expected seconds of a test file under memcheck. */
function expectedSeconds(name, { recorded, scanned }) {
	return recorded.get(name) ?? 1 + 30 * (scanned.get(name) ?? 1);
}
/** Total of all parallel runs. */
function secondsToSpend({ budget, width }) {
	if (budget === "none") return 0;
	return budget === "all" ? Number.POSITIVE_INFINITY : budget * width;
}
/**
* The test files for memcheck. Those in the baseline come first, so that the selection is stable from run to run, then the shortest: as many as
* fit. Pure.
*/
function chooseForMemcheck(names, choice) {
	const { budget, recorded, onlyRecorded } = choice;
	if (budget === "all" || budget === "none") return budget === "all" ? names : [];
	const expected = (name) => expectedSeconds(name, choice);
	const candidates = names.filter((name) => recorded.has(name) || !onlyRecorded);
	const rank = (name) => recorded.has(name) ? 0 : 1;
	const ordered = candidates.toSorted((a, b) => rank(a) - rank(b) || expected(a) - expected(b));
	const chosen = /* @__PURE__ */ new Set();
	let left = secondsToSpend(choice);
	for (const name of ordered) {
		left -= expected(name);
		if (left >= 0) chosen.add(name);
	}
	return names.filter((name) => chosen.has(name));
}
/** A test runner that starts nothing after the time limit. */
function withinBudget(testRunner, budget) {
	if (typeof budget !== "number") return testRunner;
	const end = performance.now() + budget * 1e3;
	const run = async (job) => performance.now() <= end ? testRunner.run(job) : notStarted(job);
	return {
		run,
		stop: () => testRunner.stop()
	};
}
function notStarted({ name }) {
	return runWithoutReport({
		name,
		engine: "memcheck",
		status: "stopped",
		incomplete: { code: "not-begun" }
	});
}
/**
* Notes on the test files that memcheck checked. If time ran out, the note on the choice is dropped, because it lists test files that did not run.
* @param all test files that should run. @param notes on their choice. @param looked test files that ran.
*/
function memcheckNotes({ all, notes }, looked, budget) {
	const leftOut = new Set(all.filter((name) => !looked.includes(name)));
	const isWrong = (note) => note.code === "memcheck-chosen" && note.looked.some((name) => leftOut.has(name));
	return [...budgetNotes(all, looked, budget), ...notes.filter((note) => !isWrong(note))];
}
/** A note on test files that memcheck did not check; none if it was not supposed to. */
function budgetNotes(names, looked, budget) {
	const leftOut = names.filter((name) => !looked.includes(name));
	if (leftOut.length === 0 || typeof budget !== "number") return [];
	return [{
		code: "memcheck-budget",
		seconds: budget,
		looked: names.length - leftOut.length,
		leftOut
	}];
}

// src/stages/plan.ts
/** What runs under memcheck: test files, or the user's command. */
async function planMemcheck({ work, passEnv }, python, places, processes) {
	switch (work.kind) {
		case "suite": return {
			jobs: [],
			leftOut: []
		};
		case "command": {
			const args = ["command", ...work.words];
			const env = commandEnvironment(processes.env, passEnv, python);
			return {
				jobs: [{
					name: work.words.join(" "),
					args,
					cwd: places.directory,
					env
				}],
				leftOut: []
			};
		}
		case "default-tests": return planTests(DEFAULT_TESTS, python, places, processes);
		case "tests": return planTests(work.names, python, places, processes);
		case "all-tests": {
			const { names, leftOut } = await selectAll("memcheck", python, places.scratch, processes);
			return planTests(names, python, places, processes, leftOut);
		}
	}
}
/** What the scan runs. */
async function planScan(scan, python, places, processes) {
	if (scan.kind === "names") return planTests(scan.names, python, places, processes);
	const { names, leftOut } = await selectAll("scan", python, places.scratch, processes);
	return planTests(names, python, places, processes, leftOut);
}
/** The test files in which allocations are made to fail. */
async function planTorture(torture, python, places, processes) {
	if (torture.kind === "names") return planTests(torture.names, python, places, processes);
	const { names, leftOut } = await selectAll("torture", python, places.scratch, processes);
	return planTests(names, python, places, processes, leftOut);
}
/** A job for each test file, in a separate folder. */
function planTests(names, python, places, processes, leftOut = []) {
	const env = testEnvironment(processes.env, python);
	return {
		jobs: names.map((name) => ({
			name,
			args: ["test", name],
			cwd: places.scratch,
			env
		})),
		leftOut
	};
}

// src/affected/closeness.ts
/** If more C files contain the change, for example through a header, closeness means nothing. */
const MAX_FILES = 8;
/** Names of the changed C files, without folders. @param functions keys of changed functions. @param files names of changed files. */
function changedCFiles(functions, files) {
	const ofFunctions = functions.flatMap((key) => /^([^:]+\.c):/.exec(key)?.[1] ?? []);
	return /* @__PURE__ */ new Set([...ofFunctions, ...files.filter((name) => name.endsWith(".c")).map((name) => name.replace(/^.*\//, ""))]);
}
/**
* Test files, closest first. Each static function of these C files adds 1/n to the score of the n test files that run it: test_dict is close to
* dictobject.c because it runs many functions there that hardly any other test file runs.
*/
function closestTests(cFiles, footprints) {
	if (cFiles.size > MAX_FILES) return [];
	const scores = /* @__PURE__ */ new Map();
	const usersOf = usersOfFunctions(footprints);
	for (const key of footprints.code.keys.filter((one) => cFiles.has(one.replace(/:.*$/, "")))) {
		const users = usersOf(key);
		const tests = users.kind === "some" ? users.tests : [];
		for (const name of tests) scores.set(name, (scores.get(name) ?? 0) + 1 / tests.length);
	}
	const least = CLOSE * Math.max(0, ...scores.values());
	return [...scores].filter(([, score]) => score >= least).toSorted(([name, score], [other, otherScore]) => otherScore - score || (name < other ? -1 : 1)).map(([name]) => name);
}
/** Minimum score, relative to that of the closest test file. */
const CLOSE = .25;

// src/stages/slowest-tests.ts
/**
* Leaves out the slowest tests of a file until the rest fits into `seconds`. Undefined if the whole file fits, or if the rest is still too slow. Pure.
* @param times of its slowest tests, without memcheck
*/
function withoutSlowest(name, seconds, budget, times) {
	let cost = expectedSeconds(name, budget);
	if (cost <= seconds || budget.recorded.has(name)) return void 0;
	const leaveOut = [];
	for (const { id, seconds: own } of times.toSorted((a, b) => b.seconds - a.seconds)) {
		if (cost <= seconds) break;
		leaveOut.push(id);
		cost = Math.max(1, cost - 30 * own);
	}
	return cost <= seconds ? {
		leaveOut,
		cost
	} : void 0;
}

// src/stages/spending.ts
/** Selects test files until a time limit is used up. */
var Spending = class {
	names = [];
	#costOf;
	#left;
	/** @param costOf expected seconds of a test file. @param seconds the limit. */
	constructor(costOf, seconds) {
		this.#costOf = costOf;
		this.#left = seconds;
	}
	/** @param reserve seconds that must remain after it. */
	canTake(name, reserve = 0) {
		return this.#costOf(name) <= this.#left - reserve && !this.names.includes(name);
	}
	/** @param cost in seconds, if it differs from the estimate. */
	take(name, cost = this.#costOf(name)) {
		this.#left -= cost;
		this.names.push(name);
	}
	/** Remaining seconds. */
	get left() {
		return this.#left;
	}
	/** Takes test files in order, skipping those that do not fit. */
	takeEach(names, reserve = 0) {
		for (const name of names) if (this.canTake(name, reserve)) this.take(name);
	}
	byCost = (one, other) => this.#costOf(one) - this.#costOf(other) || (one < other ? -1 : 1);
	/**
	* Selects the fastest test file for each target. @param targets for each, the test files that reach it.
	* @returns the number of targets reached.
	*/
	cover(targets) {
		let open = targets.filter((names) => !names.some((name) => this.names.includes(name)));
		for (let next = this.#cheapest(open); next !== void 0; next = this.#cheapest(open)) {
			const name = next;
			this.take(name);
			open = open.filter((names) => !names.includes(name));
		}
		return targets.length - open.length;
	}
	#cheapest(targets) {
		const reached = /* @__PURE__ */ new Map();
		for (const name of targets.flat()) reached.set(name, (reached.get(name) ?? 0) + 1);
		const costPerTarget = (name) => this.#costOf(name) / (reached.get(name) ?? 1);
		const [best] = [...reached.keys()].filter((name) => this.canTake(name)).toSorted((one, other) => costPerTarget(one) - costPerTarget(other) || this.byCost(one, other));
		return best;
	}
};

// src/stages/reached-tests.ts
/**
* Test files that run or open changed code, in three steps: the closest ones for up to half of the time, because a test that only passes through
* shows few errors; the fastest ones that together reach the rest; then other close ones and those in the baseline, as many as fit. Pure.
* @param isSuitable for memcheck
* @param files names of changed source files
*/
function chooseReached(affected, isSuitable, budget, files) {
	const targets = targetsOf$1(affected).flatMap((names) => {
		const suitable = names.filter((name) => affected.chosen.has(name) && isSuitable(name));
		return suitable.length === 0 ? [] : [suitable];
	});
	const seconds = secondsToSpend(budget);
	const choice = new Spending((name) => expectedSeconds(name, budget), seconds);
	const close = closeTo(affected, files).filter((name) => affected.chosen.has(name) && isSuitable(name));
	const leaveOut = takeClose(close, choice, budget, Number.isFinite(seconds) ? seconds / 2 : 0);
	const covered = choice.cover(targets);
	choice.takeEach(close);
	choice.takeEach([...new Set(targets.flat())].filter((one) => budget.recorded.has(one)).toSorted(choice.byCost));
	return {
		names: choice.names,
		targets: targets.length,
		covered,
		leaveOut
	};
}
/** Takes test files whole or, if they take too long, without their slowest tests. @returns the tests to leave out, by test file */
function takeClose(names, choice, budget, reserve) {
	const leaveOut = /* @__PURE__ */ new Map();
	for (const name of names) {
		const seconds = Math.min(choice.left - reserve, typeof budget.budget === "number" ? budget.budget : choice.left);
		const part = withoutSlowest(name, seconds, budget, budget.slowTests?.get(name) ?? []);
		if (part !== void 0) {
			choice.take(name, part.cost);
			leaveOut.set(name, part.leaveOut);
		} else if (choice.canTake(name, reserve)) choice.take(name);
	}
	return leaveOut;
}
/**
* For a change that reaches all test files: those closest to it, as many as fit. Pure.
* @param isSuitable for memcheck
* @param also test files that run in any case
* @param files names of changed source files
*/
function chooseClosest(affected, isSuitable, also, budget, files) {
	const choice = new Spending((name) => expectedSeconds(name, budget), secondsToSpend(budget));
	const leaveOut = takeClose(closeTo(affected, files).filter((name) => isSuitable(name) && !also.includes(name)), choice, budget, 0);
	const names = [...also, ...choice.names];
	const users = affected.functions.map(usersOfFunctions(affected.footprints));
	const covered = users.filter((one) => one.kind === "everyone" || one.kind === "some" && one.tests.some((test) => names.includes(test)));
	return {
		names,
		targets: users.length,
		covered: covered.length,
		leaveOut
	};
}
function closeTo({ functions, footprints }, files) {
	return closestTests(changedCFiles(functions, files), footprints);
}
/** For each changed function and file, the test files that run or open it. */
function targetsOf$1({ functions, footprints, chosen }) {
	const usersOf = usersOfFunctions(footprints);
	const runners = functions.map((key) => {
		const users = usersOf(key);
		return users.kind === "some" ? users.tests : [];
	});
	const opened = [...chosen].flatMap(([test, causes]) => causes.flatMap((cause) => cause.code === "file" ? [{
		test,
		file: cause.name
	}] : []));
	const readers = [...Map.groupBy(opened, ({ file }) => file).values()];
	return [...runners, ...readers.map((group) => group.map(({ test }) => test))];
}
function reachedNotes({ names, targets, covered, leaveOut }, { budget }) {
	const seconds = typeof budget === "number" ? budget : null;
	const partly = [...leaveOut].map(([test, ids]) => ({
		code: "memcheck-partly",
		test,
		leftOut: ids.length
	}));
	return [{
		code: "memcheck-chosen",
		looked: [...names],
		targets,
		covered,
		seconds
	}, ...partly];
}

// src/stages/scan-costs.ts
/**
* Seconds of test files in the scan, from which those of other engines are estimated. They come from the baseline, so that a choice made before the
* scan is the same; without a comparable baseline they come from this scan. Pure.
*/
function scanCosts(past, scanned) {
	const runs = past.kind === "comparable" ? past.baseline.tests.filter(({ engine }) => engine === "scan") : scanned;
	return new Map(runs.map(({ name, seconds }) => [name, seconds]));
}

// src/stages/suite-files.ts
/** The tests could not be collected, which would fail with any engine. */
var SuiteFailure = class extends UserError {};
/** Collects the tests of a suite. @throws SuiteFailure if that fails, or there are none. */
async function collectSuite(place, pool, { progress, execution }) {
	return planSuite(await execution.collect(async () => {
		progress.update("collecting the tests");
		return await askRunner(place, pool);
	}), place);
}
async function askRunner(place, pool) {
	const files = await pool.collect(suiteScene(place)).catch((error) => {
		if (!(error instanceof UserError)) throw error;
		throw new SuiteFailure(error.message, error.hint === void 0 ? {} : { hint: error.hint });
	});
	if (files.length > 0) return files;
	await pool.stop();
	throw new SuiteFailure("The command collected no tests.", { hint: `It ran in ${place.directory}.` });
}
/** A job for each test file of a suite. */
function planSuite(files, place) {
	const scene = suiteScene(place);
	return files.map(({ name }) => ({
		name,
		args: [],
		...scene
	}));
}
function suiteScene({ directory, passEnv, env, python }) {
	return {
		cwd: directory,
		env: commandEnvironment(env, passEnv, python)
	};
}

// src/stages/memcheck-plan.ts
/** @param scanned the scan's runs. @param pool undefined if each job starts its own interpreter. */
async function planForMemcheck(checkContext, affected, scanned, pool) {
	const { settings, prepared, runContext } = checkContext;
	const nothing = {
		unrecorded: /* @__PURE__ */ new Set(),
		rest: [],
		all: [],
		budget: "all",
		notes: []
	};
	if (settingWithoutMemcheck(settings) === "memcheck-budget") return {
		...nothing,
		jobs: [],
		leftOut: []
	};
	if (affected.kind === "some" && isChosenByChange(settings)) return await planReached(checkContext, affected, scanned);
	if (settings.work.kind === "suite" && pool !== void 0) return {
		...nothing,
		...await planOfSuite(checkContext, scanned, pool),
		leftOut: [],
		budget: settings.memcheckBudget
	};
	const places = {
		directory: settings.directory,
		scratch: runContext.folder
	};
	const plan = await planMemcheck(settings, prepared.python, places, runContext.processes);
	if (settings.work.kind === "default-tests" && affected.kind === "all" && isInFewFunctions(affected)) return {
		...nothing,
		...await withClosest(plan, checkContext, affected, scanned)
	};
	const isAll = settings.work.kind === "all-tests";
	return {
		...nothing,
		...plan,
		...isAll ? withoutUnaffected(plan.jobs, affected) : {}
	};
}
function isChosenByChange({ work }) {
	return work.kind === "default-tests" || work.kind === "suite";
}
async function planOfSuite({ settings, runContext, context }, scanned, pool) {
	const place = {
		...settings,
		env: runContext.processes.env,
		python: runContext.python
	};
	const listed = listsSuite(scanned, context.skips) ? planSuite(scanned, place) : await collectSuite(place, pool, context);
	const all = listed.map(({ name }) => name);
	const onlyRecorded = context.past.kind === "comparable" && context.scope === "nothing";
	const budget = budgetOf(settings.memcheckBudget, context, scanned);
	const chosen = context.execution.chooseForMemcheck(() => chooseForMemcheck(all, {
		...budget,
		onlyRecorded
	}));
	return {
		jobs: listed.filter(({ name }) => chosen.includes(name)),
		all
	};
}
/** Whether the scan's runs tell which test files a suite has: not if it had to leave out some that memcheck is to look at. Pure. */
function listsSuite(scanned, skips) {
	return scanned.length > 0 && !skips.some(({ engine }) => engine === "scan");
}
async function planReached(checkContext, affected, scanned) {
	const { settings, context } = checkContext;
	const suitable = await suitableTests(checkContext, affected);
	const budget = budgetOf(settings.memcheckBudget, context, scanned);
	const reached = chooseReached(affected, (name) => suitable.has(name), budget, filesOf(affected, checkContext));
	return {
		jobs: jobsOf(reached.names, checkContext, reached),
		leftOut: [],
		unrecorded: new Set(reached.names.filter((name) => !budget.recorded.has(name))),
		rest: [],
		all: reached.names,
		budget: settings.memcheckBudget,
		notes: reachedNotes(reached, budget)
	};
}
async function suitableTests({ settings, prepared, runContext }, affected) {
	if (settings.work.kind === "suite") return new Set(affected.scanned);
	return new Set((await selectAll("memcheck", prepared.python, runContext.folder, runContext.processes)).names);
}
function jobsOf(names, { settings, runContext }, reached) {
	if (settings.work.kind === "suite") {
		const files = names.map((name) => ({ name }));
		return planSuite(files, {
			...settings,
			env: runContext.processes.env,
			python: runContext.python
		});
	}
	const { jobs } = planTests(names, runContext.python, { scratch: runContext.folder }, runContext.processes);
	return jobs.map((job) => ({
		...job,
		leaveOut: reached?.leaveOut.get(job.name) ?? []
	}));
}
/** Memcheck's default test files, which the baseline covers, and those that are closest to a change that reaches all test files. */
async function withClosest(plan, checkContext, affected, scanned) {
	const { settings, prepared, runContext, context } = checkContext;
	const { names } = await selectAll("memcheck", prepared.python, runContext.folder, runContext.processes);
	const suitable = new Set(names);
	const budget = budgetOf(settings.memcheckBudget, context, scanned);
	const also = plan.jobs.map(({ name }) => name);
	const chosen = chooseClosest(affected, (name) => suitable.has(name), also, budget, filesOf(affected, checkContext));
	const further = chosen.names.filter((name) => !also.includes(name));
	const jobs = jobsOf(further, checkContext, chosen);
	const notes = further.length === 0 ? [] : reachedNotes(chosen, { budget: "all" });
	const unrecorded = new Set(further.filter((name) => !budget.recorded.has(name)));
	return {
		...plan,
		jobs: [...plan.jobs, ...jobs],
		unrecorded,
		notes
	};
}
/** Names of changed source files. */
function filesOf({ footprints }, { underTest }) {
	const now = underTest?.sources(footprints.sources.names);
	return now === void 0 ? [] : changedFiles$1(footprints, now).map(({ name }) => name);
}
/** Equal on all machines of a check. Pure. */
function budgetOf(budget, { past, width, plannedWidth = width, execution }, scanned) {
	const slowTests = new Map(execution.isWhole ? scanned.map((run) => [run.name, run.slowTests ?? []]) : []);
	return {
		budget,
		width: plannedWidth,
		recorded: recordedSeconds(past),
		scanned: scanCosts(past, scanned),
		slowTests
	};
}
function recordedSeconds(past) {
	const tests = past.kind === "comparable" ? past.baseline.tests : [];
	return new Map(tests.filter(({ engine }) => engine === "memcheck").map(({ name, seconds }) => [name, seconds]));
}
/** Suspects that are not among the selected test files. */
function otherJobs(checkContext, suspects, jobs) {
	return jobsOf(suspects.filter((name) => !jobs.some((job) => job.name === name)), checkContext);
}

// src/findings/interpreter-leaks.ts
/**
* Counts blocks lost at exit on stacks without an extension, instead of reporting them: CPython leaves hundreds of such blocks behind, in
* varying numbers. For CPython's own tests nothing is left out: there the interpreter is the project.
*/
var InterpreterLeaks = class {
	#signatures = /* @__PURE__ */ new Set();
	#blocks = 0;
	/** Whether an error is one of them. Call it for each error, before errors of one signature are summed: another one may involve an extension. */
	take({ kind, owner, signature, blocks }) {
		if (!isLeak(kind) || owner === "project" || owner === "extension") return false;
		this.#signatures.add(signature);
		this.#blocks += blocks;
		return true;
	}
	/** Undefined if there were none. */
	get left() {
		return this.#signatures.size === 0 ? void 0 : {
			sites: this.#signatures.size,
			blocks: this.#blocks
		};
	}
};

// src/engines/outcome.ts
/** How a run ended, and whether all of it was watched. Pure. Without proof that it is complete, it is incomplete. */
function judgeRun$1(ended, report, watch) {
	if (ended.timedOut) return {
		status: "timeout",
		incomplete: {
			code: "timeout",
			seconds: watch.timeout
		}
	};
	const { results } = report;
	const failedAfterwards = watch.isInWorker === true && ended.code !== 0;
	if (results.length === 0 || ended.signal !== null || failedAfterwards) {
		const exit = ended.signal === null ? ended.code : null;
		return {
			status: "crashed",
			incomplete: {
				code: "crashed",
				signal: ended.signal,
				exit
			}
		};
	}
	const status = worst(results);
	return {
		status,
		incomplete: missingProof(report, watch) ?? nothingRan(status, report, watch)
	};
}
/** The number of tests that ran and were not skipped; null if unknown. */
function countTests(results) {
	return results.reduce((sum, { ran }) => sum === null || ran === null ? null : sum + ran, 0);
}
/** The end of a run that was stopped for exceeding a resource limit. */
function excessOutcome(of) {
	return {
		status: "crashed",
		incomplete: {
			code: "excess",
			of
		}
	};
}
function worst(results) {
	if (results.map(({ state }) => state).some((state) => !/^(PASSED|ENV_CHANGED|SKIPPED|RESOURCE_DENIED|DID_NOT_RUN)$/.test(state))) return "failed";
	const passes = ({ state, ran }) => (state === "PASSED" || state === "ENV_CHANGED") && ran !== 0;
	return results.some(passes) ? "passed" : "skipped";
}
/** The planted errors must be in a report that is complete. */
function missingProof(report, { engine, leakCheck }) {
	if (report.ending === void 0) return { code: "report-missing" };
	if (!report.ending.complete) return report.ending.fault;
	if (!report.started || !report.finished) return { code: "report-partial" };
	const proof = engine.proof.find((planted) => !report.seen[planted] && (planted !== "leak" || leakCheck !== "none"));
	return proof === void 0 ? null : {
		code: "proof-missing",
		proof
	};
}
/** A file that fails at import has checked nothing; nor has a command that runs its tests in other processes. */
function nothingRan(status, report, { isCommand }) {
	const { results } = report;
	if (results.some(({ ran }) => ran !== null && ran > 0)) return null;
	const areCounted = results.every(({ ran }) => ran !== null);
	if (report.testsStarted > 0 && !(areCounted && status === "failed")) return null;
	if (status === "failed") return { code: "no-test-ran" };
	return isCommand && status !== "passed" ? { code: "no-test-watched" } : null;
}

// src/engines/descriptors.ts
/** Functions that close every number in a range, open or not: CPython before it starts a program, glibc's posix_spawn by its list of actions. */
const CLOSES_WHATEVER_IS_OPEN = /^(close_range|closefrom|__spawni_child)$/;
/** Source files of the functions of the module `os`, and of their shared helpers. */
const OS_FILES = /^(posixmodule\.c|posixmodule\.c\.h|fileutils\.c)$/;
const C_LIBRARY = /\/(libc|libpthread|libutil|librt)[-.][^/]*$/;
/** Whether an error is about a descriptor that Python code named, or one that was never known to be open. */
function isExpectedDescriptorError({ kind, what, frames }) {
	if (kind === "FdBadUse" && !what.endsWith(" was closed already")) return true;
	if (kind !== "FdBadClose" && kind !== "FdBadUse") return false;
	return isAskedForByPython(frames) || kind === "FdBadClose" && frames.some(({ function: name = "" }) => CLOSES_WHATEVER_IS_OPEN.test(name));
}
/** Whether a function of the module `os` called the C library, with nothing else in between. */
function isAskedForByPython(frames) {
	const end = frames.findIndex(({ object = "", file = "" }) => !C_LIBRARY.test(object) && !OS_FILES.test(file));
	return frames.slice(0, end === -1 ? void 0 : end).some(({ function: name = "" }) => name.startsWith("os_"));
}

// src/engines/process-report.ts
/** Limit of leaks held until their objects are known; test__interpreters has thirty thousand. */
const MAX_FRAMES$1 = 1e6;
/** A leaked reference to an object that lives on: no memory is lost, so only the scan can count it. */
/** A descriptor that is open when a test file ends. */
const LEFT_OPEN = "FdLeftOpen";
/** The report of one watched process, collected while its events are read. */
var ProcessReport = class {
	/** The planted errors found so far. */
	seen = {
		leak: false,
		read: false
	};
	results = [];
	#leakCheck;
	/** Leaks of a live check, until the lines that follow them name their objects and test. */
	#pending = [];
	#testId = null;
	testsStarted = 0;
	slowTests = [];
	/** Number of errors that each suppression hid, by its name. */
	suppressed = /* @__PURE__ */ new Map();
	/** Duration of the live checks, in seconds. */
	leakCheckSeconds = 0;
	/** The interpreters that it started; undefined if they are not followed. */
	children;
	/** Whether interpreters were running during a check, so that not all of their leaks were looked for. */
	hasRunningInterpreters = false;
	/** Whether memcheck watched from the test file's start to its end, as defined by the kind of leak check. */
	started = false;
	finished = false;
	ending;
	#pendingFrames = 0;
	constructor(leakCheck) {
		this.#leakCheck = leakCheck;
	}
	/** Adds one event; returns the errors that are now complete, without the planted ones. */
	take(event) {
		switch (event.type) {
			case "state":
				this.#takeState(event.state);
				return [];
			case "message": return this.#takeLine(parseLine(event.text));
			case "error": return this.#takeError(event.error);
			case "suppressed":
				this.suppressed = event.counts;
				return [];
			default: return [];
		}
	}
	end(ending) {
		this.ending = this.#pendingFrames > MAX_FRAMES$1 ? {
			complete: false,
			fault: {
				code: "report-too-large",
				limit: MAX_FRAMES$1,
				unit: "frames"
			}
		} : ending;
	}
	#takeState(state) {
		if (state === "FINISHED") this.#testId = null;
		if (this.#leakCheck === "live") return;
		if (state === "RUNNING") this.started = true;
		else this.finished = true;
	}
	#takeError(error) {
		if (isExpectedDescriptorError(error)) return [];
		const counts = this.#leakCheck !== "live" || this.started && !this.finished;
		if (this.#isPlanted(error, counts)) return [];
		if (!isLeak(error.kind)) return [{
			error,
			testId: this.#testId,
			objects: error.example === void 0 ? [] : [error.example]
		}];
		if (this.#leakCheck === "none" || !counts) return [];
		if (this.#leakCheck === "exit") return [{
			error,
			testId: null,
			objects: []
		}];
		if (error.kind === "Leak_DefinitelyLost") this.#await(error);
		return [];
	}
	#await(error) {
		this.#pendingFrames += error.frames.length + 1;
		if (this.#pendingFrames <= MAX_FRAMES$1) this.#pending.push({
			error,
			objects: []
		});
	}
	#isPlanted(error, counts) {
		const has = (name) => error.frames.some((frame) => frame.function === name);
		if (has(PLANTED$1.read)) this.seen.read ||= counts && error.kind === "InvalidRead";
		else if (PLANTED$1.leaks.some(has)) this.seen.leak ||= counts && isLeak(error.kind);
		else return false;
		return true;
	}
	#takeLine(line) {
		if (line === void 0 || line === "unreadable") return [];
		switch (line.event) {
			case "file-start":
				if (this.#leakCheck === "live") this.started = true;
				return [];
			case "file-stop":
				this.results.push({
					state: line.state,
					ran: line.ran ?? null
				});
				return [];
			case "test-start":
				this.#testId = line.id;
				this.testsStarted++;
				return [];
			case "test-stop":
				this.#testId = null;
				return [];
			case "slow-tests":
				this.slowTests = line.tests.map(([id, seconds]) => ({
					id,
					seconds
				}));
				return [];
			case "leaked-object": {
				const { event: _, record, ...object } = line;
				this.#pending.find((leak) => leak.error.record === record)?.objects.push(object);
				return [];
			}
			case "immortals":
				this.#leaveOut(line);
				return [];
			case "growing-reference": return [referenceLeak(line)];
			case "open-descriptor": return [openDescriptor(line)];
			case "leak-check":
				this.leakCheckSeconds += line.seconds ?? 0;
				return this.#tellPending(line.of, line.id ?? null);
			case "running-interpreters":
				this.hasRunningInterpreters = true;
				return [];
			case "children": {
				const { event: _, ...counts } = line;
				this.children = counts;
				return [];
			}
			default: return [];
		}
	}
	/** Immortal objects are no leak, by CPython's design (divide_immortals in cpython_memcheck_leaks.py). */
	#leaveOut({ record, blocks, bytes }) {
		const index = this.#pending.findIndex((leak) => leak.error.record === record);
		const leak = this.#pending[index];
		if (leak?.error.leaked === void 0) return;
		const leaked = {
			blocks: leak.error.leaked.blocks - blocks,
			bytes: leak.error.leaked.bytes - bytes
		};
		if (leaked.blocks > 0) this.#pending[index] = {
			...leak,
			error: {
				...leak.error,
				leaked
			}
		};
		else this.#pending.splice(index, 1);
	}
	#tellPending(of, testId) {
		if (this.#pendingFrames <= MAX_FRAMES$1) this.#pendingFrames = 0;
		const leaks = this.#pending.map(({ error, objects }) => ({
			error,
			objects,
			testId,
			isInChild: of === "child"
		}));
		this.#pending = [];
		this.finished ||= of === "file";
		return leaks;
	}
};
/** Has the object instead of a stack; the parentheses keep its name unchanged (frames.ts). */
function referenceLeak({ event: _, references, ...object }) {
	const name = object.repr === void 0 ? `(${object.type})` : `(${object.type} ${object.repr})`;
	return {
		error: {
			unique: name,
			kind: REFERENCE_LEAK,
			what: "",
			references,
			frames: [{
				address: "0x0",
				function: name
			}],
			auxiliary: []
		},
		testId: null,
		objects: []
	};
}
/** Like a reference leak, it has a name instead of a stack. Its blocks are the descriptors. */
function openDescriptor({ kind, path, count, id }) {
	const name = path === null ? `(${kind})` : `(${kind} ${path})`;
	return {
		error: {
			unique: name,
			kind: LEFT_OPEN,
			what: "",
			frames: [{
				address: "0x0",
				function: name
			}],
			auxiliary: [],
			leaked: {
				blocks: count,
				bytes: 0
			}
		},
		testId: id,
		objects: []
	};
}

// src/engines/reports.ts
/** Reads and removes the reports of the test's process and of its forks. */
async function readReports(reading) {
	const began = performance.now();
	const { engine, folder, testFile, project, parent, onError, interpreterLeaks } = reading;
	const own = reportName(engine, reading.pid);
	const report = new ProcessReport(reading.leakCheck);
	const findings = new FindingCollection();
	const isReport = (name) => name.endsWith(`.${engine.suffix}`) && (!parent || name !== reportName(engine, parent.pid));
	const names = (await readdir(folder).catch(() => [])).filter(isReport).sort();
	const add = ({ error: whole, ...observed }) => {
		const error = withoutTracing(whole);
		onError?.(error);
		const finding = findingOf({
			...observed,
			error,
			engine: engine.name,
			testFile
		}, project);
		if (!interpreterLeaks?.take(finding)) findings.add(finding);
	};
	parent?.errors.forEach(add);
	let damage;
	for (const name of names) {
		const current = name === own ? report : new ProcessReport("none");
		const path = join(folder, name);
		await readReport$1(engine, path, current, add);
		if (current !== report) damage ??= damageOf(name, current.ending);
		await rm(path, {
			recursive: true,
			force: true
		});
	}
	if (report.ending?.complete && damage !== void 0) report.end({
		complete: false,
		fault: damage
	});
	if (findings.isFull) report.end({
		complete: false,
		fault: {
			code: "report-too-large",
			limit: MAX_FRAMES$3,
			unit: "frames"
		}
	});
	return {
		report,
		findings: findings.all(),
		seconds: (performance.now() - began) / 1e3
	};
}
/** With `python-stacks`, tracemalloc is between an object and its memory; the error is the same without. */
function withoutTracing(error) {
	const isTracing = ({ function: name = "" }) => name.startsWith("tracemalloc_");
	return error.frames.some(isTracing) ? {
		...error,
		frames: error.frames.filter((frame) => !isTracing(frame))
	} : error;
}
function summaryOf({ report, findings }) {
	const more = {
		...report.slowTests.length === 0 ? {} : { slowTests: report.slowTests },
		...report.children === void 0 ? {} : { children: report.children },
		...report.hasRunningInterpreters ? { hasRunningInterpreters: true } : {}
	};
	return {
		ran: countTests(report.results),
		findings,
		suppressed: [...report.suppressed.keys()],
		...more
	};
}
/** What is missing in a forked process's report. A process that called exec or was killed leaves a report that just stops. */
function damageOf(report, ending) {
	if (ending === void 0) return {
		code: "child-report-damaged",
		report,
		fault: null
	};
	if (ending.complete || ending.stopsEarly) return void 0;
	return ending.fault.code === "child-report-damaged" ? ending.fault : {
		code: "child-report-damaged",
		report,
		fault: ending.fault
	};
}
/**
* Reads one file, event by event. If a test replaced the file by something else, or the disk is full, the report has no end.
*/
async function readReport$1(engine, path, report, observe) {
	if (!(await lstat(path).catch(() => void 0))?.isFile()) return;
	const events = engine.read(path);
	for (let step = await events.next();; step = await events.next()) {
		if (step.done) return report.end(step.value);
		report.take(step.value).forEach(observe);
	}
}
function reportName(engine, pid) {
	return `${pid}.${engine.suffix}`;
}

// src/system/process-life.ts
/** The numbers of all visible processes. */
function processIds() {
	return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}
/** All descendants of a process, by the parents in /proc; parents before children. */
function descendantsOf(ancestor) {
	const children = Map.groupBy(processIds(), parentOf);
	const found = [];
	for (let generation = children.get(ancestor) ?? []; generation.length > 0;) {
		found.push(...generation);
		generation = generation.flatMap((pid) => children.get(pid) ?? []);
	}
	return found;
}
/** proc(5): after the name, which may contain blanks and parentheses, come the state and the parent. 0 if the process is gone. */
function parentOf(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
	} catch {
		return 0;
	}
}

// src/engines/watch.ts
/** Milliseconds. */
const INTERVAL = 1e3;
/**
* Stops a test file before it exhausts the machine: calls `stop` once.
* @param folder with its reports and its log.
* @param ancestor the process that it and all its children descend from.
*/
function watchTest(folder, ancestor, stop) {
	const before = bytesIn(folder);
	let excess;
	const timer = setInterval(() => {
		excess = excessOf(folder, before, ancestor);
		if (excess === void 0) return;
		clearInterval(timer);
		stop();
	}, INTERVAL);
	return {
		get excess() {
			return excess;
		},
		[Symbol.dispose]: () => clearInterval(timer)
	};
}
function excessOf(folder, before, ancestor) {
	if (bytesIn(folder) - before > MAX_WRITTEN) return "output";
	if (bytesFree(folder) < MIN_FREE) return "disk";
	return descendantsOf(ancestor).length > 400 ? "processes" : void 0;
}
/** Total size of the files in a folder and its subfolders. Files that the test deletes meanwhile count as empty. */
function bytesIn(folder) {
	try {
		return readdirSync(folder, {
			recursive: true,
			withFileTypes: true
		}).reduce((sum, entry) => sum + (entry.isFile() ? sizeOf(join(entry.parentPath, entry.name)) : 0), 0);
	} catch {
		return 0;
	}
}
function sizeOf(path) {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
function bytesFree(folder) {
	try {
		const { bavail, bsize } = statfsSync(folder);
		return bavail * bsize;
	} catch {
		return Number.POSITIVE_INFINITY;
	}
}

// node_modules/fast-xml-parser/src/util.js
const regexName = /* @__PURE__ */ new RegExp("^[:A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD][:A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\-.\\d\\u00B7\\u0300-\\u036F\\u203F-\\u2040]*$");
function getAllMatches(string, regex) {
	const matches = [];
	let match = regex.exec(string);
	while (match) {
		const allmatches = [];
		allmatches.startIndex = regex.lastIndex - match[0].length;
		const len = match.length;
		for (let index = 0; index < len; index++) allmatches.push(match[index]);
		matches.push(allmatches);
		match = regex.exec(string);
	}
	return matches;
}
const isName = function(string) {
	const match = regexName.exec(string);
	return !(match === null || typeof match === "undefined");
};
function isExist(v) {
	return typeof v !== "undefined";
}
/**
* Dangerous property names that could lead to prototype pollution or security issues
*/
const DANGEROUS_PROPERTY_NAMES = [
	"hasOwnProperty",
	"toString",
	"valueOf",
	"__defineGetter__",
	"__defineSetter__",
	"__lookupGetter__",
	"__lookupSetter__"
];
const criticalProperties = [
	"__proto__",
	"constructor",
	"prototype"
];

// node_modules/fast-xml-parser/src/validator.js
const defaultOptions$1 = {
	allowBooleanAttributes: false,
	unpairedTags: []
};
function validate$1(xmlData, options) {
	options = Object.assign({}, defaultOptions$1, options);
	const tags = [];
	let tagFound = false;
	let reachedRoot = false;
	if (xmlData[0] === "﻿") xmlData = xmlData.substr(1);
	for (let i = 0; i < xmlData.length; i++) if (xmlData[i] === "<" && xmlData[i + 1] === "?") {
		i += 2;
		i = readPI(xmlData, i);
		if (i.err) return i;
	} else if (xmlData[i] === "<") {
		let tagStartPos = i;
		i++;
		if (xmlData[i] === "!") {
			i = readCommentAndCDATA(xmlData, i);
			continue;
		} else {
			let closingTag = false;
			if (xmlData[i] === "/") {
				closingTag = true;
				i++;
			}
			let tagName = "";
			for (; i < xmlData.length && xmlData[i] !== ">" && xmlData[i] !== " " && xmlData[i] !== "	" && xmlData[i] !== "\n" && xmlData[i] !== "\r"; i++) tagName += xmlData[i];
			tagName = tagName.trim();
			if (tagName[tagName.length - 1] === "/") {
				tagName = tagName.substring(0, tagName.length - 1);
				i--;
			}
			if (!validateTagName(tagName)) {
				let msg;
				if (tagName.trim().length === 0) msg = "Invalid space after '<'.";
				else msg = "Tag '" + tagName + "' is an invalid name.";
				return getErrorObject("InvalidTag", msg, getLineNumberForPosition(xmlData, i));
			}
			const result = readAttributeStr(xmlData, i);
			if (result === false) return getErrorObject("InvalidAttr", "Attributes for '" + tagName + "' have open quote.", getLineNumberForPosition(xmlData, i));
			let attrStr = result.value;
			i = result.index;
			if (attrStr[attrStr.length - 1] === "/") {
				const attrStrStart = i - attrStr.length;
				attrStr = attrStr.substring(0, attrStr.length - 1);
				const isValid = validateAttributeString(attrStr, options);
				if (isValid === true) tagFound = true;
				else return getErrorObject(isValid.err.code, isValid.err.msg, getLineNumberForPosition(xmlData, attrStrStart + isValid.err.line));
			} else if (closingTag) {
				if (!result.tagClosed) return getErrorObject("InvalidTag", "Closing tag '" + tagName + "' doesn't have proper closing.", getLineNumberForPosition(xmlData, i));
				else if (attrStr.trim().length > 0) return getErrorObject("InvalidTag", "Closing tag '" + tagName + "' can't have attributes or invalid starting.", getLineNumberForPosition(xmlData, tagStartPos));
				else if (tags.length === 0) return getErrorObject("InvalidTag", "Closing tag '" + tagName + "' has not been opened.", getLineNumberForPosition(xmlData, tagStartPos));
				else {
					const otg = tags.pop();
					if (tagName !== otg.tagName) {
						let openPos = getLineNumberForPosition(xmlData, otg.tagStartPos);
						return getErrorObject("InvalidTag", "Expected closing tag '" + otg.tagName + "' (opened in line " + openPos.line + ", col " + openPos.col + ") instead of closing tag '" + tagName + "'.", getLineNumberForPosition(xmlData, tagStartPos));
					}
					if (tags.length == 0) reachedRoot = true;
				}
			} else {
				const isValid = validateAttributeString(attrStr, options);
				if (isValid !== true) return getErrorObject(isValid.err.code, isValid.err.msg, getLineNumberForPosition(xmlData, i - attrStr.length + isValid.err.line));
				if (reachedRoot === true) return getErrorObject("InvalidXml", "Multiple possible root nodes found.", getLineNumberForPosition(xmlData, i));
				else if (options.unpairedTags.indexOf(tagName) !== -1) {} else tags.push({
					tagName,
					tagStartPos
				});
				tagFound = true;
			}
			for (i++; i < xmlData.length; i++) if (xmlData[i] === "<") {
				if (xmlData[i + 1] === "!") {
					i++;
					i = readCommentAndCDATA(xmlData, i);
					continue;
				} else if (xmlData[i + 1] === "?") {
					i = readPI(xmlData, ++i);
					if (i.err) return i;
				} else break;
			} else if (xmlData[i] === "&") {
				const afterAmp = validateAmpersand(xmlData, i);
				if (afterAmp == -1) return getErrorObject("InvalidChar", "char '&' is not expected.", getLineNumberForPosition(xmlData, i));
				i = afterAmp;
			} else if (reachedRoot === true && !isWhiteSpace(xmlData[i])) return getErrorObject("InvalidXml", "Extra text at the end", getLineNumberForPosition(xmlData, i));
			if (xmlData[i] === "<") i--;
		}
	} else {
		if (isWhiteSpace(xmlData[i])) continue;
		return getErrorObject("InvalidChar", "char '" + xmlData[i] + "' is not expected.", getLineNumberForPosition(xmlData, i));
	}
	if (!tagFound) return getErrorObject("InvalidXml", "Start tag expected.", 1);
	else if (tags.length == 1) return getErrorObject("InvalidTag", "Unclosed tag '" + tags[0].tagName + "'.", getLineNumberForPosition(xmlData, tags[0].tagStartPos));
	else if (tags.length > 0) return getErrorObject("InvalidXml", "Invalid '" + JSON.stringify(tags.map((t) => t.tagName), null, 4).replace(/\r?\n/g, "") + "' found.", {
		line: 1,
		col: 1
	});
	return true;
}
function isWhiteSpace(char) {
	return char === " " || char === "	" || char === "\n" || char === "\r";
}
/**
* Read Processing insstructions and skip
* @param {*} xmlData
* @param {*} i
*/
function readPI(xmlData, i) {
	const start = i;
	for (; i < xmlData.length; i++) if (xmlData[i] == "?" || xmlData[i] == " ") {
		const tagname = xmlData.substr(start, i - start);
		if (i > 5 && tagname === "xml") return getErrorObject("InvalidXml", "XML declaration allowed only at the start of the document.", getLineNumberForPosition(xmlData, i));
		else if (xmlData[i] == "?" && xmlData[i + 1] == ">") {
			i++;
			break;
		} else continue;
	}
	return i;
}
function readCommentAndCDATA(xmlData, i) {
	if (xmlData.length > i + 5 && xmlData[i + 1] === "-" && xmlData[i + 2] === "-") {
		for (i += 3; i < xmlData.length; i++) if (xmlData[i] === "-" && xmlData[i + 1] === "-" && xmlData[i + 2] === ">") {
			i += 2;
			break;
		}
	} else if (xmlData.length > i + 8 && xmlData[i + 1] === "D" && xmlData[i + 2] === "O" && xmlData[i + 3] === "C" && xmlData[i + 4] === "T" && xmlData[i + 5] === "Y" && xmlData[i + 6] === "P" && xmlData[i + 7] === "E") {
		let angleBracketsCount = 1;
		for (i += 8; i < xmlData.length; i++) if (xmlData[i] === "<") angleBracketsCount++;
		else if (xmlData[i] === ">") {
			angleBracketsCount--;
			if (angleBracketsCount === 0) break;
		}
	} else if (xmlData.length > i + 9 && xmlData[i + 1] === "[" && xmlData[i + 2] === "C" && xmlData[i + 3] === "D" && xmlData[i + 4] === "A" && xmlData[i + 5] === "T" && xmlData[i + 6] === "A" && xmlData[i + 7] === "[") {
		for (i += 8; i < xmlData.length; i++) if (xmlData[i] === "]" && xmlData[i + 1] === "]" && xmlData[i + 2] === ">") {
			i += 2;
			break;
		}
	}
	return i;
}
const doubleQuote = "\"";
const singleQuote = "'";
/**
* Keep reading xmlData until '<' is found outside the attribute value.
* @param {string} xmlData
* @param {number} i
*/
function readAttributeStr(xmlData, i) {
	let attrStr = "";
	let startChar = "";
	let tagClosed = false;
	for (; i < xmlData.length; i++) {
		if (xmlData[i] === doubleQuote || xmlData[i] === singleQuote) {
			if (startChar === "") startChar = xmlData[i];
			else if (startChar !== xmlData[i]) {} else startChar = "";
		} else if (xmlData[i] === ">") {
			if (startChar === "") {
				tagClosed = true;
				break;
			}
		}
		attrStr += xmlData[i];
	}
	if (startChar !== "") return false;
	return {
		value: attrStr,
		index: i,
		tagClosed
	};
}
/**
* Walk `attrStr` once, left to right, splitting it into attribute tokens.
*
* This replaces a regex that used to do the same job
* (`(\s*)([^\s=]+)(\s*=)?(\s*(['"])(([\s\S])*?)\5)?`). That regex led with an
* optional whitespace group followed by a required "non-whitespace" group.
* On a long run of whitespace that never resolves into an attribute name
* (e.g. a tag with thousands of trailing spaces before `>`), the engine
* backtracks the whitespace group one character at a time before giving up
* and moving to the next starting position — one full backtrack per
* position, which is quadratic in the length of the run.
*
* The scan is forward-only: the cursor never moves backwards, so each
* character is visited a constant number of times and the cost is linear
* in the length of the string.
*
* Each returned token mirrors the shape the old regex match array had, so
* the validation logic below (which reads token[1]..token[6]) didn't need
* to change:
*   token.startIndex - where this token begins in attrStr
*   token[1]          - leading whitespace before the name
*   token[2]          - the attribute name
*   token[3]          - whitespace + '=' if present, else undefined
*   token[4]          - marker (any defined value) if a quoted value was found
*   token[5]          - the quote character used ('"' or "'")
*   token[6]          - the value's text, without the surrounding quotes
*
* A malformed leading character (e.g. a stray '=' with no name before it)
* is simply skipped over, one character at a time — the same outcome the
* old regex produced by failing to match at that position and retrying at
* the next one.
*/
function scanAttributeTokens(attrStr) {
	const tokens = [];
	const len = attrStr.length;
	let i = 0;
	while (i < len) {
		const tokenStart = i;
		while (i < len && isWhiteSpace(attrStr[i])) i++;
		if (i >= len) break;
		if (attrStr[i] === "=") {
			i++;
			continue;
		}
		const leadingWs = attrStr.slice(tokenStart, i);
		const nameStart = i;
		while (i < len && !isWhiteSpace(attrStr[i]) && attrStr[i] !== "=") i++;
		const name = attrStr.slice(nameStart, i);
		let equalsGroup;
		let j = i;
		while (j < len && isWhiteSpace(attrStr[j])) j++;
		if (j < len && attrStr[j] === "=") {
			equalsGroup = attrStr.slice(i, j + 1);
			i = j + 1;
		}
		let quoteChar;
		let value;
		let k = i;
		while (k < len && isWhiteSpace(attrStr[k])) k++;
		if (k < len && (attrStr[k] === "\"" || attrStr[k] === "'")) {
			const valueStart = k + 1;
			const closeIdx = attrStr.indexOf(attrStr[k], valueStart);
			if (closeIdx !== -1) {
				quoteChar = attrStr[k];
				value = attrStr.slice(valueStart, closeIdx);
				i = closeIdx + 1;
			}
		}
		const token = { startIndex: tokenStart };
		token[1] = leadingWs;
		token[2] = name;
		token[3] = equalsGroup;
		token[4] = quoteChar !== void 0 ? true : void 0;
		token[5] = quoteChar;
		token[6] = value;
		tokens.push(token);
	}
	return tokens;
}
function validateAttributeString(attrStr, options) {
	const matches = scanAttributeTokens(attrStr);
	const attrNames = {};
	for (let i = 0; i < matches.length; i++) {
		if (matches[i][1].length === 0) return getErrorObject("InvalidAttr", "Attribute '" + matches[i][2] + "' has no space in starting.", getPositionFromMatch(matches[i]));
		else if (matches[i][3] !== void 0 && matches[i][4] === void 0) return getErrorObject("InvalidAttr", "Attribute '" + matches[i][2] + "' is without value.", getPositionFromMatch(matches[i]));
		else if (matches[i][3] === void 0 && !options.allowBooleanAttributes) return getErrorObject("InvalidAttr", "boolean attribute '" + matches[i][2] + "' is not allowed.", getPositionFromMatch(matches[i]));
		const attrName = matches[i][2];
		if (!validateAttrName(attrName)) return getErrorObject("InvalidAttr", "Attribute '" + attrName + "' is an invalid name.", getPositionFromMatch(matches[i]));
		if (!Object.prototype.hasOwnProperty.call(attrNames, attrName)) attrNames[attrName] = 1;
		else return getErrorObject("InvalidAttr", "Attribute '" + attrName + "' is repeated.", getPositionFromMatch(matches[i]));
	}
	return true;
}
function validateNumberAmpersand(xmlData, i) {
	let re = /\d/;
	if (xmlData[i] === "x") {
		i++;
		re = /[\da-fA-F]/;
	}
	for (; i < xmlData.length; i++) {
		if (xmlData[i] === ";") return i;
		if (!xmlData[i].match(re)) break;
	}
	return -1;
}
function validateAmpersand(xmlData, i) {
	i++;
	if (xmlData[i] === ";") return -1;
	if (xmlData[i] === "#") {
		i++;
		return validateNumberAmpersand(xmlData, i);
	}
	let count = 0;
	for (; i < xmlData.length; i++, count++) {
		if (xmlData[i].match(/\w/) && count < 20) continue;
		if (xmlData[i] === ";") break;
		return -1;
	}
	return i;
}
function getErrorObject(code, message, lineNumber) {
	return { err: {
		code,
		msg: message,
		line: lineNumber.line || lineNumber,
		col: lineNumber.col
	} };
}
function validateAttrName(attrName) {
	return isName(attrName);
}
function validateTagName(tagname) {
	return isName(tagname);
}
function getLineNumberForPosition(xmlData, index) {
	const lines = xmlData.substring(0, index).split(/\r?\n/);
	return {
		line: lines.length,
		col: lines[lines.length - 1].length + 1
	};
}
function getPositionFromMatch(match) {
	return match.startIndex + match[1].length;
}

// node_modules/@nodable/entities/src/entities.js
/**
* Currency Symbols
* @type {Record<string, string>}
*/
const CURRENCY = {
	cent: "¢",
	pound: "£",
	curren: "¤",
	yen: "¥",
	euro: "€",
	dollar: "$",
	fnof: "ƒ",
	inr: "₹",
	af: "؋",
	birr: "ብር",
	peso: "₱",
	rub: "₽",
	won: "₩",
	yuan: "¥",
	cedil: "¸"
};
const XML = {
	amp: "&",
	apos: "'",
	gt: ">",
	lt: "<",
	quot: "\""
};
const COMMON_HTML = {
	nbsp: "\xA0",
	copy: "©",
	reg: "®",
	trade: "™",
	mdash: "—",
	ndash: "–",
	hellip: "…",
	laquo: "«",
	raquo: "»",
	lsquo: "‘",
	rsquo: "’",
	ldquo: "“",
	rdquo: "”",
	bull: "•",
	para: "¶",
	sect: "§",
	deg: "°",
	frac12: "½",
	frac14: "¼",
	frac34: "¾"
};

// node_modules/@nodable/entities/src/EntityDecoder.js
/**
* Action constants for `onExternalEntity` and `onInputEntity` hooks.
*
* Use these instead of raw strings to avoid typos:
*
* @example
* import EntityDecoder, { ENTITY_ACTION } from './EntityDecoder.js';
* const dec = new EntityDecoder({
*   onInputEntity: (name, value) => ENTITY_ACTION.BLOCK,
* });
*/
const ENTITY_ACTION = Object.freeze({
	/** Resolve and expand the entity normally. */
	ALLOW: "allow",
	/** Silently skip this entity — it will not be registered. */
	BLOCK: "block",
	/** Throw an error, aborting entity registration entirely. */
	THROW: "throw"
});
const SPECIAL_CHARS = /* @__PURE__ */ new Set("!?\\\\/[]$%{}^&*()<>|+");
/**
* Validate that an entity name contains no dangerous characters.
* @param {string} name
* @returns {string} the name, unchanged
* @throws {Error} on invalid characters
*/
function validateEntityName$1(name) {
	if (name[0] === "#") throw new Error(`[EntityReplacer] Invalid character '#' in entity name: "${name}"`);
	for (const ch of name) if (SPECIAL_CHARS.has(ch)) throw new Error(`[EntityReplacer] Invalid character '${ch}' in entity name: "${name}"`);
	return name;
}
/**
* Merge one or more entity maps into a flat name→string map.
* Accepts either:
*   - plain string values:             { amp: '&' }
*   - legacy {regex,val} / {regx,val}: { lt: { regex: /.../, val: '<' } }
*
* Values containing '&' are skipped (recursive expansion risk).
*
* @param {...object} maps
* @returns {Record<string, string>}
*/
function mergeEntityMaps(...maps) {
	const out = Object.create(null);
	for (const map of maps) {
		if (!map) continue;
		for (const key of Object.keys(map)) {
			const raw = map[key];
			if (typeof raw === "string") out[key] = raw;
			else if (raw && typeof raw === "object" && raw.val !== void 0) {
				const val = raw.val;
				if (typeof val === "string") out[key] = val;
			}
		}
	}
	return out;
}
const LIMIT_TIER_EXTERNAL = "external";
const LIMIT_TIER_BASE = "base";
const LIMIT_TIER_ALL = "all";
/**
* Resolve `applyLimitsTo` option into a normalised Set of tier strings.
* Accepted values: 'external' | 'base' | 'all' | string[]
* Default: 'external' (only untrusted injected entities are counted).
* @param {string|string[]|undefined} raw
* @returns {Set<string>}
*/
function parseLimitTiers(raw) {
	if (!raw || raw === LIMIT_TIER_EXTERNAL) return /* @__PURE__ */ new Set([LIMIT_TIER_EXTERNAL]);
	if (raw === LIMIT_TIER_ALL) return /* @__PURE__ */ new Set([LIMIT_TIER_ALL]);
	if (raw === LIMIT_TIER_BASE) return /* @__PURE__ */ new Set([LIMIT_TIER_BASE]);
	if (Array.isArray(raw)) return new Set(raw);
	return /* @__PURE__ */ new Set([LIMIT_TIER_EXTERNAL]);
}
const NCR_LEVEL = Object.freeze({
	allow: 0,
	leave: 1,
	remove: 2,
	throw: 3
});
const XML10_ALLOWED_C0 = /* @__PURE__ */ new Set([
	9,
	10,
	13
]);
/**
* Parse the `ncr` constructor option into flat, hot-path-friendly fields.
* @param {object|undefined} ncr
* @returns {{ xmlVersion: number, onLevel: number, nullLevel: number }}
*/
function parseNCRConfig(ncr) {
	if (!ncr) return {
		xmlVersion: 1,
		onLevel: NCR_LEVEL.allow,
		nullLevel: NCR_LEVEL.remove
	};
	const xmlVersion = ncr.xmlVersion === 1.1 ? 1.1 : 1;
	const onLevel = NCR_LEVEL[ncr.onNCR] ?? NCR_LEVEL.allow;
	const nullLevel = NCR_LEVEL[ncr.nullNCR] ?? NCR_LEVEL.remove;
	return {
		xmlVersion,
		onLevel,
		nullLevel: Math.max(nullLevel, NCR_LEVEL.remove)
	};
}
/**
* Single-pass, zero-regex entity replacer for XML/HTML content.
*
* Algorithm: scan the string once for '&', read to ';', resolve via map
* or direct codepoint conversion, build output chunks, join once at the end.
*
* Entity lookup priority (highest → lowest):
*   1. input / runtime  (DOCTYPE entities for current document)
*   2. persistent external (survive across documents)
*   3. base named map   (DEFAULT_XML_ENTITIES + user-supplied namedEntities)
*
* Both input and external resolve as the 'external' tier for limit purposes.
* Base map entities resolve as the 'base' tier.
*
* Numeric / hex references (&#NNN; / &#xHH;) are resolved directly via
* String.fromCodePoint() — no map needed. They count as 'base' tier.
*
* @example
* const replacer = new EntityReplacer({ namedEntities: COMMON_HTML });
* replacer.setExternalEntities({ brand: 'Acme' });
*
* const instance = replacer.reset();
* instance.addInputEntities({ version: '1.0' });
* instance.encode('&brand; v&version; &lt;'); // 'Acme v1.0 <'
*/
var EntityDecoder = class {
	/**
	* @param {object} [options]
	* @param {object|null}  [options.namedEntities]        — extra named entities merged into base map
	* @param {object}  [options.limit]                 — security limits
	* @param {number}       [options.limit.maxTotalExpansions=0]  — 0 = unlimited
	* @param {number}       [options.limit.maxExpandedLength=0]   — 0 = unlimited
	* @param {'external'|'base'|'all'|string[]} [options.limit.applyLimitsTo='external']
	*   Which entity tiers count against the security limits:
	*   - 'external' (default) — only input/runtime + persistent external entities
	*   - 'base'               — only DEFAULT_XML_ENTITIES + namedEntities
	*   - 'all'                — every entity regardless of tier
	*   - string[]             — explicit combination, e.g. ['external', 'base']
	* @param {((resolved: string, original: string) => string)|null} [options.postCheck=null]
	* @param {string[]} [options.remove=[]] — entity names (e.g. ['nbsp', '#13']) to delete (replace with empty string)
	* @param {string[]} [options.leave=[]]  — entity names to keep as literal (unchanged in output)
	* @param {object}   [options.ncr]       — Numeric Character Reference controls
	* @param {1.0|1.1}  [options.ncr.xmlVersion=1.0]
	*   XML version governing which codepoint ranges are restricted:
	*   - 1.0 — C0 controls U+0001–U+001F (except U+0009/000A/000D) are prohibited
	*   - 1.1 — C0 controls are allowed when written as NCRs; C1 (U+007F–U+009F) decoded as-is
	* @param {'allow'|'leave'|'remove'|'throw'} [options.ncr.onNCR='allow']
	*   Base action for numeric references. Severity order: allow < leave < remove < throw.
	*   For codepoint ranges that carry a minimum level (surrogates → remove, XML 1.0 C0 → remove),
	*   the effective action is max(onNCR, rangeMinimum).
	* @param {'remove'|'throw'} [options.ncr.nullNCR='remove']
	*   Action for U+0000 (null). 'allow' and 'leave' are clamped to 'remove' since null is never safe.
	* @param {((name: string, value: string) => 'allow'|'block'|'throw')|null} [options.onExternalEntity=null]
	*   Hook called when an external entity is registered via `setExternalEntities()` or
	*   `addExternalEntity()`. Return `ENTITY_ACTION.ALLOW` to accept the entity,
	*   `ENTITY_ACTION.BLOCK` to silently skip it, or `ENTITY_ACTION.THROW` to abort with an error.
	* @param {((name: string, value: string) => 'allow'|'block'|'throw')|null} [options.onInputEntity=null]
	*   Hook called when an input entity is registered via `addInputEntities()`. Return
	*   `ENTITY_ACTION.ALLOW` to accept, `ENTITY_ACTION.BLOCK` to silently skip, or
	*   `ENTITY_ACTION.THROW` to abort with an error.
	*/
	constructor(options = {}) {
		this._limit = options.limit || {};
		this._maxTotalExpansions = this._limit.maxTotalExpansions || 0;
		this._maxExpandedLength = this._limit.maxExpandedLength || 0;
		this._postCheck = typeof options.postCheck === "function" ? options.postCheck : (r) => r;
		this._limitTiers = parseLimitTiers(this._limit.applyLimitsTo ?? LIMIT_TIER_EXTERNAL);
		this._numericAllowed = options.numericAllowed ?? true;
		this._baseMap = mergeEntityMaps(XML, options.namedEntities || null);
		/** @type {Record<string, string>} */
		this._externalMap = Object.create(null);
		/** @type {Record<string, string>} */
		this._inputMap = Object.create(null);
		this._totalExpansions = 0;
		this._expandedLength = 0;
		/** @type {Set<string>} */
		this._removeSet = new Set(options.remove && Array.isArray(options.remove) ? options.remove : []);
		/** @type {Set<string>} */
		this._leaveSet = new Set(options.leave && Array.isArray(options.leave) ? options.leave : []);
		const ncrCfg = parseNCRConfig(options.ncr);
		this._ncrXmlVersion = ncrCfg.xmlVersion;
		this._ncrOnLevel = ncrCfg.onLevel;
		this._ncrNullLevel = ncrCfg.nullLevel;
		/** @type {((name: string, value: string) => 'allow'|'block'|'throw')|null} */
		this._onExternalEntity = typeof options.onExternalEntity === "function" ? options.onExternalEntity : null;
		/** @type {((name: string, value: string) => 'allow'|'block'|'throw')|null} */
		this._onInputEntity = typeof options.onInputEntity === "function" ? options.onInputEntity : null;
	}
	/**
	* Invoke a registration hook for a single entity name/value pair.
	* Returns true when the entity should be accepted, false when it should be
	* silently skipped (BLOCK), and throws when the hook returns THROW.
	*
	* @param {((name: string, value: string) => 'allow'|'block'|'throw')|null} hook
	* @param {string} name
	* @param {string} value
	* @param {string} context  — used in error messages ('external' | 'input')
	* @returns {boolean}  true = accept, false = skip
	*/
	_applyRegistrationHook(hook, name, value, context) {
		if (!hook) return true;
		const action = hook(name, value);
		if (action === ENTITY_ACTION.BLOCK) return false;
		if (action === ENTITY_ACTION.THROW) throw new Error(`[EntityDecoder] Registration of ${context} entity "&${name};" was rejected by hook`);
		return true;
	}
	/**
	* Replace the full set of persistent external entities.
	* All keys are validated — throws on invalid characters.
	* If `onExternalEntity` is set, it is called once per entry; entries that
	* return `ENTITY_ACTION.BLOCK` are silently omitted, `ENTITY_ACTION.THROW`
	* aborts the whole call.
	* @param {Record<string, string | { regex?: RegExp, val: string }>} map
	*/
	setExternalEntities(map) {
		if (map) for (const key of Object.keys(map)) validateEntityName$1(key);
		if (!this._onExternalEntity) {
			this._externalMap = mergeEntityMaps(map);
			return;
		}
		const flat = mergeEntityMaps(map);
		const filtered = Object.create(null);
		for (const [name, value] of Object.entries(flat)) if (this._applyRegistrationHook(this._onExternalEntity, name, value, "external")) filtered[name] = value;
		this._externalMap = filtered;
	}
	/**
	* Add a single persistent external entity.
	* If `onExternalEntity` is set it is called before the entity is stored;
	* `ENTITY_ACTION.BLOCK` silently skips storage, `ENTITY_ACTION.THROW` raises.
	* @param {string} key
	* @param {string} value
	*/
	addExternalEntity(key, value) {
		validateEntityName$1(key);
		if (typeof value === "string" && value.indexOf("&") === -1) {
			if (this._applyRegistrationHook(this._onExternalEntity, key, value, "external")) this._externalMap[key] = value;
		}
	}
	/**
	* Inject DOCTYPE entities for the current document.
	* Also resets per-document expansion counters.
	* If `onInputEntity` is set it is called once per entry; entries returning
	* `ENTITY_ACTION.BLOCK` are silently omitted, `ENTITY_ACTION.THROW` aborts.
	* @param {Record<string, string | { regx?: RegExp, regex?: RegExp, val: string }>} map
	*/
	addInputEntities(map) {
		this._totalExpansions = 0;
		this._expandedLength = 0;
		if (!this._onInputEntity) {
			this._inputMap = mergeEntityMaps(map);
			return;
		}
		const flat = mergeEntityMaps(map);
		const filtered = Object.create(null);
		for (const [name, value] of Object.entries(flat)) if (this._applyRegistrationHook(this._onInputEntity, name, value, "input")) filtered[name] = value;
		this._inputMap = filtered;
	}
	/**
	* Wipe input/runtime entities and reset counters.
	* Call this before processing each new document.
	* @returns {this}
	*/
	reset() {
		this._inputMap = Object.create(null);
		this._totalExpansions = 0;
		this._expandedLength = 0;
		return this;
	}
	/**
	* Update the XML version used for NCR classification.
	* Call this as soon as the document's `<?xml version="...">` declaration is parsed.
	* @param {1.0|1.1|number} version
	*/
	setXmlVersion(version) {
		this._ncrXmlVersion = version === 1.1 ? 1.1 : 1;
	}
	/**
	* Replace all entity references in `str` in a single pass.
	*
	* @param {string} str
	* @returns {string}
	*/
	decode(str) {
		if (typeof str !== "string" || str.length === 0) return str;
		if (str.indexOf("&") === -1) return str;
		const original = str;
		const chunks = [];
		const len = str.length;
		let last = 0;
		let i = 0;
		const limitExpansions = this._maxTotalExpansions > 0;
		const limitLength = this._maxExpandedLength > 0;
		const checkLimits = limitExpansions || limitLength;
		while (i < len) {
			if (str.charCodeAt(i) !== 38) {
				i++;
				continue;
			}
			let j = i + 1;
			while (j < len && str.charCodeAt(j) !== 59 && j - i <= 32) j++;
			if (j >= len || str.charCodeAt(j) !== 59) {
				i++;
				continue;
			}
			const token = str.slice(i + 1, j);
			if (token.length === 0) {
				i++;
				continue;
			}
			let replacement;
			let tier;
			if (this._removeSet.has(token)) {
				replacement = "";
				if (tier === void 0) tier = LIMIT_TIER_EXTERNAL;
			} else if (this._leaveSet.has(token)) {
				i++;
				continue;
			} else if (token.charCodeAt(0) === 35) {
				const ncrResult = this._resolveNCR(token);
				if (ncrResult === void 0) {
					i++;
					continue;
				}
				replacement = ncrResult;
				tier = LIMIT_TIER_BASE;
			} else {
				const resolved = this._resolveName(token);
				replacement = resolved?.value;
				tier = resolved?.tier;
			}
			if (replacement === void 0) {
				i++;
				continue;
			}
			if (i > last) chunks.push(str.slice(last, i));
			chunks.push(replacement);
			last = j + 1;
			i = last;
			if (checkLimits && this._tierCounts(tier)) {
				if (limitExpansions) {
					this._totalExpansions++;
					if (this._totalExpansions > this._maxTotalExpansions) throw new Error(`[EntityReplacer] Entity expansion count limit exceeded: ${this._totalExpansions} > ${this._maxTotalExpansions}`);
				}
				if (limitLength) {
					const delta = replacement.length - (token.length + 2);
					if (delta > 0) {
						this._expandedLength += delta;
						if (this._expandedLength > this._maxExpandedLength) throw new Error(`[EntityReplacer] Expanded content length limit exceeded: ${this._expandedLength} > ${this._maxExpandedLength}`);
					}
				}
			}
		}
		if (last < len) chunks.push(str.slice(last));
		const result = chunks.length === 0 ? str : chunks.join("");
		return this._postCheck(result, original);
	}
	/**
	* Returns true if a resolved entity of the given tier should count
	* against the expansion/length limits.
	* @param {string} tier  — LIMIT_TIER_EXTERNAL | LIMIT_TIER_BASE
	* @returns {boolean}
	*/
	_tierCounts(tier) {
		if (this._limitTiers.has(LIMIT_TIER_ALL)) return true;
		return this._limitTiers.has(tier);
	}
	/**
	* Resolve a named entity token (without & and ;).
	* Priority: inputMap > externalMap > baseMap
	* Returns the resolved value tagged with its limit tier.
	*
	* @param {string} name
	* @returns {{ value: string, tier: string }|undefined}
	*/
	_resolveName(name) {
		if (name in this._inputMap) return {
			value: this._inputMap[name],
			tier: LIMIT_TIER_EXTERNAL
		};
		if (name in this._externalMap) return {
			value: this._externalMap[name],
			tier: LIMIT_TIER_EXTERNAL
		};
		if (name in this._baseMap) return {
			value: this._baseMap[name],
			tier: LIMIT_TIER_BASE
		};
	}
	/**
	* Classify a codepoint and return the minimum action level that must be applied.
	* Returns -1 when no minimum is imposed (normal allow path).
	*
	* Ranges checked (in priority order):
	*   1. U+0000            — null, governed by nullNCR (always ≥ remove)
	*   2. U+D800–U+DFFF     — surrogates, always prohibited (min: remove)
	*   3. U+0001–U+001F \ {0x09,0x0A,0x0D}  — XML 1.0 restricted C0 (min: remove)
	*      (skipped in XML 1.1 — C0 controls are allowed when written as NCRs)
	*
	* @param {number} cp  — codepoint
	* @returns {number}   — minimum NCR_LEVEL value, or -1 for no restriction
	*/
	_classifyNCR(cp) {
		if (cp === 0) return this._ncrNullLevel;
		if (cp >= 55296 && cp <= 57343) return NCR_LEVEL.remove;
		if (this._ncrXmlVersion === 1) {
			if (cp >= 1 && cp <= 31 && !XML10_ALLOWED_C0.has(cp)) return NCR_LEVEL.remove;
		}
		return -1;
	}
	/**
	* Execute a resolved NCR action.
	*
	* @param {number} action   — NCR_LEVEL value
	* @param {string} token    — raw token (e.g. '#38') for error messages
	* @param {number} cp       — codepoint, used only for error messages
	* @returns {string|undefined}
	*   - decoded character string  → 'allow'
	*   - ''                        → 'remove'
	*   - undefined                 → 'leave' (caller must skip past '&' only)
	*   - throws Error              → 'throw'
	*/
	_applyNCRAction(action, token, cp) {
		switch (action) {
			case NCR_LEVEL.allow: return String.fromCodePoint(cp);
			case NCR_LEVEL.remove: return "";
			case NCR_LEVEL.leave: return;
			case NCR_LEVEL.throw: throw new Error(`[EntityDecoder] Prohibited numeric character reference &${token}; (U+${cp.toString(16).toUpperCase().padStart(4, "0")})`);
			default: return String.fromCodePoint(cp);
		}
	}
	/**
	* Full NCR resolution pipeline for a numeric token.
	*
	* Steps:
	*   1. Parse the codepoint (decimal or hex).
	*   2. Validate the raw codepoint range (NaN, <0, >0x10FFFF).
	*   3. If numericAllowed is false and no minimum restriction applies → leave as-is.
	*   4. Classify the codepoint to find the minimum required action level.
	*   5. Resolve effective action = max(onNCR, minimum).
	*   6. Apply and return.
	*
	* @param {string} token  — e.g. '#38', '#x26', '#X26'
	* @returns {string|undefined}
	*   - string (incl. '')  — replacement ('' = remove)
	*   - undefined          — leave original &token; as-is
	*/
	_resolveNCR(token) {
		const second = token.charCodeAt(1);
		let cp;
		if (second === 120 || second === 88) cp = parseInt(token.slice(2), 16);
		else cp = parseInt(token.slice(1), 10);
		if (Number.isNaN(cp) || cp < 0 || cp > 1114111) return void 0;
		const minimum = this._classifyNCR(cp);
		if (!this._numericAllowed && minimum < NCR_LEVEL.remove) return void 0;
		const effective = minimum === -1 ? this._ncrOnLevel : Math.max(this._ncrOnLevel, minimum);
		return this._applyNCRAction(effective, token, cp);
	}
};

// node_modules/fast-xml-parser/src/xmlparser/OptionsBuilder.js
const defaultOnDangerousProperty = (name) => {
	if (DANGEROUS_PROPERTY_NAMES.includes(name)) return "__" + name;
	return name;
};
const defaultOptions = {
	preserveOrder: false,
	attributeNamePrefix: "@_",
	attributesGroupName: false,
	textNodeName: "#text",
	ignoreAttributes: true,
	removeNSPrefix: false,
	allowBooleanAttributes: false,
	parseTagValue: true,
	parseAttributeValue: false,
	trimValues: true,
	cdataPropName: false,
	numberParseOptions: {
		hex: true,
		leadingZeros: true,
		eNotation: true,
		unicode: false
	},
	tagValueProcessor: function(tagName, val) {
		return val;
	},
	attributeValueProcessor: function(attrName, val) {
		return val;
	},
	stopNodes: [],
	alwaysCreateTextNode: false,
	isArray: () => false,
	commentPropName: false,
	unpairedTags: [],
	processEntities: true,
	htmlEntities: false,
	entityDecoder: null,
	ignoreDeclaration: false,
	ignorePiTags: false,
	transformTagName: false,
	transformAttributeName: false,
	updateTag: function(tagName, jPath, attrs) {
		return tagName;
	},
	captureMetaData: false,
	maxNestedTags: 100,
	strictReservedNames: true,
	jPath: true,
	onDangerousProperty: defaultOnDangerousProperty
};
/**
* Validates that a property name is safe to use
* @param {string} propertyName - The property name to validate
* @param {string} optionName - The option field name (for error message)
* @throws {Error} If property name is dangerous
*/
function validatePropertyName(propertyName, optionName) {
	if (typeof propertyName !== "string") return;
	const normalized = propertyName.toLowerCase();
	if (DANGEROUS_PROPERTY_NAMES.some((dangerous) => normalized === dangerous.toLowerCase())) throw new Error(`[SECURITY] Invalid ${optionName}: "${propertyName}" is a reserved JavaScript keyword that could cause prototype pollution`);
	if (criticalProperties.some((dangerous) => normalized === dangerous.toLowerCase())) throw new Error(`[SECURITY] Invalid ${optionName}: "${propertyName}" is a reserved JavaScript keyword that could cause prototype pollution`);
}
/**
* Normalizes processEntities option for backward compatibility
* @param {boolean|object} value 
* @returns {object} Always returns normalized object
*/
function normalizeProcessEntities(value, htmlEntities) {
	if (typeof value === "boolean") return {
		enabled: value,
		maxEntitySize: 1e4,
		maxExpansionDepth: 1e4,
		maxTotalExpansions: 1e400,
		maxExpandedLength: 1e5,
		maxEntityCount: 1e3,
		allowedTags: null,
		tagFilter: null,
		appliesTo: "all"
	};
	if (typeof value === "object" && value !== null) return {
		enabled: value.enabled !== false,
		maxEntitySize: Math.max(1, value.maxEntitySize ?? 1e4),
		maxExpansionDepth: Math.max(1, value.maxExpansionDepth ?? 1e4),
		maxTotalExpansions: Math.max(1, value.maxTotalExpansions ?? 1e400),
		maxExpandedLength: Math.max(1, value.maxExpandedLength ?? 1e5),
		maxEntityCount: Math.max(1, value.maxEntityCount ?? 1e3),
		allowedTags: value.allowedTags ?? null,
		tagFilter: value.tagFilter ?? null,
		appliesTo: value.appliesTo ?? "all"
	};
	return normalizeProcessEntities(true);
}
const buildOptions = function(options) {
	const built = Object.assign({}, defaultOptions, options);
	const propertyNameOptions = [
		{
			value: built.attributeNamePrefix,
			name: "attributeNamePrefix"
		},
		{
			value: built.attributesGroupName,
			name: "attributesGroupName"
		},
		{
			value: built.textNodeName,
			name: "textNodeName"
		},
		{
			value: built.cdataPropName,
			name: "cdataPropName"
		},
		{
			value: built.commentPropName,
			name: "commentPropName"
		}
	];
	for (const { value, name } of propertyNameOptions) if (value) validatePropertyName(value, name);
	if (built.onDangerousProperty === null) built.onDangerousProperty = defaultOnDangerousProperty;
	built.processEntities = normalizeProcessEntities(built.processEntities, built.htmlEntities);
	built.unpairedTagsSet = new Set(built.unpairedTags);
	if (built.stopNodes && Array.isArray(built.stopNodes)) built.stopNodes = built.stopNodes.map((node) => {
		if (typeof node === "string" && node.startsWith("*.")) return ".." + node.substring(2);
		return node;
	});
	return built;
};

// node_modules/fast-xml-parser/src/xmlparser/xmlNode.js
let METADATA_SYMBOL$1;
if (typeof Symbol !== "function") METADATA_SYMBOL$1 = "@@xmlMetadata";
else METADATA_SYMBOL$1 = Symbol("XML Node Metadata");
var XmlNode = class {
	constructor(tagname) {
		this.tagname = tagname;
		this.child = [];
		this[":@"] = Object.create(null);
	}
	add(key, val) {
		if (key === "__proto__") key = "#__proto__";
		this.child.push({ [key]: val });
	}
	addChild(node, startIndex) {
		if (node.tagname === "__proto__") node.tagname = "#__proto__";
		if (node[":@"] && Object.keys(node[":@"]).length > 0) this.child.push({
			[node.tagname]: node.child,
			[":@"]: node[":@"]
		});
		else this.child.push({ [node.tagname]: node.child });
		this.addStartIndex(startIndex);
	}
	addStartIndex(startIndex) {
		if (startIndex !== void 0) this.child[this.child.length - 1][METADATA_SYMBOL$1] = { startIndex };
	}
	addEndIndex(endIndex) {
		const lastChild = this.child[this.child.length - 1];
		if (lastChild !== void 0 && lastChild[METADATA_SYMBOL$1] !== void 0 && lastChild[METADATA_SYMBOL$1].endIndex === void 0) lastChild[METADATA_SYMBOL$1].endIndex = endIndex;
	}
	/** symbol used for metadata */
	static getMetaDataSymbol() {
		return METADATA_SYMBOL$1;
	}
};

// node_modules/xml-naming/src/index.js
/**
* xml-naming
* Validates XML Name productions as defined in the XML 1.0 and 1.1 specifications.
* Covers: Name, NCName, QName, NMToken, NMTokens
*
* XML 1.0 spec: https://www.w3.org/TR/xml/#NT-Name
* XML 1.1 spec: https://www.w3.org/TR/xml11/#NT-NameStartChar
* XML NS spec:  https://www.w3.org/TR/xml-names/#NT-NCName
*/
const nameStartChar10 = ":A-Za-z_À-ÖØ-öø-˿Ͱ-ͽͿ-҆҈-῿‌-‍⁰-↏Ⰰ-⿯、-퟿豈-﷏ﷰ-�";
const nameChar10 = nameStartChar10 + "\\-\\.\\d" + "·" + "̀-ͯ" + "‿-⁀";
const nameStartChar11 = ":A-Za-z_À-˿Ͱ-ͽͿ-҆҈-῿‌-‍⁰-↏Ⰰ-⿯、-퟿豈-﷏ﷰ-�𐀀-󯿿";
const nameChar11 = nameStartChar11 + "\\-\\.\\d" + "·" + "̀-ͯ" + "҇" + "‿-⁀";
const buildRegexes = (startChar, char, flags = "") => {
	const ncNamePat = `[${startChar.replace(":", "")}][${char.replace(":", "")}]*`;
	return {
		name: new RegExp(`^[${startChar}][${char}]*$`, flags),
		ncName: new RegExp(`^${ncNamePat}$`, flags),
		qName: new RegExp(`^${ncNamePat}(?::${ncNamePat})?$`, flags),
		nmToken: new RegExp(`^[${char}]+$`, flags),
		nmTokens: new RegExp(`^[${char}]+(?:\\s+[${char}]+)*$`, flags)
	};
};
const regexes10 = buildRegexes(nameStartChar10, nameChar10);
const regexes11 = buildRegexes(nameStartChar11, nameChar11, "u");
const regexesAscii = buildRegexes(":A-Za-z_", ":A-Za-z_\\-\\.\\d");
const getRegexes = (xmlVersion = "1.0", asciiOnly = false) => {
	if (asciiOnly) return regexesAscii;
	return xmlVersion === "1.1" ? regexes11 : regexes10;
};
/**
* Returns true if the string is a valid QName (Qualified Name).
* Allows exactly one colon as a prefix separator: prefix:localName.
* Used for: element and attribute names in namespace-aware XML/SVG.
*
* @param {{ xmlVersion?: '1.0'|'1.1', asciiOnly?: boolean }} [opts]
*   asciiOnly: skip unicode-aware matching, ASCII names only (default false).
*/
const qName = (str, { xmlVersion = "1.0", asciiOnly = false } = {}) => getRegexes(xmlVersion, asciiOnly).qName.test(str);

// node_modules/fast-xml-parser/src/xmlparser/DocTypeReader.js
var DocTypeReader = class {
	constructor(options, xmlVersion) {
		this.suppressValidationErr = !options;
		this.options = options;
		this.xmlVersion = xmlVersion || 1;
	}
	setXmlVersion(xmlVersion = 1) {
		this.xmlVersion = xmlVersion;
	}
	readDocType(xmlData, i) {
		const entities = Object.create(null);
		let entityCount = 0;
		if (xmlData[i + 3] === "O" && xmlData[i + 4] === "C" && xmlData[i + 5] === "T" && xmlData[i + 6] === "Y" && xmlData[i + 7] === "P" && xmlData[i + 8] === "E") {
			i = i + 9;
			let angleBracketsCount = 1;
			let hasBody = false, comment = false;
			let quoteChar = null;
			let exp = "";
			for (; i < xmlData.length; i++) {
				if (quoteChar !== null) {
					if (xmlData[i] === quoteChar) quoteChar = null;
					exp += xmlData[i];
					continue;
				}
				if (!hasBody && !comment && (xmlData[i] === "\"" || xmlData[i] === "'")) {
					quoteChar = xmlData[i];
					exp += xmlData[i];
					continue;
				}
				if (xmlData[i] === "<" && !comment) {
					if (hasBody && hasSeq(xmlData, "!ENTITY", i)) {
						i += 7;
						let entityName, val;
						[entityName, val, i] = this.readEntityExp(xmlData, i + 1, this.suppressValidationErr);
						if (val.indexOf("&") === -1) {
							if (this.options.enabled !== false && this.options.maxEntityCount != null && entityCount >= this.options.maxEntityCount) throw new Error(`Entity count (${entityCount + 1}) exceeds maximum allowed (${this.options.maxEntityCount})`);
							entities[entityName] = val;
							entityCount++;
						}
					} else if (hasBody && hasSeq(xmlData, "!ELEMENT", i)) {
						i += 8;
						const { index } = this.readElementExp(xmlData, i + 1);
						i = index;
					} else if (hasBody && hasSeq(xmlData, "!ATTLIST", i)) i += 8;
					else if (hasBody && hasSeq(xmlData, "!NOTATION", i)) {
						i += 9;
						const { index } = this.readNotationExp(xmlData, i + 1, this.suppressValidationErr);
						i = index;
					} else if (hasSeq(xmlData, "!--", i)) comment = true;
					else throw new Error(`Invalid DOCTYPE`);
					angleBracketsCount++;
					exp = "";
				} else if (xmlData[i] === ">") {
					if (comment) {
						if (xmlData[i - 1] === "-" && xmlData[i - 2] === "-") {
							comment = false;
							angleBracketsCount--;
						}
					} else angleBracketsCount--;
					if (angleBracketsCount === 0) break;
				} else if (xmlData[i] === "[") hasBody = true;
				else exp += xmlData[i];
			}
			if (quoteChar !== null || angleBracketsCount !== 0) throw new Error(`Unclosed DOCTYPE`);
		} else throw new Error(`Invalid Tag instead of DOCTYPE`);
		return {
			entities,
			i
		};
	}
	readEntityExp(xmlData, i) {
		i = skipWhitespace(xmlData, i);
		const startIndex = i;
		while (i < xmlData.length && !/\s/.test(xmlData[i]) && xmlData[i] !== "\"" && xmlData[i] !== "'") i++;
		let entityName = xmlData.substring(startIndex, i);
		validateEntityName(entityName, { xmlVersion: this.xmlVersion });
		i = skipWhitespace(xmlData, i);
		if (!this.suppressValidationErr) {
			if (xmlData.substring(i, i + 6).toUpperCase() === "SYSTEM") throw new Error("External entities are not supported");
			else if (xmlData[i] === "%") throw new Error("Parameter entities are not supported");
		}
		let entityValue = "";
		[i, entityValue] = this.readIdentifierVal(xmlData, i, "entity");
		if (this.options.enabled !== false && this.options.maxEntitySize != null && entityValue.length > this.options.maxEntitySize) throw new Error(`Entity "${entityName}" size (${entityValue.length}) exceeds maximum allowed size (${this.options.maxEntitySize})`);
		i--;
		return [
			entityName,
			entityValue,
			i
		];
	}
	readNotationExp(xmlData, i) {
		i = skipWhitespace(xmlData, i);
		const startIndex = i;
		while (i < xmlData.length && !/\s/.test(xmlData[i])) i++;
		let notationName = xmlData.substring(startIndex, i);
		!this.suppressValidationErr && validateEntityName(notationName, { xmlVersion: this.xmlVersion });
		i = skipWhitespace(xmlData, i);
		const identifierType = xmlData.substring(i, i + 6).toUpperCase();
		if (!this.suppressValidationErr && identifierType !== "SYSTEM" && identifierType !== "PUBLIC") throw new Error(`Expected SYSTEM or PUBLIC, found "${identifierType}"`);
		i += identifierType.length;
		i = skipWhitespace(xmlData, i);
		let publicIdentifier = null;
		let systemIdentifier = null;
		if (identifierType === "PUBLIC") {
			[i, publicIdentifier] = this.readIdentifierVal(xmlData, i, "publicIdentifier");
			i = skipWhitespace(xmlData, i);
			if (xmlData[i] === "\"" || xmlData[i] === "'") [i, systemIdentifier] = this.readIdentifierVal(xmlData, i, "systemIdentifier");
		} else if (identifierType === "SYSTEM") {
			[i, systemIdentifier] = this.readIdentifierVal(xmlData, i, "systemIdentifier");
			if (!this.suppressValidationErr && !systemIdentifier) throw new Error("Missing mandatory system identifier for SYSTEM notation");
		}
		return {
			notationName,
			publicIdentifier,
			systemIdentifier,
			index: --i
		};
	}
	readIdentifierVal(xmlData, i, type) {
		let identifierVal = "";
		const startChar = xmlData[i];
		if (startChar !== "\"" && startChar !== "'") throw new Error(`Expected quoted string, found "${startChar}"`);
		i++;
		const startIndex = i;
		while (i < xmlData.length && xmlData[i] !== startChar) i++;
		identifierVal = xmlData.substring(startIndex, i);
		if (xmlData[i] !== startChar) throw new Error(`Unterminated ${type} value`);
		i++;
		return [i, identifierVal];
	}
	readElementExp(xmlData, i) {
		i = skipWhitespace(xmlData, i);
		const startIndex = i;
		while (i < xmlData.length && !/\s/.test(xmlData[i])) i++;
		let elementName = xmlData.substring(startIndex, i);
		if (!this.suppressValidationErr && !qName(elementName, { xmlVersion: this.xmlVersion })) throw new Error(`Invalid element name: "${elementName}"`);
		i = skipWhitespace(xmlData, i);
		let contentModel = "";
		if (xmlData[i] === "E" && hasSeq(xmlData, "MPTY", i)) i += 4;
		else if (xmlData[i] === "A" && hasSeq(xmlData, "NY", i)) i += 2;
		else if (xmlData[i] === "(") {
			i++;
			const startIndex = i;
			while (i < xmlData.length && xmlData[i] !== ")") i++;
			contentModel = xmlData.substring(startIndex, i);
			if (xmlData[i] !== ")") throw new Error("Unterminated content model");
		} else if (!this.suppressValidationErr) throw new Error(`Invalid Element Expression, found "${xmlData[i]}"`);
		return {
			elementName,
			contentModel: contentModel.trim(),
			index: i
		};
	}
	readAttlistExp(xmlData, i) {
		i = skipWhitespace(xmlData, i);
		let startIndex = i;
		while (i < xmlData.length && !/\s/.test(xmlData[i])) i++;
		let elementName = xmlData.substring(startIndex, i);
		validateEntityName(elementName, { xmlVersion: this.xmlVersion });
		i = skipWhitespace(xmlData, i);
		startIndex = i;
		while (i < xmlData.length && !/\s/.test(xmlData[i])) i++;
		let attributeName = xmlData.substring(startIndex, i);
		if (!validateEntityName(attributeName, { xmlVersion: this.xmlVersion })) throw new Error(`Invalid attribute name: "${attributeName}"`);
		i = skipWhitespace(xmlData, i);
		let attributeType = "";
		if (xmlData.substring(i, i + 8).toUpperCase() === "NOTATION") {
			attributeType = "NOTATION";
			i += 8;
			i = skipWhitespace(xmlData, i);
			if (xmlData[i] !== "(") throw new Error(`Expected '(', found "${xmlData[i]}"`);
			i++;
			let allowedNotations = [];
			while (i < xmlData.length && xmlData[i] !== ")") {
				const startIndex = i;
				while (i < xmlData.length && xmlData[i] !== "|" && xmlData[i] !== ")") i++;
				let notation = xmlData.substring(startIndex, i);
				notation = notation.trim();
				if (!validateEntityName(notation, { xmlVersion: this.xmlVersion })) throw new Error(`Invalid notation name: "${notation}"`);
				allowedNotations.push(notation);
				if (xmlData[i] === "|") {
					i++;
					i = skipWhitespace(xmlData, i);
				}
			}
			if (xmlData[i] !== ")") throw new Error("Unterminated list of notations");
			i++;
			attributeType += " (" + allowedNotations.join("|") + ")";
		} else {
			const startIndex = i;
			while (i < xmlData.length && !/\s/.test(xmlData[i])) i++;
			attributeType += xmlData.substring(startIndex, i);
			if (!this.suppressValidationErr && ![
				"CDATA",
				"ID",
				"IDREF",
				"IDREFS",
				"ENTITY",
				"ENTITIES",
				"NMTOKEN",
				"NMTOKENS"
			].includes(attributeType.toUpperCase())) throw new Error(`Invalid attribute type: "${attributeType}"`);
		}
		i = skipWhitespace(xmlData, i);
		let defaultValue = "";
		if (xmlData.substring(i, i + 8).toUpperCase() === "#REQUIRED") {
			defaultValue = "#REQUIRED";
			i += 8;
		} else if (xmlData.substring(i, i + 7).toUpperCase() === "#IMPLIED") {
			defaultValue = "#IMPLIED";
			i += 7;
		} else [i, defaultValue] = this.readIdentifierVal(xmlData, i, "ATTLIST");
		return {
			elementName,
			attributeName,
			attributeType,
			defaultValue,
			index: i
		};
	}
};
const skipWhitespace = (data, index) => {
	while (index < data.length && /\s/.test(data[index])) index++;
	return index;
};
function hasSeq(data, seq, i) {
	for (let j = 0; j < seq.length; j++) if (seq[j] !== data[i + j + 1]) return false;
	return true;
}
function validateEntityName(name, xmlVersion) {
	if (qName(name, { xmlVersion })) return name;
	else throw new Error(`Invalid entity name ${name}`);
}

// node_modules/anynum/digitTable.js
/**
* Flat lookup table: maps Unicode code point → ASCII digit (0-9).
* Only decimal digit characters (Unicode category Nd) are included.
*
* Strategy: Int32Array of size (maxCodePoint - minCodePoint + 1).
* Value 0xFF means "not a digit". Value 0-9 is the ASCII digit value.
* This gives O(1) lookup with no branching, no bisect, no loop.
*
* Memory: range is 0x0660 to 0x1FBF0 → ~129,936 entries × 1 byte = ~127 KB.
* Acceptable for a one-time init; lookup is a single array index.
*/
const SCRIPT_ZEROS = [
	48,
	1632,
	1776,
	2406,
	2534,
	2662,
	2790,
	2918,
	3046,
	3174,
	3302,
	3430,
	3558,
	3664,
	3792,
	3872,
	4160,
	4240,
	6112,
	6160,
	6470,
	6608,
	6784,
	6800,
	6992,
	7088,
	7232,
	7248,
	65296,
	120782,
	120792,
	120802,
	120812,
	120822,
	66720,
	68912,
	69734,
	69872,
	69942,
	70096,
	70384,
	70736,
	70864,
	71248,
	71360,
	71472,
	71904,
	72016,
	72688,
	72784,
	73040,
	73120,
	73552,
	92768,
	92864,
	93008,
	123200,
	123632,
	124144,
	125264,
	130032
];
const NOT_DIGIT = 255;
const HIGH_MAP = /* @__PURE__ */ new Map();
const LOW_MAX = 65535;
const TABLE_OFFSET = 1632;
const TABLE = (/* @__PURE__ */ new Uint8Array(63904)).fill(255);
for (const zero of SCRIPT_ZEROS) for (let d = 0; d < 10; d++) {
	const cp = zero + d;
	if (cp <= LOW_MAX) TABLE[cp - TABLE_OFFSET] = d;
	else HIGH_MAP.set(cp, d);
}

// node_modules/anynum/anynum.js
const CHAR_0 = 48;
const CHAR_9 = 57;
const CHAR_MINUS = 45;
const MINUS_SET = /* @__PURE__ */ new Set([
	8722,
	65293,
	65123
]);
/**
* Normalize all Unicode decimal digit characters in a string to ASCII (0-9),
* and normalize Unicode minus variants to ASCII '-' (U+002D).
*
* Non-digit, non-minus characters are passed through unchanged.
*
* Performance design:
* - Fast path: if the string has no convertible characters, return it unchanged
*   (zero allocation).
* - BMP digits (0x0660..0xFFFF excl. surrogates): flat Uint8Array lookup (O(1)).
* - Supplementary plane digits (> 0xFFFF, encoded as surrogate pairs): Map lookup.
* - Minus variants: checked inline with a small fixed Set.
*
* @param {string} str
* @returns {string}
*/
function anynum(str) {
	if (typeof str !== "string") return str;
	const len = str.length;
	if (len === 0) return str;
	let firstHit = -1;
	for (let i = 0; i < len; i++) {
		const cc = str.charCodeAt(i);
		if (cc >= CHAR_0 && cc <= CHAR_9 || cc === CHAR_MINUS) continue;
		if (cc < 1632) {
			if (MINUS_SET.has(cc)) {
				firstHit = i;
				break;
			}
			continue;
		}
		if (cc >= 55296 && cc <= 56319) {
			if (i + 1 < len) {
				const low = str.charCodeAt(i + 1);
				if (low >= 56320 && low <= 57343) {
					const cp = 65536 + (cc - 55296 << 10) + (low - 56320);
					if (HIGH_MAP.has(cp)) {
						firstHit = i;
						break;
					}
				}
			}
			continue;
		}
		if (TABLE[cc - 1632] !== 255 || MINUS_SET.has(cc)) {
			firstHit = i;
			break;
		}
	}
	if (firstHit === -1) return str;
	const chars = [];
	if (firstHit > 0) chars.push(str.slice(0, firstHit));
	for (let i = firstHit; i < len; i++) {
		const cc = str.charCodeAt(i);
		if (cc >= CHAR_0 && cc <= CHAR_9 || cc === CHAR_MINUS) {
			chars.push(str[i]);
			continue;
		}
		if (cc < 1632) {
			chars.push(MINUS_SET.has(cc) ? "-" : str[i]);
			continue;
		}
		if (cc >= 55296 && cc <= 56319) {
			if (i + 1 < len) {
				const low = str.charCodeAt(i + 1);
				if (low >= 56320 && low <= 57343) {
					const cp = 65536 + (cc - 55296 << 10) + (low - 56320);
					const d = HIGH_MAP.get(cp);
					if (d !== void 0) {
						chars.push(String.fromCharCode(d + 48));
						i++;
						continue;
					}
				}
			}
			chars.push(str[i]);
			continue;
		}
		if (MINUS_SET.has(cc)) {
			chars.push("-");
			continue;
		}
		const d = TABLE[cc - TABLE_OFFSET];
		chars.push(d !== 255 ? String.fromCharCode(d + 48) : str[i]);
	}
	return chars.join("");
}

// node_modules/strnum/strnum.js
const hexRegex = /^[-+]?0x[a-fA-F0-9]+$/;
const binRegex = /^0b[01]+$/;
const octRegex = /^0o[0-7]+$/;
const numRegex = /^([\-\+])?(0*)([0-9]*(\.[0-9]*)?)$/;
const consider = {
	hex: true,
	binary: false,
	octal: false,
	leadingZeros: true,
	decimalPoint: ".",
	eNotation: true,
	infinity: "original",
	unicode: false
};
function toNumber(str, options = {}) {
	options = Object.assign({}, consider, options);
	if (!str || typeof str !== "string") return str;
	let trimmedStr = str.trim();
	if (trimmedStr.length === 0) return str;
	else if (options.skipLike !== void 0 && options.skipLike.test(trimmedStr)) return str;
	else if (trimmedStr === "0") return 0;
	if (options.unicode) {
		trimmedStr = anynum(trimmedStr);
		if (trimmedStr === "0") return 0;
	}
	if (options.hex && hexRegex.test(trimmedStr)) return parse_int(trimmedStr, 16);
	else if (options.binary && binRegex.test(trimmedStr)) return parse_int(trimmedStr, 2);
	else if (options.octal && octRegex.test(trimmedStr)) return parse_int(trimmedStr, 8);
	else if (!isFinite(trimmedStr)) {
		const num = Number(trimmedStr);
		if (Number.isNaN(num)) return str;
		return handleInfinity(str, num, options);
	} else if (trimmedStr.includes("e") || trimmedStr.includes("E")) return resolveEnotation(str, trimmedStr, options);
	else {
		const match = numRegex.exec(trimmedStr);
		if (match) {
			const sign = match[1] || "";
			const leadingZeros = match[2];
			let numTrimmedByZeros = trimZeros(match[3]);
			const decimalAdjacentToLeadingZeros = sign ? trimmedStr[leadingZeros.length + 1] === "." : trimmedStr[leadingZeros.length] === ".";
			if (!options.leadingZeros && (leadingZeros.length > 1 || leadingZeros.length === 1 && !decimalAdjacentToLeadingZeros)) return str;
			else {
				const num = Number(trimmedStr);
				const parsedStr = String(num);
				if (num === 0) return num;
				if (parsedStr.search(/[eE]/) !== -1) {
					if (options.eNotation) return num;
					else return str;
				} else if (trimmedStr.indexOf(".") !== -1) {
					if (parsedStr === "0") return num;
					else if (parsedStr === numTrimmedByZeros) return num;
					else if (parsedStr === `${sign}${numTrimmedByZeros}`) return num;
					else return str;
				}
				let n = leadingZeros ? numTrimmedByZeros : trimmedStr;
				if (leadingZeros) return n === parsedStr || sign + n === parsedStr ? num : str;
				else return n === parsedStr || n === sign + parsedStr ? num : str;
			}
		} else return str;
	}
}
const eNotationRegx = /^([-+])?(0*)(\d*(\.\d*)?[eE][-\+]?\d+)$/;
function resolveEnotation(str, trimmedStr, options) {
	if (!options.eNotation) return str;
	const notation = trimmedStr.match(eNotationRegx);
	if (notation) {
		let sign = notation[1] || "";
		const eChar = notation[3].indexOf("e") === -1 ? "E" : "e";
		const leadingZeros = notation[2];
		const eAdjacentToLeadingZeros = sign ? trimmedStr[leadingZeros.length + 1] === eChar : trimmedStr[leadingZeros.length] === eChar;
		if (leadingZeros.length > 1 && eAdjacentToLeadingZeros) return str;
		else if (leadingZeros.length === 1 && (notation[3].startsWith(`.${eChar}`) || notation[3][0] === eChar)) return Number(trimmedStr);
		else if (leadingZeros.length > 0) {
			if (options.leadingZeros && !eAdjacentToLeadingZeros) return Number(trimmedStr);
			else return str;
		} else return Number(trimmedStr);
	} else return str;
}
/**
* 
* @param {string} numStr without leading zeros
* @returns 
*/
function trimZeros(numStr) {
	if (numStr && numStr.indexOf(".") !== -1) {
		let end = numStr.length;
		while (end > 0 && numStr.charCodeAt(end - 1) === 48) end--;
		numStr = numStr.slice(0, end);
		if (numStr === ".") numStr = "0";
		else if (numStr[0] === ".") numStr = "0" + numStr;
		else if (numStr[numStr.length - 1] === ".") numStr = numStr.substring(0, numStr.length - 1);
		return numStr;
	}
	return numStr;
}
function parse_int(numStr, base) {
	const str = numStr.trim();
	if (base === 2 || base === 8) numStr = str.substring(2);
	if (parseInt) return parseInt(numStr, base);
	else if (Number.parseInt) return Number.parseInt(numStr, base);
	else if (window && window.parseInt) return window.parseInt(numStr, base);
	else throw new Error("parseInt, Number.parseInt, window.parseInt are not supported");
}
/**
* Handle infinite values based on user option
* @param {string} str - original input string
* @param {number} num - parsed number (Infinity or -Infinity)
* @param {object} options - user options
* @returns {string|number|null} based on infinity option
*/
function handleInfinity(str, num, options) {
	const isPositive = num === 1e400;
	switch (options.infinity.toLowerCase()) {
		case "null": return null;
		case "infinity": return num;
		case "string": return isPositive ? "Infinity" : "-Infinity";
		default: return str;
	}
}

// node_modules/fast-xml-parser/src/ignoreAttributes.js
function getIgnoreAttributesFn(ignoreAttributes) {
	if (typeof ignoreAttributes === "function") return ignoreAttributes;
	if (Array.isArray(ignoreAttributes)) return (attrName) => {
		for (const pattern of ignoreAttributes) {
			if (typeof pattern === "string" && attrName === pattern) return true;
			if (pattern instanceof RegExp && pattern.test(attrName)) return true;
		}
	};
	return () => false;
}

// node_modules/path-expression-matcher/src/Expression.js
/**
* Expression - Parses and stores a tag pattern expression
* 
* Patterns are parsed once and stored in an optimized structure for fast matching.
* 
* @example
* const expr = new Expression("root.users.user");
* const expr2 = new Expression("..user[id]:first");
* const expr3 = new Expression("root/users/user", { separator: '/' });
*/
var Expression = class {
	/**
	* Create a new Expression
	* @param {string} pattern - Pattern string (e.g., "root.users.user", "..user[id]")
	* @param {Object} options - Configuration options
	* @param {string} options.separator - Path separator (default: '.')
	*/
	constructor(pattern, options = {}, data) {
		this.pattern = pattern;
		this.separator = options.separator || ".";
		this.segments = this._parse(pattern);
		this.data = data;
		this._hasDeepWildcard = this.segments.some((seg) => seg.type === "deep-wildcard");
		this._hasAttributeCondition = this.segments.some((seg) => seg.attrName !== void 0);
		this._hasPositionSelector = this.segments.some((seg) => seg.position !== void 0);
	}
	/**
	* Parse pattern string into segments
	* @private
	* @param {string} pattern - Pattern to parse
	* @returns {Array} Array of segment objects
	*/
	_parse(pattern) {
		const segments = [];
		let i = 0;
		let currentPart = "";
		while (i < pattern.length) if (pattern[i] === this.separator) {
			if (i + 1 < pattern.length && pattern[i + 1] === this.separator) {
				if (currentPart.trim()) {
					segments.push(this._parseSegment(currentPart.trim()));
					currentPart = "";
				}
				segments.push({ type: "deep-wildcard" });
				i += 2;
			} else {
				if (currentPart.trim()) segments.push(this._parseSegment(currentPart.trim()));
				currentPart = "";
				i++;
			}
		} else {
			currentPart += pattern[i];
			i++;
		}
		if (currentPart.trim()) segments.push(this._parseSegment(currentPart.trim()));
		return segments;
	}
	/**
	* Parse a single segment
	* @private
	* @param {string} part - Segment string (e.g., "user", "ns::user", "user[id]", "ns::user:first")
	* @returns {Object} Segment object
	*/
	_parseSegment(part) {
		const segment = { type: "tag" };
		let bracketContent = null;
		let withoutBrackets = part;
		const bracketMatch = part.match(/^([^\[]+)(\[[^\]]*\])(.*)$/);
		if (bracketMatch) {
			withoutBrackets = bracketMatch[1] + bracketMatch[3];
			if (bracketMatch[2]) {
				const content = bracketMatch[2].slice(1, -1);
				if (content) bracketContent = content;
			}
		}
		let namespace = void 0;
		let tagAndPosition = withoutBrackets;
		if (withoutBrackets.includes("::")) {
			const nsIndex = withoutBrackets.indexOf("::");
			namespace = withoutBrackets.substring(0, nsIndex).trim();
			tagAndPosition = withoutBrackets.substring(nsIndex + 2).trim();
			if (!namespace) throw new Error(`Invalid namespace in pattern: ${part}`);
		}
		let tag = void 0;
		let positionMatch = null;
		if (tagAndPosition.includes(":")) {
			const colonIndex = tagAndPosition.lastIndexOf(":");
			const tagPart = tagAndPosition.substring(0, colonIndex).trim();
			const posPart = tagAndPosition.substring(colonIndex + 1).trim();
			if ([
				"first",
				"last",
				"odd",
				"even"
			].includes(posPart) || /^nth\(\d+\)$/.test(posPart)) {
				tag = tagPart;
				positionMatch = posPart;
			} else tag = tagAndPosition;
		} else tag = tagAndPosition;
		if (!tag) throw new Error(`Invalid segment pattern: ${part}`);
		segment.tag = tag;
		if (namespace) segment.namespace = namespace;
		if (bracketContent) {
			if (bracketContent.includes("=")) {
				const eqIndex = bracketContent.indexOf("=");
				segment.attrName = bracketContent.substring(0, eqIndex).trim();
				segment.attrValue = bracketContent.substring(eqIndex + 1).trim();
			} else segment.attrName = bracketContent.trim();
		}
		if (positionMatch) {
			const nthMatch = positionMatch.match(/^nth\((\d+)\)$/);
			if (nthMatch) {
				segment.position = "nth";
				segment.positionValue = parseInt(nthMatch[1], 10);
			} else segment.position = positionMatch;
		}
		return segment;
	}
	/**
	* Get the number of segments
	* @returns {number}
	*/
	get length() {
		return this.segments.length;
	}
	/**
	* Check if expression contains deep wildcard
	* @returns {boolean}
	*/
	hasDeepWildcard() {
		return this._hasDeepWildcard;
	}
	/**
	* Check if expression has attribute conditions
	* @returns {boolean}
	*/
	hasAttributeCondition() {
		return this._hasAttributeCondition;
	}
	/**
	* Check if expression has position selectors
	* @returns {boolean}
	*/
	hasPositionSelector() {
		return this._hasPositionSelector;
	}
	/**
	* Get string representation
	* @returns {string}
	*/
	toString() {
		return this.pattern;
	}
};

// node_modules/path-expression-matcher/src/ExpressionSet.js
/**
* ExpressionSet - An indexed collection of Expressions for efficient bulk matching
*
* Instead of iterating all expressions on every tag, ExpressionSet pre-indexes
* them at insertion time by depth and terminal tag name. At match time, only
* the relevant bucket is evaluated — typically reducing checks from O(E) to O(1)
* lookup plus O(small bucket) matches.
*
* Three buckets are maintained:
*  - `_byDepthAndTag`  — exact depth + exact tag name  (tightest, used first)
*  - `_wildcardByDepth` — exact depth + wildcard tag `*` (depth-matched only)
*  - `_deepWildcards`  — expressions containing `..`  (cannot be depth-indexed)
*
* @example
* import { Expression, ExpressionSet } from 'fast-xml-tagger';
*
* // Build once at config time
* const stopNodes = new ExpressionSet();
* stopNodes.add(new Expression('root.users.user'));
* stopNodes.add(new Expression('root.config.setting'));
* stopNodes.add(new Expression('..script'));
*
* // Query on every tag — hot path
* if (stopNodes.matchesAny(matcher)) { ... }
*/
var ExpressionSet = class {
	constructor() {
		/** @type {Map<string, import('./Expression.js').default[]>} depth:tag → expressions */
		this._byDepthAndTag = /* @__PURE__ */ new Map();
		/** @type {Map<number, import('./Expression.js').default[]>} depth → wildcard-tag expressions */
		this._wildcardByDepth = /* @__PURE__ */ new Map();
		/** @type {import('./Expression.js').default[]} expressions containing deep wildcard (..) */
		this._deepWildcards = [];
		/** @type {Map<string, import('./Expression.js').default[]>} terminalTag → deep wildcard expressions */
		this._deepByTerminalTag = /* @__PURE__ */ new Map();
		/** @type {Set<string>} pattern strings already added — used for deduplication */
		this._patterns = /* @__PURE__ */ new Set();
		/** @type {boolean} whether the set is sealed against further additions */
		this._sealed = false;
	}
	/**
	* Add an Expression to the set.
	* Duplicate patterns (same pattern string) are silently ignored.
	*
	* @param {import('./Expression.js').default} expression - A pre-constructed Expression instance
	* @returns {this} for chaining
	* @throws {TypeError} if called after seal()
	*
	* @example
	* set.add(new Expression('root.users.user'));
	* set.add(new Expression('..script'));
	*/
	add(expression) {
		if (this._sealed) throw new TypeError("ExpressionSet is sealed. Create a new ExpressionSet to add more expressions.");
		if (this._patterns.has(expression.pattern)) return this;
		this._patterns.add(expression.pattern);
		if (expression.hasDeepWildcard()) {
			const lastSeg = expression.segments[expression.segments.length - 1];
			if (lastSeg && lastSeg.type !== "deep-wildcard" && lastSeg.tag !== "*") {
				const tag = lastSeg.tag;
				if (!this._deepByTerminalTag.has(tag)) this._deepByTerminalTag.set(tag, []);
				this._deepByTerminalTag.get(tag).push(expression);
			} else this._deepWildcards.push(expression);
			return this;
		}
		const depth = expression.length;
		const tag = expression.segments[expression.segments.length - 1]?.tag;
		if (!tag || tag === "*") {
			if (!this._wildcardByDepth.has(depth)) this._wildcardByDepth.set(depth, []);
			this._wildcardByDepth.get(depth).push(expression);
		} else {
			const key = `${depth}:${tag}`;
			if (!this._byDepthAndTag.has(key)) this._byDepthAndTag.set(key, []);
			this._byDepthAndTag.get(key).push(expression);
		}
		return this;
	}
	/**
	* Add multiple expressions at once.
	*
	* @param {import('./Expression.js').default[]} expressions - Array of Expression instances
	* @returns {this} for chaining
	*
	* @example
	* set.addAll([
	*   new Expression('root.users.user'),
	*   new Expression('root.config.setting'),
	* ]);
	*/
	addAll(expressions) {
		for (const expr of expressions) this.add(expr);
		return this;
	}
	/**
	* Check whether a pattern string is already present in the set.
	*
	* @param {import('./Expression.js').default} expression
	* @returns {boolean}
	*/
	has(expression) {
		return this._patterns.has(expression.pattern);
	}
	/**
	* Number of expressions in the set.
	* @type {number}
	*/
	get size() {
		return this._patterns.size;
	}
	/**
	* Seal the set against further modifications.
	* Useful to prevent accidental mutations after config is built.
	* Calling add() or addAll() on a sealed set throws a TypeError.
	*
	* @returns {this}
	*/
	seal() {
		this._sealed = true;
		return this;
	}
	/**
	* Whether the set has been sealed.
	* @type {boolean}
	*/
	get isSealed() {
		return this._sealed;
	}
	/**
	* Test whether the matcher's current path matches any expression in the set.
	*
	* Evaluation order (cheapest → most expensive):
	*  1. Exact depth + tag bucket  — O(1) lookup, typically 0–2 expressions
	*  2. Depth-only wildcard bucket — O(1) lookup, rare
	*  3. Deep-wildcard list         — always checked, but usually small
	*
	* @param {import('./Matcher.js').default} matcher - Matcher instance (or readOnly view)
	* @returns {boolean} true if any expression matches the current path
	*
	* @example
	* if (stopNodes.matchesAny(matcher)) {
	*   // handle stop node
	* }
	*/
	matchesAny(matcher) {
		return this.findMatch(matcher) !== null;
	}
	/**
	* Find and return the first Expression that matches the matcher's current path.
	*
	* Uses the same evaluation order as matchesAny (cheapest → most expensive):
	*  1. Exact depth + tag bucket
	*  2. Depth-only wildcard bucket
	*  3. Deep-wildcard list
	*
	* @param {import('./Matcher.js').default} matcher - Matcher instance (or readOnly view)
	* @returns {import('./Expression.js').default | null} the first matching Expression, or null
	*
	* @example
	* const expr = stopNodes.findMatch(matcher);
	* if (expr) {
	*   // access expr.config, expr.pattern, etc.
	* }
	*/
	findMatch(matcher) {
		const depth = matcher.getDepth();
		const tag = matcher.getCurrentTag();
		const exactKey = `${depth}:${tag}`;
		const exactBucket = this._byDepthAndTag.get(exactKey);
		if (exactBucket) {
			for (let i = 0; i < exactBucket.length; i++) if (matcher.matches(exactBucket[i])) return exactBucket[i];
		}
		const wildcardBucket = this._wildcardByDepth.get(depth);
		if (wildcardBucket) {
			for (let i = 0; i < wildcardBucket.length; i++) if (matcher.matches(wildcardBucket[i])) return wildcardBucket[i];
		}
		const deepBucket = this._deepByTerminalTag.get(tag);
		if (deepBucket) {
			for (let i = 0; i < deepBucket.length; i++) if (matcher.matches(deepBucket[i])) return deepBucket[i];
		}
		for (let i = 0; i < this._deepWildcards.length; i++) if (matcher.matches(this._deepWildcards[i])) return this._deepWildcards[i];
		return null;
	}
};

// node_modules/path-expression-matcher/src/Matcher.js
/**
* MatcherView - A lightweight read-only view over a Matcher's internal state.
*
* Created once by Matcher and reused across all callbacks. Holds a direct
* reference to the parent Matcher so it always reflects current parser state
* with zero copying or freezing overhead.
*
* Users receive this via {@link Matcher#readOnly} or directly from parser
* callbacks. It exposes all query and matching methods but has no mutation
* methods — misuse is caught at the TypeScript level rather than at runtime.
*
* @example
* const matcher = new Matcher();
* const view = matcher.readOnly();
*
* matcher.push("root", {});
* view.getCurrentTag(); // "root"
* view.getDepth();      // 1
*/
var MatcherView = class {
	/**
	* @param {Matcher} matcher - The parent Matcher instance to read from.
	*/
	constructor(matcher) {
		this._matcher = matcher;
	}
	/**
	* Get the path separator used by the parent matcher.
	* @returns {string}
	*/
	get separator() {
		return this._matcher.separator;
	}
	/**
	* Get current tag name.
	* @returns {string|undefined}
	*/
	getCurrentTag() {
		const path = this._matcher.path;
		return path.length > 0 ? path[path.length - 1].tag : void 0;
	}
	/**
	* Get current namespace.
	* @returns {string|undefined}
	*/
	getCurrentNamespace() {
		const path = this._matcher.path;
		return path.length > 0 ? path[path.length - 1].namespace : void 0;
	}
	/**
	* Get current node's attribute value.
	* @param {string} attrName
	* @returns {*}
	*/
	getAttrValue(attrName) {
		const path = this._matcher.path;
		if (path.length === 0) return void 0;
		return path[path.length - 1].values?.[attrName];
	}
	/**
	* Check if current node has an attribute.
	* @param {string} attrName
	* @returns {boolean}
	*/
	hasAttr(attrName) {
		const path = this._matcher.path;
		if (path.length === 0) return false;
		const current = path[path.length - 1];
		return current.values !== void 0 && attrName in current.values;
	}
	/**
	* Get the value of a "kept" attribute from the nearest ancestor (or
	* current node) that declared it via `push(tag, attrs, ns, { keep: [...] })`.
	* @param {string} attrName
	* @returns {*}
	*/
	getAnyParentAttr(attrName) {
		return this._matcher.getAnyParentAttr(attrName);
	}
	/**
	* Check whether any ancestor (or the current node) kept the given
	* attribute via `push(tag, attrs, ns, { keep: [...] })`.
	* @param {string} attrName
	* @returns {boolean}
	*/
	hasAnyParentAttr(attrName) {
		return this._matcher.hasAnyParentAttr(attrName);
	}
	/**
	* Get current node's sibling position (child index in parent).
	* @returns {number}
	*/
	getPosition() {
		const path = this._matcher.path;
		if (path.length === 0) return -1;
		return path[path.length - 1].position ?? 0;
	}
	/**
	* Get current node's repeat counter (occurrence count of this tag name).
	* @returns {number}
	*/
	getCounter() {
		const path = this._matcher.path;
		if (path.length === 0) return -1;
		return path[path.length - 1].counter ?? 0;
	}
	/**
	* Get current node's sibling index (alias for getPosition).
	* @returns {number}
	* @deprecated Use getPosition() or getCounter() instead
	*/
	getIndex() {
		return this.getPosition();
	}
	/**
	* Get current path depth.
	* @returns {number}
	*/
	getDepth() {
		return this._matcher.path.length;
	}
	/**
	* Get path as string.
	* @param {string} [separator] - Optional separator (uses default if not provided)
	* @param {boolean} [includeNamespace=true]
	* @returns {string}
	*/
	toString(separator, includeNamespace = true) {
		return this._matcher.toString(separator, includeNamespace);
	}
	/**
	* Get path as array of tag names.
	* @returns {string[]}
	*/
	toArray() {
		return this._matcher.path.map((n) => n.tag);
	}
	/**
	* Match current path against an Expression.
	* @param {Expression} expression
	* @returns {boolean}
	*/
	matches(expression) {
		return this._matcher.matches(expression);
	}
	/**
	* Match any expression in the given set against the current path.
	* @param {ExpressionSet} exprSet
	* @returns {boolean}
	*/
	matchesAny(exprSet) {
		return exprSet.matchesAny(this._matcher);
	}
};
/**
* Matcher - Tracks current path in XML/JSON tree and matches against Expressions.
*
* The matcher maintains a stack of nodes representing the current path from root to
* current tag. It only stores attribute values for the current (top) node to minimize
* memory usage. Sibling tracking is used to auto-calculate position and counter.
*
* Use {@link Matcher#readOnly} to obtain a {@link MatcherView} safe to pass to
* user callbacks — it always reflects current state with no Proxy overhead.
*
* @example
* const matcher = new Matcher();
* matcher.push("root", {});
* matcher.push("users", {});
* matcher.push("user", { id: "123", type: "admin" });
*
* const expr = new Expression("root.users.user");
* matcher.matches(expr); // true
*/
var Matcher = class {
	/**
	* Create a new Matcher.
	* @param {Object} [options={}]
	* @param {string} [options.separator='.'] - Default path separator
	*/
	constructor(options = {}) {
		this.separator = options.separator || ".";
		this.path = [];
		this.siblingStacks = [];
		this._pathStringCache = null;
		this._view = new MatcherView(this);
		this._keptAttrs = [];
	}
	/**
	* Push a new tag onto the path.
	* @param {string} tagName
	* @param {Object|null} [attrValues=null]
	* @param {string|null} [namespace=null]
	* @param {Object|null} [options=null]
	* @param {string[]} [options.keep] - Names of attributes (from attrValues)
	*/
	push(tagName, attrValues = null, namespace = null, options = null) {
		this._pathStringCache = null;
		if (this.path.length > 0) this.path[this.path.length - 1].values = void 0;
		const currentLevel = this.path.length;
		let level = this.siblingStacks[currentLevel];
		if (!level) {
			level = {
				counts: /* @__PURE__ */ new Map(),
				total: 0
			};
			this.siblingStacks[currentLevel] = level;
		}
		const siblingKey = namespace ? `${namespace}:${tagName}` : tagName;
		const counter = level.counts.get(siblingKey) || 0;
		const position = level.total;
		level.counts.set(siblingKey, counter + 1);
		level.total++;
		const node = {
			tag: tagName,
			position,
			counter
		};
		if (namespace !== null && namespace !== void 0) node.namespace = namespace;
		if (attrValues !== null && attrValues !== void 0) node.values = attrValues;
		this.path.push(node);
		const depth = this.path.length;
		const keep = options !== null ? options.keep : null;
		if (keep !== null && keep !== void 0 && keep.length > 0 && attrValues) for (let i = 0; i < keep.length; i++) {
			const name = keep[i];
			if (attrValues[name] !== void 0) this._keptAttrs.push({
				depth,
				name,
				value: attrValues[name]
			});
		}
	}
	/**
	* Pop the last tag from the path.
	* @returns {Object|undefined} The popped node
	*/
	pop() {
		if (this.path.length === 0) return void 0;
		this._pathStringCache = null;
		const node = this.path.pop();
		if (this.siblingStacks.length > this.path.length + 1) this.siblingStacks.length = this.path.length + 1;
		const poppedDepth = this.path.length + 1;
		while (this._keptAttrs.length > 0 && this._keptAttrs[this._keptAttrs.length - 1].depth >= poppedDepth) this._keptAttrs.pop();
		return node;
	}
	/**
	* Update current node's attribute values.
	* Useful when attributes are parsed after push.
	* @param {Object} attrValues
	*/
	updateCurrent(attrValues) {
		if (this.path.length > 0) {
			const current = this.path[this.path.length - 1];
			if (attrValues !== null && attrValues !== void 0) current.values = attrValues;
		}
	}
	/**
	* Get current tag name.
	* @returns {string|undefined}
	*/
	getCurrentTag() {
		return this.path.length > 0 ? this.path[this.path.length - 1].tag : void 0;
	}
	/**
	* Get current namespace.
	* @returns {string|undefined}
	*/
	getCurrentNamespace() {
		return this.path.length > 0 ? this.path[this.path.length - 1].namespace : void 0;
	}
	/**
	* Get current node's attribute value.
	* @param {string} attrName
	* @returns {*}
	*/
	getAttrValue(attrName) {
		if (this.path.length === 0) return void 0;
		return this.path[this.path.length - 1].values?.[attrName];
	}
	/**
	* Check if current node has an attribute.
	* @param {string} attrName
	* @returns {boolean}
	*/
	hasAttr(attrName) {
		if (this.path.length === 0) return false;
		const current = this.path[this.path.length - 1];
		return current.values !== void 0 && attrName in current.values;
	}
	/**
	* Get the value of a "kept" attribute from the nearest ancestor (or
	* current node) that declared it via `push(tag, attrs, ns, { keep: [...] })`.
	* Unlike getAttrValue(), this works regardless of how deep the path has
	* gone since the attribute was pushed — but only for attribute names that
	* were explicitly marked with `keep` at push time. Cost is proportional to
	* the number of currently-kept attributes (typically 0-3), not path depth.
	* @param {string} attrName
	* @returns {*} the value, or undefined if no ancestor kept this attribute
	*/
	getAnyParentAttr(attrName) {
		const kept = this._keptAttrs;
		for (let i = kept.length - 1; i >= 0; i--) if (kept[i].name === attrName) return kept[i].value;
	}
	/**
	* Check whether any ancestor (or the current node) kept the given
	* attribute via `push(tag, attrs, ns, { keep: [...] })`.
	* @param {string} attrName
	* @returns {boolean}
	*/
	hasAnyParentAttr(attrName) {
		const kept = this._keptAttrs;
		for (let i = kept.length - 1; i >= 0; i--) if (kept[i].name === attrName) return true;
		return false;
	}
	/**
	* Get current node's sibling position (child index in parent).
	* @returns {number}
	*/
	getPosition() {
		if (this.path.length === 0) return -1;
		return this.path[this.path.length - 1].position ?? 0;
	}
	/**
	* Get current node's repeat counter (occurrence count of this tag name).
	* @returns {number}
	*/
	getCounter() {
		if (this.path.length === 0) return -1;
		return this.path[this.path.length - 1].counter ?? 0;
	}
	/**
	* Get current node's sibling index (alias for getPosition).
	* @returns {number}
	* @deprecated Use getPosition() or getCounter() instead
	*/
	getIndex() {
		return this.getPosition();
	}
	/**
	* Get current path depth.
	* @returns {number}
	*/
	getDepth() {
		return this.path.length;
	}
	/**
	* Get path as string.
	* @param {string} [separator] - Optional separator (uses default if not provided)
	* @param {boolean} [includeNamespace=true]
	* @returns {string}
	*/
	toString(separator, includeNamespace = true) {
		const sep = separator || this.separator;
		if (sep === this.separator && includeNamespace === true) {
			if (this._pathStringCache !== null) return this._pathStringCache;
			const result = this.path.map((n) => n.namespace ? `${n.namespace}:${n.tag}` : n.tag).join(sep);
			this._pathStringCache = result;
			return result;
		}
		return this.path.map((n) => includeNamespace && n.namespace ? `${n.namespace}:${n.tag}` : n.tag).join(sep);
	}
	/**
	* Get path as array of tag names.
	* @returns {string[]}
	*/
	toArray() {
		return this.path.map((n) => n.tag);
	}
	/**
	* Reset the path to empty.
	*/
	reset() {
		this._pathStringCache = null;
		this.path = [];
		this.siblingStacks = [];
		this._keptAttrs = [];
	}
	/**
	* Match current path against an Expression.
	* @param {Expression} expression
	* @returns {boolean}
	*/
	matches(expression) {
		const segments = expression.segments;
		if (segments.length === 0) return false;
		if (expression.hasDeepWildcard()) return this._matchWithDeepWildcard(segments);
		return this._matchSimple(segments);
	}
	/**
	* @private
	*/
	_matchSimple(segments) {
		if (this.path.length !== segments.length) return false;
		for (let i = 0; i < segments.length; i++) if (!this._matchSegment(segments[i], this.path[i], i === this.path.length - 1)) return false;
		return true;
	}
	/**
	* @private
	*/
	_matchWithDeepWildcard(segments) {
		let pathIdx = this.path.length - 1;
		let segIdx = segments.length - 1;
		while (segIdx >= 0 && pathIdx >= 0) {
			const segment = segments[segIdx];
			if (segment.type === "deep-wildcard") {
				segIdx--;
				if (segIdx < 0) return true;
				const nextSeg = segments[segIdx];
				let found = false;
				for (let i = pathIdx; i >= 0; i--) if (this._matchSegment(nextSeg, this.path[i], i === this.path.length - 1)) {
					pathIdx = i - 1;
					segIdx--;
					found = true;
					break;
				}
				if (!found) return false;
			} else {
				if (!this._matchSegment(segment, this.path[pathIdx], pathIdx === this.path.length - 1)) return false;
				pathIdx--;
				segIdx--;
			}
		}
		return segIdx < 0;
	}
	/**
	* @private
	*/
	_matchSegment(segment, node, isCurrentNode) {
		if (segment.tag !== "*" && segment.tag !== node.tag) return false;
		if (segment.namespace !== void 0) {
			if (segment.namespace !== "*" && segment.namespace !== node.namespace) return false;
		}
		if (segment.attrName !== void 0) {
			if (!isCurrentNode) return false;
			if (!node.values || !(segment.attrName in node.values)) return false;
			if (segment.attrValue !== void 0) {
				if (String(node.values[segment.attrName]) !== String(segment.attrValue)) return false;
			}
		}
		if (segment.position !== void 0) {
			if (!isCurrentNode) return false;
			const counter = node.counter ?? 0;
			if (segment.position === "first" && counter !== 0) return false;
			else if (segment.position === "odd" && counter % 2 !== 1) return false;
			else if (segment.position === "even" && counter % 2 !== 0) return false;
			else if (segment.position === "nth" && counter !== segment.positionValue) return false;
		}
		return true;
	}
	/**
	* Match any expression in the given set against the current path.
	* @param {ExpressionSet} exprSet
	* @returns {boolean}
	*/
	matchesAny(exprSet) {
		return exprSet.matchesAny(this);
	}
	/**
	* Create a snapshot of current state.
	* @returns {Object}
	*/
	snapshot() {
		return {
			path: this.path.map((node) => ({ ...node })),
			siblingStacks: this.siblingStacks.map((level) => level ? {
				counts: new Map(level.counts),
				total: level.total
			} : level),
			keptAttrs: this._keptAttrs.map((entry) => ({ ...entry }))
		};
	}
	/**
	* Restore state from snapshot.
	* @param {Object} snapshot
	*/
	restore(snapshot) {
		this._pathStringCache = null;
		this.path = snapshot.path.map((node) => ({ ...node }));
		this.siblingStacks = snapshot.siblingStacks.map((level) => level ? {
			counts: new Map(level.counts),
			total: level.total
		} : level);
		this._keptAttrs = (snapshot.keptAttrs || []).map((entry) => ({ ...entry }));
	}
	/**
	* Return the read-only {@link MatcherView} for this matcher.
	*
	* The same instance is returned on every call — no allocation occurs.
	* It always reflects the current parser state and is safe to pass to
	* user callbacks without risk of accidental mutation.
	*
	* @returns {MatcherView}
	*
	* @example
	* const view = matcher.readOnly();
	* // pass view to callbacks — it stays in sync automatically
	* view.matches(expr);       // ✓
	* view.getCurrentTag();     // ✓
	* // view.push(...)         // ✗ method does not exist — caught by TypeScript
	*/
	readOnly() {
		return this._view;
	}
};

// node_modules/is-unsafe/src/contexts/html.js
/**
* HTML context patterns.
*
* Detects XSS vectors that are dangerous when a string ends up rendered as HTML.
* All patterns use bounded quantifiers to ensure linear-time matching (ReDoS-safe).
*
* Each entry is { pattern: RegExp, id: string, description: string }
* so callers can inspect which rule fired if they need to.
*/
const HTML_PATTERNS = [
	{
		id: "html-script-open",
		description: "<script opening tag",
		pattern: /<script[\s>/]/i
	},
	{
		id: "html-script-close",
		description: "<\/script closing tag",
		pattern: /<\/script[\s>]/i
	},
	{
		id: "html-javascript-protocol",
		description: "javascript: URI scheme (with optional whitespace/encoding)",
		pattern: /j[\t\n\r ]*a[\t\n\r ]*v[\t\n\r ]*a[\t\n\r ]*s[\t\n\r ]*c[\t\n\r ]*r[\t\n\r ]*i[\t\n\r ]*p[\t\n\r ]*t[\t\n\r ]*:/i
	},
	{
		id: "html-vbscript-protocol",
		description: "vbscript: URI scheme",
		pattern: /vbscript[\t\n\r ]*:/i
	},
	{
		id: "html-data-html",
		description: "data:text/html URI — can execute scripts in browsers",
		pattern: /data[\t\n\r ]*:[\t\n\r ]*text\/html/i
	},
	{
		id: "html-data-xhtml",
		description: "data:application/xhtml+xml URI",
		pattern: /data[\t\n\r ]*:[\t\n\r ]*application\/xhtml/i
	},
	{
		id: "html-data-svg",
		description: "data:image/svg+xml URI — can execute scripts",
		pattern: /data[\t\n\r ]*:[\t\n\r ]*image\/svg\+xml/i
	},
	{
		id: "html-inline-event-handler",
		description: "Inline event handler attributes: onclick=, onerror=, onload=, etc.",
		pattern: /\bon\w{1,30}\s*=/i
	},
	{
		id: "html-entity-obfuscated-script",
		description: "HTML-entity-encoded <script (e.g. &#x3C;script or &lt;script)",
		pattern: /(?:&#x0*3[Cc];?|&#0*60;?|&lt;)\s*script/i
	},
	{
		id: "html-entity-obfuscated-javascript",
		description: "HTML-entity-encoded javascript: (partial — catches common &#106; or &#x6a; for \"j\")",
		pattern: /(?:&#x0*6[Aa];?|&#0*106;?)\s*(?:&#x0*61;?|a)[\s\S]{0,80}script\s*:/i
	},
	{
		id: "html-style-expression",
		description: "CSS expression() — IE-era code execution in style attributes",
		pattern: /style[\s\S]{0,20}expression\s*\(/i
	},
	{
		id: "html-object-embed",
		description: "<object or <embed tags that can load active content",
		pattern: /<(?:object|embed)[\s>/]/i
	},
	{
		id: "html-base-tag",
		description: "<base href= — can hijack all relative URLs on a page",
		pattern: /<base[\s>]/i
	},
	{
		id: "html-meta-refresh",
		description: "<meta http-equiv=\"refresh\" — can redirect users",
		pattern: /<meta[\s\S]{0,40}http-equiv[\s\S]{0,20}refresh/i
	},
	{
		id: "html-srcdoc",
		description: "srcdoc= attribute on iframes — embeds HTML that can run scripts",
		pattern: /srcdoc\s*=/i
	},
	{
		id: "html-iframe",
		description: "<iframe tag",
		pattern: /<iframe[\s>/]/i
	},
	{
		id: "html-form",
		description: "<form tag — can be used for phishing / credential harvesting injection",
		pattern: /<form[\s>/]/i
	}
];

// node_modules/is-unsafe/src/contexts/xml.js
/**
* XML context patterns.
*
* Detects injection vectors that are specifically dangerous when a string
* is inserted into an XML document (not HTML rendering context).
*
* Key distinction from HTML: these patterns target parser-level attacks —
* things that can confuse or subvert an XML parser, trigger external entity
* resolution, or inject DTD content. HTML rendering concerns (XSS) belong
* in the HTML context.
*/
const XML_PATTERNS = [
	{
		id: "xml-cdata-injection",
		description: "CDATA section injection: <![CDATA[ breaks out of text node context",
		pattern: /<!\[CDATA\[/i
	},
	{
		id: "xml-cdata-close",
		description: "CDATA close sequence: ]]> can terminate an enclosing CDATA section",
		pattern: /\]\]>/
	},
	{
		id: "xml-processing-instruction",
		description: "XML processing instruction: <?xml-stylesheet or <?php etc.",
		pattern: /<\?(?:xml[\- ]|php|asp)/i
	},
	{
		id: "xml-doctype-injection",
		description: "DOCTYPE declaration embedded in content — can define entities",
		pattern: /<!DOCTYPE(?:[\s[]|$)/i
	},
	{
		id: "xml-entity-system",
		description: "SYSTEM keyword — used in external entity declarations (XXE)",
		pattern: /\bSYSTEM\s+["']/i
	},
	{
		id: "xml-entity-public",
		description: "PUBLIC keyword — used in external entity declarations (XXE)",
		pattern: /\bPUBLIC\s+["']/i
	},
	{
		id: "xml-entity-declaration",
		description: "<!ENTITY declaration — defines entities, potential XXE or entity expansion",
		pattern: /<!ENTITY[\s%]/i
	},
	{
		id: "xml-billion-laughs",
		description: "Entity reference chaining / billion laughs: repeated &eX; style references",
		pattern: /(?:&\w{1,20};){3,}/
	},
	{
		id: "xml-namespace-confusion",
		description: "xmlns: attribute injection — can redefine namespaces to confuse parsers",
		pattern: /\bxmlns(?::\w{1,40})?\s*=/i
	},
	{
		id: "xml-comment-injection",
		description: "<!-- comment injection — can hide content from some parsers",
		pattern: /<!--/
	},
	{
		id: "xml-comment-close",
		description: "--> closes an enclosing XML comment",
		pattern: /-->/
	},
	{
		id: "xml-pi-close",
		description: "?> closes an enclosing processing instruction",
		pattern: /\?>/
	}
];

// node_modules/is-unsafe/src/contexts/svg.js
/**
* SVG context patterns.
*
* SVG is XML-based but renders in browsers, giving it a unique attack surface
* that combines XML parser behaviour with browser rendering and JavaScript execution.
*
* Many of these vectors bypass HTML sanitizers that don't understand SVG semantics
* (DOMPurify has documented bypass vulnerabilities specifically in SVG/XML context).
*/
const SVG_PATTERNS = [
	{
		id: "svg-script-element",
		description: "<script element inside SVG executes JavaScript",
		pattern: /<script[\s>/]/i
	},
	{
		id: "svg-xlink-href-javascript",
		description: "xlink:href with javascript: — classic SVG XSS via <a> or <use>",
		pattern: /xlink\s*:\s*href\s*=\s*["']?\s*javascript\s*:/i
	},
	{
		id: "svg-href-javascript",
		description: "href= with javascript: in SVG context (<a>, <animate>, etc.)",
		pattern: /href\s*=\s*["']?\s*javascript\s*:/i
	},
	{
		id: "svg-foreignobject",
		description: "<foreignObject embeds HTML inside SVG — can execute scripts",
		pattern: /<foreignObject[\s>/]/i
	},
	{
		id: "svg-use-external",
		description: "<use xlink:href or href pointing to external resource (non-fragment URL)",
		pattern: /<use[\s\S]{0,60}(?:xlink\s*:\s*)?href\s*=\s*(?:["'][^#]|[^"'#\s>])/i
	},
	{
		id: "svg-animate-href",
		description: "<animate attributeName=\"href\" — can dynamically change href to javascript:",
		pattern: /<animate[\s\S]{0,80}attributeName\s*=\s*["'][\s]*href["']/i
	},
	{
		id: "svg-animate-xlinkhref",
		description: "<animate attributeName=\"xlink:href\"",
		pattern: /<animate[\s\S]{0,80}attributeName\s*=\s*["'][\s]*xlink\s*:\s*href["']/i
	},
	{
		id: "svg-set-javascript",
		description: "<set to=\"javascript:...\" — sets an attribute to a javascript: URI",
		pattern: /<set[\s\S]{0,80}to\s*=\s*["']?\s*javascript\s*:/i
	},
	{
		id: "svg-event-handler",
		description: "SVG-specific event handler attributes: onload=, onerror=, onactivate=, etc.",
		pattern: /\bon(?:load|error|activate|begin|end|repeat|focus|blur|click|mouse\w{1,20}|key\w{1,20})\s*=/i
	},
	{
		id: "svg-handler-generic",
		description: "Generic on* handler catch-all for SVG attributes",
		pattern: /\bon\w{1,30}\s*=/i
	},
	{
		id: "svg-filter-feimage",
		description: "<feImage href= — filter primitive that can load external resources",
		pattern: /<feImage[\s\S]{0,80}(?:xlink\s*:\s*)?href\s*=/i
	},
	{
		id: "svg-image-external",
		description: "<image xlink:href with http/https or javascript protocol",
		pattern: /<image[\s\S]{0,80}(?:xlink\s*:\s*)?href\s*=\s*["']?\s*(?:https?|javascript)\s*:/i
	},
	{
		id: "svg-style-javascript",
		description: "style= attribute containing javascript: (e.g. background:url(javascript:...))",
		pattern: /style\s*=[\s\S]{0,60}javascript\s*:/i
	}
];

// node_modules/is-unsafe/src/contexts/sql.js
/**
* SQL context patterns — high-precision rules only.
*
* These rules have very low false-positive risk and are safe to apply to
* general user text (names, descriptions, search queries, etc.).
* All patterns are ReDoS-safe — unlike the `sql-injection` npm package
* which has an active CVE on its own detection regexes.
*
* For exhaustive coverage including noisier heuristics (comment sequences,
* hex literals, stacked queries with semicolons), use 'SQL-STRICT' instead.
* Apply 'SQL-STRICT' only to strings that are specifically SQL fragments,
* not to general free-text fields.
*/
const SQL_PATTERNS = [
	{
		id: "sql-block-comment-open",
		description: "SQL block comment open: /* ... */ — unusual in legitimate user text",
		pattern: /\/\*/
	},
	{
		id: "sql-union-select",
		description: "UNION SELECT — most common SQL injection aggregation attack",
		pattern: /\bUNION\s{1,20}(?:ALL\s{1,20})?SELECT\b/i
	},
	{
		id: "sql-drop-table",
		description: "DROP TABLE — destructive DDL injection",
		pattern: /\bDROP\s{1,20}TABLE\b/i
	},
	{
		id: "sql-drop-database",
		description: "DROP DATABASE — destructive DDL injection",
		pattern: /\bDROP\s{1,20}DATABASE\b/i
	},
	{
		id: "sql-insert-into",
		description: "INSERT INTO — data injection",
		pattern: /\bINSERT\s{1,20}INTO\b/i
	},
	{
		id: "sql-delete-from",
		description: "DELETE FROM — data deletion injection",
		pattern: /\bDELETE\s{1,20}FROM\b/i
	},
	{
		id: "sql-update-set",
		description: "UPDATE ... SET — data modification injection",
		pattern: /\bUPDATE\b[\s\S]{1,60}\bSET\b/i
	},
	{
		id: "sql-exec-xp",
		description: "EXEC xp_ — MSSQL extended stored procedure execution",
		pattern: /\bEXEC(?:UTE)?\s{1,20}xp_/i
	},
	{
		id: "sql-tautology-string",
		description: "Classic string tautology: ' OR '1'='1 or \" OR \"1\"=\"1\"",
		pattern: /'\s{0,10}OR\s{0,10}'[^']{0,20}'\s*=\s*'[^']{0,20}/i
	},
	{
		id: "sql-tautology-numeric",
		description: "Numeric tautology: OR 1=1",
		pattern: /\bOR\s{1,10}1\s*=\s*1\b/i
	},
	{
		id: "sql-always-true-zero",
		description: "Numeric tautology: OR 0=0",
		pattern: /\bOR\s{1,10}0\s*=\s*0\b/i
	},
	{
		id: "sql-sleep-benchmark",
		description: "Time-based blind injection: SLEEP() or BENCHMARK()",
		pattern: /\b(?:SLEEP|BENCHMARK)\s*\(/i
	},
	{
		id: "sql-waitfor-delay",
		description: "MSSQL time-based blind injection: WAITFOR DELAY",
		pattern: /\bWAITFOR\s{1,20}DELAY\b/i
	},
	{
		id: "sql-char-function",
		description: "CHAR() function — used to obfuscate injected strings",
		pattern: /\bCHAR\s*\(\s*\d{1,3}/i
	},
	{
		id: "sql-information-schema",
		description: "INFORMATION_SCHEMA — reconnaissance query for table/column enumeration",
		pattern: /\bINFORMATION_SCHEMA\b/i
	}
];

// node_modules/is-unsafe/src/contexts/shell.js
/**
* SHELL context patterns.
*
* Detects shell injection vectors and path traversal patterns.
* Designed for use when a string will be passed to a shell command,
* used as a file path, or interpolated into OS-level operations.
*/
const SHELL_PATTERNS = [
	{
		id: "shell-path-traversal-unix",
		description: "Unix path traversal: ../  — climbing the directory tree",
		pattern: /\.\.\//
	},
	{
		id: "shell-path-traversal-windows",
		description: "Windows path traversal: ..\\ — climbing the directory tree",
		pattern: /\.\.\\/
	},
	{
		id: "shell-path-traversal-encoded",
		description: "URL-encoded path traversal: %2e%2e or %2f variants",
		pattern: /%2e%2e|%2f\.\.|\.\.%2f/i
	},
	{
		id: "shell-null-byte",
		description: "Null byte injection: \\x00 or %00 — truncates strings in C-backed functions",
		pattern: /\x00|%00/
	},
	{
		id: "shell-semicolon",
		description: "Semicolon command separator: cmd1; cmd2",
		pattern: /;/
	},
	{
		id: "shell-pipe",
		description: "Pipe operator: cmd1 | cmd2",
		pattern: /\|/
	},
	{
		id: "shell-and-operator",
		description: "AND operator: cmd1 && cmd2",
		pattern: /&&/
	},
	{
		id: "shell-or-operator",
		description: "OR operator: cmd1 || cmd2",
		pattern: /\|\|/
	},
	{
		id: "shell-backtick",
		description: "Backtick command substitution: `cmd`",
		pattern: /`/
	},
	{
		id: "shell-dollar-paren",
		description: "Dollar-paren command substitution: $(cmd)",
		pattern: /\$\(/
	},
	{
		id: "shell-dollar-brace",
		description: "Dollar-brace variable expansion: ${var} — can be abused for injection",
		pattern: /\$\{/
	},
	{
		id: "shell-redirect-out",
		description: "Output redirection: cmd > file or cmd >> file",
		pattern: />{1,2}/
	},
	{
		id: "shell-redirect-in",
		description: "Input redirection: cmd < file",
		pattern: /</
	},
	{
		id: "shell-newline-injection",
		description: "Newline injection: \\n or \\r — can inject new shell commands",
		pattern: /[\n\r]/
	},
	{
		id: "shell-glob-star",
		description: "Glob expansion: * or ? — can expand to unintended files",
		pattern: /[/\\][*?]/
	},
	{
		id: "shell-absolute-root",
		description: "Absolute root path injection: string starting with / or \\ (Windows UNC)",
		pattern: /^(?:\/|\\\\)/
	},
	{
		id: "shell-windows-drive",
		description: "Windows drive letter path injection: C:\\ or D:/",
		pattern: /^[a-zA-Z]:[/\\]/
	},
	{
		id: "shell-curl-wget",
		description: "curl/wget with URL or flags — can exfiltrate data or download payloads",
		pattern: /\b(?:curl|wget)\s+(?:https?:\/\/|ftp:\/\/|-)/i
	}
];

// node_modules/is-unsafe/src/contexts/redos.js
/**
* REDOS context patterns.
*
* Detects strings that, if used as regular expressions, could cause
* catastrophic backtracking (ReDoS — Regular Expression Denial of Service).
*
* These patterns detect the structural forms that lead to exponential or
* polynomial backtracking in NFA-based regex engines (V8, PCRE, Java, etc.).
*
* Use this context when user-supplied strings will be compiled into RegExp objects.
*/
const REDOS_PATTERNS = [
	{
		id: "redos-nested-quantifier-plus",
		description: "Nested + quantifier inside a group with outer quantifier: (a+)+, (.+b)*, etc.",
		pattern: /\([^)]*\+[^)]*\)[+*]/
	},
	{
		id: "redos-nested-quantifier-star",
		description: "Nested * quantifier: (a*)* or (a*)+ — catastrophic backtracking",
		pattern: /\([^)]*\*[^)]*\)[*+]/
	},
	{
		id: "redos-nested-groups",
		description: "Doubly nested quantified groups: ((a+)+) — guaranteed catastrophic",
		pattern: /\(\([^)]{0,40}\)[+*]\)[+*]/
	},
	{
		id: "redos-alternation-overlap",
		description: "Overlapping alternation under quantifier: (a|a)+ — ambiguous NFA paths",
		pattern: /\(([^|()]{1,20})\|(?:\1)(?:\|[^|()]{1,20}){0,5}\)[+*?]{1,2}/
	},
	{
		id: "redos-star-plus-concat",
		description: "(x*x)+ pattern — triggers super-linear backtracking",
		pattern: /\([^)]{0,10}\*[^)]{0,10}\)[+*]/
	},
	{
		id: "redos-dot-star-greedy",
		description: "(.*){n,} or (.+){n,} — repeated greedy dot quantifiers",
		pattern: /\(\.[*+]\)\{?\d/
	},
	{
		id: "redos-large-repetition",
		description: "Very large fixed or range repetition count {1000,} or {1000,n} — denial of service via backtracking",
		pattern: /\{\d{4,}(?:,\d*)?\}/
	},
	{
		id: "redos-catastrophic-alternation",
		description: "Long alternation with many similar branches — polynomial backtracking risk",
		pattern: /\([^)]{0,200}(?:\|[^|)]{0,50}){9,}\)/
	}
];

// node_modules/is-unsafe/src/contexts/nosql.js
const sep = "[\"'\\s]*:";
const NOSQL_PATTERNS = [
	{
		id: "nosql-where-operator",
		description: "$where — executes arbitrary JavaScript server-side in MongoDB",
		pattern: new RegExp(`\\$where${sep}`, "i")
	},
	{
		id: "nosql-ne-operator",
		description: "$ne — \"not equal\" operator used to bypass equality checks",
		pattern: new RegExp(`\\$ne${sep}`, "i")
	},
	{
		id: "nosql-gt-operator",
		description: "$gt — \"greater than\" used to bypass password/value checks",
		pattern: new RegExp(`\\$gte?${sep}`, "i")
	},
	{
		id: "nosql-lt-operator",
		description: "$lt / $lte — \"less than\" bypass variants",
		pattern: new RegExp(`\\$lte?${sep}`, "i")
	},
	{
		id: "nosql-regex-operator",
		description: "$regex — can be used to extract data character by character (blind injection)",
		pattern: new RegExp(`\\$regex${sep}`, "i")
	},
	{
		id: "nosql-or-operator",
		description: "$or — logical OR; used to create always-true conditions",
		pattern: new RegExp(`\\$or${sep}\\s*\\[`, "i")
	},
	{
		id: "nosql-and-operator",
		description: "$and — logical AND operator injection",
		pattern: new RegExp(`\\$and${sep}\\s*\\[`, "i")
	},
	{
		id: "nosql-nor-operator",
		description: "$nor — logical NOR operator injection",
		pattern: new RegExp(`\\$nor${sep}\\s*\\[`, "i")
	},
	{
		id: "nosql-exists-operator",
		description: "$exists — can enumerate fields to determine schema",
		pattern: new RegExp(`\\$exists${sep}`, "i")
	},
	{
		id: "nosql-in-operator",
		description: "$in — matches any value in a list; can enumerate values",
		pattern: new RegExp(`\\$in${sep}\\s*\\[`, "i")
	},
	{
		id: "nosql-expr-operator",
		description: "$expr — allows aggregation expressions in queries (MongoDB 3.6+)",
		pattern: new RegExp(`\\$expr${sep}`, "i")
	},
	{
		id: "nosql-function-operator",
		description: "$function — executes arbitrary JavaScript in MongoDB 4.4+",
		pattern: new RegExp(`\\$function${sep}`, "i")
	},
	{
		id: "nosql-accumulator-operator",
		description: "$accumulator — custom aggregation with arbitrary JS execution",
		pattern: new RegExp(`\\$accumulator${sep}`, "i")
	},
	{
		id: "nosql-proto-pollution",
		description: "__proto__ — prototype pollution via object key injection",
		pattern: /__proto__/
	},
	{
		id: "nosql-constructor-prototype",
		description: "constructor.prototype — alternative prototype pollution vector (dot notation or JSON key)",
		pattern: /constructor[\s"':.,{\[]*prototype/i
	},
	{
		id: "nosql-proto-bracket",
		description: "[\"__proto__\"] — bracket-notation prototype pollution",
		pattern: /\[["']__proto__["']\]/
	}
];

// node_modules/is-unsafe/src/contexts/log.js
/**
* LOG context patterns.
*
* Detects injection vectors that are dangerous when a string is written
* to a log file, passed to a logging framework, or interpolated into
* a log message that will be parsed or displayed.
*
* Attack categories:
*   1. CRLF injection — injects fake log lines by embedding newlines
*   2. Log4Shell (CVE-2021-44228) — ${jndi:...} triggers JNDI lookup in Log4j
*   3. SSTI in log templates — {{...}}, #{...} trigger template evaluation
*      if the log message is passed through a template engine
*   4. Null byte injection — truncates log entries in some implementations
*   5. ANSI escape injection — manipulates terminal output when logs are
*      tailed in a terminal (colour codes, cursor movement, etc.)
*
* Note: Newline characters (\n, \r) will produce false positives for
* multi-line legitimate values. Use this context only for single-line
* log field values (usernames, IDs, request parameters, etc.).
*/
const LOG_PATTERNS = [
	{
		id: "log-crlf-injection",
		description: "CRLF injection: literal \\r or \\n embeds fake log lines",
		pattern: /[\r\n]/
	},
	{
		id: "log-url-encoded-crlf",
		description: "URL-encoded CRLF: %0d, %0a, %0D, %0A — decoded by some log parsers",
		pattern: /%0[dDaA]/
	},
	{
		id: "log-unicode-newline",
		description: "Unicode newline variants: U+2028 (line separator), U+2029 (paragraph separator)",
		pattern: /[\u2028\u2029]/
	},
	{
		id: "log-log4shell-jndi",
		description: "Log4Shell: ${jndi:...} triggers remote code execution in Apache Log4j",
		pattern: /\$\{jndi\s*:/i
	},
	{
		id: "log-log4shell-obfuscated",
		description: "Obfuscated Log4Shell: ${::-j}... lookup-bypass prefix used to evade WAF detection",
		pattern: /\$\{::-/
	},
	{
		id: "log-log4j-lookup",
		description: "Log4j lookup syntax: ${env:...}, ${sys:...}, ${ctx:...} — data exfiltration",
		pattern: /\$\{(?:env|sys|ctx|main|map|sd|web|docker|k8s|spring)\s*:/i
	},
	{
		id: "log-ssti-double-brace",
		description: "SSTI double-brace: {{expression}} — Jinja2, Twig, Handlebars, etc.",
		pattern: /\{\{[\s\S]{0,80}\}\}/
	},
	{
		id: "log-ssti-hash-brace",
		description: "SSTI hash-brace: #{expression} — Thymeleaf, Velocity, Ruby ERB",
		pattern: /#\{[\s\S]{0,80}\}/
	},
	{
		id: "log-ssti-dollar-brace",
		description: "SSTI/EL injection: ${expression with operators or method calls} — JSP EL, Freemarker, SpEL",
		pattern: /\$\{[^}]*(?:\.|\(|\*|\+|\bclass\b|\bruntime\b|\bprocess\b|\bexec\b)[^}]{0,80}\}/i
	},
	{
		id: "log-ssti-percent-tag",
		description: "SSTI ERB/ASP tag: <%= expression %> — Ruby ERB, ASP",
		pattern: /<%=[\s\S]{0,80}%>/
	},
	{
		id: "log-null-byte",
		description: "Null byte: \\x00 or %00 — can truncate log entries in C-backed loggers",
		pattern: /\x00|%00/
	},
	{
		id: "log-ansi-escape",
		description: "ANSI escape sequence: ESC[ — can manipulate terminal output when logs are tailed",
		pattern: /\x1b\[/
	}
];

// node_modules/is-unsafe/src/contexts/sql-strict.js
/**
* SQL-STRICT context patterns.
*
* Extends the base 'SQL' context with three additional rules that are
* effective at detecting real injections but carry a higher false-positive
* risk on general free-text input.
*
* Use 'SQL-STRICT' when:
*   - The string is specifically a SQL fragment or database identifier
*   - You control the input domain (e.g. a dedicated SQL search field)
*   - You can tolerate occasional false positives in exchange for broader coverage
*
* Use 'SQL' (not STRICT) when:
*   - The field is general user text (names, descriptions, comments)
*   - False positives would block legitimate content (e.g. "see note -- above")
*
* Rules moved here from 'SQL' due to false-positive risk:
*
*   sql-line-comment   — "--" fires on "see note -- above", "value--", CSS var(--primary)
*   sql-stacked-query  — "; SELECT" fires on legitimate prose with semicolons + SQL words
*   sql-hex-encoding   — "0xDEAD" fires on hex values in technical docs and log output
*/
const SQL_STRICT_EXTRA = [
	{
		id: "sql-line-comment",
		description: "SQL line comment: -- followed by whitespace or end of string",
		pattern: /--(?:\s|$)/
	},
	{
		id: "sql-stacked-query",
		description: "Stacked queries: semicolon immediately followed by a SQL keyword",
		pattern: /;\s{0,10}(?:SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER|EXEC)\b/i
	},
	{
		id: "sql-hex-encoding",
		description: "Hex-encoded string injection: 0x41414141 style (MySQL)",
		pattern: /\b0x[0-9a-f]{4,}/i
	}
];
const SQL_STRICT_PATTERNS = [...SQL_PATTERNS, ...SQL_STRICT_EXTRA];

// node_modules/is-unsafe/src/util/decode-entities.js
/**
* Decode the HTML character references that matter for markup-context
* detection.
*
* Browsers decode character references in attribute values before they
* interpret a URL, so `javascript&#58;alert(1)` in an href is the
* `javascript:` scheme. The HTML/XML/SVG rules match literal characters, so
* without this step such payloads slip through.
*
* Deliberately NOT a full entity decoder. It decodes only:
*   - decimal refs  &#58;  &#058;  &#00000058;  &#58   (any leading zeros,
*                   trailing ; optional — browsers accept both)
*   - hex refs      &#x3a; &#X3A; &#x0000003a; &#x3a   (same)
*   - named refs    &colon;  &Tab;  &NewLine;
*       Named refs are CASE-SENSITIVE and REQUIRE the trailing ';', exactly
*       like a browser (so `&COLON;` and `&colon` are not decoded).
*       &Tab; / &NewLine; matter because the URL parser strips tab/newline,
*       so `java&Tab;script:` is still a javascript: URL.
*
* It does NOT decode &amp; (single pass only), so double-encoded text such as
* "&amp;lt;script&amp;gt;" stays literal — a browser renders that as text.
*
* All quantifiers are bounded; no ReDoS risk.
*
* @param {string} input
* @returns {string}
*/
const NAMED = Object.freeze({
	colon: ":",
	Tab: "	",
	NewLine: "\n"
});
const ENTITY_RE = /&(?:#[xX]0*([0-9a-fA-F]{1,6});?|#0*([0-9]{1,7});?|([a-zA-Z][a-zA-Z0-9]{1,15});)/g;
function decodeEntities(input) {
	if (input.indexOf("&") === -1) return input;
	return input.replace(ENTITY_RE, (match, hex, dec, name) => {
		if (name !== void 0) return Object.prototype.hasOwnProperty.call(NAMED, name) ? NAMED[name] : match;
		const cp = hex !== void 0 ? parseInt(hex, 16) : parseInt(dec, 10);
		if (!Number.isFinite(cp) || cp > 1114111) return match;
		return String.fromCodePoint(cp);
	});
}

// node_modules/is-unsafe/src/index.js
HTML_PATTERNS.label = "HTML";
XML_PATTERNS.label = "XML";
SVG_PATTERNS.label = "SVG";
HTML_PATTERNS.decodeEntities = true;
XML_PATTERNS.decodeEntities = true;
SVG_PATTERNS.decodeEntities = true;
SQL_PATTERNS.label = "SQL";
SQL_STRICT_PATTERNS.label = "SQL-STRICT";
SHELL_PATTERNS.label = "SHELL";
REDOS_PATTERNS.label = "REDOS";
NOSQL_PATTERNS.label = "NOSQL";
LOG_PATTERNS.label = "LOG";
const VALID_CONTEXTS = Object.freeze({
	HTML: HTML_PATTERNS,
	XML: XML_PATTERNS,
	SVG: SVG_PATTERNS,
	SQL: SQL_PATTERNS,
	"SQL-STRICT": SQL_STRICT_PATTERNS,
	SHELL: SHELL_PATTERNS,
	REDOS: REDOS_PATTERNS,
	NOSQL: NOSQL_PATTERNS,
	LOG: LOG_PATTERNS
});
/**
* @typedef {{ id: string, description: string, pattern: RegExp }} Rule
*/
/**
* @typedef {Rule[]} PatternList
*/
/**
* @typedef {Object} MatchResult
* @property {string} context     - Label identifying which context matched ('HTML', 'CUSTOM', etc.)
* @property {string} id          - Rule identifier
* @property {string} description - Human-readable description of what was matched
* @property {RegExp} pattern     - The pattern that matched
*/
/**
* @param {unknown} value
*/
function assertString(value) {
	if (typeof value !== "string") throw new TypeError(`is-unsafe: first argument must be a string, got ${typeof value}`);
}
/**
* @param {unknown} context
*/
function assertContext(context) {
	if (context instanceof RegExp) return;
	if (Array.isArray(context)) {
		if (context.length === 0) throw new TypeError("is-unsafe: context must not be an empty array");
		if (Array.isArray(context[0])) {
			for (const list of context) if (!Array.isArray(list) || list.length === 0) throw new TypeError("is-unsafe: each context in the array must be a non-empty pattern array (PatternList)");
		}
		return;
	}
	throw new TypeError(`is-unsafe: second argument must be a PatternList (e.g. HTML), an array of PatternLists (e.g. [HTML, XML]), or a RegExp. Got: ${typeof context}`);
}
/**
* Normalise any valid context arg into an array of PatternLists.
*
* @param {Rule[]|Rule[][]|RegExp} context
* @returns {{ lists: Rule[][]|null, regex: RegExp|null }}
*/
function normalise(context) {
	if (context instanceof RegExp) return {
		lists: null,
		regex: context
	};
	if (Array.isArray(context[0])) return {
		lists: context,
		regex: null
	};
	return {
		lists: [context],
		regex: null
	};
}
/**
* For markup contexts, return an entity-decoded copy of `value` to test
* alongside the raw input, or null when there is nothing extra to test.
*
* @param {string} value
* @param {Rule[]} list
* @returns {string|null}
*/
function decodedCopy(value, list) {
	if (!list.decodeEntities) return null;
	const decoded = decodeEntities(value);
	return decoded === value ? null : decoded;
}
/**
* Test value against a single PatternList. Returns the first MatchResult or null.
*
* @param {string} value
* @param {Rule[]} list
* @returns {MatchResult|null}
*/
function matchList(value, list) {
	const label = list.label ?? "CUSTOM";
	const decoded = decodedCopy(value, list);
	for (const rule of list) if (rule.pattern.test(value) || decoded !== null && rule.pattern.test(decoded)) return {
		context: label,
		id: rule.id,
		description: rule.description,
		pattern: rule.pattern
	};
	return null;
}
/**
* Returns `true` if `value` is unsafe in the given context(s), `false` otherwise.
*
* @param {string} value - The string to test
* @param {PatternList | PatternList[] | RegExp} context
*   - A PatternList imported from is-unsafe (e.g. `HTML`, `XML`)
*   - An array of PatternLists — returns true if unsafe in **any** of them
*   - A custom RegExp — returns true if the pattern matches
* @returns {boolean}
*
* @example
* import { isUnsafe, HTML, SQL } from 'is-unsafe';
*
* isUnsafe('<script>alert(1)<\/script>', HTML)       // true
* isUnsafe('hello world', HTML)                     // false
* isUnsafe('value', [HTML, SQL])                    // false
* isUnsafe('value', /my-pattern/i)                  // false
*/
function isUnsafe(value, context) {
	assertString(value);
	assertContext(context);
	const { lists, regex } = normalise(context);
	if (regex) return regex.test(value);
	for (const list of lists) if (matchList(value, list) !== null) return true;
	return false;
}

// node_modules/fast-xml-parser/src/xmlparser/OrderedObjParser.js
/**
* Extract raw attributes (without prefix) from prefixed attribute map
* @param {object} prefixedAttrs - Attributes with prefix from buildAttributesMap
* @param {object} options - Parser options containing attributeNamePrefix
* @returns {object} Raw attributes for matcher
*/
function extractRawAttributes(prefixedAttrs, options) {
	if (!prefixedAttrs) return {};
	const attrs = options.attributesGroupName ? prefixedAttrs[options.attributesGroupName] : prefixedAttrs;
	if (!attrs) return {};
	const rawAttrs = {};
	for (const key in attrs) if (key.startsWith(options.attributeNamePrefix)) {
		const rawName = key.substring(options.attributeNamePrefix.length);
		rawAttrs[rawName] = attrs[key];
	} else rawAttrs[key] = attrs[key];
	return rawAttrs;
}
/**
* Extract namespace from raw tag name
* @param {string} rawTagName - Tag name possibly with namespace (e.g., "soap:Envelope")
* @returns {string|undefined} Namespace or undefined
*/
function extractNamespace(rawTagName) {
	if (!rawTagName || typeof rawTagName !== "string") return void 0;
	const colonIndex = rawTagName.indexOf(":");
	if (colonIndex !== -1 && colonIndex > 0) {
		const ns = rawTagName.substring(0, colonIndex);
		if (ns !== "xmlns") return ns;
	}
}
var OrderedObjParser = class {
	constructor(options, externalEntities) {
		this.options = options;
		this.currentNode = null;
		this.tagsNodeStack = [];
		this.parseXml = parseXml;
		this.parseTextData = parseTextData;
		this.resolveNameSpace = resolveNameSpace;
		this.buildAttributesMap = buildAttributesMap;
		this.isItStopNode = isItStopNode;
		this.replaceEntitiesValue = replaceEntitiesValue;
		this.readStopNodeData = readStopNodeData;
		this.saveTextToParentTag = saveTextToParentTag;
		this.addChild = addChild;
		this.ignoreAttributesFn = getIgnoreAttributesFn(this.options.ignoreAttributes);
		this.entityExpansionCount = 0;
		this.currentExpandedLength = 0;
		this.doctypefound = false;
		let namedEntities = { ...XML };
		if (this.options.entityDecoder) this.entityDecoder = this.options.entityDecoder;
		else {
			if (typeof this.options.htmlEntities === "object") namedEntities = this.options.htmlEntities;
			else if (this.options.htmlEntities === true) namedEntities = {
				...COMMON_HTML,
				...CURRENCY
			};
			this.entityDecoder = new EntityDecoder({
				namedEntities: {
					...namedEntities,
					...externalEntities
				},
				numericAllowed: this.options.htmlEntities,
				limit: {
					maxTotalExpansions: this.options.processEntities.maxTotalExpansions,
					maxExpandedLength: this.options.processEntities.maxExpandedLength,
					applyLimitsTo: this.options.processEntities.appliesTo
				},
				onInputEntity: (name, value) => isUnsafe(value, [HTML_PATTERNS, XML_PATTERNS]) ? ENTITY_ACTION.BLOCK : ENTITY_ACTION.ALLOW
			});
		}
		this.matcher = new Matcher();
		this.readonlyMatcher = this.matcher.readOnly();
		this.isCurrentNodeStopNode = false;
		this.stopNodeExpressionsSet = new ExpressionSet();
		const stopNodesOpts = this.options.stopNodes;
		if (stopNodesOpts && stopNodesOpts.length > 0) {
			for (let i = 0; i < stopNodesOpts.length; i++) {
				const stopNodeExp = stopNodesOpts[i];
				if (typeof stopNodeExp === "string") this.stopNodeExpressionsSet.add(new Expression(stopNodeExp));
				else if (stopNodeExp instanceof Expression) this.stopNodeExpressionsSet.add(stopNodeExp);
			}
			this.stopNodeExpressionsSet.seal();
		}
	}
};
/**
* @param {string} val
* @param {string} tagName
* @param {string|Matcher} jPath - jPath string or Matcher instance based on options.jPath
* @param {boolean} dontTrim
* @param {boolean} hasAttributes
* @param {boolean} isLeafNode
* @param {boolean} escapeEntities
*/
function parseTextData(val, tagName, jPath, dontTrim, hasAttributes, isLeafNode, escapeEntities) {
	const options = this.options;
	if (val !== void 0) {
		if (options.trimValues && !dontTrim) val = val.trim();
		if (val.length > 0) {
			if (!escapeEntities) val = this.replaceEntitiesValue(val, tagName, jPath);
			const jPathOrMatcher = options.jPath ? jPath.toString() : jPath;
			const newval = options.tagValueProcessor(tagName, val, jPathOrMatcher, hasAttributes, isLeafNode);
			if (newval === null || newval === void 0) return val;
			else if (typeof newval !== typeof val || newval !== val) return newval;
			else if (options.trimValues) return parseValue(val, options.parseTagValue, options.numberParseOptions);
			else if (val.trim() === val) return parseValue(val, options.parseTagValue, options.numberParseOptions);
			else return val;
		}
	}
}
function resolveNameSpace(tagname) {
	if (this.options.removeNSPrefix) {
		const tags = tagname.split(":");
		const prefix = tagname.charAt(0) === "/" ? "/" : "";
		if (tags[0] === "xmlns") return "";
		if (tags.length === 2) tagname = prefix + tags[1];
	}
	return tagname;
}
const attrsRegx = /([^\s=]+)\s*(=\s*(?:"([^"]*)"|'([^']*)'))?/gm;
function attrValue(match) {
	return match[3] !== void 0 ? match[3] : match[4];
}
function buildAttributesMap(attrStr, jPath, tagName, force = false) {
	const options = this.options;
	if (force === true || options.ignoreAttributes !== true && typeof attrStr === "string") {
		const matches = getAllMatches(attrStr, attrsRegx);
		const len = matches.length;
		const attrs = {};
		const processedVals = new Array(len);
		let hasRawAttrs = false;
		const rawAttrsForMatcher = {};
		for (let i = 0; i < len; i++) {
			const attrName = this.resolveNameSpace(matches[i][1]);
			const oldVal = attrValue(matches[i]);
			if (attrName.length && oldVal !== void 0) {
				let val = oldVal;
				if (options.trimValues) val = val.trim();
				val = this.replaceEntitiesValue(val, tagName, this.readonlyMatcher);
				processedVals[i] = val;
				rawAttrsForMatcher[attrName] = val;
				hasRawAttrs = true;
			}
		}
		if (hasRawAttrs && typeof jPath === "object" && jPath.updateCurrent) jPath.updateCurrent(rawAttrsForMatcher);
		const jPathStr = options.jPath ? jPath.toString() : this.readonlyMatcher;
		let hasAttrs = false;
		for (let i = 0; i < len; i++) {
			const attrName = this.resolveNameSpace(matches[i][1]);
			if (this.ignoreAttributesFn(attrName, jPathStr)) continue;
			let aName = options.attributeNamePrefix + attrName;
			if (attrName.length) {
				if (options.transformAttributeName) aName = options.transformAttributeName(aName);
				aName = sanitizeName(aName, options);
				if (attrValue(matches[i]) !== void 0) {
					const oldVal = processedVals[i];
					const newVal = options.attributeValueProcessor(attrName, oldVal, jPathStr);
					if (newVal === null || newVal === void 0) attrs[aName] = oldVal;
					else if (typeof newVal !== typeof oldVal || newVal !== oldVal) attrs[aName] = newVal;
					else attrs[aName] = parseValue(oldVal, options.parseAttributeValue, options.numberParseOptions);
					hasAttrs = true;
				} else if (options.allowBooleanAttributes) {
					attrs[aName] = true;
					hasAttrs = true;
				}
			}
		}
		if (!hasAttrs) return;
		if (options.attributesGroupName && !options.preserveOrder) {
			const attrCollection = {};
			attrCollection[options.attributesGroupName] = attrs;
			return attrCollection;
		}
		return attrs;
	}
}
const parseXml = function(xmlData) {
	const options = this.options;
	const crlfPositions = options.captureMetaData ? [] : void 0;
	xmlData = xmlData.replace(/\r\n?/g, options.captureMetaData ? (newline, index) => {
		if (newline.length === 2) crlfPositions.push(index - crlfPositions.length);
		return "\n";
	} : "\n");
	const xmlObj = new XmlNode("!xml");
	let currentNode = xmlObj;
	let textData = "";
	this.matcher.reset();
	this.entityDecoder.reset();
	this.entityExpansionCount = 0;
	this.currentExpandedLength = 0;
	this.doctypefound = false;
	const docTypeReader = new DocTypeReader(options.processEntities);
	const xmlLen = xmlData.length;
	for (let i = 0; i < xmlLen; i++) if (xmlData[i] === "<") {
		const c1 = xmlData.charCodeAt(i + 1);
		if (c1 === 47) {
			const closeIndex = findClosingIndex(xmlData, ">", i, "Closing Tag is not closed.");
			let tagName = xmlData.substring(i + 2, closeIndex).trim();
			if (options.removeNSPrefix) {
				const colonIndex = tagName.indexOf(":");
				if (colonIndex !== -1) tagName = tagName.substr(colonIndex + 1);
			}
			tagName = transformTagName(options.transformTagName, tagName, "", options).tagName;
			if (currentNode) textData = this.saveTextToParentTag(textData, currentNode, this.readonlyMatcher);
			const lastTagName = this.matcher.getCurrentTag();
			if (tagName && options.unpairedTagsSet.has(tagName)) throw new Error(`Unpaired tag can not be used as closing tag: </${tagName}>`);
			if (lastTagName && options.unpairedTagsSet.has(lastTagName)) {
				this.matcher.pop();
				this.tagsNodeStack.pop();
			}
			this.matcher.pop();
			this.isCurrentNodeStopNode = false;
			currentNode = this.tagsNodeStack.pop() || xmlObj;
			if (options.captureMetaData && currentNode) currentNode.addEndIndex(getOriginalIndex(closeIndex + 1, crlfPositions));
			textData = "";
			i = closeIndex;
		} else if (c1 === 63) {
			let tagData = readTagExp(xmlData, i, false, "?>");
			if (!tagData) throw new Error("Pi Tag is not closed.");
			textData = this.saveTextToParentTag(textData, currentNode, this.readonlyMatcher);
			const attsMap = this.buildAttributesMap(tagData.tagExp, this.matcher, tagData.tagName, true);
			if (attsMap) {
				const ver = attsMap[this.options.attributeNamePrefix + "version"];
				this.entityDecoder.setXmlVersion(Number(ver) || 1);
				docTypeReader.setXmlVersion(Number(ver) || 1);
			}
			if (options.ignoreDeclaration && tagData.tagName === "?xml" || options.ignorePiTags) {} else {
				const childNode = new XmlNode(tagData.tagName);
				childNode.add(options.textNodeName, "");
				if (tagData.tagName !== tagData.tagExp && tagData.attrExpPresent && options.ignoreAttributes !== true) childNode[":@"] = attsMap;
				const startIndex = options.captureMetaData ? getOriginalIndex(i, crlfPositions) : i;
				this.addChild(currentNode, childNode, this.readonlyMatcher, startIndex);
				if (options.captureMetaData) currentNode.addEndIndex(getOriginalIndex(tagData.closeIndex + 2, crlfPositions));
			}
			i = tagData.closeIndex + 1;
		} else if (c1 === 33 && xmlData.charCodeAt(i + 2) === 45 && xmlData.charCodeAt(i + 3) === 45) {
			const endIndex = findClosingIndex(xmlData, "-->", i + 4, "Comment is not closed.");
			if (options.commentPropName) {
				const comment = xmlData.substring(i + 4, endIndex - 2);
				textData = this.saveTextToParentTag(textData, currentNode, this.readonlyMatcher);
				currentNode.add(options.commentPropName, [{ [options.textNodeName]: comment }]);
			}
			i = endIndex;
		} else if (c1 === 33 && xmlData.charCodeAt(i + 2) === 68) {
			if (this.doctypefound) throw new Error("Multiple DOCTYPE declarations found.");
			this.doctypefound = true;
			const result = docTypeReader.readDocType(xmlData, i);
			this.entityDecoder.addInputEntities(result.entities);
			i = result.i;
		} else if (c1 === 33 && xmlData.charCodeAt(i + 2) === 91) {
			const closeIndex = findClosingIndex(xmlData, "]]>", i, "CDATA is not closed.") - 2;
			const tagExp = xmlData.substring(i + 9, closeIndex);
			textData = this.saveTextToParentTag(textData, currentNode, this.readonlyMatcher);
			let val = this.parseTextData(tagExp, currentNode.tagname, this.readonlyMatcher, true, false, true, true);
			if (val == void 0) val = "";
			if (options.cdataPropName) currentNode.add(options.cdataPropName, [{ [options.textNodeName]: tagExp }]);
			else currentNode.add(options.textNodeName, val);
			i = closeIndex + 2;
		} else {
			let result = readTagExp(xmlData, i, options.removeNSPrefix);
			if (!result) {
				const context = xmlData.substring(Math.max(0, i - 50), Math.min(xmlLen, i + 50));
				throw new Error(`readTagExp returned undefined at position ${i}. Context: "${context}"`);
			}
			let tagName = result.tagName;
			const rawTagName = result.rawTagName;
			let tagExp = result.tagExp;
			let attrExpPresent = result.attrExpPresent;
			let closeIndex = result.closeIndex;
			({tagName, tagExp} = transformTagName(options.transformTagName, tagName, tagExp, options));
			if (options.strictReservedNames && (tagName === options.commentPropName || tagName === options.cdataPropName || tagName === options.textNodeName || tagName === options.attributesGroupName)) throw new Error(`Invalid tag name: ${tagName}`);
			if (currentNode && textData) {
				if (currentNode.tagname !== "!xml") textData = this.saveTextToParentTag(textData, currentNode, this.readonlyMatcher, false);
			}
			const lastTag = currentNode;
			if (lastTag && options.unpairedTagsSet.has(lastTag.tagname)) {
				currentNode = this.tagsNodeStack.pop();
				this.matcher.pop();
			}
			let isSelfClosing = false;
			if (tagExp.length > 0 && tagExp.lastIndexOf("/") === tagExp.length - 1) {
				isSelfClosing = true;
				if (tagName[tagName.length - 1] === "/") {
					tagName = tagName.substr(0, tagName.length - 1);
					tagExp = tagName;
				} else tagExp = tagExp.substr(0, tagExp.length - 1);
				attrExpPresent = tagName !== tagExp;
			}
			let prefixedAttrs = null;
			let namespace = void 0;
			namespace = extractNamespace(rawTagName);
			if (tagName !== xmlObj.tagname) this.matcher.push(tagName, {}, namespace);
			if (tagName !== tagExp && attrExpPresent) {
				prefixedAttrs = this.buildAttributesMap(tagExp, this.matcher, tagName);
				if (prefixedAttrs) extractRawAttributes(prefixedAttrs, options);
			}
			if (tagName !== xmlObj.tagname) this.isCurrentNodeStopNode = this.isItStopNode();
			const startIndex = options.captureMetaData ? getOriginalIndex(i, crlfPositions) : i;
			if (this.isCurrentNodeStopNode) {
				let tagContent = "";
				if (isSelfClosing) i = result.closeIndex;
				else if (options.unpairedTagsSet.has(tagName)) i = result.closeIndex;
				else {
					const result = this.readStopNodeData(xmlData, rawTagName, closeIndex + 1);
					if (!result) throw new Error(`Unexpected end of ${rawTagName}`);
					i = result.i;
					tagContent = result.tagContent;
				}
				const childNode = new XmlNode(tagName);
				if (prefixedAttrs) childNode[":@"] = prefixedAttrs;
				childNode.add(options.textNodeName, tagContent);
				this.matcher.pop();
				this.isCurrentNodeStopNode = false;
				this.addChild(currentNode, childNode, this.readonlyMatcher, startIndex);
				if (options.captureMetaData) currentNode.addEndIndex(getOriginalIndex(i + 1, crlfPositions));
			} else {
				if (isSelfClosing) {
					({tagName, tagExp} = transformTagName(options.transformTagName, tagName, tagExp, options));
					const childNode = new XmlNode(tagName);
					if (prefixedAttrs) childNode[":@"] = prefixedAttrs;
					this.addChild(currentNode, childNode, this.readonlyMatcher, startIndex);
					if (options.captureMetaData) currentNode.addEndIndex(getOriginalIndex(closeIndex + 1, crlfPositions));
					this.matcher.pop();
					this.isCurrentNodeStopNode = false;
				} else if (options.unpairedTagsSet.has(tagName)) {
					const childNode = new XmlNode(tagName);
					if (prefixedAttrs) childNode[":@"] = prefixedAttrs;
					this.addChild(currentNode, childNode, this.readonlyMatcher, startIndex);
					if (options.captureMetaData) currentNode.addEndIndex(getOriginalIndex(result.closeIndex + 1, crlfPositions));
					this.matcher.pop();
					this.isCurrentNodeStopNode = false;
					i = result.closeIndex;
					continue;
				} else {
					const childNode = new XmlNode(tagName);
					if (this.tagsNodeStack.length > options.maxNestedTags) throw new Error("Maximum nested tags exceeded");
					this.tagsNodeStack.push(currentNode);
					if (prefixedAttrs) childNode[":@"] = prefixedAttrs;
					this.addChild(currentNode, childNode, this.readonlyMatcher, startIndex);
					currentNode = childNode;
				}
				textData = "";
				i = closeIndex;
			}
		}
	} else textData += xmlData[i];
	return xmlObj.child;
};
function getOriginalIndex(index, crlfPositions) {
	let low = 0;
	let high = crlfPositions.length;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (crlfPositions[middle] < index) low = middle + 1;
		else high = middle;
	}
	return index + low;
}
function addChild(currentNode, childNode, matcher, startIndex) {
	if (!this.options.captureMetaData) startIndex = void 0;
	const jPathOrMatcher = this.options.jPath ? matcher.toString() : matcher;
	const result = this.options.updateTag(childNode.tagname, jPathOrMatcher, childNode[":@"]);
	if (result === false) {} else if (typeof result === "string") {
		childNode.tagname = result;
		currentNode.addChild(childNode, startIndex);
	} else currentNode.addChild(childNode, startIndex);
}
/**
* @param {object} val - Entity object with regex and val properties
* @param {string} tagName - Tag name
* @param {string|Matcher} jPath - jPath string or Matcher instance based on options.jPath
*/
function replaceEntitiesValue(val, tagName, jPath) {
	const entityConfig = this.options.processEntities;
	if (!entityConfig || !entityConfig.enabled) return val;
	if (entityConfig.allowedTags) {
		const jPathOrMatcher = this.options.jPath ? jPath.toString() : jPath;
		if (!(Array.isArray(entityConfig.allowedTags) ? entityConfig.allowedTags.includes(tagName) : entityConfig.allowedTags(tagName, jPathOrMatcher))) return val;
	}
	if (entityConfig.tagFilter) {
		const jPathOrMatcher = this.options.jPath ? jPath.toString() : jPath;
		if (!entityConfig.tagFilter(tagName, jPathOrMatcher)) return val;
	}
	return this.entityDecoder.decode(val);
}
function saveTextToParentTag(textData, parentNode, matcher, isLeafNode) {
	if (textData) {
		if (isLeafNode === void 0) isLeafNode = parentNode.child.length === 0;
		textData = this.parseTextData(textData, parentNode.tagname, matcher, false, parentNode[":@"] ? Object.keys(parentNode[":@"]).length !== 0 : false, isLeafNode);
		if (textData !== void 0 && textData !== "") parentNode.add(this.options.textNodeName, textData);
		textData = "";
	}
	return textData;
}
/**
* @param {Array<Expression>} stopNodeExpressions - Array of compiled Expression objects
* @param {Matcher} matcher - Current path matcher
*/
function isItStopNode() {
	if (this.stopNodeExpressionsSet.size === 0) return false;
	return this.matcher.matchesAny(this.stopNodeExpressionsSet);
}
/**
* Returns the tag Expression and where it is ending handling single-double quotes situation
* @param {string} xmlData 
* @param {number} i starting index
* @returns 
*/
function tagExpWithClosingIndex(xmlData, i, closingChar = ">") {
	const len = xmlData.length;
	const closeCode0 = closingChar.charCodeAt(0);
	const closeCode1 = closingChar.length > 1 ? closingChar.charCodeAt(1) : -1;
	let result = "";
	let segmentStart = i;
	for (let index = i; index < len; index++) {
		const code = xmlData.charCodeAt(index);
		if (code === 34 || code === 39) {
			index = xmlData.indexOf(xmlData[index], index + 1);
			if (index === -1) return;
		} else if (code === closeCode0) {
			if (closeCode1 !== -1) {
				if (xmlData.charCodeAt(index + 1) === closeCode1) {
					result += xmlData.substring(segmentStart, index);
					return {
						data: result,
						index
					};
				}
			} else {
				result += xmlData.substring(segmentStart, index);
				return {
					data: result,
					index
				};
			}
		} else if (code === 9) {
			result += xmlData.substring(segmentStart, index) + " ";
			segmentStart = index + 1;
		}
	}
}
function findClosingIndex(xmlData, str, i, errMsg) {
	const closingIndex = xmlData.indexOf(str, i);
	if (closingIndex === -1) throw new Error(errMsg);
	else return closingIndex + str.length - 1;
}
function findClosingChar(xmlData, char, i, errMsg) {
	const closingIndex = xmlData.indexOf(char, i);
	if (closingIndex === -1) throw new Error(errMsg);
	return closingIndex;
}
function readTagExp(xmlData, i, removeNSPrefix, closingChar = ">") {
	const result = tagExpWithClosingIndex(xmlData, i + 1, closingChar);
	if (!result) return;
	let tagExp = result.data;
	const closeIndex = result.index;
	const separatorIndex = tagExp.search(/\s/);
	let tagName = tagExp;
	let attrExpPresent = true;
	if (separatorIndex !== -1) {
		tagName = tagExp.substring(0, separatorIndex);
		tagExp = tagExp.substring(separatorIndex + 1).trimStart();
	}
	const rawTagName = tagName;
	if (removeNSPrefix) {
		const colonIndex = tagName.indexOf(":");
		if (colonIndex !== -1) {
			tagName = tagName.substr(colonIndex + 1);
			attrExpPresent = tagName !== result.data.substr(colonIndex + 1);
		}
	}
	return {
		tagName,
		tagExp,
		closeIndex,
		attrExpPresent,
		rawTagName
	};
}
/**
* find paired tag for a stop node
* @param {string} xmlData 
* @param {string} tagName 
* @param {number} i 
*/
function readStopNodeData(xmlData, tagName, i) {
	const startIndex = i;
	let openTagCount = 1;
	let lenient = false;
	let nextGt = -1;
	const xmllen = xmlData.length;
	for (; i < xmllen; i++) if (xmlData[i] === "<") {
		const c1 = xmlData.charCodeAt(i + 1);
		if (c1 === 47) {
			const closeIndex = findClosingChar(xmlData, ">", i, `${tagName} is not closed`);
			if (xmlData.substring(i + 2, closeIndex).trim() === tagName) {
				openTagCount--;
				if (openTagCount === 0) return {
					tagContent: xmlData.substring(startIndex, i),
					i: closeIndex
				};
			}
			i = closeIndex;
		} else if (c1 === 63) i = findClosingIndex(xmlData, "?>", i + 1, "StopNode is not closed.");
		else if (c1 === 33 && xmlData.charCodeAt(i + 2) === 45 && xmlData.charCodeAt(i + 3) === 45) i = findClosingIndex(xmlData, "-->", i + 3, "StopNode is not closed.");
		else if (c1 === 33 && xmlData.charCodeAt(i + 2) === 91) i = findClosingIndex(xmlData, "]]>", i, "StopNode is not closed.") - 2;
		else {
			const tagData = lenient ? void 0 : readTagExp(xmlData, i, false);
			if (tagData) {
				if (tagData.tagName === tagName && tagData.tagExp[tagData.tagExp.length - 1] !== "/") openTagCount++;
				i = tagData.closeIndex;
			} else {
				lenient = true;
				if (nextGt < i) {
					nextGt = xmlData.indexOf(">", i);
					if (nextGt === -1) return;
				}
				const nextLt = xmlData.indexOf("<", i + 1);
				if (nextLt === -1 || nextLt > nextGt) {
					const exp = xmlData.substring(i + 1, nextGt);
					const sep = exp.search(/\s/);
					if ((sep === -1 ? exp : exp.substring(0, sep)) === tagName && exp[exp.length - 1] !== "/") openTagCount++;
					i = nextGt;
				}
			}
		}
	}
}
function parseValue(val, shouldParse, options) {
	if (shouldParse && typeof val === "string") {
		const newval = val.trim();
		if (newval === "true") return true;
		else if (newval === "false") return false;
		else return toNumber(val, options);
	} else if (isExist(val)) return val;
	else return "";
}
function transformTagName(fn, tagName, tagExp, options) {
	if (fn) {
		const newTagName = fn(tagName);
		if (tagExp === tagName) tagExp = newTagName;
		tagName = newTagName;
	}
	tagName = sanitizeName(tagName, options);
	return {
		tagName,
		tagExp
	};
}
function sanitizeName(name, options) {
	if (criticalProperties.includes(name)) throw new Error(`[SECURITY] Invalid name: "${name}" is a reserved JavaScript keyword that could cause prototype pollution`);
	else if (DANGEROUS_PROPERTY_NAMES.includes(name)) return options.onDangerousProperty(name);
	return name;
}

// node_modules/fast-xml-parser/src/xmlparser/node2json.js
const METADATA_SYMBOL = XmlNode.getMetaDataSymbol();
/**
* Helper function to strip attribute prefix from attribute map
* @param {object} attrs - Attributes with prefix (e.g., {"@_class": "code"})
* @param {string} prefix - Attribute prefix to remove (e.g., "@_")
* @returns {object} Attributes without prefix (e.g., {"class": "code"})
*/
function stripAttributePrefix(attrs, prefix) {
	if (!attrs || typeof attrs !== "object") return {};
	if (!prefix) return attrs;
	const rawAttrs = {};
	for (const key in attrs) if (key.startsWith(prefix)) {
		const rawName = key.substring(prefix.length);
		rawAttrs[rawName] = attrs[key];
	} else rawAttrs[key] = attrs[key];
	return rawAttrs;
}
/**
* 
* @param {array} node 
* @param {any} options 
* @param {Matcher} matcher - Path matcher instance
* @returns 
*/
function prettify(node, options, matcher, readonlyMatcher) {
	return compress(node, options, matcher, readonlyMatcher);
}
/**
* @param {array} arr 
* @param {object} options 
* @param {Matcher} matcher - Path matcher instance
* @returns object
*/
function compress(arr, options, matcher, readonlyMatcher) {
	let text;
	const compressedObj = {};
	for (let i = 0; i < arr.length; i++) {
		const tagObj = arr[i];
		const property = propName(tagObj);
		if (property !== void 0 && property !== options.textNodeName) {
			const rawAttrs = stripAttributePrefix(tagObj[":@"] || {}, options.attributeNamePrefix);
			matcher.push(property, rawAttrs);
		}
		if (property === options.textNodeName) {
			if (text === void 0) text = tagObj[property];
			else text += "" + tagObj[property];
		} else if (property === void 0) continue;
		else if (tagObj[property]) {
			let val = compress(tagObj[property], options, matcher, readonlyMatcher);
			const isLeaf = isLeafTag(val, options);
			if (Object.keys(val).length === 0 && options.alwaysCreateTextNode) val[options.textNodeName] = "";
			if (tagObj[":@"]) assignAttributes(val, tagObj[":@"], readonlyMatcher, options);
			else if (Object.keys(val).length === 1 && val[options.textNodeName] !== void 0 && !options.alwaysCreateTextNode) val = val[options.textNodeName];
			else if (Object.keys(val).length === 0) {
				if (options.alwaysCreateTextNode) val[options.textNodeName] = "";
				else val = "";
			}
			if (tagObj[METADATA_SYMBOL] !== void 0 && typeof val === "object" && val !== null) val[METADATA_SYMBOL] = tagObj[METADATA_SYMBOL];
			if (compressedObj[property] !== void 0 && Object.prototype.hasOwnProperty.call(compressedObj, property)) {
				if (!Array.isArray(compressedObj[property])) compressedObj[property] = [compressedObj[property]];
				compressedObj[property].push(val);
			} else {
				const jPathOrMatcher = options.jPath ? readonlyMatcher.toString() : readonlyMatcher;
				if (options.isArray(property, jPathOrMatcher, isLeaf)) compressedObj[property] = [val];
				else compressedObj[property] = val;
			}
			if (property !== void 0 && property !== options.textNodeName) matcher.pop();
		}
	}
	if (typeof text === "string") {
		if (text.length > 0) compressedObj[options.textNodeName] = text;
	} else if (text !== void 0) compressedObj[options.textNodeName] = text;
	return compressedObj;
}
function propName(obj) {
	const keys = Object.keys(obj);
	for (let i = 0; i < keys.length; i++) {
		const key = keys[i];
		if (key !== ":@") return key;
	}
}
function assignAttributes(obj, attrMap, readonlyMatcher, options) {
	if (attrMap) {
		const keys = Object.keys(attrMap);
		const len = keys.length;
		for (let i = 0; i < len; i++) {
			const atrrName = keys[i];
			const rawAttrName = atrrName.startsWith(options.attributeNamePrefix) ? atrrName.substring(options.attributeNamePrefix.length) : atrrName;
			const jPathOrMatcher = options.jPath ? readonlyMatcher.toString() + "." + rawAttrName : readonlyMatcher;
			if (options.isArray(atrrName, jPathOrMatcher, true, true)) obj[atrrName] = [attrMap[atrrName]];
			else obj[atrrName] = attrMap[atrrName];
		}
	}
}
function isLeafTag(obj, options) {
	const { textNodeName } = options;
	const propCount = Object.keys(obj).length;
	if (propCount === 0) return true;
	if (propCount === 1 && (obj[textNodeName] || typeof obj[textNodeName] === "boolean" || obj[textNodeName] === 0)) return true;
	return false;
}

// node_modules/fast-xml-parser/src/xmlparser/XMLParser.js
var XMLParser = class {
	constructor(options) {
		this.externalEntities = {};
		this.options = buildOptions(options);
	}
	/**
	* Parse XML dats to JS object 
	* @param {string|Uint8Array} xmlData 
	* @param {boolean|Object} validationOption 
	*/
	parse(xmlData, validationOption) {
		if (typeof xmlData !== "string" && xmlData.toString) {
			if (xmlData instanceof Uint8Array && !(typeof Buffer !== "undefined" && Buffer.isBuffer(xmlData))) xmlData = new TextDecoder("utf-8", { ignoreBOM: true }).decode(xmlData);
			else xmlData = xmlData.toString();
		} else if (typeof xmlData !== "string") throw new Error("XML data is accepted in String or Bytes[] form.");
		if (validationOption) {
			if (validationOption === true) validationOption = {};
			const result = validate$1(xmlData, validationOption);
			if (result !== true) throw Error(`${result.err.msg}:${result.err.line}:${result.err.col}`);
		}
		const orderedObjParser = new OrderedObjParser(this.options, this.externalEntities);
		const orderedResult = orderedObjParser.parseXml(xmlData);
		if (this.options.preserveOrder || orderedResult === void 0) return orderedResult;
		else return prettify(orderedResult, this.options, orderedObjParser.matcher, orderedObjParser.readonlyMatcher);
	}
	/**
	* Add Entity which is not by default supported by this library
	* @param {string} key 
	* @param {string} value 
	*/
	addEntity(key, value) {
		if (value.indexOf("&") !== -1) throw new Error("Entity value can't have '&'");
		else if (key.indexOf("&") !== -1 || key.indexOf(";") !== -1) throw new Error("An entity must be set without '&' and ';'. Eg. use '#xD' for '&#xD;'");
		else if (value === "&") throw new Error("An entity with value '&' is not permitted");
		else this.externalEntities[key] = value;
	}
	/**
	* Returns a Symbol that can be used to access the metadata
	* property on a node.
	* 
	* If Symbol is not available in the environment, an ordinary property is used
	* and the name of the property is here returned.
	* 
	* The XMLMetaData property is only present when `captureMetaData`
	* is true in the options.
	*/
	static getMetaDataSymbol() {
		return XmlNode.getMetaDataSymbol();
	}
};

// node_modules/fast-xml-parser/src/fxp.js
const XMLValidator = { validate: validate$1 };

// src/engines/memcheck/xml-tree.ts
/** Text that is not the expected XML; the message completes "<error> is malformed: ". */
var MalformedXml = class extends Error {
	name = "MalformedXml";
};
const TEXT = "#text";
const parser = new XMLParser({
	preserveOrder: true,
	parseTagValue: false,
	trimValues: false,
	textNodeName: TEXT,
	jPath: false
});
/** Throws only `MalformedXml`, for anything but one complete element. */
function parseElement(xml) {
	if (xml.includes("<!DOCTYPE")) throw new MalformedXml("it has a document type");
	validate(xml);
	const [root, ...others] = toNodes(parse(xml));
	if (root === void 0 || others.length > 0) throw new MalformedXml("it is not one element");
	return root;
}
/** The parser closes the innermost element at any end tag, whatever its name; the validator does not. */
function validate(xml) {
	const validity = attempt(() => XMLValidator.validate(xml));
	if (validity !== true) throw new MalformedXml(validity.err.msg.slice(0, 200));
}
function parse(xml) {
	return attempt(() => parser.parse(xml));
}
function attempt(action) {
	try {
		return action();
	} catch (thrown) {
		throw new MalformedXml(messageOf(thrown).slice(0, 200), { cause: thrown });
	}
}
/** The parser returns a list of objects with one key each, the name; its value is again a list, or the text. */
function toNodes(parsed) {
	if (!Array.isArray(parsed)) return [];
	return parsed.flatMap((entry) => Object.entries(entry ?? {}).map(([name, content]) => toNode(name, content)));
}
function toNode(name, content) {
	if (name === TEXT) return {
		name,
		text: String(content),
		children: []
	};
	const nodes = toNodes(content);
	return {
		name,
		text: nodes.filter((node) => node.name === TEXT).map((node) => node.text).join(""),
		children: nodes.filter((node) => node.name !== TEXT)
	};
}
function childOf(node, name) {
	return node.children.find((child) => child.name === name);
}
/** The text of a child without surrounding white space; undefined if there is no such child. */
function textOf$1(node, name) {
	return childOf(node, name)?.text.trim();
}
/** Throws `MalformedXml` if there is no such child. */
function requiredText(node, name) {
	const text = textOf$1(node, name);
	if (text === void 0) throw new MalformedXml(`it has no <${name}>`);
	return text;
}
/** Throws `MalformedXml` for anything but a whole number that a double can hold. */
function integerOf(text, name) {
	const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
	if (!Number.isSafeInteger(value)) throw new MalformedXml(`<${name}> is not a whole number: ${JSON.stringify(text.slice(0, 40))}`);
	return value;
}

// src/engines/memcheck/xml-stack.ts
/** The report of a small Python program has a thousand different frames, of 250 characters; an entry takes about 1 KB. */
const CACHED_FRAMES = 2e4;
const CACHED_LENGTH = 1024;
/** Valgrind keeps at most 500 frames, plus the functions inlined into them. */
const MAX_FRAMES = 5e3;
const FRAME_END = "</frame>";
/**
* Reads stacks and caches frames by their text. Nine tenths of memcheck's XML are frames, mostly the same thousand repeated, and the parser
* reads and validates only 7 MB/s: with the cache, a file is read seven times as fast. Equal frames are one object, so many errors take little
* memory. Measured by `bench/xml.ts`.
*/
var StackReader = class {
	#frames = /* @__PURE__ */ new Map();
	/** Reads the text between `<stack>` and `</stack>`; throws `MalformedXml`. */
	read(body) {
		const texts = body.split(FRAME_END);
		if (texts.length > MAX_FRAMES) throw new MalformedXml(`a <stack> has more than ${MAX_FRAMES} frames`);
		if (texts.pop()?.trim() !== "") throw new MalformedXml("a <stack> holds something else than <frame>");
		return texts.map((text) => this.#frames.get(text) ?? this.#remember(text));
	}
	#remember(text) {
		const frame = toFrame(parseElement(text.trimStart() + FRAME_END));
		if (text.length > CACHED_LENGTH) return frame;
		if (this.#frames.size >= CACHED_FRAMES) this.#frames.clear();
		this.#frames.set(detached(text), frame);
		return frame;
	}
};
/** A copy, since a substring keeps the whole text of the error in memory. */
function detached(text) {
	return Buffer.from(text).toString();
}
function toFrame(node) {
	if (node.name !== "frame") throw new MalformedXml("a <stack> holds something else than <frame>");
	const [object, name, directory, file, line] = [
		"obj",
		"fn",
		"dir",
		"file",
		"line"
	].map((tag) => textOf$1(node, tag));
	return {
		address: requiredText(node, "ip"),
		...object !== void 0 && { object },
		...name !== void 0 && { function: name },
		...directory !== void 0 && { directory },
		...file !== void 0 && { file },
		...line !== void 0 && { line: integerOf(line, "line") }
	};
}

// src/engines/memcheck/xml-error.ts
/** Throws `MalformedXml`. */
function readError(text, stackReader) {
	const { xml, stacks, suppression } = takeApart(text);
	const node = parseElement(escapeRawText(xml));
	const framesOf = (stack) => stackReader.read(stacks[integerOf(stack.text, "stack")] ?? "");
	const leaked = readLeaked(node);
	const what = readWhat(node);
	const record = leaked && recordNumber(what);
	return {
		unique: requiredText(node, "unique"),
		kind: requiredText(node, "kind"),
		what: leaked === void 0 ? what : "",
		...readStacks(node, framesOf),
		...leaked !== void 0 && { leaked },
		...record !== void 0 && { record },
		...suppression !== void 0 && { suppression: readSuppression(suppression) }
	};
}
/**
* Valgrind does not escape thread names (Python 3.14 sets them: "Thread-1 (<lambda>)"), paths of file descriptors, and texts with such a path.
* Each is on a separate line.
*/
function escapeRawText(xml) {
	return xml.replace(/^( *<(threadname|path|what)>)(.*)(<\/\2>)$/gm, (_line, start, _name, raw, end) => start + escapeText(raw) + end);
}
/** Keeps the escapes that valgrind makes elsewhere. */
function escapeText(raw) {
	return raw.replace(/&(?!(?:amp|lt|gt);)/g, "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function takeApart(text) {
	const cut = text.indexOf("<suppression>");
	const [start, ...parts] = (cut < 0 ? text : `${text.slice(0, cut)}</error>`).split("<stack>");
	const ends = parts.map((part) => part.indexOf("</stack>"));
	if (ends.includes(-1)) throw new MalformedXml("a <stack> does not end");
	return {
		xml: start + parts.map((part, index) => `<stack>${index}${part.slice(ends[index])}`).join(""),
		stacks: parts.map((part, index) => part.slice(0, ends[index])),
		suppression: cut < 0 ? void 0 : text.slice(cut)
	};
}
/** Most errors have one line of text, some have two. */
function readWhat(node) {
	const lines = node.children.filter(({ name }) => name === "what" || name === "xwhat").map(lineOf);
	if (lines.length === 0) throw new MalformedXml("it has no <what>");
	return lines.join("\n");
}
/** `… are definitely lost in loss record 1,024 of 2,048`; newer valgrinds say `new loss record`. */
function recordNumber(what) {
	const digits = /loss record ([\d,]+) of/.exec(what)?.[1]?.replaceAll(",", "");
	return digits === void 0 ? void 0 : Number(digits);
}
/** From `<what>`, or from `<xwhat>`, whose line is in a `<text>`. */
function lineOf(node) {
	return textOf$1(node, "text") ?? node.text.trim();
}
/** The first stack is the error's own unless a text comes before it; each further stack belongs to the preceding text. */
function readStacks(node, framesOf) {
	let frames;
	const auxiliary = [];
	for (const child of node.children.flatMap(unfoldOrigin)) {
		const last = auxiliary.at(-1);
		if (/^x?auxwhat$/.test(child.name)) auxiliary.push({
			what: lineOf(child),
			frames: []
		});
		else if (child.name !== "stack") continue;
		else if (frames === void 0 && last === void 0) frames = framesOf(child);
		else if (last?.frames.length === 0) auxiliary.splice(-1, 1, {
			what: last.what,
			frames: framesOf(child)
		});
		else auxiliary.push({
			what: "",
			frames: framesOf(child)
		});
	}
	return {
		frames: frames ?? [],
		auxiliary
	};
}
/** Old versions put the origin of an uninitialised value, a text and a stack, into a separate element. */
function unfoldOrigin(node) {
	if (node.name !== "origin") return [node];
	return node.children.map((child) => child.name === "what" ? {
		...child,
		name: "auxwhat"
	} : child);
}
function readLeaked(node) {
	const xwhat = node.children.find((child) => childOf(child, "leakedbytes") ?? childOf(child, "leakedblocks"));
	if (xwhat === void 0) return void 0;
	const read = (name) => integerOf(requiredText(xwhat, name), name);
	return {
		bytes: read("leakedbytes"),
		blocks: read("leakedblocks")
	};
}
/** The raw text is complete; the tags before it repeat it. */
function readSuppression(xml) {
	const start = xml.indexOf("<rawtext>");
	if (start < 0) throw new MalformedXml("its <suppression> has no <rawtext>");
	const end = xml.lastIndexOf("</rawtext>");
	return detached(parseElement(`${xml.slice(start, end)}</rawtext>`).text.trim());
}

// src/engines/memcheck/xml-event.ts
/** Undefined for elements that are not about errors: `<args>`, the summaries of protocol 6, … Throws `MalformedXml`. */
function readEvent(name, text, stackReader) {
	switch (name) {
		case "error": return {
			type: "error",
			error: readError(text, stackReader)
		};
		case "status": return readStatus(text);
		case "clientmsg": return readMessage(text);
		case "suppcounts": return {
			type: "suppressed",
			counts: readCounts(text)
		};
		default: return;
	}
}
function readStatus(text) {
	const state = requiredText(parseElement(text), "state");
	if (state !== "RUNNING" && state !== "FINISHED") throw new MalformedXml(`its state is ${JSON.stringify(state.slice(0, 40))}`);
	return {
		type: "state",
		state
	};
}
/** Valgrind indents the end tag by two blanks, which are not the program's, and a message usually ends with a line break. */
function readMessage(text) {
	const node = parseElement(escapeRawText(text));
	const message = childOf(node, "text");
	if (message === void 0) throw new MalformedXml("it has no <text>");
	return {
		type: "message",
		text: message.text.replace(/\n? {2}$/, "")
	};
}
function readCounts(text) {
	const pairs = parseElement(text).children;
	return new Map(pairs.map((pair) => [requiredText(pair, "name"), integerOf(requiredText(pair, "count"), "count")]));
}

// src/engines/memcheck/xml-header.ts
/** The protocols that memcheck has written since valgrind 3.5. */
const MIN_PROTOCOL = 4;
const MAX_PROTOCOL = 6;
/** Undefined if the element is not part of the header; throws `MalformedXml`. */
function extendHeader(header, name, xml) {
	const added = readField(name, xml);
	if (added !== void 0 && processOf(header) !== void 0) throw new MalformedXml("the file has it twice");
	return added && {
		...header,
		...added
	};
}
function readField(name, xml) {
	switch (name) {
		case "protocolversion": return { protocol: readInteger(name, xml) };
		case "protocoltool": return { tool: parseElement(xml).text.trim() };
		case "pid": return { pid: readInteger(name, xml) };
		case "ppid": return { parentPid: readInteger(name, xml) };
		default: return;
	}
}
function readInteger(name, xml) {
	return integerOf(parseElement(xml).text.trim(), name);
}
/** Why a file with this header can't be read; undefined if it can so far. `inBody`: other elements follow already. */
function refusalOf({ protocol, tool }, inBody) {
	if (protocol !== void 0 && (protocol < MIN_PROTOCOL || protocol > MAX_PROTOCOL)) return `it follows protocol ${protocol} of valgrind's XML, and only ${MIN_PROTOCOL} to ${MAX_PROTOCOL} are known`;
	if (tool !== void 0 && tool !== "memcheck") return `it was written by ${JSON.stringify(tool.slice(0, 40))}, not by memcheck`;
	return inBody && (protocol === void 0 || tool === void 0) ? "it does not begin with valgrind's protocol and tool" : void 0;
}
/** Undefined while the header is incomplete. */
function processOf({ protocol, tool, pid, parentPid }) {
	if (protocol === void 0 || tool === void 0 || pid === void 0 || parentPid === void 0) return void 0;
	return {
		type: "process",
		protocol,
		tool,
		pid,
		parentPid
	};
}

// src/engines/memcheck/byte-window.ts
const FIRST_SIZE = 262144;
const BLANKS = new Set(Buffer.from(" 	\r\n"));
/** Bytes are appended at the end and dropped at the front; both cost constant time per byte, whatever the sizes of the chunks. */
var ByteWindow = class {
	#store = Buffer.allocUnsafe(FIRST_SIZE);
	#start = 0;
	#end = 0;
	#dropped = 0;
	/** A view, valid until the next `append`. */
	get bytes() {
		return this.#store.subarray(this.#start, this.#end);
	}
	/** Offset of `bytes` in the stream. */
	get offset() {
		return this.#dropped;
	}
	append(chunk) {
		this.#makeRoom(chunk.length);
		this.#store.set(chunk, this.#end);
		this.#end += chunk.length;
	}
	drop(count) {
		this.#start += count;
		this.#dropped += count;
	}
	dropBlanks() {
		let count = 0;
		while (BLANKS.has(this.#store[this.#start + count] ?? 0) && this.#start + count < this.#end) count++;
		this.drop(count);
	}
	#makeRoom(more) {
		if (this.#end + more <= this.#store.length) return;
		const length = this.#end - this.#start;
		const size = 2 * (length + more);
		const target = size <= this.#store.length ? this.#store : Buffer.allocUnsafe(size);
		this.#store.copy(target, 0, this.#start, this.#end);
		this.#store = target;
		this.#start = 0;
		this.#end = length;
	}
};

// src/engines/memcheck/element-end.ts
const CDATA_START = Buffer.from("<![CDATA[");
const CDATA_END = Buffer.from("]]>");
const LESS_THAN = 60;
/** Continues the search: returns the offset after the end tag, or the new progress. */
function findEnd(bytes, endTag, from) {
	let { scanned, inCdata } = from;
	while (scanned < bytes.length) {
		if (inCdata) {
			const end = bytes.indexOf(CDATA_END, scanned);
			if (end < 0) return {
				scanned: Math.max(scanned, bytes.length - CDATA_END.length + 1),
				inCdata
			};
			scanned = end + CDATA_END.length;
			inCdata = false;
		}
		scanned = nextTag(bytes, scanned);
		const isEnd = startsWith(bytes, scanned, endTag);
		if (isEnd === true) return scanned + endTag.length;
		const isCdata = startsWith(bytes, scanned, CDATA_START);
		if (isEnd === void 0 || isCdata === void 0) return {
			scanned,
			inCdata
		};
		inCdata = isCdata;
		scanned += isCdata ? CDATA_START.length : 1;
	}
	return {
		scanned,
		inCdata
	};
}
/** A loop, since calls of `indexOf` for tags that are 20 bytes apart cost more than the search itself. */
function nextTag(bytes, from) {
	let at = from;
	while (at < bytes.length && bytes[at] !== LESS_THAN) at++;
	return at;
}
/** Undefined if there are too few bytes to tell. */
function startsWith(bytes, at, wanted) {
	for (let index = 0; index < wanted.length; index++) {
		if (at + index >= bytes.length) return void 0;
		if (bytes[at + index] !== wanted[index]) return false;
	}
	return true;
}

// src/engines/memcheck/xml-splitter.ts
/** Maximum bytes of one element. Memcheck's longest are the counts at the end, 70 bytes for each error. */
const ELEMENT_LIMIT = 16777216;
const PROLOG_LIMIT = 1024;
const TAG_LIMIT = 64;
const ROOT = "<valgrindoutput>";
const ROOT_END = "</valgrindoutput>";
const BEFORE_ROOT = /^(?:\xEF\xBB\xBF)?\s*(?:<\?xml[^>]*\?>)?\s*$/;
const START_TAG = /^<([A-Za-z_][\w.-]*)(\/?)>$/;
/** Yields the pieces that each chunk completes. Errors of `chunks` pass through; no content makes it throw. */
async function* splitXml(chunks, limit = ELEMENT_LIMIT) {
	const window = new ByteWindow();
	let place = { at: "prolog" };
	for await (const chunk of chunks) {
		window.append(chunk);
		const pieces = [];
		for (let waiting = false; !waiting;) {
			const step = advance(window, place, limit);
			if (step.piece !== void 0) pieces.push(step.piece);
			place = step.next;
			waiting = step.wait ?? false;
		}
		yield pieces;
	}
	yield atEnd(window, place);
}
function advance(window, place, limit) {
	switch (place.at) {
		case "prolog": return readProlog(window);
		case "between": return readBetween(window, place.stray);
		case "inside": return readInside(window, place, limit);
		case "after": return readAfter(window);
		case "ignored":
			window.drop(window.bytes.length);
			return {
				next: place,
				wait: true
			};
	}
}
function atEnd(window, place) {
	if (place.at === "prolog") return [foreign(window.bytes)];
	if (place.at === "inside") return [{
		kind: "unfinished",
		name: place.name
	}];
	return place.at === "between" && window.bytes.length > 0 ? [{ kind: "unfinished" }] : [];
}
function readProlog(window) {
	const head = window.bytes.subarray(0, PROLOG_LIMIT);
	const root = head.indexOf(ROOT);
	if (root < 0 && head.length < PROLOG_LIMIT) return {
		next: { at: "prolog" },
		wait: true
	};
	const before = root < 0 ? head : head.subarray(0, root);
	if (root < 0 || !BEFORE_ROOT.test(before.toString("latin1"))) return {
		next: { at: "ignored" },
		piece: foreign(before)
	};
	window.drop(root + 16);
	return { next: {
		at: "between",
		stray: false
	} };
}
function foreign(start) {
	return {
		kind: "foreign",
		start: start.toString("utf8", 0, 40)
	};
}
function readBetween(window, stray) {
	window.dropBlanks();
	const head = window.bytes.toString("latin1", 0, TAG_LIMIT);
	const tag = head.slice(0, head.indexOf(">") + 1);
	return head === "" || head.startsWith("<") && tag === "" && head.length < TAG_LIMIT ? {
		next: {
			at: "between",
			stray
		},
		wait: true
	} : readTag(window, tag, stray);
}
function readTag(window, tag, stray) {
	if (tag === ROOT_END) {
		window.drop(tag.length);
		return {
			next: { at: "after" },
			piece: { kind: "closed" }
		};
	}
	const [, name, empty] = START_TAG.exec(tag) ?? [];
	if (name === void 0) return skipStray(window, stray);
	return { next: {
		at: "inside",
		name,
		end: Buffer.from(empty === "/" ? tag : endTag(name)),
		scanned: 0,
		inCdata: false,
		oversized: false
	} };
}
function endTag(name) {
	return name === "usercomment" ? "</usercomment>\n\n<args>" : `</${name}>`;
}
function skipStray(window, stray) {
	const { offset } = window;
	const next = window.bytes.indexOf("<", 1);
	window.drop(next < 0 ? window.bytes.length : next);
	const step = { next: {
		at: "between",
		stray: true
	} };
	return stray ? step : {
		...step,
		piece: {
			kind: "stray",
			offset
		}
	};
}
function readInside(window, place, limit) {
	const { name, end, oversized } = place;
	const found = findEnd(window.bytes, end, place);
	const scanned = typeof found === "number" ? found : found.scanned;
	if (scanned > limit && !oversized) return {
		next: {
			...place,
			oversized: true
		},
		piece: {
			kind: "oversized",
			name,
			offset: window.offset
		}
	};
	if (typeof found === "number") return takeElement(window, place, found);
	if (!oversized) return {
		next: {
			...place,
			...found
		},
		wait: true
	};
	window.drop(scanned);
	return {
		next: {
			...place,
			...found,
			scanned: 0
		},
		wait: true
	};
}
function takeElement(window, { name, end, oversized }, length) {
	const size = length - end.length + end.indexOf(">") + 1;
	const next = {
		at: "between",
		stray: false
	};
	const step = oversized ? { next } : {
		next,
		piece: {
			kind: "element",
			name,
			text: window.bytes.toString("utf8", 0, size)
		}
	};
	window.drop(size);
	return step;
}
function readAfter(window) {
	window.dropBlanks();
	const { offset, bytes } = window;
	return bytes.length === 0 ? {
		next: { at: "after" },
		wait: true
	} : {
		next: { at: "ignored" },
		piece: {
			kind: "stray",
			offset
		}
	};
}

// src/engines/memcheck/xml-reader.ts
/**
* Throws only errors of `chunks`, never for any content: malformed elements are left out and named at the end. A forked child's file has no
* RUNNING; the file of a process that executed another program is cut off after its start.
*/
async function* readMemcheckXml(chunks) {
	const reading = new Reading();
	for await (const pieces of splitXml(chunks)) for (const piece of pieces) {
		const event = reading.take(piece);
		if (event !== void 0) yield event;
		if (reading.refusal !== void 0) return {
			complete: false,
			fault: damaged$1(reading.refusal)
		};
	}
	return reading.ending();
}
const BETWEEN_ELEMENTS = "between two elements";
/** The state of a file while its pieces are read. */
var Reading = class {
	/** Why the file can't be read. */
	refusal;
	#stackReader = new StackReader();
	#problems = {
		first: "",
		more: 0
	};
	#header = {};
	#last = "nothing";
	#openEnd = BETWEEN_ELEMENTS;
	take(piece) {
		switch (piece.kind) {
			case "element": return this.#takeElement(piece.name, piece.text);
			case "closed":
				this.#openEnd = void 0;
				return;
			case "unfinished":
				this.#openEnd = piece.name === void 0 ? "inside of a tag" : `inside of <${piece.name}>`;
				return;
			case "foreign":
				this.refusal = describeForeign(piece.start);
				return;
			case "stray": return this.#complain(`something else than XML elements stands at byte ${piece.offset}`);
			case "oversized": return this.#complain(`the <${piece.name}> at byte ${piece.offset} is too large to be memcheck's`);
		}
	}
	ending() {
		const { first, more } = this.#problems;
		const reasons = [
			this.#openEnd !== void 0 && `it is cut off ${this.#openEnd}; the last thing read was ${this.#last}`,
			this.#openEnd === void 0 && processOf(this.#header) === void 0 && "it does not say which process it is about",
			first !== "" && (more === 0 ? first : `${first} (and ${more} more problems)`)
		].filter((reason) => reason !== false);
		if (reasons.length === 0) return { complete: true };
		const stopsEarly = this.#openEnd === BETWEEN_ELEMENTS && first === "";
		return {
			complete: false,
			fault: damaged$1(reasons.join("; ")),
			...stopsEarly && { stopsEarly }
		};
	}
	#takeElement(name, text) {
		try {
			const event = this.#readElement(name, text);
			if (name !== "suppression") this.#last = describe$2(name, event);
			return event;
		} catch (thrown) {
			if (!(thrown instanceof MalformedXml)) throw thrown;
			return this.#complain(`${labelOf(name, text)} is malformed: ${thrown.message}`);
		}
	}
	#readElement(name, text) {
		if (name !== "error" && name !== "usercomment" && text.includes("<error>")) throw new MalformedXml("it holds an <error>");
		const header = extendHeader(this.#header, name, text);
		this.refusal = refusalOf(header ?? this.#header, header === void 0);
		if (this.refusal !== void 0) return void 0;
		if (header === void 0) return readEvent(name, text, this.#stackReader);
		this.#header = header;
		return processOf(header);
	}
	#complain(problem) {
		if (this.#problems.first === "") this.#problems.first = problem;
		else this.#problems.more++;
	}
};
function damaged$1(detail) {
	return {
		code: "report-damaged",
		detail
	};
}
function describeForeign(start) {
	return start === "" ? "it is empty" : `it is not valgrind's XML: it begins with ${JSON.stringify(start)}`;
}
function describe$2(name, event) {
	if (event?.type === "error") return `<error> ${event.error.unique} (${event.error.kind})`;
	return event?.type === "state" ? `<status> ${event.state}` : `<${name}>`;
}
/** With memcheck's tag, if it can be found. */
function labelOf(name, text) {
	const [, unique] = /<unique>(\w{1,20})<\/unique>/.exec(text) ?? [];
	return unique === void 0 ? `<${name}>` : `<${name}> ${unique}`;
}

// src/engines/memcheck/memcheck-engine.ts
/** The descriptor of memcheck's log, after the control pipe. */
const MEMCHECK_LOG = 3 + 1;
const MEMCHECK = {
	name: "memcheck",
	title: "memcheck",
	proof: ["read", "leak"],
	suffix: "xml",
	read: (path) => readMemcheckXml(createReadStream(path))
};
/** Valgrind keeps its translations in a fork: a worker's child takes a fraction of a second, a new start many seconds. */
function memcheckEngine(runContext, options) {
	return {
		...MEMCHECK,
		start: (job, folder, output) => withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
			const interpreter = [runContext.python.path, ...serveArgs(runContext, folder, ["--memcheck-log", memcheckLog])];
			const words = [
				...memcheckArgs({
					...options,
					xmlFolder: folder
				}),
				...args,
				...interpreter
			];
			const stdio = [
				"pipe",
				output,
				output,
				"pipe",
				descriptor
			];
			return runContext.processes.start("valgrind", words, {
				cwd: job.cwd,
				env: job.env,
				stdio: [...stdio],
				timeout: WORKER_LIMIT
			});
		}),
		whyNotStarted: async () => void 0
	};
}
/** @param valgrind version */
function memcheckSelfTest(runContext, options, env, valgrind) {
	return {
		engine: MEMCHECK,
		tool: `valgrind-${valgrind}`,
		whyNotStarted: async () => void 0,
		remedy: "`leak-check: exit` and `leak-check: none` still work.",
		run: async (script, folder) => {
			const ended = await withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
				const program = [
					runContext.python.path,
					script,
					"memcheck",
					folder,
					memcheckLog
				];
				const words = [
					...memcheckArgs({
						...options,
						xmlFolder: folder
					}),
					...args,
					...program
				];
				const stdio = [
					"ignore",
					"pipe",
					"pipe",
					"ignore",
					descriptor
				];
				return runContext.processes.start("valgrind", words, {
					cwd: folder,
					env,
					timeout: SELF_TEST_LIMIT,
					stdio: [...stdio]
				}).ended;
			});
			const memcheck = await readFile(join(folder, "memcheck.log"), "utf8");
			return {
				...ended,
				stderr: `${ended.stderr}${memcheck}`
			};
		}
	};
}
/** Seconds. It takes seven on two cores. */
const SELF_TEST_LIMIT = 600;
/** Memcheck answers the probe's requests about lost blocks in its log, a file that the probe reads. */
function withMemcheckLog(folder, start) {
	const memcheckLog = join(folder, "memcheck.log");
	writeFileSync(memcheckLog, "");
	const descriptor = openSync(memcheckLog, "a");
	try {
		return start({
			memcheckLog,
			descriptor,
			args: [`--log-fd=${MEMCHECK_LOG}`]
		});
	} finally {
		closeSync(descriptor);
	}
}

// src/engines/memcheck/isolated.ts
/** Runs each job in a separate interpreter under memcheck, which looks for leaks when it ends. */
function isolatedMemcheck(runContext, options) {
	return {
		run: (job) => runAlone(job, runContext, options),
		stop: async () => {}
	};
}
async function runAlone(job, runContext, options) {
	const folder = join(runContext.folder, job.name.replace(/[^\w.-]+/g, "_").slice(0, 100));
	await rm(folder, {
		recursive: true,
		force: true
	});
	await mkdir(folder, { recursive: true });
	const log = join(folder, "output.log");
	const { leakCheck } = options;
	const { timeout, project, processes } = runContext;
	const args = [
		...memcheckArgs({
			...options,
			xmlFolder: folder
		}),
		runContext.python.path,
		runContext.python.probe.runner,
		...job.args
	];
	const output = openSync(log, "a");
	const handle = processes.start("valgrind", args, {
		cwd: job.cwd,
		env: job.env,
		timeout,
		stdio: [
			"ignore",
			output,
			output
		]
	});
	closeSync(output);
	const pid = handle.child.pid ?? 0;
	using watch = watchTest(folder, pid, () => processes.kill(pid));
	const ended = await handle.ended;
	const interpreterLeaks = new InterpreterLeaks();
	const read = await readReports({
		engine: MEMCHECK,
		folder,
		pid: ended.pid,
		testFile: job.name,
		leakCheck,
		project,
		interpreterLeaks
	});
	const outcome = watch.excess === void 0 ? judgeRun$1(ended, read.report, {
		engine: MEMCHECK,
		leakCheck,
		timeout,
		isCommand: job.args[0] === "command"
	}) : excessOutcome(watch.excess);
	const costs = {
		...NO_COSTS,
		reading: read.seconds
	};
	const { left } = interpreterLeaks;
	const summary = {
		...summaryOf(read),
		...left && { leftByInterpreter: left }
	};
	return {
		name: job.name,
		engine: "memcheck",
		...outcome,
		...summary,
		seconds: ended.seconds,
		costs,
		log
	};
}

// src/engines/self-test.ts
/**
* Before a build is checked for leaks, four leaks of each kind are planted and must be found (one may seem alive by chance), and a live object
* of each kind must not be reported. Runs once for each interpreter, probe (both by content) and tool: the result is stored beside the probe.
* Returns the number of kinds found.
* @throws UserError that names the failed kinds and what still works.
*/
async function requireSelfTest(runContext, test) {
	const { probe } = runContext.python;
	requireWholeProbe(probe, test);
	const passed = join(dirname(probe.runner), `${SELF_TEST_PASSED}-${test.engine.name}-${test.tool}`);
	const proof = await proofKey(runContext.python.path, dirname(probe.runner));
	const mark = await readFile(passed, "utf8").catch(() => "");
	const before = mark.startsWith(`${proof}\n`) ? readResult(mark) : void 0;
	if (before !== void 0) return before.kinds;
	const folder = join(runContext.folder, `self-test-${test.engine.name}`);
	await mkdir(folder, { recursive: true });
	const ended = await test.run(join(dirname(probe.runner), "selftest.py"), folder);
	const log = join(folder, "output.log");
	await writeFile(log, ended.stdout + ended.stderr);
	const result = readResult(ended.stdout);
	const obstacle = result === void 0 ? await test.whyNotStarted(folder) : void 0;
	if (obstacle !== void 0) throw new UserError(`${capitalize(test.engine.title)} cannot run: ${obstacle}`);
	if (ended.code !== 0 || result === void 0 || result.missed.length + result.falseAlarms.length > 0) throw new UserError(`The self-test of ${test.engine.title} failed on this CPython: ${describe$1(result, ended)}.`, { hint: `${result === void 0 ? `${lastLines(ended)}\n` : ""}Its output: ${log}\n${test.remedy}` });
	await rm(passed, {
		recursive: true,
		force: true
	});
	await writeFile(passed, `${proof}\n${ended.stdout}`, { flag: "wx" });
	return result.kinds;
}
function requireWholeProbe({ liveRefusal }, { engine, remedy }) {
	if (liveRefusal === void 0) return;
	throw new UserError(`${capitalize(engine.title)} cannot look for leaks while this CPython runs, because the probe does not know its internals.`, { hint: `${liveRefusal}\n${remedy}` });
}
function readResult(stdout) {
	return stdout.split("\n").map(parseLine).findLast((line) => typeof line === "object" && line.event === "self-test");
}
function describe$1(result, { timedOut, signal, code }) {
	if (result === void 0) return timedOut ? "it took too long" : `it ended early (${signal ?? `exit code ${code}`})`;
	return [...result.missed.length === 0 ? [] : [`not found: ${result.missed.join(", ")}`], ...result.falseAlarms.length === 0 ? [] : [`reported although alive: ${result.falseAlarms.join(", ")}`]].join("; ") || `exit code ${code}`;
}
function capitalize(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
function lastLines({ stdout, stderr }) {
	return `${stdout}${stderr}`.trim().split("\n").slice(-10).join("\n");
}

// src/engines/end-of-test.ts
/** As reported by the worker that forked the process. Undefined for another message, or for none within the given seconds. */
async function endOfChild(control, pid, silence) {
	const end = await control.next(silence);
	if (end?.event !== "end" || end.pid !== pid) return void 0;
	return {
		...end,
		signal: end.signal === null ? null : signalName(end.signal)
	};
}
/** For a worker that ran the test file itself. @param startSeconds until it was ready. */
async function endOfWorker({ child, ended }, startSeconds) {
	const { code, signal, seconds } = await ended;
	return {
		pid: child.pid ?? 0,
		exit: code,
		signal,
		seconds: seconds - startSeconds,
		workerKilobytes: 0
	};
}

// src/engines/worker.ts
/** A larger worker gets no more test files: README.valgrind recommends running tests in batches for that reason. */
const MAX_WORKER_KB = 15e5;
const TIMEOUTS = {
	start: 600,
	fork: 120
};
/**
* A watched interpreter that imports the test machinery once and forks for each test file. The engine follows forks, and each child writes a
* separate report.
*/
var Worker = class Worker {
	#engine;
	#runContext;
	#folder;
	#handle;
	#control;
	#timeouts;
	/** Errors made while importing the test machinery. They occur in every test file that the worker runs. */
	#ownErrors = [];
	#files = [];
	#startSeconds = 0;
	#kilobytes = 0;
	#isDead = false;
	constructor(engine, runContext, folder, handle, timeouts) {
		this.#engine = engine;
		this.#runContext = runContext;
		this.#folder = folder;
		this.#handle = handle;
		this.#timeouts = timeouts;
		this.#control = new ControlPipe(handle.child.stdio[3]);
		const die = () => {
			this.#isDead = true;
		};
		handle.ended.then(die, die);
		handle.child.stdin?.on("error", die);
	}
	/** @throws UserError if the interpreter can't start, or the engine does not find the errors planted in it. */
	static async start(job, engine, runContext, timeouts = TIMEOUTS) {
		await mkdir(runContext.folder, { recursive: true });
		const folder = await mkdtemp(join(runContext.folder, `${engine.name}-worker-`));
		await mkdir(join(folder, "logs"));
		const began = performance.now();
		const output = openSync(workerLog(folder), "a");
		const worker = new Worker(engine, runContext, folder, engine.start(job, folder, output), timeouts);
		closeSync(output);
		const message = await worker.#control.next(timeouts.start);
		if (message?.event === "ready") worker.#files = message.files;
		else await worker.#refuse(message);
		await worker.#requireProof();
		worker.#startSeconds = (performance.now() - began) / 1e3;
		return worker;
	}
	/** The test files of the suite that it has collected. */
	get files() {
		return this.#files;
	}
	get isUsable() {
		return !this.#isDead && this.#kilobytes < 15e5;
	}
	/** Runs one test file. Any failure of its process, or of the worker, becomes an outcome of this test file. */
	async run(job) {
		const log = join(this.#folder, "logs", logName(job.name));
		const began = performance.now();
		this.#handle.child.stdin?.write(orderLine(job));
		const start = await this.#control.next(this.#timeouts.fork);
		if (start?.event !== "start" || !this.#mayBeOurs(start.pid)) return this.#lost(job, log, began);
		const { processes, timeout } = this.#runContext;
		if (this.#isChild(start.pid)) processes.adopt(start.pid);
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			this.#killTest(start.pid);
		}, timeout * 1e3);
		using watch = watchTest(this.#folder, this.#pid, () => this.#killTest(start.pid));
		const silence = timeout + this.#timeouts.fork;
		const end = this.#forks ? await endOfChild(this.#control, start.pid, silence) : await endOfWorker(this.#handle, this.#startSeconds);
		clearTimeout(timer);
		if (this.#forks) processes.leave(start.pid);
		if (end === void 0) return this.#lost(job, log, began);
		this.#kilobytes = end.workerKilobytes;
		const run = {
			...await this.#read(job, end, timedOut),
			log
		};
		return watch.excess === void 0 ? run : {
			...run,
			...excessOutcome(watch.excess)
		};
	}
	/** Lets the interpreter exit normally. */
	async stop() {
		if (this.#isDead) return;
		this.#handle.child.stdin?.end();
		await this.#handle.ended;
	}
	get #pid() {
		return this.#handle.child.pid ?? 0;
	}
	get #forks() {
		return this.#runContext.forks ?? true;
	}
	async #read(job, end, timedOut) {
		const { timeout, project } = this.#runContext;
		const engine = this.#engine;
		const read = await readReports({
			engine,
			folder: this.#folder,
			pid: end.pid,
			testFile: job.name,
			leakCheck: "live",
			project,
			...this.#forks ? { parent: {
				pid: this.#pid,
				errors: this.#ownErrors
			} } : {},
			onError: job.onError
		});
		await engine.finished?.({
			test: job.name,
			folder: this.#folder,
			pid: end.pid
		});
		if (read.report.ending === void 0) this.#kill();
		const ended = {
			code: end.exit,
			signal: end.signal,
			timedOut
		};
		const outcome = judgeRun$1(ended, read.report, {
			engine,
			leakCheck: "live",
			timeout,
			isInWorker: true
		});
		const costs = {
			start: this.#startSeconds,
			leakChecks: read.report.leakCheckSeconds,
			reading: read.seconds
		};
		this.#startSeconds = 0;
		return {
			name: job.name,
			engine: engine.name,
			...outcome,
			...summaryOf(read),
			seconds: end.seconds,
			costs
		};
	}
	/** Whether a message can be the worker's own: a test could write any process number to its pipe, to have us kill that process. */
	#mayBeOurs(pid) {
		if (!this.#forks) return pid === this.#pid;
		return this.#isChild(pid) || parentOf(pid) === 0;
	}
	#isChild(pid) {
		return parentOf(pid) === this.#pid;
	}
	#killTest(pid) {
		if (pid === this.#pid || this.#isChild(pid)) this.#runContext.processes.kill(pid);
	}
	#kill() {
		this.#isDead = true;
		this.#runContext.processes.kill(this.#pid);
	}
	#lost({ name }, log, began) {
		this.#kill();
		const seconds = (performance.now() - began) / 1e3;
		return runWithoutReport({
			name,
			engine: this.#engine.name,
			status: "crashed",
			seconds,
			incomplete: { code: "worker-lost" },
			log
		});
	}
	async #refuse(message) {
		this.#kill();
		if (message?.event === "free-lists") throw new UserError("This CPython has free lists that can't be disabled, so allocation stacks would be wrong.");
		const why = await this.#engine.whyNotStarted(this.#folder);
		const { suite } = this.#runContext;
		const what = suite === void 0 ? "An interpreter did not start" : `${suite.runner} did not start`;
		const log = workerLog(this.#folder);
		throw new UserError(`${what} under ${this.#engine.title}${why === void 0 ? "." : `: ${why}`}`, { hint: [...await lastLinesOf(log), `Its log: ${log}`].join("\n") });
	}
	/** The report is still being written, so it has no end yet, but must contain the planted errors. */
	async #requireProof() {
		const engine = this.#engine;
		const report = new ProcessReport("exit");
		await readReport$1(engine, join(this.#folder, reportName(engine, this.#pid)), report, (observed) => {
			if (!isLeak(observed.error.kind)) this.#ownErrors.push(observed);
		});
		if (engine.proof.every((proof) => report.seen[proof])) return;
		this.#kill();
		throw new UserError(`In an interpreter, ${engine.title} missed the planted errors, so its results can't be trusted.`);
	}
};
function workerLog(folder) {
	return join(folder, "worker.log");
}

// src/engines/worker-pool.ts
/** The workers that run in parallel; each is reused for further test files while possible. */
var WorkerPool = class {
	#engine;
	#runContext;
	#before;
	#idle = [];
	#hasStarted = false;
	/** @param before a pool that ran test files earlier in the same check. */
	constructor(engine, runContext, before) {
		this.#engine = engine;
		this.#runContext = runContext;
		this.#before = before;
	}
	/** Whether a worker has started, here or before. */
	get hasStarted() {
		return this.#hasStarted || (this.#before?.hasStarted ?? false);
	}
	/** The test files of the suite, as collected by the first worker. @throws UserError if it does not start. */
	async collect(job) {
		const worker = await Worker.start(job, this.#engine, this.#runContext);
		this.#hasStarted = true;
		this.#idle.push(worker);
		return worker.files;
	}
	async run(job) {
		const began = performance.now();
		const worker = this.#idle.pop() ?? await this.#start(job);
		if (worker instanceof UserError) return notRun$1(job, this.#engine, worker, (performance.now() - began) / 1e3);
		const run = await worker.run(job);
		if (worker.isUsable) this.#idle.push(worker);
		else await worker.stop();
		return run;
	}
	/** Abort if no worker ever started. If one did, a test file has broken something, so only this test file fails. */
	async #start(job) {
		try {
			const worker = await Worker.start(job, this.#engine, this.#runContext);
			this.#hasStarted = true;
			return worker;
		} catch (error) {
			if (this.hasStarted && error instanceof UserError) return error;
			throw error;
		}
	}
	async stop() {
		const idle = this.#idle;
		this.#idle = [];
		await Promise.all(idle.map((worker) => worker.stop()));
	}
};
function notRun$1({ name }, engine, { message }, seconds) {
	return runWithoutReport({
		name,
		engine: engine.name,
		status: "crashed",
		seconds,
		incomplete: {
			code: "not-started",
			detail: message
		}
	});
}

// src/stages/memcheck-runners.ts
function makeRunners$1({ settings, runContext }, options) {
	const isLive = settings.leakCheck === "live";
	const engine = memcheckEngine(runContext, options);
	const pool = isLive ? new WorkerPool(engine, runContext) : void 0;
	const more = {
		...options,
		extraArgs: [...options.extraArgs, "--gen-suppressions=all"]
	};
	const again = isLive ? new WorkerPool(memcheckEngine(runContext, more), runContext, pool) : isolatedMemcheck(runContext, more);
	const { processes } = runContext;
	return {
		pool,
		testRunner: withCancellation(pool ?? isolatedMemcheck(runContext, options), engine, processes),
		confirming: withCancellation(again, engine, processes)
	};
}
/** Passes memcheck's self-test once for each build. @throws UserError if memcheck can't find what is planted */
async function requireMemcheck({ runContext, prepared }, options) {
	if (prepared.python.hidesObjects === true) throw new UserError("Memcheck cannot see objects of this free-threaded interpreter: its allocator was built without support for valgrind.", { hint: "Use `python-version` with `configure-args: --disable-gil` to build one with this support. The scan works without it." });
	const test = memcheckSelfTest(runContext, options, testEnvironment(runContext.processes.env, runContext.python), prepared.recipe.toolchain.valgrind);
	await requireSelfTest(runContext, test).catch((error) => {
		if (runContext.processes.stopped === void 0) throw error;
	});
}
function memcheckOptions({ settings, prepared }) {
	const { all, definiteLeaks } = prepared.python.suppressions;
	return {
		valgrind: prepared.recipe.toolchain.valgrind,
		leakCheck: settings.leakCheck,
		suppressions: [settings.leakCheck === "live" ? definiteLeaks : all, ...settings.suppressions],
		extraArgs: settings.valgrindArgs
	};
}

// src/findings/reached.ts
/** The test files that must run again: also those that crashed, perhaps by the error itself. What took too long would take as long again. */
function reachedToConfirm(runs, grounds) {
	const canRunAgain = (run) => isComplete(run) || run.status === "crashed";
	return runs.filter((run) => canRunAgain(run) && errorsOf(run).some(isOfChange(grounds))).map(({ name }) => name);
}
/**
* Judges errors that memcheck or torture found in test files without a baseline. An error belongs to the change if a changed function is on one
* of its stacks or, for torture, is involved in the error; of the others it is unknown whether they are new. Memcheck's leaks are left to the
* scan, which has the same test files in its baseline. Pure.
* @param again the second runs of {@link reachedToConfirm}.
*/
function judgeReached(runs, again, grounds) {
	const judged = runs.map((run) => judgeRun(run, again.find(({ name }) => name === run.name), grounds));
	return {
		findings: judged.flatMap(({ findings }) => findings),
		fixed: [],
		problems: judged.flatMap(({ problems }) => problems),
		notes: judged.flatMap(({ notes }) => notes)
	};
}
function judgeRun(run, second, grounds) {
	const errors = errorsOf(run).filter((error) => acceptanceFor(error, grounds.acceptances, grounds.today) === void 0);
	const [own, others] = [errors.filter(isOfChange(grounds)), errors.filter((error) => !isOfChange(grounds)(error))];
	const cut = run.incomplete === null ? [] : [{
		code: "reached-incomplete",
		test: run.name,
		engine: run.engine,
		incomplete: run.incomplete
	}];
	const kinds = others.map(({ kind, site }) => ({
		kind,
		function: site.function
	}));
	const uncovered = others.length === 0 ? [] : [{
		code: "reached-errors",
		test: run.name,
		engine: run.engine,
		errors: kinds
	}];
	const [doubt] = second === void 0 ? [null] : shortfallOf(second, reachOf(run));
	const isDoubtful = doubt !== void 0 && own.some((error) => !isIn(second, error));
	return {
		findings: own.map((error) => judgeError(error, second, doubt !== void 0)),
		problems: isDoubtful ? [{
			code: "not-confirmed",
			test: run.name,
			engine: run.engine,
			doubt
		}] : [],
		notes: [...cut, ...uncovered]
	};
}
function judgeError(finding, second, isDoubtful) {
	if (isIn(second, finding)) return {
		finding,
		status: "new",
		isConfirmed: true
	};
	return {
		finding,
		status: isDoubtful ? "new" : "flaky",
		isConfirmed: false
	};
}
function isIn(run, { signature }) {
	return run?.findings.some((other) => other.signature === signature) ?? false;
}
function errorsOf({ findings }) {
	return findings.filter(({ kind }) => !isLeak(kind) && !isWarning(kind));
}
/** Whether a changed function is involved. */
function isOfChange({ changed, everywhere }) {
	const [shared, own] = [changed.filter((key) => everywhere?.has(key)), changed.filter((key) => !everywhere?.has(key))];
	return (finding) => stacksOf$1(finding).some((names) => isOnStack(own, names)) || isOnStack(shared, namesAtError(finding));
}
function namesAtError({ part, stack }) {
	return part ?? namesOf(stack.filter(({ role }) => role === "key"));
}
function stacksOf$1(finding) {
	if (finding.part !== void 0) return [finding.part];
	return [finding.stack, ...finding.further.map(({ frames }) => frames)].map(namesOf);
}
function namesOf(frames) {
	return frames.map((frame) => frame.function);
}

// src/stages/reached-stage.ts
/**
* Runs test files that the change can reach and that have no baseline under this engine. The second parameter has the functions for attributing
* errors.
*/
async function lookAtReached(stage, { changed, everywhere }, context) {
	const { acceptances, today } = context.change;
	const grounds = {
		changed,
		...everywhere && { everywhere },
		acceptances,
		today
	};
	const runs = (await runJobs(stage, context)).filter(hasStarted);
	const again = await confirmIn(reachedToConfirm(runs, grounds), stage, context);
	return {
		runs,
		judgement: judgeReached(runs, again, grounds),
		unrecordable: runs
	};
}

// src/stages/memcheck-stage.ts
/** Runs the selected test files and the suspects under memcheck. If that fails, the scan's findings are still reported. */
async function runMemcheck(checkContext, scanned, suspects, affected) {
	const options = memcheckOptions(checkContext);
	if (checkContext.prepared.python.hidesObjects === true && checkContext.settings.scan.kind !== "none") return {
		runs: [],
		judgement: NOTHING$1,
		looks: [],
		options,
		notes: [{ code: "memcheck-sees-no-objects" }],
		skipped: []
	};
	try {
		checkContext.context.execution.requireEngine("memcheck");
		return await watchTests(checkContext, scanned, suspects, options, affected);
	} catch (error) {
		if (!(error instanceof UserError) || checkContext.settings.scan.kind === "none") throw error;
		return {
			runs: [],
			judgement: {
				...NOTHING$1,
				problems: [engineFailed("memcheck", error)]
			},
			looks: [],
			options,
			notes: [],
			skipped: []
		};
	}
}
async function watchTests(checkContext, scanned, suspects, options, affected) {
	const { settings, context } = checkContext;
	const runners = makeRunners$1(checkContext, options);
	const plan = await planForMemcheck(checkContext, affected, scanned, runners.pool);
	const jobs = divideJobs(plan, suspects, checkContext);
	const { skipped } = jobs;
	const notes = (ran) => notesOf(plan, skipped, ran, settings.memcheckBudget);
	const dropped = judgeDropped(checkContext);
	if (mayRunNothing(settings, affected) && [
		jobs.compared,
		jobs.reached,
		jobs.suspects
	].every((some) => some.length === 0)) {
		await runners.pool?.stop();
		return {
			runs: [],
			judgement: dropped,
			looks: [],
			options,
			skipped,
			notes: notes([])
		};
	}
	const { execution } = context;
	const isNeeded = execution.runs("memcheck") || jobs.suspects.length > 0 && !execution.isIdle;
	if (runners.pool !== void 0 && isNeeded) await requireMemcheck(checkContext, options);
	const { compared, reached, further } = await runParts(jobs, stageOf(checkContext, plan, skipped, runners, affected), affected, context);
	const runs = [...compared.runs, ...reached.runs];
	return {
		runs,
		unrecordable: reached.runs,
		judgement: addJudgement(addJudgement(compared.judgement, reached.judgement), dropped),
		looks: [...[...compared.runs, ...reached.runs.map(withLeaksOnly)].filter((run) => suspects.includes(run.name)), ...further],
		options,
		skipped,
		notes: [...notes([...runs, ...further]), ...compared.runs.flatMap(interpreterNotes$1)]
	};
}
function divideJobs(plan, suspects, checkContext) {
	const { skips, change } = checkContext.context;
	const without = (jobs) => leaveOut(jobs, skips, "memcheck", change.today);
	const { jobs, skipped } = without(plan.jobs);
	const isReached = ({ name }) => plan.unrecorded.has(name);
	return {
		compared: jobs.filter((job) => !isReached(job)),
		reached: jobs.filter(isReached),
		suspects: without(otherJobs(checkContext, suspects, jobs)).jobs,
		skipped
	};
}
/** A problem if the baseline has runs under memcheck, and a setting turns them off. In a terminal, a quick check shares the baseline of a long one. */
function judgeDropped({ settings, context, isLocal }) {
	const off = settingWithoutMemcheck(settings);
	return {
		...NOTHING$1,
		problems: off === void 0 || isLocal ? [] : engineDropped("memcheck", off, context)
	};
}
/** False for test files given by name: if none of them ran, nothing was checked. */
function mayRunNothing(settings, affected) {
	return settings.work.kind === "suite" || isPartial(settings, affected) || settingWithoutMemcheck(settings) !== void 0;
}
/** Test files given by name always run. */
function isPartial({ work }, affected) {
	return affected.kind === "some" && work.kind !== "tests";
}
function stageOf({ settings }, plan, skipped, { testRunner, confirming }, affected) {
	const allBut = [...[...plan.leftOut, ...skipped].map(({ name }) => name), ...plan.rest];
	return {
		engine: "memcheck",
		title: "Memcheck",
		testRunner: withinBudget(testRunner, plan.budget),
		confirming,
		isPartial: isPartial(settings, affected),
		...settings.work.kind === "all-tests" ? { allBut } : {}
	};
}
/** Runs the suspects first: they are never left out for lack of time. */
async function runParts(jobs, stage, affected, context) {
	const { testRunner, confirming = testRunner } = stage;
	const suspected = {
		...stage,
		testRunner: confirming,
		title: "Memcheck: suspects of the scan",
		jobs: jobs.suspects
	};
	const further = jobs.suspects.length === 0 ? [] : await runJobs(suspected, context, "suspect");
	const compared = jobs.compared.length === 0 && jobs.suspects.length + jobs.reached.length > 0 ? NOTHING_RUN$1 : await runStage({
		...stage,
		jobs: jobs.compared
	}, context);
	const reaching = {
		...stage,
		title: "Memcheck: test files that the change can reach",
		jobs: jobs.reached
	};
	return {
		compared,
		reached: jobs.reached.length === 0 ? NOTHING_RUN$1 : await lookAtReached(reaching, changedIn(affected), context),
		further
	};
}
function notesOf(plan, skipped, ran, budget) {
	const unskipped = plan.all.filter((name) => !skipped.some((one) => one.name === name));
	const looked = ran.map(({ name }) => name);
	return [...leftOutNotes("memcheck", plan.leftOut), ...memcheckNotes({
		...plan,
		all: unskipped
	}, looked, budget)];
}
function interpreterNotes$1({ name, leftByInterpreter: left }) {
	return left ? [{
		code: "left-by-interpreter",
		test: name,
		...left
	}] : [];
}
function changedIn(affected) {
	if (affected.kind === "any") return { changed: [] };
	const usersOf = usersOfFunctions(affected.footprints);
	return {
		changed: affected.functions,
		everywhere: new Set(affected.functions.filter((key) => usersOf(key).kind === "everyone"))
	};
}
const NOTHING_RUN$1 = {
	runs: [],
	judgement: NOTHING$1
};
/** Its other errors have been judged already. */
function withLeaksOnly(run) {
	return {
		...run,
		findings: run.findings.filter(({ kind }) => isLeak(kind))
	};
}

// src/engines/scan/runtime.ts
/** The leak sanitizer's runtime as part of gcc. clang has it only in the address sanitizer, but can use gcc's. */
const RUNTIME = "liblsan.so.0";
/**
* The path of the leak sanitizer's runtime, to preload into a build without it.
* @throws UserError that names the package, if it is not installed.
*/
async function findRuntime(compiler, processes) {
	for (const program of /* @__PURE__ */ new Set([
		compiler.split(/\s+/)[0] ?? "cc",
		"cc",
		"gcc"
	])) {
		const ended = await processes.run(program, [`-print-file-name=${RUNTIME}`]).catch(() => void 0);
		const path = ended?.stdout.trim() ?? "";
		if (ended?.code === 0 && isAbsolute(path) && existsSync(path)) return path;
	}
	throw new UserError(`The leak sanitizer's runtime, ${RUNTIME}, is not installed.`, { hint: "On Debian and Ubuntu it is in the package `liblsan0`. To check without the scan, use `scan: none`." });
}
/** The leak sanitizer's runtime, or the marker for a free-threaded interpreter. @throws UserError if it is missing. */
async function findFinder({ freeThreaded, probe }, compiler, processes) {
	if (!freeThreaded) return {
		library: await findRuntime(compiler, processes),
		before: [probe.preload]
	};
	if (existsSync(probe.marker)) return {
		library: probe.marker,
		before: []
	};
	throw new UserError("The library that finds leaks in a free-threaded build (marker.c) does not compile here.", { hint: "Use `scan: none` to check without the scan." });
}

// src/stages/scan-stage.ts
/**
* Looks for leaks in the test files of the setting. If that is not possible at all, memcheck still runs, and the verdict says what is missing.
* @param chosen the choice among CPython's test files
*/
async function runScan(checkContext, chosen) {
	const { scan } = checkContext.settings;
	const nothing = {
		runs: [],
		notes: [],
		skipped: [],
		affected: chosen
	};
	if (scan.kind === "none") return {
		...nothing,
		judgement: {
			...NOTHING$1,
			problems: engineDropped("scan", "scan", checkContext.context)
		}
	};
	try {
		checkContext.context.execution.requireEngine("scan");
		return await scanTests(checkContext, scan, chosen);
	} catch (error) {
		if (!(error instanceof UserError) || error instanceof SuiteFailure) throw error;
		return {
			...nothing,
			judgement: {
				...NOTHING$1,
				problems: [engineFailed("scan", error)]
			}
		};
	}
}
function stackNotes({ python }) {
	return python.framePointers ? [] : [{ code: "slow-stacks" }];
}
async function scanTests(checkContext, scan, chosen) {
	const { execution } = checkContext.context;
	const preloads = await preloadsOf(checkContext);
	const recorder = execution.runs("scan") ? await openRecorder(checkContext) : void 0;
	const { pool, ...runners } = await makeRunners(checkContext, preloads, recorder);
	const { jobs: chosenJobs, affected, leftOut, skipped, ...others } = await selectForScan(checkContext, scan, chosen, pool);
	const repeated = await testsToRepeat(checkContext);
	const jobs = chosenJobs.map((job) => ({
		...job,
		references: repeated.has(job.name)
	}));
	const refine = (run) => repeated.has(run.name) ? {
		...run,
		repeated: true
	} : run;
	const result = await runStage({
		engine: "scan",
		title: "Scan",
		jobs,
		refine,
		...runners,
		...others
	}, checkContext.context);
	const footprints = execution.recorded(await recorder?.recorded());
	return {
		...result,
		preloads,
		skipped,
		affected,
		...footprints && { footprints },
		notes: [
			...stackNotes(checkContext.runContext),
			...interpreterNotes(result),
			...leftOutNotes("scan", leftOut)
		]
	};
}
/** The libraries that are preloaded into each interpreter, after the self-test passed with them. */
async function preloadsOf({ settings, prepared, runContext, context }) {
	const { library, before } = await findFinder(runContext.python, prepared.recipe.toolchain.compiler, runContext.processes);
	const preloads = joinPreloads(...before, library);
	const withChildren = settings.children ? joinPreloads(childrenOf(runContext), ...before, library) : preloads;
	const env = testEnvironment(runContext.processes.env, runContext.python);
	if (context.execution.runs("scan")) await requireSelfTest(runContext, scanSelfTest(runContext, preloads, env, library));
	return withChildren;
}
async function makeRunners(checkContext, preloads, recorder) {
	const { settings, prepared, runContext } = checkContext;
	const files = [prepared.python.suppressions.all, ...settings.suppressions];
	const options = {
		preloads,
		suppressions: (await Promise.all(files.map(async (file) => parseLeakSuppressions(await readFile(file, "utf8"), file)))).flat(),
		children: settings.children
	};
	const engine = scanEngine(runContext, {
		...options,
		recorder
	});
	const pool = new WorkerPool(engine, runContext);
	const testRunner = withCancellation(pool, engine, runContext.processes);
	const finer = closerLook(runContext, hasExactCounts(prepared.python));
	if (finer === void 0) return {
		pool,
		testRunner,
		confirming: testRunner
	};
	const lookingCloser = withCancellation(new WorkerPool(scanEngine(finer, options), finer, pool), engine, runContext.processes);
	return {
		pool,
		testRunner,
		confirming: lookingCloser,
		lookingCloser
	};
}
async function selectForScan(checkContext, scan, chosen, pool) {
	const { settings, runContext, context, isLocal } = checkContext;
	const isSuite = settings.work.kind === "suite";
	const { jobs: listed, leftOut } = isSuite ? {
		jobs: await collectSuite({
			...settings,
			env: runContext.processes.env,
			python: runContext.python
		}, pool, context),
		leftOut: []
	} : await planScan(scan, checkContext.prepared.python, placesOf(checkContext), runContext.processes);
	const collected = {
		scanned: listed.map(({ name }) => name),
		others: []
	};
	const affected = isSuite ? await chooseAffected(checkContext, async () => collected) : chosen;
	const { jobs: unskipped, skipped } = leaveOut(listed, context.skips, "scan", context.change.today);
	const { jobs, rest } = scan.kind === "all" ? withoutUnaffected(unskipped, affected) : {
		jobs: unskipped,
		rest: []
	};
	const isPart = runContext.suite !== void 0 && isLocal && context.scope !== "replace";
	const allBut = scan.kind === "all" && !isPart ? { allBut: [...[...leftOut, ...skipped].map(({ name }) => name), ...rest] } : {};
	return {
		jobs,
		affected,
		leftOut,
		skipped,
		isPartial: rest.length > 0,
		...allBut
	};
}
/**
* The test files that run several times to count references and what grows: those that are selected for memcheck, since four runs of each would take
* too long.
*/
async function testsToRepeat(checkContext) {
	const { settings, prepared, runContext } = checkContext;
	if (!hasExactCounts(prepared.python)) return /* @__PURE__ */ new Set();
	const { jobs } = await planMemcheck(settings, prepared.python, placesOf(checkContext), runContext.processes);
	return new Set(jobs.map(({ name }) => name));
}
function placesOf({ settings, runContext }) {
	return {
		directory: settings.directory,
		scratch: runContext.folder
	};
}
/**
* False in 3.11, where None is reference-counted like any other object, so that its count always differs, and in a free-threaded build, where counts are
* split between threads, and immortal or deferred objects have no exact ones.
*/
function hasExactCounts({ version, freeThreaded }) {
	return minorVersion(version) !== "3.11" && !freeThreaded;
}
/** Follows the interpreters that tests start. */
function childrenOf({ python }) {
	if (python.freeThreaded) throw new UserError("In a free-threaded build, interpreters that tests start cannot be checked.", { hint: "`children: no` does without." });
	const { children } = python.probe;
	if (existsSync(children.look)) return children.follow;
	throw new UserError("The library that follows interpreters (children.c) does not compile here.", { hint: "`children: no` does without." });
}
function interpreterNotes({ runs }) {
	const counts = addChildCounts(runs.map(({ children }) => children));
	const running = runs.filter((run) => run.hasRunningInterpreters).map(({ name }) => name);
	return [...running.length === 0 ? [] : [{
		code: "interpreters-running",
		tests: running
	}], ...counts === void 0 ? [] : [{
		code: "children",
		...counts
	}]];
}
/** Time limit in seconds for finding the tests in one test file. */
const CLOSER_LOOK_S = 60;
/** Test files of a project with new leaks run again with a check after each test, and with the Python lines that allocated the lost objects. */
function closerLook(runContext, hasPythonStacks) {
	if (runContext.suite === void 0 || runContext.leakCheckPer === "test") return void 0;
	return {
		...runContext,
		leakCheckPer: "test",
		leakCheckSeconds: CLOSER_LOOK_S,
		pythonStacks: hasPythonStacks
	};
}

// src/model/torture-totals.ts
const count = pipe(number(), integer(), minValue(0));
/** Numbers of torture, summed over all test files. */
const TortureTotalsSchema = strictObject({
	/** Allocation sites. */
	sites: count,
	failures: count,
	/** Failures after which a test hung, or ended its process. */
	unjudged: count,
	/** Failures for which there was no time. */
	untried: count,
	/** Tests that were left out because they took too long (`slow`) or did not pass (`failing`). */
	slow: count,
	failing: count
});
const NO_TORTURE = {
	sites: 0,
	failures: 0,
	unjudged: 0,
	untried: 0,
	slow: 0,
	failing: 0
};
function addTotals(one, other) {
	return {
		sites: one.sites + other.sites,
		failures: one.failures + other.failures,
		unjudged: one.unjudged + other.unjudged,
		untried: one.untried + other.untried,
		slow: one.slow + other.slow,
		failing: one.failing + other.failing
	};
}

// src/engines/torture/summary.ts
/** The totals of torture in all test files, to show that it worked. */
var TortureSummary = class {
	#totals = NO_TORTURE;
	get totals() {
		return this.#totals;
	}
	add(line) {
		this.#totals = addTotals(this.#totals, totalsOf(line));
	}
};
function totalsOf(line) {
	if (line.event === "torture-plan") return {
		...NO_TORTURE,
		sites: line.chosen,
		...line.leftOut
	};
	const failures = line.injections - line.unreached;
	return {
		...NO_TORTURE,
		failures,
		untried: line.unfinished,
		unjudged: line.hangs + line.afterHangs
	};
}
/** @param others errors that do not involve the project */
function tortureNote({ slow, failing, ...tried }, slice, others = 0) {
	return {
		code: "tortured",
		slice: slice === void 0 ? null : sliceName(slice),
		...tried,
		leftOut: {
			slow,
			failing
		},
		others
	};
}

// src/report/describe.ts
/** Memcheck's kinds in words that need no lookup. An unknown kind is shown as is. */
const KINDS = {
	Leak_DefinitelyLost: "memory leak",
	Leak_PossiblyLost: "memory leak (possibly lost)",
	Leak_PerInterpreter: "memory leak per interpreter",
	Leak_IndirectlyLost: "memory leak (indirectly lost)",
	ReferenceLeak: "reference leak",
	ErrorPathLeak: "leak in an error path",
	ErrorPathCrash: "crash in an error path",
	LostError: "lost error",
	InvalidRead: "invalid read",
	InvalidWrite: "invalid write",
	InvalidFree: "invalid free",
	InvalidJump: "invalid jump",
	MismatchedFree: "mismatched free",
	Overlap: "overlapping copy",
	UninitCondition: "conditional jump depends on uninitialised value",
	UninitValue: "use of uninitialised value",
	SyscallParam: "bad memory passed to a system call",
	FdBadClose: "double close of a file descriptor",
	FdBadUse: "use of a bad file descriptor",
	FdLeftOpen: "descriptor left open by a test file",
	Growth: "growth",
	FdNotClosed: "file descriptor left open"
};
function kindInWords(kind) {
	return (Object.hasOwn(KINDS, kind) ? KINDS[kind] : void 0) ?? kind;
}
/** `2 blocks, 96 bytes`; empty if there is no amount. */
function amountInWords(finding) {
	const noun = finding.kind === "Growth" ? "more object" : "more reference";
	const before = finding.blocksBefore === null || finding.kind === "Growth" ? "" : ` (${finding.blocksBefore} in the baseline)`;
	if (finding.references > 0) return `${count$4(finding.references, noun)} after each run of the tests${before}`;
	if (finding.blocks === 0) return "";
	if (finding.kind === "FdLeftOpen") return `${count$4(finding.blocks, "descriptor")}${before}`;
	return `${count$4(finding.blocks, "block")}${before}, ${count$4(finding.bytes, "byte")}`;
}
/** Where the error was found and, if memcheck did not see it, how certain it is: `confirmed by two scans, not seen by memcheck`. */
function confidenceInWords(finding) {
	return [finding.inChild ? "in an interpreter that the test started" : "", sightingsInWords(finding)].filter((part) => part !== "").join(", ");
}
function sightingsInWords({ engine, kind, status, inChild }) {
	if (status === "warning") return "in two runs";
	if (status !== "new" && status !== "grown") return "";
	if (engine === "lifecycle") return "in two runs, of each interpreter that starts and ends";
	if (engine === "torture") return "each failure was made twice, in processes of their own, in both of two runs";
	if (engine !== "scan") return "";
	if (inChild) return "confirmed by two scans";
	return kind === "ReferenceLeak" ? "confirmed by two scans; memcheck can't detect reference leaks" : "confirmed by two scans, not seen by memcheck";
}
/** Whose code lost it, if not the project's. */
function ownerInWords({ owner }) {
	switch (owner) {
		case "project": return "";
		case "extension": return "in another package's extension";
		case "interpreter": return "no extension on its stack";
		case "unknown": return "its stack is cut short";
	}
}
/** `lost: str 'planted 1', 1 reference`; each with the Python lines that allocated it, if known. */
function objectsInWords({ kind, objects }) {
	const what = kind === "Growth" ? "kept" : "lost";
	return objects.map((object) => [`${what}: ${objectInWords(object)}`, object.python ?? []]);
}
/** `str 'planted 1', 1 reference` */
function objectInWords({ type, refcount, length, repr }) {
	return [
		repr === void 0 ? type : `${type} ${repr}`,
		...length === void 0 ? [] : [`length ${length}`],
		refcount === null ? "immortal" : count$4(refcount, "reference")
	].join(", ");
}
/**
* Other occurrences of a bug, besides the one shown in full: `test_x.Tests.test_a · 2 blocks · … < g < h · 3fa0c1…`, most blocks first. Of each
* path only the part that differs from the first one.
*/
function occurrencesInWords({ occurrences: [first, ...others] }) {
	return others.map(({ test, blocks, path, signature }) => {
		return [
			test.id ?? test.file,
			blocks === 0 ? "" : count$4(blocks, "block"),
			pathInWords(path, first?.path ?? []),
			signature
		].filter((part) => part !== "").join(" · ");
	});
}
function pathInWords(path, first) {
	const differs = path.findIndex((name, index) => name !== first[index]);
	const own = differs < 0 ? [] : path.slice(differs);
	return [...own.length < path.length ? ["…"] : [], ...own.map(shortName)].join(" < ");
}
/** The same in one number: `6 times in 4 test files`; empty for a single one. */
function spreadInWords({ occurrences }) {
	if (occurrences.length < 2) return "";
	const files = new Set(occurrences.map(({ test }) => test.file)).size;
	return `${occurrences.length} times in ${count$4(files, "test file")}`;
}
/** A problem with its remedy, in one line. */
function problemInWords({ message, remedy }) {
	return remedy === null ? message : `${message} ${remedy}`;
}
/** `472 test files scanned, 6 checked under memcheck` */
function checkedInWords({ tests }) {
	const of = (engine) => tests.filter((test) => test.engine === engine).length;
	const [scanned, checked, tortured] = [
		of("scan"),
		of("memcheck"),
		of("torture")
	];
	const end = `${tortured === 0 ? "" : `, ${tortured} tortured`}${of("lifecycle") === 0 ? "" : ", start and shutdown checked"}`;
	return scanned === 0 ? `${count$4(checked, "test file")} checked${end}` : `${count$4(scanned, "test file")} scanned, ${checked} checked under memcheck${end}`;
}
/** `test_gdb (scan) until 2027-03-01: starts other processes` */
function skipInWords({ test, engine, reason, expires }) {
	return `${test} (${engine})${expires === null ? "" : ` until ${expires}`}: ${reason}`;
}
const RELAXATIONS = {
	suppression: "suppression",
	accept: "accepted finding",
	skip: "skipped test file"
};
/** `suppression readline_leak` */
function relaxationInWords({ kind, title }) {
	return `${RELAXATIONS[kind]} ${title}`;
}
/** `readline leak (memcheck): hid errors in 3 test files, in the baseline 1` */
function suppressedInWords({ name, engine, tests, testsBefore }) {
	const before = testsBefore === null || testsBefore === tests ? "" : `, in the baseline ${testsBefore}`;
	return `${name} (${engine}): hid errors in ${count$4(tests, "test file")}${before}`;
}
/** Which baseline was used; undefined if there was no choice. */
function originInWords({ baseline }) {
	if (!baseline?.origin) return void 0;
	const { commit, mergeBase, distance } = baseline.origin;
	const base = `the merge base ${mergeBase.slice(0, 12)}`;
	return `Compared with the baseline of ${distance === 0 ? base : `${commit.slice(0, 12)}, ${count$4(distance, "commit")} before ${base}`}.`;
}
/** The baseline that this run was compared with; empty if there is none. */
function baselineInWords(report) {
	const { baseline } = report;
	if (baseline === null) return "";
	const commit = baseline.sha === null ? "" : ` at ${baseline.sha.slice(0, 12)}`;
	return originInWords(report) ?? `Compared with the baseline recorded on ${baseline.recordedAt.slice(0, 10)}${commit}.`;
}
function warningsInWords(report) {
	const warnings = withStatus(report, "warning").length;
	return warnings === 0 ? "nothing new" : `no new errors, ${count$4(warnings, "new warning")}`;
}
function testFiles({ tests }) {
	return new Set(tests.filter(({ engine }) => engine !== "lifecycle").map(({ name }) => name));
}
/** A one-line summary. */
function verdictInWords(report) {
	const fresh = withStatus(report, "new", "grown").length;
	const checked = checkedInWords(report);
	switch (report.verdict) {
		case "clean":
			if (report.baseline !== null) return `Clean: ${checked}, ${warningsInWords(report)}.`;
			return `First run: ${count$4(withStatus(report, "recorded").length, "error")} recorded, ${checked}. There was nothing to compare with.`;
		case "new-errors": return `${count$4(fresh, "new error")} in ${count$4(testFiles(report).size, "checked test file")}.`;
		case "inconclusive": return report.tests.length === 0 ? "Nothing was checked." : "Inconclusive: not everything that was asked for could be checked.";
	}
}

// src/stages/crash-look.ts
/** Limit: each needs a start under memcheck; a first record may have dozens. */
const MAX_CRASHES = 5;
/** Limit: later errors are mostly consequences of the first ones. */
const MAX_ERRORS = 3;
/** Without this, valgrind would also replace the injector's malloc by its own. */
const LEAVE_THE_INJECTOR = "--soname-synonyms=somalloc=nouserintercepts";
/** Adds memcheck's errors to the stacks of new crashes. */
async function lookAtCrashes(judgement, tortured, checkContext) {
	const { context, runContext } = checkContext;
	const crashes = judgement.findings.filter(isUnknownCrash).slice(0, MAX_CRASHES);
	if (crashes.length === 0 || runContext.processes.stopped !== void 0) return judgement;
	const { execution } = context;
	if (!execution.isIdle) context.progress.begin("Torture: crashes under memcheck");
	const errors = await inPool(crashes, context.width, ({ finding }) => execution.lookAtCrash(finding, () => errorsBefore(finding, tortured, checkContext)));
	const seen = new Map(crashes.map((judged, index) => [judged, errors[index] ?? []]));
	const findings = judgement.findings.map((judged) => {
		const further = seen.get(judged) ?? [];
		return {
			...judged,
			finding: {
				...judged.finding,
				further: [...further, ...judged.finding.further]
			}
		};
	});
	return {
		...judgement,
		findings
	};
}
function isUnknownCrash({ finding, status }) {
	return finding.failure !== void 0 && finding.kind === "ErrorPathCrash" && (status === "new" || status === "unrecorded");
}
async function errorsBefore(finding, { jobs, request }, { settings, runContext, prepared }) {
	const job = jobs.find(({ name }) => name === finding.test.file);
	if (job === void 0 || finding.failure === void 0) return [];
	const { python, processes, timeout, project } = runContext;
	const xmlFolder = await mkdtemp(join(runContext.folder, "crash-"));
	const { valgrind } = prepared.recipe.toolchain;
	const options = {
		valgrind,
		leakCheck: "none",
		suppressions: settings.suppressions,
		xmlFolder
	};
	const args = memcheckArgs({
		...options,
		extraArgs: [...settings.valgrindArgs, LEAVE_THE_INJECTOR]
	});
	const asked = {
		...request,
		only: finding.failure
	};
	const words = [
		...args,
		python.path,
		python.probe.runner,
		"look",
		...tortureWords(asked, settings.work, finding.test)
	];
	const env = {
		...job.env,
		LD_PRELOAD: joinPreloads(python.probe.torture, python.probe.preload)
	};
	const { pid } = await processes.run("valgrind", words, {
		cwd: job.cwd,
		env,
		timeout,
		logFile: join(xmlFolder, "output.log")
	});
	return (await readErrors(join(xmlFolder, reportName(MEMCHECK, pid)))).slice(0, MAX_ERRORS).flatMap((error) => {
		const shown = findingOf({
			engine: "memcheck",
			error,
			testFile: finding.test.file,
			testId: finding.test.id,
			objects: []
		}, project);
		return [{
			what: `Memcheck, before the crash: ${kindInWords(error.kind)}`,
			frames: shown.stack
		}, ...shown.further];
	});
}
/** The errors of the failure: the runner writes a line when the test begins. None if valgrind did not start. */
async function readErrors(path) {
	const errors = [];
	await readReport$1(MEMCHECK, path, new ProcessReport("none"), ({ error, testId }) => {
		if (testId !== null) errors.push(error);
	});
	return errors;
}

// src/stages/torture-change.ts
/** Time limit in seconds for the failures in one test file, and for its second run, which must reach everything that the first one did. */
const SECONDS$1 = 60;
const SECOND_SECONDS = 180;
/**
* Makes allocations of a change fail. If the baseline has torture's findings of a test file, findings that are not among them are new; otherwise
* those that involve changed functions.
*/
async function tortureChange({ functions, jobs, runnerOf }, context) {
	const request = {
		functions,
		sample: true
	};
	const stage = {
		engine: "torture",
		title: "Torture of what changed",
		jobs,
		testRunner: runnerOf({
			...request,
			seconds: SECONDS$1
		}),
		confirming: runnerOf({
			...request,
			seconds: SECOND_SECONDS
		}, true)
	};
	const known = recordedTests(context.past);
	const [recorded, others] = [jobs.filter(({ name }) => known.has(name)), jobs.filter(({ name }) => !known.has(name))];
	const compared = recorded.length === 0 ? NOTHING_RUN : await runStage({
		...stage,
		jobs: recorded
	}, context);
	const reached = others.length === 0 ? NOTHING_RUN : await lookAtReached({
		...stage,
		jobs: others
	}, { changed: functions }, context);
	const runs = [...compared.runs, ...reached.runs];
	return {
		runs,
		judgement: addJudgement({
			...compared.judgement,
			fixed: []
		}, reached.judgement),
		unrecordable: runs
	};
}
const NOTHING_RUN = {
	runs: [],
	judgement: NOTHING$1
};
/** The test files that were tortured on the default branch. */
function recordedTests(past) {
	const tests = past.kind === "comparable" ? past.baseline.tests : [];
	return new Set(tests.filter((test) => test.engine === "torture" && test.slice === void 0 && hasFindings(test)).map(({ name }) => name));
}

// src/stages/torture-choice.ts
/** Seconds for all test files. */
const SECONDS = 120;
/** Each test runs twice before any failure; then come the failures, in forked children, and errors are tried a second time. */
const MIN_SECONDS = 4;
const SLOWDOWN = 6;
/** The change to test, or why there is none. Pure. */
function changeToTorture(affected) {
	if (affected.kind === "any") return affected.why === "asked" || affected.why === "not-collected" ? "no-record" : affected.why;
	if (affected.rewritten.length === 0) return "no-function";
	return isInFewFunctions(affected) ? affected : "many-functions";
}
/**
* The fastest test files that together run all changed functions, then further ones while there is time: no single test file takes all error
* paths. Pure.
*/
function chooseTorture(change, isSuitable, costs) {
	const targets = targetsOf(change, isSuitable);
	const spending = new Spending((name) => MIN_SECONDS + SLOWDOWN * (costs.scanned.get(name) ?? 1), SECONDS * costs.width);
	const covered = spending.cover(targets);
	spending.cover(targets.map((names) => names.filter((name) => !spending.names.includes(name))));
	return {
		names: spending.names,
		covered
	};
}
/** For each function the test files that may run it. */
function targetsOf(change, isSuitable) {
	const users = change.rewritten.map(usersOfFunctions(change.footprints));
	const known = users.flatMap((one) => one.kind === "some" ? one.tests : []);
	const likely = [.../* @__PURE__ */ new Set([...editedTests(change), ...known])];
	return users.map((one) => {
		if (one.kind === "some" && one.tests.length > 0) return one.tests.filter(isSuitable);
		return (one.kind === "everyone" || likely.length === 0 ? change.scanned : likely).filter(isSuitable);
	});
}
function editedTests(change) {
	if (change.kind === "all") return [];
	return [...change.chosen].flatMap(([name, causes]) => causes.some((cause) => isOfItself(cause, name)) ? [name] : []);
}
function isOfItself(cause, test) {
	return cause.code === "unrecorded" || cause.code === "file" && cause.name.startsWith(`Lib/test/${test.replaceAll(".", "/")}`);
}

// src/stages/torture-stage.ts
const NOTHING_TORTURED = {
	runs: [],
	judgement: NOTHING$1,
	notes: [],
	skipped: []
};
/**
* Makes allocations fail in the test files of the setting. If that is not possible at all, the verdict says so.
* @param scan its runs, and the test files that it skipped.
*/
async function runTorture(checkContext, affected, scan) {
	const { torture } = checkContext.settings;
	if (torture.kind === "none") return NOTHING_TORTURED;
	try {
		checkContext.context.execution.requireEngine("torture");
		if (torture.kind === "changed") return await tortureChanged(checkContext, affected, scan.runs);
		return await (checkContext.settings.work.kind === "suite" ? tortureSuite(checkContext, [...scan.runs, ...scan.skipped]) : tortureTests(checkContext, torture));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return {
			...NOTHING_TORTURED,
			judgement: {
				...NOTHING$1,
				problems: [engineFailed("torture", error)]
			}
		};
	}
}
async function tortureTests(checkContext, torture) {
	const { settings, prepared, runContext, context } = checkContext;
	const tools = await openTools(checkContext);
	const places = {
		directory: settings.directory,
		scratch: runContext.folder
	};
	const { jobs: listed, leftOut } = await planTorture(torture, prepared.python, places, runContext.processes);
	const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
	const { slice, testRunner } = ofSlice(tools.runnerOf({
		seconds: secondsFor(runContext),
		slice: settings.tortureSlice
	}), settings);
	const allBut = torture.kind === "all" ? { allBut: [...leftOut, ...skipped].map(({ name }) => name) } : {};
	const result = await runStage({
		engine: "torture",
		slice,
		title: "Torture",
		jobs,
		testRunner,
		...allBut
	}, context);
	return {
		...result,
		judgement: await lookAtCrashes(result.judgement, {
			jobs,
			request: {}
		}, checkContext),
		preloads: tools.preloads,
		skipped,
		notes: [tortureNote(context.execution.tortured(tools.summary.totals), settings.tortureSlice), ...leftOutNotes("torture", leftOut)]
	};
}
const PART_FOR_FAILURES = .8;
/** Leaves some time for other work in a test file. */
function secondsFor({ timeout }) {
	return Math.ceil(timeout * PART_FOR_FAILURES);
}
/** Sets the slice of the runs. */
function ofSlice(runner, { tortureSlice: slice }) {
	if (slice === void 0) return { testRunner: runner };
	const name = sliceName(slice);
	return {
		slice: name,
		testRunner: {
			run: async (job) => ({
				...await runner.run(job),
				slice: name
			}),
			stop: () => runner.stop()
		}
	};
}
/** For a project's tests: only allocations with a function of an extension on their stack; errors that do not involve the project are counted. */
async function tortureSuite(checkContext, files) {
	const { settings, runContext, context } = checkContext;
	const tools = await openTools(checkContext);
	const listed = planSuite(files, {
		...settings,
		env: runContext.processes.env,
		python: runContext.python
	});
	const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
	const request = {
		...OF_EXTENSIONS,
		seconds: secondsFor(runContext),
		slice: settings.tortureSlice
	};
	const { slice, testRunner } = ofSlice(tools.runnerOf(request), settings);
	const others = /* @__PURE__ */ new Set();
	const result = await runStage({
		engine: "torture",
		slice,
		title: "Torture",
		jobs,
		testRunner,
		refine: ofProject(others)
	}, context);
	const judgement = await lookAtCrashes(result.judgement, {
		jobs,
		request: OF_EXTENSIONS
	}, checkContext);
	const totals = context.execution.tortured(tools.summary.totals);
	return {
		...result,
		judgement,
		preloads: tools.preloads,
		skipped,
		notes: [tortureNote(totals, settings.tortureSlice, others.size)]
	};
}
/** Keeps only the project's findings in a run. @param others receives the signatures of the others. */
function ofProject(others) {
	return (run) => {
		for (const { owner, signature } of run.findings) if (owner !== "project") others.add(signature);
		return {
			...run,
			findings: run.findings.filter(({ owner }) => owner === "project")
		};
	};
}
/** For a change: only allocations with a function on their stack that it rewrote. */
async function tortureChanged(checkContext, affected, scanned) {
	const { prepared, runContext, context } = checkContext;
	const change = changeToTorture(affected);
	if (typeof change === "string") return {
		...NOTHING_TORTURED,
		notes: [{
			code: "torture-idle",
			why: change
		}]
	};
	const { names } = await selectAll("torture", prepared.python, runContext.folder, runContext.processes);
	const suitable = new Set(names);
	const costs = {
		scanned: scanCosts(context.past, scanned),
		width: context.plannedWidth ?? context.width
	};
	const chosen = chooseTorture(change, (name) => suitable.has(name), costs);
	const { rewritten: functions } = change;
	const { jobs: listed } = planTests(chosen.names, runContext.python, { scratch: runContext.folder }, runContext.processes);
	const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
	const note = {
		code: "torture-chosen",
		looked: jobs.map(({ name }) => name),
		functions: functions.length,
		covered: chosen.covered
	};
	if (jobs.length === 0) return {
		...NOTHING_TORTURED,
		skipped,
		notes: [note]
	};
	const tools = await openTools(checkContext);
	const result = await tortureChange({
		functions,
		jobs,
		runnerOf: tools.runnerOf
	}, context);
	const judgement = await lookAtCrashes(result.judgement, {
		jobs,
		request: { functions }
	}, checkContext);
	const totals = context.execution.tortured(tools.summary.totals);
	return {
		...result,
		judgement,
		preloads: tools.preloads,
		skipped,
		notes: [note, tortureNote(totals)]
	};
}
/** The library that makes allocations fail, tested. */
async function openTools({ prepared, runContext, context }) {
	if (runContext.python.freeThreaded) throw new UserError("Torture makes malloc fail, but a free-threaded interpreter does not get its objects from malloc.", { hint: "Use `torture: none`." });
	const runtime = await findRuntime(prepared.recipe.toolchain.compiler, runContext.processes);
	if (!runContext.python.framePointers) throw new UserError("Torture finds allocation sites by frame pointers, which this interpreter does not have.", { hint: "`python-version` builds one that has them." });
	const { preload, torture: injector } = runContext.python.probe;
	if (!existsSync(injector)) throw new UserError("The library that makes allocations fail (torture.c) does not compile here.");
	const scanned = joinPreloads(preload, runtime);
	const preloads = joinPreloads(injector, preload, runtime);
	if (context.execution.runs("torture")) await requireSelfTest(runContext, scanSelfTest(runContext, scanned, testEnvironment(runContext.processes.env, runContext.python), runtime));
	const summary = new TortureSummary();
	let first;
	const runnerOf = (request, isSecond = false) => {
		const engine = tortureEngine(runContext, preloads, request, (line) => isSecond ? void 0 : summary.add(line));
		const pool = new WorkerPool(engine, runContext, first);
		first ??= pool;
		return withCancellation(pool, engine, runContext.processes);
	};
	return {
		preloads,
		summary,
		runnerOf
	};
}

// src/look.ts
/** Starts and ends interpreters, scans test files, runs some under memcheck, compares all with the baseline and confirms new findings. */
async function look(checkContext) {
	const { runContext, settings } = checkContext;
	const lifecycles = await runLifecycles(checkContext);
	const scan = await runScan(checkContext, await chooseBeforeScan(checkContext));
	const { affected } = scan;
	const memcheck = await runMemcheck(checkContext, scan.runs, suspectsOf(scan.judgement), affected);
	const torture = await runTorture(checkContext, affected, scan);
	const ofTests = [
		...scan.runs,
		...memcheck.runs,
		...torture.runs
	];
	const runs = [...ofTests, ...lifecycles.runs];
	const unrecordable = /* @__PURE__ */ new Set([...memcheck.unrecordable ?? [], ...torture.unrecordable ?? []]);
	const both = mergeEngines(scan.judgement, memcheck.judgement, memcheck.looks);
	const tested = requireChecked(addJudgement(both, torture.judgement), ofTests, affected.kind === "some");
	const judgement = addJudgement(tested, lifecycles.judgement);
	const { stopped } = runContext.processes;
	const { path, probe } = runContext.python;
	const scene = {
		python: path,
		runner: probe.runner,
		options: memcheck.options,
		work: settings.work,
		preloads: {
			scan: scan.preloads,
			torture: torture.preloads
		},
		children: settings.children,
		unwinder: unwinderOf(runContext)
	};
	return {
		runs,
		recordable: runs.filter((run) => !unrecordable.has(run)),
		footprints: scan.footprints,
		affected: reportAffected(affected),
		isWhole: stopped === void 0,
		judgement: stopped === void 0 ? judgement : judgeStopped(judgement, runs, stopped),
		notes: [
			...affectedNotes(affected, checkContext.underTest),
			...await blame(checkContext, affected, judgement, runs),
			...scan.notes,
			...torture.notes,
			...memcheck.notes
		],
		skipped: [
			...scan.skipped.map((one) => ({
				...one,
				engine: "scan"
			})),
			...memcheck.skipped.map((one) => ({
				...one,
				engine: "memcheck"
			})),
			...torture.skipped.map((one) => ({
				...one,
				engine: "torture"
			}))
		],
		reproduce: (engine, test) => engine === "lifecycle" ? checkCommand(settings, engine, test) : reproduceCommand(scene, engine, test)
	};
}
async function blame(checkContext, affected, judgement, runs) {
	const blamed = blameLeaks(affected, judgement, runs);
	if (blamed.length === 0) return [];
	const keys = blamed.flatMap(({ suspects }) => suspects.map(({ key }) => key));
	return blameNotes(blamed, await placesOfFunctions(keys, checkContext), checkContext.context.change.changes);
}

// src/model/shard.ts
/** GitHub's limit for the jobs of one matrix. */
const MAX_SHARDS = 256;
/** As in settings: `3/8`. */
const ShardNameSchema = pipe(string(), regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/), check$2((name) => parseShard(name) !== void 0, "a shard, such as 3/8"));
function shardName({ part, of }) {
	return `${part}/${of}`;
}
/** Undefined for an invalid name, such as `0/8` or `9/8`. */
function parseShard(name) {
	const [, part = "", of = ""] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(name) ?? [];
	const shard = {
		part: Number(part),
		of: Number(of)
	};
	return part !== "" && shard.part <= shard.of && shard.of <= 256 ? shard : void 0;
}

// src/shards/shard-plan.ts
/** Raise it with every change to the stored format of plans or shard results. */
const PLAN_VERSION = 1;
const text$1 = string();
const MAX_TESTS = 1e4;
const OriginSchema = strictObject({
	commit: text$1,
	mergeBase: text$1,
	distance: number(),
	run: text$1
});
/** Name of an artifact. */
const NameSchema = pipe(text$1, regex(/^[\w.-]{1,200}$/));
const shared = {
	where: text$1,
	name: exactOptional(NameSchema),
	notes: exactOptional(array(NoteSchema))
};
/** The baseline that the plan's job found, so that all parts compare with the same one. */
const LookupSchema = variant("kind", [
	strictObject({
		kind: literal("found"),
		...shared,
		baseline: BaselineSchema,
		origin: exactOptional(OriginSchema)
	}),
	strictObject({
		kind: literal("none"),
		...shared
	}),
	strictObject({
		kind: literal("unreadable"),
		...shared,
		detail: text$1
	}),
	strictObject({
		kind: literal("unreachable"),
		...shared,
		why: LookupFailureSchema
	})
]);
/** The values that shards and the report must have in common with the plan. */
const SubjectSchema = strictObject({
	/** Commit hash; null if the source is not a git checkout. */
	commit: nullable(text$1),
	/** Hash of the source and of everything that the build depends on. */
	content: text$1,
	build: text$1,
	identity: IdentitySchema,
	/** The settings that affect findings and verdict, as JSON. */
	settings: record$1(text$1, text$1),
	/** Hash of all suppressions, acceptances and skips, whose files may be outside of the source. */
	hiding: text$1
});
const TestSchema = strictObject({
	engine: EngineNameSchema,
	name: text$1
});
const ShardPlanSchema = strictObject({
	planVersion: literal(1),
	/** Unique; the results of its shards refer to it. */
	id: pipe(text$1, uuid()),
	subject: SubjectSchema,
	/** `2027-03-01`: all parts use this date, even if one runs after midnight. */
	today: pipe(text$1, regex(/^\d{4}-\d\d-\d\d$/)),
	lookup: LookupSchema,
	/** Number of test files that the plan's machine would run in parallel. All machines use it for time limits, so that they choose the same files. */
	jobs: pipe(number(), integer(), minValue(1)),
	/** Cached builds that the plan's job restored or saved. */
	builds: array(NamedBuildSchema),
	/** The test files that the suite collected, and those for memcheck; null if nothing was collected. */
	suite: nullable(strictObject({
		files: array(text$1),
		memcheck: array(text$1)
	})),
	shards: pipe(array(strictObject({
		seconds: number(),
		tests: pipe(array(TestSchema), maxLength(MAX_TESTS))
	})), minLength(1), maxLength(256))
});
/** The names of a plan's shards: `1/3`, `2/3`, `3/3`. */
function shardNames({ shards }) {
	return shards.map((_, index) => shardName({
		part: index + 1,
		of: shards.length
	}));
}
/** Undefined if nothing differs. Pure. */
function mismatchOf(planned, current) {
	const [before, now] = [fieldsOf(planned), fieldsOf(current)];
	const field = [.../* @__PURE__ */ new Set([...before.keys(), ...now.keys()])].find((name) => before.get(name) !== now.get(name));
	return field === void 0 ? void 0 : {
		field,
		planned: before.get(field) ?? "(none)",
		current: now.get(field) ?? "(none)"
	};
}
function fieldsOf({ commit, content, build, identity, settings, hiding }) {
	const named = (values) => Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
	const hashes = {
		content,
		build,
		"the hash of suppressions and .memcheck.toml": hiding
	};
	return new Map([...named({
		commit: commit ?? "(none)",
		...settings,
		...identity
	}), ...named(hashes)]);
}

// src/report/shard-lines.ts
/** A summary of the plan, then one line for each shard. */
function planLines(plan) {
	const names = shardNames(plan);
	const tests = plan.shards.reduce((sum, shard) => sum + shard.tests.length, 0);
	return [`${count$4(tests, "test file")} in ${count$4(plan.shards.length, "shard")}: about ${secondsInWords(longest(plan))} if they run in parallel.`, ...plan.shards.map((shard, index) => `${names[index]}: ${count$4(shard.tests.length, "test file")}, about ${secondsInWords(shard.seconds)}`)];
}
function longest({ shards }) {
	return Math.max(...shards.map(({ seconds }) => seconds));
}
/** The outcome of a shard, without a verdict. */
function shardLines({ shard, found, failures, stopped }) {
	const ran = found.runs.filter(({ step, run }) => step === "first" && run.status !== "stopped").length;
	const end = stopped === null ? "" : ` It was stopped before its end: ${stopInWords(stopped)}.`;
	return [`Shard ${shard} ran ${count$4(ran, "test file")}. The report gives the verdict.${end}`, ...failures.flatMap(problemLines)];
}
/** Why a shard checked nothing. */
function problemLines(problem) {
	const { text, remedy } = problemMessage(problem);
	return [`Not checked: ${text}`, ...remedy === null ? [] : [remedy]];
}

// src/shards/plan-shards.ts
/** Unique in a plan. */
function testKey({ engine, name }) {
	return `${engine} ${name}`;
}
/**
* Balanced shards: assigns each test file, longest first, to the machine that would finish first.
* @param shards maximum number of shards: never more than test files, but at least one
* @param width number of test files that a machine runs in parallel
*/
function planShards(tests, shards, width) {
	const count = Math.max(1, Math.min(shards, tests.length));
	const machines = Array.from({ length: count }, () => new Machine(width));
	for (const test of tests.toSorted(longestFirst)) soonestFor(test, machines).take(test);
	return machines.map(({ seconds, tests: own }) => ({
		seconds,
		tests: own.map(({ engine, name }) => ({
			engine,
			name
		})).toSorted(byName)
	}));
}
function soonestFor(test, machines) {
	return machines.map((machine) => ({
		machine,
		seconds: machine.secondsWith(test)
	})).reduce((best, one) => one.seconds < best.seconds || one.seconds === best.seconds && one.machine.load < best.machine.load ? one : best).machine;
}
/** A machine that runs one engine after another, each with `width` test files in parallel. */
var Machine = class {
	tests = [];
	#width;
	/** For each engine, the seconds that each core is busy. */
	#cores = /* @__PURE__ */ new Map();
	load = 0;
	constructor(width) {
		this.#width = width;
	}
	get seconds() {
		return [...this.#cores.values()].reduce((sum, cores) => sum + Math.max(...cores), 0);
	}
	secondsWith({ engine, seconds }) {
		const cores = this.#coresOf(engine);
		return this.seconds - Math.max(...cores) + Math.max(...cores, Math.min(...cores) + seconds);
	}
	take(test) {
		const cores = this.#coresOf(test.engine);
		const free = cores.indexOf(Math.min(...cores));
		this.#cores.set(test.engine, cores.map((busy, index) => index === free ? busy + test.seconds : busy));
		this.tests.push(test);
		this.load += test.seconds;
	}
	#coresOf(engine) {
		return this.#cores.get(engine) ?? Array.from({ length: this.#width }, () => 0);
	}
};
/** The smallest number of shards that each stay within `limit` seconds. A single test file may exceed it. */
function planWithin(tests, limit, width) {
	const total = tests.reduce((sum, { seconds }) => sum + seconds, 0);
	const longest = Math.max(0, ...tests.map(({ seconds }) => seconds));
	const most = Math.min(256, Math.max(1, tests.length));
	for (let count = Math.min(most, Math.max(1, Math.ceil(total / (limit * width))));; count++) {
		const shards = planShards(tests, count, width);
		if (count >= most || secondsOf(shards) <= Math.max(limit, longest)) return shards;
	}
}
/** Seconds until the last machine has finished. */
function secondsOf(shards) {
	return Math.max(0, ...shards.map(({ seconds }) => seconds));
}
/** Longest first; ties by name, so the result does not depend on the input's order. */
function longestFirst(a, b) {
	return b.seconds - a.seconds || byName(a, b);
}
function byName(a, b) {
	return compareText(a.engine, b.engine) || compareText(a.name, b.name);
}

// src/shards/expected-seconds.ts
/** For an engine without test files in the baseline: about the median of CPython's test files, on a core of 2024. */
const USUAL_SECONDS = {
	scan: 2,
	memcheck: 40,
	torture: 120,
	lifecycle: 3
};
/**
* The expected seconds of a test file: those in the baseline, or else the median of the engine's test files there. Pure.
* @param slice the slice of torture that will run
*/
function expectSeconds(recorded, slice) {
	const own = recorded.filter((test) => test.slice === void 0 || test.slice === slice);
	const known = new Map([...recorded, ...own].map((test) => [testKey(test), test.seconds]));
	const medians = new Map([...Map.groupBy(recorded, ({ engine }) => engine)].map(([engine, tests]) => [engine, medianOf(tests)]));
	return (test) => known.get(testKey(test)) ?? medians.get(test.engine) ?? USUAL_SECONDS[test.engine];
}
/** @param tests at least one */
function medianOf(tests) {
	const sorted = tests.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

// src/shards/stored-footprints.ts
const texts$1 = array(string());
/** Sets of indices into `functions` and `files`, as bits in base64. */
const FootprintSchema = strictObject({
	functions: string(),
	files: string()
});
const StoredFootprintsSchema = strictObject({
	functions: texts$1,
	files: texts$1,
	watched: string(),
	shared: FootprintSchema,
	tests: array(strictObject({
		name: string(),
		...FootprintSchema.entries
	}))
});
function storeFootprints({ watched, shared, tests }) {
	const all = [shared, ...tests.values()];
	const functions = [.../* @__PURE__ */ new Set([...watched, ...all.flatMap((one) => [...one.functions])])].toSorted();
	const files = [...new Set(all.flatMap((one) => [...one.files]))].toSorted();
	const bits = (values, set) => encodeBits(values.map((value) => set.has(value)));
	const store = (one) => ({
		functions: bits(functions, one.functions),
		files: bits(files, one.files)
	});
	const stored = [...tests].map(([name, one]) => ({
		name,
		...store(one)
	}));
	return {
		functions,
		files,
		watched: bits(functions, watched),
		shared: store(shared),
		tests: stored
	};
}
function readFootprints({ functions, files, watched, shared, tests }) {
	const read = (one) => ({
		functions: new Set(decodeBits(one.functions, functions)),
		files: new Set(decodeBits(one.files, files))
	});
	return {
		watched: new Set(decodeBits(watched, functions)),
		shared: read(shared),
		tests: new Map(tests.map((test) => [test.name, read(test)]))
	};
}
/** Merges the records of several machines. Functions and files that all test files of one machine share count as shared for all. */
function mergeFootprints(all) {
	return {
		watched: new Set(all.flatMap(({ watched }) => [...watched])),
		shared: {
			functions: new Set(all.flatMap(({ shared }) => [...shared.functions])),
			files: new Set(all.flatMap(({ shared }) => [...shared.files]))
		},
		tests: new Map(all.flatMap(({ tests }) => [...tests]))
	};
}

// src/shards/stored-run.ts
const text = string();
const amount = pipe(number(), finite(), minValue(0));
const whole = pipe(amount, integer());
const texts = array(text);
const RoleSchema = picklist([
	"key",
	"inlined",
	"allocator",
	"library",
	"call",
	"repeated",
	"caller",
	"beyond"
]);
const FrameSchema = strictObject({
	function: text,
	file: nullable(text),
	line: nullable(number()),
	object: nullable(text),
	role: nullable(RoleSchema)
});
const FurtherSchema = array(strictObject({
	what: text,
	frames: array(FrameSchema)
}));
const FindingSchema = strictObject({
	engine: EngineNameSchema,
	signature: pipe(text, regex(/^[0-9a-f]{16}$/)),
	segment: texts,
	normalizedStack: array(texts),
	kind: text,
	what: text,
	test: strictObject({
		file: text,
		id: nullable(text)
	}),
	isInChild: boolean(),
	site: strictObject({
		function: text,
		file: nullable(text),
		line: nullable(number())
	}),
	owner: picklist([
		"project",
		"extension",
		"interpreter",
		"unknown"
	]),
	stack: array(FrameSchema),
	further: FurtherSchema,
	part: exactOptional(texts),
	failure: exactOptional(strictObject({
		site: texts,
		lasting: boolean()
	})),
	blocks: whole,
	bytes: whole,
	references: number(),
	objects: array(LeakedObjectSchema),
	suppression: nullable(text)
});
const RunSchema = strictObject({
	name: text,
	engine: EngineNameSchema,
	slice: exactOptional(SliceSchema),
	status: picklist([
		"passed",
		"failed",
		"skipped",
		"timeout",
		"crashed",
		"stopped"
	]),
	seconds: amount,
	incomplete: nullable(IncompleteSchema),
	ran: nullable(whole),
	findings: array(FindingSchema),
	leftByInterpreter: exactOptional(strictObject({
		sites: whole,
		blocks: whole
	})),
	suppressed: texts,
	children: exactOptional(ChildCountsSchema),
	repeated: exactOptional(literal(true)),
	hasRunningInterpreters: exactOptional(literal(true)),
	slowTests: exactOptional(array(strictObject({
		id: text,
		seconds: amount
	}))),
	costs: strictObject({
		start: number(),
		leakChecks: number(),
		reading: number()
	}),
	log: text,
	lastWords: exactOptional(texts)
});
/**
* Why a test file runs: for the first time, again after an incomplete run, to confirm new findings, to find the test that leaked, or under
* memcheck because the scan found something.
*/
const StepSchema = picklist([
	"first",
	"retry",
	"confirm",
	"closer-look",
	"suspect"
]);
const StoredRunSchema = strictObject({
	step: StepSchema,
	run: RunSchema
});
const CrashDetailSchema = strictObject({
	test: text,
	signature: text,
	further: FurtherSchema
});

// src/shards/shard-result.ts
/** Results of one machine's runs. */
const RunResultsSchema = strictObject({
	runs: array(StoredRunSchema),
	crashes: array(CrashDetailSchema),
	/** Null if nothing was recorded, or if the record lacks some of its test files. */
	footprints: nullable(StoredFootprintsSchema),
	/** Null if torture did not run. */
	torture: nullable(TortureTotalsSchema)
});
const ShardResultSchema = strictObject({
	planVersion: literal(1),
	/** The plan's `id`. */
	plan: string(),
	shard: ShardNameSchema,
	subject: nullable(SubjectSchema),
	found: RunResultsSchema,
	/** Engines that could not run, or why the whole shard failed. */
	failures: array(ProblemSchema),
	/** What stopped the shard before its end. */
	stopped: nullable(StopSchema),
	notes: array(NoteSchema)
});

// src/shards/shard-store.ts
const PLAN_NAME = "plan";
/** @param shard `3/8` */
function nameOfShard(shard) {
	return `shard-${shard.replace("/", "-of-")}`;
}

// src/shards/stored-file.ts
/** A shard's result usually unpacks to a few megabytes; a first run with all stacks to a few hundred. */
const MAX_UNPACKED = 536870912;
function encodeStored(value) {
	return gzipSync(JSON.stringify(value));
}
/** Never throws: untrusted bytes give a value or the reason why they are damaged. */
function decodeStored(schema, packed) {
	let value;
	try {
		value = JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }).toString("utf8"));
	} catch (error) {
		return damaged(`it is not gzipped JSON (${messageOf(error)})`);
	}
	const version = safeParse(object({ planVersion: number() }), value);
	if (version.success && version.output.planVersion !== 1) return damaged(`its format has version ${version.output.planVersion}, and this cpython-memcheck uses version ${1}`);
	const parsed = safeParse(schema, value, { abortEarly: true });
	if (parsed.success) return { value: parsed.output };
	const [issue] = parsed.issues;
	return damaged(`${getDotPath(issue) ?? "its content"} is not as expected (${issue.message})`);
}
function damaged(detail) {
	return {
		code: "damaged",
		detail: detail.slice(0, 500)
	};
}

// src/shards/gather.ts
/** @param lookups by {@link nameOfShard} */
function gatherShards(plan, lookups) {
	const names = shardNames(plan);
	const outcomes = plan.shards.map(({ tests }, index) => {
		const expected = {
			name: names[index] ?? "",
			tests
		};
		return outcomeOf$1(plan, expected, lookups.get(nameOfShard(expected.name)) ?? {
			kind: "none",
			why: { code: "missing" },
			where: nameOfShard(expected.name)
		});
	});
	const failures = failuresEverywhere(outcomes);
	const isEverywhere = (problem) => problem.code === "engine-failed" && failures.some((one) => one.engine === problem.engine);
	return {
		results: outcomes.flatMap(({ result }) => result ?? []),
		problems: distinct$1(outcomes.flatMap(({ problems }) => problems).filter((problem) => !isEverywhere(problem))),
		failures,
		excused: outcomes.flatMap(excusedBy),
		isWhole: outcomes.every(({ result }) => result !== void 0 && result.stopped === null)
	};
}
/** Test files of the plan that the report did not choose, so their findings would be lost. @param chosen test files that the report chose */
function notChosenByReport(plan, chosen) {
	const known = new Set(chosen.map(testKey));
	return plan.shards.flatMap(({ tests }) => tests.filter((test) => !known.has(testKey(test))));
}
function outcomeOf$1(plan, expected, lookup) {
	const { name: shard } = expected;
	const tests = expected.tests.length;
	const discarded = (problem) => ({
		expected,
		problems: [problem]
	});
	const unusable = (why) => discarded({
		code: "shard-unusable",
		shard,
		where: lookup.where,
		why,
		tests
	});
	if (lookup.kind === "none") return unusable(lookup.why);
	const decoded = decodeStored(ShardResultSchema, lookup.packed);
	if ("code" in decoded) return unusable(decoded);
	const result = decoded.value;
	if (result.plan !== plan.id) return discarded({
		code: "shard-of-other-plan",
		shard,
		tests
	});
	if (result.shard !== shard || hasForeignRuns(result, expected)) return unusable({
		code: "damaged",
		detail: "it is the result of another shard"
	});
	const [failure] = result.failures.filter(({ code }) => code !== "engine-failed");
	if (failure !== void 0) return discarded(shardProblem(failure, expected));
	if (result.stopped !== null) return {
		expected,
		result,
		problems: [stoppedProblem(result, result.stopped, expected)]
	};
	const mismatch = result.subject === null ? void 0 : mismatchOf(plan.subject, result.subject);
	if (mismatch !== void 0) return discarded({
		code: "shard-mismatch",
		shard,
		...mismatch,
		tests
	});
	if (result.subject === null) return unusable({
		code: "damaged",
		detail: "it does not say what it checked"
	});
	return {
		expected,
		result,
		problems: result.failures
	};
}
/** Whether it has runs of test files that the plan does not give to this shard. Later steps may run them under another engine. */
function hasForeignRuns({ found }, { tests }) {
	const [own, names] = [new Set(tests.map(testKey)), new Set(tests.map(({ name }) => name))];
	return found.runs.some(({ step, run }) => step === "first" ? !own.has(testKey(run)) : !names.has(run.name));
}
function shardProblem(failure, { name: shard, tests: { length: tests } }) {
	if (failure.code === "plan-mismatch") return {
		...failure,
		code: "shard-mismatch",
		shard,
		tests
	};
	if (failure.code === "check-failed") return {
		code: "shard-failed",
		shard,
		detail: failure.detail,
		hint: failure.hint,
		tests
	};
	return {
		code: "shard-failed",
		shard,
		detail: failure.code,
		hint: null,
		tests
	};
}
function stoppedProblem({ found }, why, { name: shard, tests }) {
	const finished = new Set(found.runs.flatMap(({ step, run }) => step === "first" && run.status !== "stopped" ? [testKey(run)] : []));
	return {
		code: "shard-stopped",
		shard,
		why,
		unfinished: [...new Set(tests.flatMap((test) => finished.has(testKey(test)) ? [] : [test.name]))]
	};
}
/** Engines that failed in every shard that needed them: reported once, as in a check without shards. */
function failuresEverywhere(outcomes) {
	const all = outcomes.flatMap(({ problems }) => problems.filter((problem) => problem.code === "engine-failed"));
	return [...new Map(all.toReversed().map((failure) => [failure.engine, failure])).values()].filter(({ engine }) => outcomes.filter(({ expected }) => expected.tests.some((test) => test.engine === engine)).every(({ problems }) => problems.some((problem) => problem.code === "engine-failed" && problem.engine === engine)));
}
function excusedBy({ expected, result, problems }) {
	if (result === void 0 || result.stopped !== null) return expected.tests;
	const failed = new Set(problems.flatMap((problem) => problem.code === "engine-failed" ? [problem.engine] : []));
	return expected.tests.filter(({ engine }) => failed.has(engine));
}
function distinct$1(problems) {
	return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

// src/stages/execution.ts
const NOTHING_KNOWN = {
	shardResults: [],
	suite: null,
	failures: []
};
/**
* Decides which test files run in this process, and supplies the results of the others. All parts of a check go through the same stages: an
* unsharded check runs all test files, a plan runs none, a shard runs its own, and the report uses the shards' runs as if they ran now.
*/
var Execution = class Execution {
	#part;
	/** Undefined: all test files. */
	#own;
	#engines;
	#known;
	#planned = /* @__PURE__ */ new Map();
	#runs = [];
	#crashes = [];
	#footprints;
	#torture = null;
	#suite = null;
	constructor(own, part) {
		this.#part = part;
		this.#own = own && new Set(own.map(({ engine, name }) => keyOf("first", engine, name)));
		this.#engines = new Set(own?.map(({ engine }) => engine));
		const runs = part.shardResults.flatMap((one) => one.runs);
		this.#known = new Map(runs.map(({ step, run }) => [keyOf(step, run.engine, run.name), run]));
	}
	/** For an unsharded check: everything runs here. */
	static whole() {
		return new Execution(void 0, NOTHING_KNOWN);
	}
	/** For a plan: nothing runs, and {@link planned} collects the test files that would. */
	static planning() {
		return new Execution([], NOTHING_KNOWN);
	}
	/** For a shard, which runs its own test files and everything that follows from them, or for a report, which runs none. */
	static ofPart({ own, ...part }) {
		return new Execution(own, part);
	}
	/** Whether this is an unsharded check. */
	get isWhole() {
		return this.#own === void 0;
	}
	/** Whether the engine runs any test file here. */
	runs(engine) {
		return this.isWhole || this.#engines.has(engine);
	}
	/** Whether nothing runs here. */
	get isIdle() {
		return this.#own?.size === 0;
	}
	/** All test files with a first run in this check, here or elsewhere. */
	get planned() {
		return [...this.#planned.values()];
	}
	/** Test files of {@link planned} without a known run. */
	get missing() {
		return [...this.#planned].flatMap(([key, test]) => this.#known.has(key) ? [] : [test]);
	}
	/** Results of the runs that were made here. */
	get found() {
		const footprints = this.#footprints === void 0 ? null : storeFootprints(this.#footprints);
		return {
			runs: this.#runs,
			crashes: this.#crashes,
			footprints,
			torture: this.#torture
		};
	}
	/** Null if no suite was collected. */
	get suite() {
		return this.#suite;
	}
	/** @throws UserError if the engine failed on every other machine. */
	requireEngine(engine) {
		const failure = this.#part.failures.find((one) => one.engine === engine);
		if (failure !== void 0) throw new UserError(failure.detail, failure.hint === null ? {} : { hint: failure.hint });
	}
	/** Runs of the jobs, in order, made here or elsewhere. A first run that is missing counts as stopped; other missing runs are left out. */
	async run(engine, step, jobs, execute) {
		const keyFor = ({ name }) => keyOf(step, engine, name);
		if (step === "first") for (const { name } of jobs) this.#planned.set(keyFor({ name }), {
			engine,
			name
		});
		const runs = await execute(jobs.filter((job) => this.#isOwn(step, keyFor(job))));
		this.#runs.push(...runs.map((run) => ({
			step,
			run
		})));
		const made = new Map(runs.map((run) => [keyFor(run), run]));
		return jobs.flatMap((job) => {
			return made.get(keyFor(job)) ?? this.#known.get(keyFor(job)) ?? (step === "first" ? [notRun(job.name, engine)] : []);
		});
	}
	/** Retries, confirmations and the like run on the same machine as the first run. */
	#isOwn(step, key) {
		if (this.#own === void 0 || step === "first") return this.#own?.has(key) ?? true;
		return !this.isIdle;
	}
	/** The test files of a suite. @param ask collects them from the runner if the plan does not have them. */
	async collect(ask) {
		const files = this.#part.suite?.files.map((name) => ({ name })) ?? await ask();
		this.#suite = {
			files: files.map(({ name }) => name),
			memcheck: this.#suite?.memcheck ?? []
		};
		return files;
	}
	/** The test files of a suite that memcheck runs. */
	chooseForMemcheck(choose) {
		const memcheck = this.#part.suite?.memcheck ?? choose();
		this.#suite = {
			files: this.#suite?.files ?? [],
			memcheck
		};
		return memcheck;
	}
	/** Errors that memcheck reports before a crash. @param look runs memcheck. */
	async lookAtCrash({ test, signature }, look) {
		const known = this.#part.shardResults.flatMap(({ crashes }) => crashes);
		if (this.isIdle) return known.find((one) => one.test === test.file && one.signature === signature)?.further ?? [];
		const further = await look();
		this.#crashes.push({
			test: test.file,
			signature,
			further
		});
		return further;
	}
	/** The footprints that all machines recorded. If a shard lacks its record, the result is `made`. @param made the record of this process. */
	recorded(made) {
		this.#footprints = made;
		const scanned = this.#part.shardResults.filter(({ runs }) => runs.some(({ run }) => run.engine === "scan"));
		const parts = scanned.flatMap(({ footprints }) => footprints === null ? [] : [readFootprints(footprints)]);
		return scanned.length === 0 || parts.length < scanned.length ? made : mergeFootprints(parts);
	}
	/** Totals of torture on all machines. @param made the totals of this process. */
	tortured(made) {
		if (!this.isIdle) this.#torture = made;
		return this.#part.shardResults.reduce((sum, { torture }) => torture === null ? sum : addTotals(sum, torture), made);
	}
};
function keyOf(step, engine, name) {
	return `${step} ${engine} ${name}`;
}
/** The run of a test file that another machine runs, or that no machine ran. */
function notRun(name, engine) {
	return runWithoutReport({
		name,
		engine,
		status: "stopped",
		incomplete: {
			code: "stopped",
			hadStarted: false
		}
	});
}

// src/build/named-builds.ts
/** Maximum number of named builds to request from a store: it drops the oldest first. */
const MAX_ASKED = 3;
/**
* A store of builds that is limited to the builds named by a baseline. A pull request has its own cache, where an earlier push could have left a
* build that hides errors of the reviewed commit. So if the store may hold such builds, only those are restored whose hash was recorded by a run
* on a trusted branch. Remembers the builds that this check saved or started from, for the baseline that it records.
*/
var NamedBuilds = class {
	minSecondsToCache;
	restoresAny;
	#store;
	#named;
	#used = [];
	/** @param named builds, newest first. */
	constructor(store, named) {
		this.minSecondsToCache = store.minSecondsToCache;
		this.restoresAny = store.restoresAny;
		this.#store = store;
		this.#named = named;
	}
	/** The builds that this check saved or started from, newest first. */
	get used() {
		return this.#used;
	}
	async restore(archive, key, prefixes) {
		try {
			return this.restoresAny ? await this.#restoreAny(archive, key, prefixes) : await this.#restoreNamed(archive, key, prefixes);
		} catch (error) {
			return {
				kind: "failed",
				reason: messageOf(error)
			};
		}
	}
	async keep(archive, key) {
		const keeping = await this.#store.keep(archive, key);
		try {
			if (keeping.kind === "kept") this.#used.unshift({
				key,
				sha256: await sha256Of(archive)
			});
			if (keeping.kind === "exists" && this.restoresAny) await this.#nameKept(`${archive}.kept`, key);
		} catch (error) {
			return {
				kind: "failed",
				reason: messageOf(error)
			};
		}
		return keeping;
	}
	async #restoreAny(archive, key, prefixes) {
		const lookup = await this.#store.restore(archive, key, prefixes);
		if (lookup.kind === "restored") this.#used.push({
			key: lookup.key,
			sha256: await sha256Of(archive)
		});
		return lookup;
	}
	/** Another job was faster: later runs restore the build that it saved. */
	async #nameKept(archive, key) {
		await this.#restoreAny(archive, key, []);
		await rm(archive, { force: true });
	}
	async #restoreNamed(archive, key, prefixes) {
		const fitting = this.#named.filter((build) => build.key === key || prefixes.some((prefix) => build.key.startsWith(prefix)));
		if (fitting.length === 0) return { kind: "not-named" };
		const exactFirst = [...fitting.filter((build) => build.key === key), ...fitting.filter((build) => build.key !== key)];
		let outcome = { kind: "none" };
		for (const build of exactFirst.slice(0, MAX_ASKED)) {
			outcome = await this.#restoreOne(archive, build);
			if (outcome.kind === "restored") return outcome;
		}
		return outcome;
	}
	async #restoreOne(archive, build) {
		const lookup = await this.#store.restore(archive, build.key, []);
		if (lookup.kind !== "restored") return lookup;
		if (lookup.key !== build.key || await sha256Of(archive) !== build.sha256) {
			await rm(archive, { force: true });
			return {
				kind: "other-hash",
				key: build.key
			};
		}
		this.#used.push(build);
		return lookup;
	}
};
/** The builds that a baseline vouches for. A baseline in a file may come from the change itself; one with an origin is from a trusted branch. */
function buildsNamedBy(lookup) {
	return lookup.kind === "found" && lookup.origin !== void 0 ? lookup.baseline.builds : [];
}
async function sha256Of(path) {
	const hash = createHash("sha256");
	await pipeline(createReadStream(path), hash);
	return hash.digest("hex");
}

// src/system/atomic-write.ts
/** Milliseconds after which a writer must have ended: writing takes seconds. */
const LEFTOVER_AGE = 36e5;
/** Names of temporary files: the target's name, a unique part, `.new`. Earlier versions used the process id. */
const ASIDE$1 = /^\.([\da-f-]{36}|\d+)\.new$/;
/**
* Writes a temporary file and renames it: even after a power failure, either the old or the new file exists, and no other process sees a partial
* one. Writers may be in different containers, so neither names nor leftovers depend on process ids.
*/
async function writeAtomically(path, content) {
	await removeLeftovers$2(path);
	const aside = `${path}.${randomUUID()}.new`;
	try {
		await using file = await open(aside, "wx");
		await file.writeFile(content);
		await file.sync();
		await rename(aside, path);
	} catch (error) {
		await rm(aside, { force: true });
		throw error;
	}
}
/** Files of writers that were killed. */
async function removeLeftovers$2(path) {
	const name = basename(path);
	for (const other of await readdir(dirname(path))) {
		if (!other.startsWith(name) || !ASIDE$1.test(other.slice(name.length))) continue;
		const leftover = join(dirname(path), other);
		const written = (await lstat(leftover).catch(() => void 0))?.mtimeMs ?? Number.POSITIVE_INFINITY;
		if (Date.now() - written > LEFTOVER_AGE) await rm(leftover, {
			recursive: true,
			force: true
		});
	}
}

// src/build/build-folder.ts
/** Raise it with the format of the stamp, and with the content of a packed build. */
const STAMP_VERSION = 3;
/** A path that stays within its folder. The list may be forged, and the files that it names are removed. */
const InnerPath = pipe(string(), regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/s));
const StampSchema = object({
	stampVersion: literal(3),
	key: string(),
	/** The next build may start from a failed build; nothing else may use it. */
	state: picklist(["built", "failed"]),
	/** Path of the tree when it was built: `configure` writes it into files. */
	tree: string(),
	/** When the build ended, in milliseconds: no file of it is newer. */
	time: number(),
	files: record$1(InnerPath, object({
		hash: string(),
		kind: picklist([
			"file",
			"executable",
			"link"
		])
	}))
});
function buildFolder(workDir, recipeKey) {
	return folderAt(join(workDir, "builds", recipeKey));
}
function folderAt(path) {
	return {
		path,
		tree: join(path, "tree"),
		probe: join(path, "probe"),
		log: join(path, "build.log")
	};
}
/** Undefined if there is no valid stamp: the folder is then built from scratch. */
async function readStamp(folder) {
	const text = await readFile(stampPath(folder), "utf8").catch(() => void 0);
	if (text === void 0 || !existsSync(folder.tree)) return void 0;
	const parsed = safeParse(pipe(string(), parseJson(), StampSchema), text);
	return parsed.success ? parsed.output : void 0;
}
/** There is no stamp during a build, so a build that is cut off is not trusted. */
async function removeStamp(folder) {
	await rm(stampPath(folder), { force: true });
}
async function writeStamp(folder, stamp) {
	await writeAtomically(stampPath(folder), JSON.stringify({
		stampVersion: 3,
		tree: folder.tree,
		...stamp
	}));
}
/**
* Files that decide how everything is compiled, or that configure uses as templates: if they change, only a build from scratch gives the same
* result.
*/
const STARTS_OVER = /^(configure|aclocal\.m4|install-sh|config\.(guess|sub)|Modules\/(makesetup|Setup.*)|((Misc|Modules)\/)?[^/]*\.in)$/;
/** In 3.11, setup.py compiles the modules: with its own rules for stale files, and without the variables that we pass to `make`. */
const BY_SETUP = /^3\.11\./;
/** Whether parts of a build contain its folder's path, so that it only works there. */
function isBoundToFolder(version) {
	return BY_SETUP.test(version);
}
/** Whether this is the build of that source, compared by its files, too: a key is short, and someone could look for a collision. */
function isBuildOf(stamp, key, source) {
	return stamp.key === key && stamp.state === "built" && changedFiles(stamp, source)?.length === 0;
}
/** The files that differ between the folder and the source; undefined if the build must start from scratch. */
function changedFiles(stamp, source) {
	const changed = [.../* @__PURE__ */ new Set([...Object.keys(stamp.files), ...source.files.keys()])].filter((name) => !sameFile(stamp.files[name], source.files.get(name)));
	const startsOver = BY_SETUP.test(source.version) ? /^(?!Lib\/)/ : STARTS_OVER;
	return changed.some((name) => startsOver.test(name)) ? void 0 : changed;
}
/** The files that are the same in the source and in the stamp. */
function unchangedFiles(stamp, source) {
	return [...source.files.keys()].filter((name) => sameFile(stamp.files[name], source.files.get(name)));
}
function sameFile(before, now) {
	return before?.hash === now?.hash && before?.kind === now?.kind;
}
/**
* Makes the folder's copies of these files equal to the source when it was read. Files that are `new` to a build get a new time; files that a
* build was, or will be, made from get a time older than everything built. Synchronous: with thousands of small files, waiting for each takes
* three times as long.
* @throws UserError if a file has changed since.
*/
function copyFiles(folder, source, names, age) {
	const made = /* @__PURE__ */ new Set();
	for (const name of names) {
		const to = join(folder.tree, name);
		rmSync(to, {
			force: true,
			recursive: true
		});
		if (!source.files.has(name)) removeEmptyFolders(dirname(to), folder.tree);
		else {
			if (!made.has(dirname(to))) mkdirSync(dirname(to), { recursive: true });
			made.add(dirname(to));
			writeCopy(to, readUnchanged(source, name), source.files.get(name)?.kind, age);
		}
	}
}
/** @throws UserError if one of these files has changed since the source was read. */
function requireUnchanged(source, names) {
	for (const name of names) if (source.files.has(name)) readUnchanged(source, name);
}
function writeCopy(to, content, kind, age) {
	if (kind === "link") {
		symlinkSync(content, to);
		return;
	}
	writeFileSync(to, content);
	chmodSync(to, kind === "executable" ? 493 : 420);
	if (age === "old") utimesSync(to, SOURCE_TIME, SOURCE_TIME);
}
/** Python treats an empty folder in `Lib` as a package. */
function removeEmptyFolders(path, root) {
	if (path === root || !path.startsWith(root)) return;
	try {
		rmdirSync(path);
	} catch (error) {
		if ([
			"ENOTEMPTY",
			"EEXIST",
			"ENOENT",
			"ENOTDIR"
		].includes(systemCodeOf(error) ?? "")) return;
		throw error;
	}
	removeEmptyFolders(dirname(path), root);
}
function stampPath(folder) {
	return join(folder.path, "stamp.json");
}

// src/build/build-contents.ts
/** Raise it with the format of the record. */
const CONTENTS_VERSION = 1;
const ContentsSchema = object({
	contentsVersion: literal(CONTENTS_VERSION),
	/** By path in the tree: the file's state, and the SHA-256 of its content, or of its target for a link. */
	files: record$1(string(), object({
		state: string(),
		hash: string()
	}))
});
/** Records the content of the tree after its build, before any test runs in it. */
async function recordContents(folder) {
	await writeContents(folder, filesNow(folder, await readContents(folder) ?? {}));
}
async function writeContents(folder, files) {
	await writeAtomically(contentsPath(folder), JSON.stringify({
		contentsVersion: CONTENTS_VERSION,
		files
	}));
}
/**
* Compares a cached build with its record, since tests can write to the files they run from. Added files are removed. Changed source files and
* byte code are missing in the returned stamp, so the build copies and compiles them again. Undefined if a compiled file changed.
*/
async function verifyContents(folder, stamp, progress) {
	if (stamp.state === "failed") return stamp;
	const recorded = await readContents(folder);
	if (recorded === void 0) return void 0;
	const now = filesNow(folder, recorded);
	removeAdded(folder, Object.keys(now).filter((name) => !(name in recorded)));
	const changed = Object.keys(recorded).filter((name) => now[name]?.hash !== recorded[name]?.hash);
	const replaceable = changed.flatMap((name) => sourceOf(name, stamp) ?? []);
	if (changed.length > 0) progress.note(describeChange(changed, replaceable.length === changed.length));
	if (replaceable.length < changed.length) return void 0;
	if (changed.length > 0) return {
		...stamp,
		key: "",
		files: without(stamp.files, new Set(replaceable))
	};
	if (Object.keys(recorded).some((name) => now[name]?.state !== recorded[name]?.state)) await recordContents(folder);
	return stamp;
}
async function readContents(folder) {
	const text = await readFile(contentsPath(folder), "utf8").catch(() => "");
	const parsed = safeParse(pipe(string(), parseJson(), ContentsSchema), text);
	return parsed.success ? parsed.output.files : void 0;
}
/** Files with an unchanged state have unchanged content: their ctime changes with every write, and no program can set it. */
function filesNow({ tree }, known) {
	const names = readdirSync(tree, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => !entry.isDirectory()).map((entry) => relative(tree, join(entry.parentPath, entry.name)));
	const states = [...takeSnapshot(tree, names.sort())];
	return Object.fromEntries(states.map(([name, state]) => [name, known[name]?.state === state ? known[name] : {
		state,
		hash: hashOf$1(join(tree, name))
	}]));
}
function hashOf$1(path) {
	const status = lstatSync(path);
	if (status.isSymbolicLink()) return hash("sha256", `link ${readlinkSync(path)}`);
	return status.isFile() ? hash("sha256", readFileSync(path)) : "";
}
function removeAdded({ tree }, names) {
	for (const name of names) {
		rmSync(join(tree, name), { force: true });
		removeEmptyFolders(dirname(join(tree, name)), tree);
	}
}
/** The source file to copy again; undefined if only a build from scratch helps. */
function sourceOf(name, { files }) {
	const source = name.replace(/__pycache__\/([^/.]+)\.[^/]*\.pyc$/, "$1.py");
	return source in files ? source : void 0;
}
function without(files, names) {
	return Object.fromEntries(Object.entries(files).filter(([name]) => !names.has(name)));
}
function describeChange([first = "", ...others], isReplaceable) {
	return `Files of the cached build changed after it was built (${first}${others.length === 0 ? "" : ` and ${others.length} more`}). ${isReplaceable ? "Copying them from the source again" : "Building from scratch"}.`;
}
function contentsPath(folder) {
	return join(folder.path, "contents.json");
}

// src/build/build-failure.ts
/** A build that was cut off: files may be half written, so nothing may continue from it. */
var BuildCutOff = class extends UserError {};
/** Undefined if the step ended by itself, successfully or not. */
function cutOff(step, { signal, timedOut, seconds }, processes, log) {
	if (processes.stopped !== void 0) return stopOf(processes);
	const hint = `Its log: ${log}`;
	if (timedOut) return new BuildCutOff(`CPython does not build: \`${step}\` took longer than ${Math.round(seconds)} s.`, { hint });
	if (signal === null || !KILLS.includes(signal)) return void 0;
	const message = `CPython does not build: \`${step}\` was killed (${signal}), perhaps because the machine ran out of memory.`;
	return new BuildCutOff(message, { hint });
}
/** Undefined if the check may continue. */
function stopOf({ stopped }) {
	return stopped === void 0 ? void 0 : new BuildCutOff(`The build was stopped: ${stopped}.`);
}
/** Signals that come from outside. */
const KILLS = [
	"SIGKILL",
	"SIGTERM",
	"SIGINT",
	"SIGHUP",
	"SIGQUIT"
];
/** The compiler's errors of a failed build, or its last lines, and the path of the log. */
async function describeBuildFailure(step, log) {
	const text = await readFile(log, "utf8").catch(() => "");
	return new UserError(`CPython does not build: \`${step}\` failed.`, { hint: `${essence(text)}\nThe whole log: ${log}` });
}
/** Exported for its tests. */
function essence(log) {
	const lines = log.trim().split("\n");
	if (/No space left on device/.test(log)) return "The disk is full (No space left on device).";
	const errors = lines.filter((line) => /\berror:|undefined reference|\*\*\* .*Error|Killed/.test(line));
	return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).join("\n");
}

// src/build/byte-code.ts
/** The Python compiler's sources. Python's magic number does not change with every edit of the compiler. */
const COMPILER = /^(Parser|Grammar)\/|^Python\/(Python-(ast|tokenize)|asdl|assemble|ast\w*|codegen|compile|flowgraph|future|instruction_sequence|marshal|symtable)\.c$|^Include\/.*(ast|code|compile|flowgraph|instr|magic|marshal|opcode|symtable)\w*\.h$|^Objects\/codeobject\.c$|^Lib\/(compileall|py_compile|importlib\/_bootstrap(_external)?)\.py$/;
/** Removes the byte code of changed files, since their times are not compared, and of removed files, which could still be imported. */
function removeByteCode(tree, changed) {
	for (const name of changed.filter(isLibrary)) {
		const folder = join(tree, dirname(name), "__pycache__");
		const stem = `${basename(name, ".py")}.`;
		if (!existsSync(folder)) continue;
		for (const file of readdirSync(folder)) if (file.startsWith(stem)) rmSync(join(folder, file));
		removeEmptyFolders(folder, tree);
	}
}
/**
* The files of the library whose byte code is missing or stale. Pure.
* @param changed files since the last build; undefined for all.
* @param files of the source.
*/
function libraryToCompile(changed, files) {
	const library = [...files].filter(isLibrary);
	if (changed === void 0 || changed.some((name) => COMPILER.test(name))) return library;
	const stale = new Set(changed);
	return library.filter((name) => stale.has(name));
}
/** Splits items into at most `count` lists of nearly the same length, none of them empty; one empty list if there are no items. */
function dealOut(items, count) {
	const lists = Array.from({ length: Math.max(1, Math.min(count, items.length)) }, () => []);
	for (const [index, item] of items.entries()) lists[index % lists.length]?.push(item);
	return lists;
}
function isLibrary(name) {
	return name.startsWith("Lib/") && name.endsWith(".py");
}

// src/build/configuration.ts
/** @param tree where CPython was configured. @throws UserError if this build can't be checked. */
async function readConfiguration(tree) {
	const [makefile, header] = await Promise.all([readFile(join(tree, "Makefile"), "utf8"), readFile(join(tree, "pyconfig.h"), "utf8")]);
	const configuration = parseConfiguration(makefile, header);
	const refusal = configuration === void 0 ? "its Makefile has no EXT_SUFFIX" : refuse(configuration.macros);
	if (refusal !== void 0 || configuration === void 0) throw new UserError(`The CPython in ${tree} cannot be checked: ${refusal}.`);
	return configuration;
}
/** Undefined if there is no suffix. Pure. */
function parseConfiguration(makefile, header) {
	const extensionSuffix = /^EXT_SUFFIX=[ \t]*(\.\S+)$/m.exec(makefile)?.[1];
	if (extensionSuffix === void 0) return void 0;
	const defined = header.matchAll(/^#define (\w+) (?!0$)/gm);
	return {
		extensionSuffix,
		macros: new Set([...defined].map(([, name = ""]) => name))
	};
}
function refuse(macros) {
	if (macros.has("WITH_PYMALLOC")) return "it has pymalloc, which hides objects from memcheck (--with-pymalloc)";
	if (macros.has("Py_TRACE_REFS")) return "it keeps every object in a list (--with-trace-refs), so nothing is ever lost";
	if (!macros.has("WITH_VALGRIND")) return "it was not configured --with-valgrind";
}

// src/build/definite-leaks.ts
/**
* Suppressions of leaks, for a check that counts definite ones only. Unless a suppression names its kinds, memcheck compares it with the stack
* of every block in use at each check, which takes longer than the check itself. Pure.
*/
function forDefiniteLeaks(suppressions) {
	return suppressions.replace(/^([ \t]*)Memcheck:Leak[ \t]*\n(?![ \t]*match-leak-kinds:)/gm, (line, indent) => `${line}${indent}match-leak-kinds: definite\n`);
}

// src/build/free-threaded.ts
/**
* Suppressions for correct reads that memcheck reports in a free-threaded CPython. A thread that takes a reference from a container without a lock
* may reach an object that another thread has just freed: it reads the count, notices, and retries (`_Py_TryIncref…` in pycore_object.h). The memory
* is still readable then, because mimalloc keeps the page until no thread can read it any more (InternalDocs/qsbr.md). These two functions only
* read the owner and the counts of one object; they and the functions that they call are inlined.
*/
const FREE_THREADED_SUPPRESSIONS = ["_Py_TryIncrefFast", "_Py_TryIncRefShared"].flatMap((name) => [4, 8].map((size) => ({
	name,
	size
}))).map(({ name, size }) => `{
   ${name} reads ${size} bytes of an object that another thread has freed
   Memcheck:Addr${size}
   ...
   fun:${name}
}
`).join("");

// src/build/build-archive.ts
/** A wide window finds content shared by programs and their objects; zstd(1) writes and verifies a checksum. */
const PACK = "-1 --long=27 -T0";
const UNPACK = "-d --long=27";
/** Files left behind by tests, written by programs that ran, and from configure's trials. */
const NOT_PACKED = /^build\/(test_python_|.*__pycache__)|^config\.log$/;
/**
* Packs the built files without the source: the machine that unpacks it has a source, and the stamp tells which of its files are the same. The
* probe, which does the checking, is left out and never taken from an archive. Returns the archive's size in bytes. @throws UserError if it
* can't be packed.
*/
async function packBuild(folder, stamp, archive, processes) {
	const names = ["stamp.json", ...namesIn$1(folder.tree).filter((name) => !(name in stamp.files) && !NOT_PACKED.test(name)).map((name) => `tree/${name}`)];
	const list = `${archive}.list`;
	await writeFile(list, names.join("\0"));
	await processes.output("tar", [
		"-c",
		"-I",
		zstd(processes, PACK),
		...[
			"--format=posix",
			"--owner=0",
			"--group=0",
			"--numeric-owner",
			"--no-recursion",
			"--null",
			"--verbatim-files-from"
		],
		"-C",
		folder.path,
		"-T",
		list,
		"-f",
		archive
	]);
	await rm(list);
	return (await stat(archive)).size;
}
/** An absolute path: tar would look up a bare name in PATH, where a test may have put a program of that name. */
function zstd(processes, options) {
	return `'${processes.pathOf("zstd") ?? "/usr/bin/zstd"}' ${options}`;
}
/** An archive is untrusted and accepted only as a whole: it is unpacked in a temporary folder, inspected, and then moved into place. */
async function unpackBuild(archive, destination, processes) {
	const { folder, source } = destination;
	const [aside, copy] = [folderAt(join(folder.path, "unpacking")), folderAt(join(folder.path, "copying"))];
	for (const { path } of [aside, copy]) await rm(path, {
		recursive: true,
		force: true
	});
	await mkdir(aside.path, { recursive: true });
	const args = [
		"-x",
		"-I",
		zstd(processes, UNPACK),
		"--no-same-owner",
		"--no-same-permissions",
		"-C",
		aside.path,
		"-f",
		archive
	];
	const unpacking = processes.run("tar", args);
	const copying = async () => copyFiles(copy, source, source.files.keys(), "old");
	const [ended] = await Promise.all([unpacking, copying()]);
	const judged = await judge(aside, ended.code === 0 ? void 0 : ended.stderr.trim().split("\n", 1)[0] ?? "", destination);
	const unpacked = judged.kind === "unpacked" ? await moveIn(aside, copy, judged.stamp, destination) : judged;
	for (const { path } of [aside, copy]) await rm(path, {
		recursive: true,
		force: true
	});
	return unpacked;
}
const useless = (why) => ({
	kind: "useless",
	why
});
async function judge(aside, damage, { folder, recipeKey, key, source }) {
	if (damage !== void 0) return useless({
		code: "damaged",
		detail: damage
	});
	if (leadsOut(aside.path)) return useless({ code: "leads-out" });
	const stamp = await readStamp(aside);
	if (stamp?.state !== "built") return useless({ code: "no-build" });
	if (!stamp.key.startsWith(`${recipeKey}-`)) return useless({ code: "other-recipe" });
	if (stamp.key !== key) return useless({
		code: "other-key",
		key: stamp.key
	});
	if (stamp.time > Date.now()) return useless({ code: "from-the-future" });
	if (stamp.tree !== folder.tree && isBoundToFolder(source.version)) return useless({
		code: "other-folder",
		tree: stamp.tree
	});
	if (changedFiles(stamp, source) === void 0) return useless({ code: "other-configuration" });
	return {
		kind: "unpacked",
		stamp
	};
}
/** Whether the tree has only files, and links to existing targets inside: it is read next, and files are copied into its folders. */
function leadsOut(folder) {
	return namesIn$1(folder, (entry) => !entry.isFile()).some((name) => {
		const path = join(folder, name);
		return !lstatSync(path).isSymbolicLink() || !existsSync(path) || !realpathSync(path).startsWith(`${realpathSync(folder)}/`);
	});
}
async function moveIn(aside, copy, stamp, { folder, source }) {
	if (stamp.tree !== folder.tree) relocate(aside.tree, stamp.tree, folder.tree);
	try {
		moveFiles(copy.tree, aside.tree, unchangedFiles(stamp, source));
	} catch (error) {
		if ([
			"EISDIR",
			"ENOTDIR",
			"EEXIST",
			"ENOTEMPTY"
		].includes(systemCodeOf(error) ?? "")) return useless({ code: "other-files" });
		throw error;
	}
	for (const part of ["tree", "probe"]) await rm(folder[part], {
		recursive: true,
		force: true
	});
	await rename(aside.tree, folder.tree);
	return {
		kind: "unpacked",
		stamp
	};
}
function moveFiles(from, to, names) {
	for (const folder of new Set(names.map(dirname))) mkdirSync(join(to, folder), { recursive: true });
	for (const name of names) renameSync(join(from, name), join(to, name));
}
/** Configure and its output contain the folder they ran in. Compiled files do not, so nothing has to be compiled again. */
function relocate(tree, from, to) {
	for (const name of namesIn$1(tree, (entry) => entry.isFile() && !/\.(o|d|a|so|pyc)$/.test(entry.name))) {
		const path = join(tree, name);
		const { size, atime, mtimeMs } = lstatSync(path);
		if (size > MAX_TEXT_BYTES) continue;
		const text = readFileSync(path, "latin1");
		if (!text.includes(from)) continue;
		writeFileSync(path, text.replaceAll(from, () => to), "latin1");
		utimesSync(path, atime, mtimeMs / 1e3);
	}
}
/** Size limit in bytes. Programs are larger. */
const MAX_TEXT_BYTES = 2097152;
/** The paths of all files in a folder; empty if the folder does not exist. */
function namesIn$1(folder, takes = () => true) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => !entry.isDirectory() && takes(entry)).map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

// src/build/kept-build.ts
/** Prefix of our keys: stores have entries of others, too. */
const PREFIX = "cpython-memcheck-build-";
/** Restores the cached build nearest to the source into an empty folder. Undefined if none can be used; the build then starts from scratch. */
async function restoreBuild({ builds, recipe, source, processes, progress }, folder) {
	if (builds === null) return void 0;
	progress.update("looking for a cached build");
	const archive = archivePath(folder);
	const recipeName = recipeKey(recipe, source.version);
	const lookup = await builds.restore(archive, `${PREFIX}${buildKey(recipe, source)}`, [`${PREFIX}${recipeName}-`]);
	if (lookup.kind !== "restored") {
		if (lookup.kind !== "none") progress.note(`No cached build could be restored: ${whyNotRestored(lookup)}.`);
		return;
	}
	progress.update("unpacking a cached build");
	const key = lookup.key.slice(23);
	const unpacked = await unpackBuild(archive, {
		folder,
		recipeKey: recipeName,
		key,
		source
	}, processes);
	await rm(archive, { force: true });
	if (unpacked.kind === "unpacked") return unpacked.stamp;
	progress.note(`Cached build ${lookup.key} rejected, building from scratch: ${whyUseless(unpacked.why)}.`);
}
/** Saves a build for later runs, if it took long enough. A failure does not affect this run. */
async function keepBuild({ builds, recipe, source, processes, progress }, folder, seconds) {
	if (builds === null || seconds <= builds.minSecondsToCache) return;
	const stamp = await readStamp(folder);
	if (stamp === void 0) return;
	progress.update("packing the build for the cache");
	const archive = archivePath(folder);
	try {
		const size = await packBuild(folder, stamp, archive, processes);
		const keeping = await builds.keep(archive, `${PREFIX}${buildKey(recipe, source)}`);
		progress.note(describe(keeping, size));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		progress.note(`The build could not be packed: ${messageOf(error)}`);
	} finally {
		await rm(archive, { force: true });
	}
}
function whyNotRestored(lookup) {
	switch (lookup.kind) {
		case "not-named": return "the baseline names no build of this recipe, and others are not trusted here";
		case "other-hash": return `the hash of ${lookup.key} is not the one in the baseline`;
		case "failed": return lookup.reason;
	}
}
function whyUseless(why) {
	switch (why.code) {
		case "damaged": return `it is damaged: ${why.detail}`;
		case "leads-out": return "it has links that lead outside";
		case "no-build": return "it has no build in this version's format";
		case "other-recipe": return "it was built by another recipe";
		case "other-key": return `it is the build ${why.key}, stored under another key`;
		case "from-the-future": return "it was built in the future by this machine's clock";
		case "other-folder": return `it was built in ${why.tree}, and only works there`;
		case "other-configuration": return "configure would give another result with this source";
		case "other-files": return "its files differ from its source";
	}
}
function describe(keeping, size) {
	switch (keeping.kind) {
		case "kept": return `The build was cached for later runs (${Math.round(size / 1e6)} MB).`;
		case "exists": return "Another run has already cached a build of this source.";
		case "refused":
		case "failed": return `The build was not cached for later runs: ${keeping.reason}.`;
	}
}
function archivePath(folder) {
	return join(folder.path, "build.tar.zst");
}

// src/build/make.ts
const CONFIGURE_LIMIT = 1200;
const MAKE_LIMIT = {
	base: 600,
	perCompilation: 15
};
const LIBRARY_LIMIT = {
	base: 60,
	perFile: .5
};
/** Number of files that a build compiles, an estimate until it is counted. */
const MAX_COMPILATIONS = 600;
/** An empty tree, the source, and what configure makes of it. @throws UserError when configure fails. */
async function configure(buildContext, folder) {
	buildContext.progress.update("copying the source");
	await rm(folder.tree, {
		recursive: true,
		force: true
	});
	copyFiles(folder, buildContext.source, buildContext.source.files.keys(), "old");
	buildContext.progress.update("configure");
	const ended = await buildContext.processes.run("./configure", ["--quiet", ...buildContext.recipe.configureArgs], {
		...surroundings$1(folder, buildContext),
		logFile: folder.log,
		timeout: CONFIGURE_LIMIT
	});
	if (ended.code !== 0) throw cutOff("configure", ended, buildContext.processes, folder.log) ?? await describeBuildFailure("configure", folder.log);
}
/** Whether `make` could have anything to do: of the library, the Makefile lists only the frozen modules. */
function concernsMake(folder, changed) {
	const makefile = readFileSync(join(folder.tree, "Makefile"), "utf8");
	return changed.some((name) => !name.startsWith("Lib/") || makefile.includes(name));
}
/** Builds missing and outdated files. @throws UserError if that fails. */
async function make(buildContext, folder) {
	const total = existsSync(join(folder.tree, "python")) ? void 0 : await countCompilations(buildContext, folder);
	let done = 0;
	const onLine = (line) => {
		appendFileSync(folder.log, `${line}\n`);
		if (!isCompilation(line)) return;
		done++;
		buildContext.progress.update("compiling", total === void 0 ? void 0 : {
			done: Math.min(done, total),
			total
		});
	};
	const args = [
		"-c",
		"exec make \"$@\" 2>&1",
		"make",
		`-j${buildContext.jobs}`,
		...MAKE_VARIABLES
	];
	const timeout = MAKE_LIMIT.base + MAKE_LIMIT.perCompilation * (total ?? MAX_COMPILATIONS) / buildContext.jobs;
	const ended = await buildContext.processes.run("sh", args, {
		...surroundings$1(folder, buildContext),
		onLine,
		timeout
	});
	if (ended.code !== 0) throw cutOff("make", ended, buildContext.processes, folder.log) ?? await describeBuildFailure("make", folder.log);
	await dropDebugInformation(buildContext, folder);
}
/** `make -n` lists the remaining steps. */
async function countCompilations(buildContext, folder) {
	let total = 0;
	const onLine = (line) => {
		if (isCompilation(line)) total++;
	};
	await buildContext.processes.run("make", ["-n", ...MAKE_VARIABLES], {
		...surroundings$1(folder, buildContext),
		onLine
	});
	return total;
}
function isCompilation(line) {
	return / -c .* -o |^(gcc|cc|clang).* -o /.test(line);
}
/** Programs that are never debugged: their debug information makes a build a third larger. They keep their times, which `make` compares. */
async function dropDebugInformation({ processes }, folder) {
	const programs = [
		"_bootstrap_python",
		"Programs/_freeze_module",
		"Programs/_testembed"
	].filter((name) => existsSync(join(folder.tree, name)));
	if (programs.length === 0) return;
	await processes.output("strip", [
		"--strip-debug",
		"--preserve-dates",
		...programs
	], { cwd: folder.tree });
}
/**
* Compiles the library to byte code, so that no test spends time on it under memcheck. All of it, unless `changed` is given. Single processes:
* `compileall -j` needs multiprocessing, which may not work in the checked CPython. Tests also run without byte code, so a failure is only
* noted.
*/
async function compileLibrary(buildContext, folder, changed) {
	buildContext.progress.update("compiling the library to byte code");
	const lists = dealOut(libraryToCompile(changed, buildContext.source.files.keys()), buildContext.jobs);
	const failures = await Promise.all(lists.map((names, index) => compileFiles(buildContext, folder, names, index)));
	const stopped = stopOf(buildContext.processes);
	if (stopped !== void 0) throw stopped;
	const failure = failures.find((reason) => reason !== void 0);
	if (failure === void 0) return;
	buildContext.progress.note(`The library was not compiled to byte code, so tests are slower: compileall ${failure}. Its output is in ${folder.log}.`);
}
/** `make` writes an extra module into `build`. */
const BUILD_OUTPUT = "build";
/** Why it failed; undefined on success. */
async function compileFiles(buildContext, folder, names, index) {
	const list = join(folder.path, `compileall-${index}.list`);
	await writeFile(list, names.map((name) => `${name}\n`).join(""));
	const options = [
		"-f",
		"-q",
		"--invalidation-mode",
		"unchecked-hash",
		"-i",
		list,
		...index === 0 ? [BUILD_OUTPUT] : []
	];
	const timeout = LIBRARY_LIMIT.base + LIBRARY_LIMIT.perFile * names.length;
	const ended = await buildContext.processes.run("./python", [
		"-I",
		"-m",
		"compileall",
		...options
	], {
		...surroundings$1(folder, buildContext),
		logFile: folder.log,
		timeout
	});
	await rm(list);
	if (ended.timedOut) return `took longer than ${Math.round(timeout)} s`;
	if (ended.signal !== null) return `was killed by ${ended.signal}`;
	return ended.code === 0 || ended.code === 1 ? void 0 : `ended with exit code ${ended.code}`;
}
function surroundings$1(folder, { processes }) {
	return {
		cwd: folder.tree,
		env: buildEnvironment(processes.env)
	};
}

// src/build/build.ts
/**
* Builds the source, continues the build of another source, or reuses the existing build. The caller owns the folder until it disposes of the
* lock: another check must not put its own source there while tests run from it.
* @throws UserError if the build fails.
*/
async function buildPython(workDir, buildContext, builds) {
	const folder = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
	const lock = await acquireLock(lockOf(folder.path), buildContext.progress, { subject: "build folder" });
	try {
		await markAsUsed(folder.path);
		const began = performance.now();
		const { kind, seconds: making } = await bringUpToDate(buildContext, folder, builds);
		const path = join(folder.tree, "python");
		const { extensionSuffix, macros } = await readConfiguration(folder.tree);
		const { compiler } = buildContext.recipe.toolchain;
		const freeThreaded = macros.has("Py_GIL_DISABLED");
		const origin = [folder.tree, VIRTUAL_TREE];
		const probe = await provideProbe({
			headers: headersIn(folder.tree),
			origin,
			folder: folder.probe,
			compiler,
			extensionSuffix,
			freeThreaded,
			layoutFlags: freeThreaded ? [TRACKED_MIMALLOC] : []
		}, buildContext.processes);
		const suppressions = await provideSuppressions(folder, freeThreaded);
		await keepBuild({
			...buildContext,
			builds
		}, folder, making);
		const build = {
			kind,
			seconds: (performance.now() - began) / 1e3
		};
		await removeOldBuilds(join(workDir, "builds"));
		const { tree } = folder;
		const roots = [VIRTUAL_TREE, tree];
		const { version } = buildContext.source;
		return {
			python: {
				path,
				version,
				tree,
				roots,
				freeThreaded,
				framePointers: true,
				suppressions,
				probe,
				build
			},
			lock
		};
	} catch (error) {
		await lock[Symbol.asyncDispose]();
		throw error;
	}
}
async function bringUpToDate(buildContext, folder, builds) {
	const { recipe, source } = buildContext;
	const key = buildKey(recipe, source);
	const there = await readStamp(folder);
	const own = there && await verifyContents(folder, there, buildContext.progress);
	if (own !== void 0 && isBuildOf(own, key, source)) return {
		kind: "restored",
		seconds: 0
	};
	const stamp = own ?? await restoreBuild({
		...buildContext,
		builds
	}, folder);
	const changed = stamp === void 0 ? void 0 : changedFiles(stamp, source);
	requireUnchanged(source, changed ?? []);
	await removeStamp(folder);
	await rm(folder.log, { force: true });
	if (changed === void 0) await startOver(buildContext, folder);
	else await takeChanges(buildContext, folder, changed);
	const sinceBuilt = stamp?.state === "built" ? changed : void 0;
	const began = performance.now();
	await compile(buildContext, folder, sinceBuilt);
	const seconds = (performance.now() - began) / 1e3;
	if (changed === void 0) return {
		kind: "cold",
		seconds
	};
	return {
		kind: sinceBuilt?.length === 0 ? "restored" : "warm",
		seconds
	};
}
/** Compiles what is missing, and records the content of the folder. */
async function compile(buildContext, folder, sinceBuilt) {
	const { recipe, source } = buildContext;
	const done = (state) => writeStamp(folder, {
		key: buildKey(recipe, source),
		state,
		time: Date.now(),
		files: Object.fromEntries(source.files)
	});
	if (sinceBuilt === void 0 || concernsMake(folder, sinceBuilt)) await make(buildContext, folder).catch(async (error) => {
		if (!(error instanceof BuildCutOff) && buildContext.processes.stopped === void 0) await done("failed");
		throw error;
	});
	await compileLibrary(buildContext, folder, sinceBuilt);
	await recordContents(folder);
	await done("built");
}
async function startOver(buildContext, folder) {
	await rm(folder.probe, {
		recursive: true,
		force: true
	});
	await configure(buildContext, folder);
}
/** Copies the source's changes into a build, and deletes what was made from changed files if `make` does not track it. */
async function takeChanges({ source, progress }, folder, changed) {
	progress.update(`${changed.length} files differ from the existing build`);
	removeByteCode(folder.tree, changed);
	copyFiles(folder, source, changed, "new");
	removeStaleObjects(folder.tree, changed);
	const isStale = madeOf(changed);
	if (isStale !== void 0) await forgetProbes(folder.probe, isStale);
}
async function provideSuppressions(folder, freeThreaded) {
	const own = join(folder.tree, "Misc", "valgrind-python.supp");
	const text = `${await readFile(own, "utf8")}${freeThreaded ? `\n${FREE_THREADED_SUPPRESSIONS}` : ""}`;
	const definiteLeaks = join(folder.path, "definite-leaks.supp");
	await writeFile(definiteLeaks, forDefiniteLeaks(text));
	if (!freeThreaded) return {
		all: own,
		definiteLeaks
	};
	const all = join(folder.path, "free-threaded.supp");
	await writeFile(all, text);
	return {
		all,
		definiteLeaks
	};
}

// src/build/extension-flags.ts
/**
* Variables that make setuptools, meson-python, scikit-build-core, maturin and setuptools-rust compile an extension with symbols and frame
* pointers, so that stacks name its functions and lines. The user's own values are appended. The README shows them.
*/
const EXTENSION_FLAGS = {
	CFLAGS: "-g -fno-omit-frame-pointer",
	CXXFLAGS: "-g -fno-omit-frame-pointer",
	RUSTFLAGS: "-C force-frame-pointers=yes",
	CARGO_PROFILE_RELEASE_DEBUG: "true",
	CARGO_PROFILE_RELEASE_STRIP: "none",
	SKBUILD_CMAKE_BUILD_TYPE: "RelWithDebInfo",
	SKBUILD_INSTALL_STRIP: "false"
};
/** Makes GNU ld keep relocations, and the data of each function in a separate section. */
const LINKING = `-Wl,--emit-relocs,${[
	"rodata",
	"data",
	"bss",
	"gcc_except_table"
].map((name) => `--unique=.${name}.*`).join()}`;
/** Additional flags for `affected: auto`, which selects tests by changed functions. */
const AFFECTED_FLAGS = {
	CFLAGS: "-ffunction-sections -fdata-sections",
	CXXFLAGS: "-ffunction-sections -fdata-sections",
	LDFLAGS: `-fuse-ld=bfd ${LINKING}`,
	RUSTFLAGS: `-C link-arg=-fuse-ld=bfd -C link-arg=${LINKING}`
};
const ADDED = [
	"CFLAGS",
	"CXXFLAGS",
	"LDFLAGS",
	"RUSTFLAGS"
];
/** The environment of an extension's build. Pure. @param separatesFunctions whether each function needs a separate section (`affected: auto`). */
function withExtensionFlags(env, separatesFunctions) {
	const all = separatesFunctions ? addTo(EXTENSION_FLAGS, AFFECTED_FLAGS) : EXTENSION_FLAGS;
	const own = Object.keys(all).flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]);
	const [added, others] = [own.filter(([name]) => ADDED.includes(name)), own.filter(([name]) => !ADDED.includes(name))];
	return {
		...env,
		...addTo(all, Object.fromEntries(added)),
		...Object.fromEntries(others)
	};
}
function addTo(flags, more) {
	const added = Object.entries(more).map(([name, value]) => [name, flags[name] === void 0 ? value : `${flags[name]} ${value}`]);
	return {
		...flags,
		...Object.fromEntries(added)
	};
}

// src/build/installed-layout.ts
/**
* Gives a build the layout of an installed CPython: `bin`, `lib/python3.13` and `include/python3.13` in one folder, all links into the tree.
* Build tools of extensions look for headers there, not in a build's tree. The program is a hard link: a symbolic link would lead Python back to
* the tree.
* @param name of the program and the folders: `python3.13`
* @returns the program's path.
*/
async function layOut(tree, name, folder) {
	await rm(folder, {
		recursive: true,
		force: true
	});
	const [library, headers, bin] = [
		join(folder, "lib", name),
		join(folder, "include", name),
		join(folder, "bin")
	];
	for (const path of [
		library,
		headers,
		bin
	]) await mkdir(path, { recursive: true });
	const built = (await readFile(join(tree, "pybuilddir.txt"), "utf8")).trim();
	await linkAll(join(tree, "Lib"), library);
	if (!existsSync(join(library, "lib-dynload"))) await symlink(join(tree, built), join(library, "lib-dynload"));
	await linkAll(join(tree, "Include"), headers);
	await symlink(join(tree, "pyconfig.h"), join(headers, "pyconfig.h"));
	const program = join(bin, name);
	await link(join(tree, "python"), program);
	return program;
}
async function linkAll(from, to) {
	for (const name of await readdir(from)) await symlink(join(from, name), join(to, name));
}

// src/build/install-environment.ts
/** Seconds. numpy takes some minutes. */
const LIMIT$1 = 3600;
/**
* A new virtual environment of the interpreter, with the project and its test dependencies, compiled with symbols and frame pointers. The
* command then runs there. Made for each check, so that it has the current project; pip has its own caches.
* @throws UserError with the last lines of the log if pip fails.
*/
async function inEnvironment(prepared, wish, { progress, processes }) {
	const { python } = prepared;
	const folder = join(wish.workDir, "environments", hash("sha256", JSON.stringify([wish.directory, python.tree])).slice(0, 16));
	await rm(folder, {
		recursive: true,
		force: true
	});
	await mkdir(folder, { recursive: true });
	const layout = join(folder, "python");
	const isOurs = python.objects === void 0;
	const program = isOurs ? await layOut(python.tree, pythonName(python), layout) : python.path;
	const venv = join(folder, "venv");
	const log = join(folder, "install.log");
	const { PYTHONMALLOC: _, PYTHONPATH: __, ...env } = commandEnvironment(processes.env, wish.passEnv, python);
	const run = async (words) => {
		const [first, ...args] = words;
		if ((await processes.run(first, args, {
			cwd: wish.directory,
			env: withExtensionFlags(env, wish.separatesFunctions),
			timeout: LIMIT$1,
			logFile: log
		})).code !== 0) throw installFailed(words, log);
	};
	progress.update("creating a virtual environment");
	await run([
		program,
		"-m",
		"venv",
		venv
	]);
	progress.update(`pip install ${wish.packages.join(" ")}`);
	const path = join(venv, "bin", "python");
	await run([
		path,
		"-m",
		"pip",
		"install",
		"--no-input",
		"--disable-pip-version-check",
		...wish.packages
	]);
	const roots = [...python.roots, ...isOurs ? [layout] : []];
	return {
		...prepared,
		python: {
			...python,
			path,
			roots
		}
	};
}
function installFailed(words, log) {
	const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-15).join("\n");
	return new UserError(`\`install\` failed: ${words.slice(1).join(" ")}.`, { hint: `${lines}\nIts log: ${log}` });
}

// src/build/apt-archive.ts
/** Names that stand for releases in each archive: newer releases have newer sources. */
const SUITES = {
	debian: [
		"oldstable",
		"stable",
		"testing",
		"unstable"
	],
	ubuntu: ["devel"]
};
/** Other names that a system's sources may use for its release: Debian unstable reports testing's code name, but its sources say `sid`. */
const ROLLING = /* @__PURE__ */ new Set([
	...SUITES.debian,
	...SUITES.ubuntu,
	"sid"
]);
const COMPONENTS = {
	debian: "main",
	ubuntu: "main universe"
};
/** Finds the entry of the distribution itself among apt's sources, in either of their two forms (sources.list(5)). Pure. */
function parseAptSources(files, osRelease) {
	const codename = /^VERSION_CODENAME=(\S+)/m.exec(osRelease)?.[1];
	const distribution = /^ID=ubuntu$/m.test(osRelease) ? "ubuntu" : /^ID=debian$/m.test(osRelease) ? "debian" : void 0;
	if (codename === void 0 || distribution === void 0) return void 0;
	const entries = files.flatMap(({ file, text }) => file.endsWith(".sources") ? parseStanzas(text) : parseLines(text));
	const own = entries.filter(({ suites }) => suites.includes(codename));
	const named = own.length > 0 ? own : entries.filter(({ suites }) => suites.some((suite) => ROLLING.has(suite)));
	const hasUpdates = (uri) => entries.some((other) => other.uri === uri && other.suites.includes(`${codename}-updates`));
	const isMirror = (uri) => uri.replace(/\/+$/, "").endsWith(`/${distribution}`);
	const entry = named.find(({ uri }) => hasUpdates(uri)) ?? named.find(({ uri }) => isMirror(uri)) ?? named[0];
	return entry && {
		uri: entry.uri,
		distribution,
		codename,
		signedBy: entry.signedBy
	};
}
/** Values that apt reads as no. */
const FALSE = /^(no|false|without|off|disable)$/i;
function parseStanzas(text) {
	return text.split(/\n\s*\n/).flatMap((stanza) => {
		const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.trim();
		const uri = field("URIs")?.split(/\s+/)[0];
		const key = field("Signed-By");
		if (!uri || !field("Types")?.split(/\s+/).includes("deb") || FALSE.test(field("Enabled") ?? "yes")) return [];
		return [{
			uri,
			suites: field("Suites")?.split(/\s+/) ?? [],
			signedBy: key?.startsWith("/") ? key : void 0
		}];
	});
}
function parseLines(text) {
	return text.split("\n").flatMap((line) => {
		const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line.trim());
		if (match?.[2] === void 0 || match[3] === void 0) return [];
		return [{
			uri: match[2],
			suites: [match[3]],
			signedBy: /signed-by=(\S+)/.exec(match[1] ?? "")?.[1]
		}];
	});
}
/** Lines for a separate sources.list, with source packages only. */
function sourceLines(archive) {
	const options = archive.signedBy === void 0 ? "" : `[signed-by=${archive.signedBy}] `;
	return [.../* @__PURE__ */ new Set([archive.codename, ...SUITES[archive.distribution]])].map((suite) => `deb-src ${options}${archive.uri} ${suite} ${COMPONENTS[archive.distribution]}\n`);
}

// src/build/fetched-source.ts
const RecordSchema = object({
	fetchedVersion: literal(1),
	contentHash: string()
});
/** Records the content of a release's folder after unpacking. */
async function recordFetched(path, { contentHash }) {
	await rm(recordPath(path), {
		recursive: true,
		force: true
	});
	await writeAtomically(recordPath(path), JSON.stringify({
		fetchedVersion: 1,
		contentHash
	}));
}
/** Undefined if the folder's content differs from its record, or there is no record. */
async function openFetched(path, processes) {
	const text = await readFile(recordPath(path), "utf8").catch(() => "");
	const record = safeParse(pipe(string(), parseJson(), RecordSchema), text);
	if (!record.success) return void 0;
	const source = await openSource(path, processes).catch((error) => {
		if (error instanceof UserError) return void 0;
		throw error;
	});
	return source?.contentHash === record.output.contentHash ? source : void 0;
}
/** A record beside the folder: `Python-3.13.5` has `fetched-3.13.5.json`. */
function recordPath(path) {
	return join(dirname(path), `fetched-${basename(path).replace(/^Python-/, "")}.json`);
}

// src/build/release.ts
/** Seconds: the maximum duration of two fetches. */
const LOCK_LIMIT_S$1 = 3600;
/**
* A release's source, from Debian's or Ubuntu's source packages: their upstream tarballs are CPython's own. `3.13` uses the newest version in
* the archive. A fetched source is reused while it is unchanged: tests can write there.
*/
async function fetchRelease(wanted, workDir, tools) {
	const folder = join(workDir, "sources");
	await using _lock = await acquireLock(join(folder, "lock"), tools.progress, {
		subject: "folder of fetched sources",
		limit: LOCK_LIMIT_S$1
	});
	await removeLeftovers$1(folder);
	const kept = await openKept(wanted, folder, tools);
	if (kept !== void 0) return kept;
	const path = await unpack(await download(wanted, folder, tools), folder, tools.processes);
	const source = await openSource(path, tools.processes);
	await recordFetched(path, source);
	return source;
}
async function openKept(wanted, folder, { progress, processes }) {
	const version = newest((await readdir(folder)).flatMap((name) => /^Python-(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? []), wanted);
	if (version === void 0) return void 0;
	const path = join(folder, `Python-${version}`);
	const source = await openFetched(path, processes);
	progress.note(source === void 0 ? `CPython ${version} was changed after it was fetched; fetching it again.` : `CPython ${version}, fetched before.`);
	if (source === void 0) await rm(path, {
		recursive: true,
		force: true
	});
	return source;
}
/** A separate list of sources and state folder: the system's package lists are not changed. */
async function download(wanted, folder, tools) {
	const apt = join(folder, "apt");
	await mkdir(join(apt, "lists", "partial"), { recursive: true });
	await mkdir(join(apt, "cache", "archives", "partial"), { recursive: true });
	await writeFile(join(apt, "sources.list"), sourceLines(await readAptArchive()).join("\n"));
	const options = [
		`Dir::Etc::SourceList=${apt}/sources.list`,
		"Dir::Etc::SourceParts=/dev/null",
		`Dir::State::Lists=${apt}/lists`
	];
	const patience = [
		"Acquire::Retries=3",
		"Acquire::http::Timeout=60",
		"Acquire::https::Timeout=60"
	];
	const args = [
		...options,
		...patience,
		`Dir::Cache=${apt}/cache`,
		"APT::Sandbox::User=root"
	].flatMap((option) => ["-o", option]);
	tools.progress.update("reading the archive's list of sources");
	const update = await tools.processes.run("apt-get", [...args, "update"], { timeout: 600 });
	const name = `python${minorVersion(wanted)}`;
	const listed = await listVersions(name, wanted, args, tools.processes);
	if (listed.length === 0) throw whyNotListed(wanted, update);
	const failures = [];
	for (const version of listed) {
		tools.progress.update(`fetching CPython ${version}`);
		const ended = await tools.processes.run("apt-get", [
			...args,
			"source",
			"--download-only",
			"--tar-only",
			`${name}=${version}`
		], {
			cwd: folder,
			timeout: 1800
		});
		const tarball = (await readdir(folder)).find((file) => file.startsWith(`${name}_${upstream(version)}.orig.tar.`));
		if (ended.code === 0 && tarball !== void 0) return join(folder, tarball);
		failures.push(`${version}: ${/^E: (.*)$/m.exec(ended.stderr)?.[1] ?? "no tarball was fetched"}`);
		tools.progress.note(`CPython ${upstream(version)} is listed by the archive, but its source could not be fetched.`);
	}
	throw new UserError(`No source of CPython ${wanted} could be fetched.`, { hint: `${failures.join("\n")}\n${OTHER_WAY}` });
}
/** Distinguishes a failed update from a version that the archive lacks. Exported for its tests. */
function whyNotListed(wanted, { code, timedOut, stderr }) {
	const said = [...stderr.matchAll(/^[EW]: .*$/gm)].map(([line]) => line).filter((line) => code !== 0 || /fail/i.test(line)).slice(0, MAX_APT_LINES);
	if (code === 0 && said.length === 0) return new UserError(`This system's package archive has no source of CPython ${wanted}.`, { hint: OTHER_WAY });
	const how = timedOut ? "took too long" : code === 0 ? "could not read all lists" : `failed with exit code ${code}`;
	const hint = `${(said.length > 0 ? said : [stderr.trim().slice(-500)]).join("\n")}\nCheck the network and apt's sources. ${OTHER_WAY}`;
	return new UserError(`CPython ${wanted} cannot be fetched: \`apt-get update\` ${how}.`, { hint });
}
const MAX_APT_LINES = 5;
const OTHER_WAY = "Give a CPython checkout as `source` instead.";
async function readAptArchive() {
	const parts = "/etc/apt/sources.list.d";
	const files = ["/etc/apt/sources.list", ...(await readdir(parts).catch(() => [])).map((name) => join(parts, name))];
	const texts = await Promise.all(files.map(async (file) => ({
		file,
		text: await readFile(file, "utf8").catch(() => "")
	})));
	const archive = parseAptSources(texts, await readFile("/etc/os-release", "utf8").catch(() => ""));
	if (archive !== void 0) return archive;
	throw new UserError("Releases are fetched through apt, and this system's apt sources name no Debian or Ubuntu archive.", { hint: OTHER_WAY });
}
/** Debian's versions that give the wanted release, newest first. */
async function listVersions(name, wanted, args, processes) {
	const { stdout } = await processes.run("apt-cache", [
		...args,
		"showsrc",
		"--only-source",
		name
	]);
	const fitting = [...stdout.matchAll(/^Version: (\S+)$/gm)].map((match) => match[1] ?? "").filter((version) => isWanted(upstream(version), wanted));
	return [...new Set(fitting)].sort((a, b) => compareVersions(upstream(b), upstream(a)));
}
/** `1:3.13.5-2+deb13u5` is 3.13.5. */
function upstream(version) {
	return version.replace(/^\d+:/, "").replace(/-[^-]*$/, "");
}
function isWanted(version, wanted) {
	return /^\d+\.\d+\.\d+$/.test(version) && (version === wanted || version.startsWith(`${wanted}.`));
}
function newest(versions, wanted) {
	return versions.filter((version) => isWanted(version, wanted)).sort((a, b) => compareVersions(b, a))[0];
}
function compareVersions(a, b) {
	const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
	return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
/** Remains of checks that were killed while unpacking: the lock guarantees that no other check uses them. */
async function removeLeftovers$1(folder) {
	for (const name of await readdir(folder)) if (name.startsWith(UNPACKING)) await rm(join(folder, name), {
		recursive: true,
		force: true
	});
}
const UNPACKING = "unpacking-";
/** The folder appears only when it is complete. */
async function unpack(tarball, folder, processes) {
	const version = /_(\d+\.\d+\.\d+)\.orig/.exec(basename(tarball))?.[1] ?? "";
	const aside = join(folder, `${UNPACKING}${version}`);
	await mkdir(aside);
	await processes.output("tar", [
		"-x",
		"--strip-components=1",
		"-f",
		tarball,
		"-C",
		aside
	]);
	const target = join(folder, `Python-${version}`);
	await rm(target, {
		recursive: true,
		force: true
	});
	await rename(aside, target);
	return target;
}

// src/build/prepare.ts
/** From settings to a ready interpreter. Errors that are cheap to detect are detected before anything is built. */
async function prepareBuild(settings, tools) {
	const prepared = await prepareInterpreter(settings, tools);
	if (settings.install.length === 0) return prepared;
	try {
		return await inEnvironment(prepared, {
			...settings,
			packages: settings.install,
			separatesFunctions: settings.affected === "auto"
		}, tools);
	} catch (error) {
		await prepared[Symbol.asyncDispose]();
		throw error;
	}
}
async function prepareInterpreter(settings, tools) {
	const { progress, processes } = tools;
	for (const file of settings.suppressions) {
		const status = statSync(file, { throwIfNoEntry: false });
		if (!status?.isFile()) throw new UserError(`The suppression file ${file} ${status === void 0 ? "does not exist" : "is not a regular file"}.`);
		parseLeakSuppressions(await readFile(file, "utf8"), file);
	}
	if (settings.source.kind === "interpreter") {
		progress.begin("Interpreter");
		return await openInstalled(settings.source.program, settings.workDir, await probeToolchain(processes), tools);
	}
	if (settings.source.kind === "checkout") {
		await readVersion(settings.source.path);
		requireTests(namedTests(settings), settings.source.path);
	}
	const toolchain = await probeToolchain(processes);
	const source = await readSource(settings.source, settings.workDir, tools);
	requireTests(namedTests(settings), source.path);
	const recipe = makeRecipe(source, toolchain, settings.configureArgs);
	const { python, lock } = await buildPython(settings.workDir, {
		recipe,
		source,
		jobs: settings.jobs,
		processes,
		progress
	}, tools.builds ?? null);
	return {
		source,
		recipe,
		python,
		[Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]()
	};
}
/** The progress section `Build` begins here, unless a release is fetched first. */
async function readSource(source, workDir, tools) {
	const { progress, processes } = tools;
	if (source.kind === "release") {
		progress.begin("Source");
		const fetched = await fetchRelease(source.version, workDir, tools);
		progress.begin("Build");
		return fetched;
	}
	progress.begin("Build");
	progress.update("reading the source");
	return await openSource(source.path, processes);
}
/** The test files that the settings name. */
function namedTests({ work, scan, torture }) {
	return [...work.kind === "tests" ? work.names : [], ...[scan, torture].flatMap((one) => one.kind === "names" ? one.names : [])];
}

// src/settings/planned-settings.ts
/** The settings that affect findings and verdict, as JSON: they must be equal in all parts of a check. Pure. */
function plannedSettings(settings) {
	const { directory, source, suppressions, tortureSlice, baseline, baselineBranch } = settings;
	const inProject = (path) => relative(directory, path);
	const values = {
		source: source.kind === "checkout" ? inProject(source.path) : source,
		work: settings.work,
		install: settings.install,
		fork: settings.forks,
		"pass-env": settings.passEnv,
		scan: settings.scan,
		children: settings.children,
		affected: settings.affected,
		torture: settings.torture,
		"torture-slice": tortureSlice ?? null,
		"memcheck-budget": settings.memcheckBudget,
		"leak-check": settings.leakCheck,
		"leak-check-per": settings.leakCheckPer,
		"python-stacks": settings.pythonStacks,
		suppressions: suppressions.map(inProject),
		"configure-args": settings.configureArgs,
		"valgrind-args": settings.valgrindArgs,
		"test-timeout": settings.testTimeout,
		baseline: baseline ?? baselineBranch ?? null,
		"record-baseline": settings.recordBaseline
	};
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

// src/settings/repository-settings.ts
const FILE = ".memcheck.toml";
const MAX_BYTES = 1048576;
/** @param today `2027-03-01` @throws UserError that names what is wrong in the file. */
async function readRepositorySettings(folder, today) {
	const path = join(folder, FILE);
	const text = await readText(path) ?? "";
	const parsed = safeParse(fileSchema(today), parseToml(text, path), { abortEarly: true });
	if (!parsed.success) {
		const [issue] = parsed.issues;
		throw new UserError(`${path} is not valid: ${getDotPath(issue) ?? "it"}: ${issue.message}`, { hint: EXAMPLE });
	}
	const { accept, skip, "burst-limit": burstLimit } = parsed.output;
	const accepts = accept.map((says) => ({
		title: says.signature ?? says.path ?? "",
		says
	}));
	const skips = skip.map((says) => ({
		title: says.test,
		says
	}));
	return {
		accepted: accept,
		skips: skip,
		burstLimit,
		relaxations: [...entriesIn(text, FILE, "accept", accepts), ...entriesIn(text, FILE, "skip", skips)]
	};
}
const DEFAULT_BURST_LIMIT = 10;
/** Exceptions must expire, since they would be forgotten otherwise. */
const MAX_DAYS = 366;
function daySchema(today) {
	const last = new Date(Date.parse(today) + MAX_DAYS * 24 * 3600 * 1e3).toISOString().slice(0, 10);
	return pipe(union([string(), pipe(instance(Date), transform((date) => date.toISOString().slice(0, 10)))]), regex(/^\d{4}-\d\d-\d\d$/, "a day such as 2027-03-01"), check$2((day) => !Number.isNaN(Date.parse(day)), "a day such as 2027-03-01"), check$2((day) => day <= last, `at most a year from now, ${last}`));
}
const Reason = pipe(string(), trim(), minLength(1, "a reason in words"));
const TestName = pipe(string(), regex(/^(test_\w+(\.\w+)*|(?!\/|.*\.\.)[^\p{C}]{1,300}\.\w+)$/u, "the name of a test file, such as `test_csv` or `test_asyncio.test_events`, or its path, `tests/test_x.py`"));
function fileSchema(today) {
	return strictObject({
		"burst-limit": optional(pipe(number(), integer(), minValue(1)), DEFAULT_BURST_LIMIT),
		accept: optional(array(pipe(strictObject({
			signature: optional(pipe(string(), regex(/^[0-9a-f]{16}$/, "a signature of 16 hexadecimal digits, as reports show it"))),
			path: optional(pipe(string(), trim(), minLength(1, "what keeps the objects, such as `json.KEPT: list`"))),
			test: optional(string()),
			reason: Reason,
			expires: daySchema(today)
		}), check$2(({ signature, path }) => signature === void 0 !== (path === void 0), "either a `signature` or, for growth, a `path`"))), []),
		skip: optional(array(strictObject({
			test: TestName,
			reason: Reason,
			engine: optional(picklist(EngineNameSchema.options, "`memcheck`, `scan`, `torture` or `lifecycle`")),
			expires: optional(daySchema(today))
		})), [])
	});
}
async function readText(path) {
	try {
		const status = await stat(path);
		if (!status.isFile()) throw new UserError(`${path} is not a regular file.`);
		if (status.size > MAX_BYTES) throw new UserError(`${path} is larger than ${MAX_BYTES} bytes.`);
		return await readFile(path, "utf8");
	} catch (error) {
		if (systemCodeOf(error) === "ENOENT") return void 0;
		if (error instanceof UserError) throw error;
		throw new UserError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
	}
}
function parseToml(text, path) {
	try {
		return parse$2(text);
	} catch (cause) {
		throw new UserError(`${path} is not valid TOML: ${messageOf(cause).split("\n")[0]}`, { cause });
	}
}
const EXAMPLE = `Example:
burst-limit = 10
[[accept]]
signature = "0123456789abcdef"
reason = "why this finding is accepted for now"
expires = 2027-03-01
[[skip]]
test = "test_gdb"
reason = "why this test file cannot be checked"`;

// src/stages/read-suppressions.ts
/** The suppressions of the CPython source under test, and those in the settings. */
async function readSuppressions(settings, { source }) {
	const project = `${repositoryOf(settings)}/`;
	const own = {
		file: "Misc/valgrind-python.supp",
		path: join(source.path, "Misc", "valgrind-python.supp")
	};
	const further = settings.suppressions.map((path) => ({
		file: path.startsWith(project) ? path.slice(project.length) : path,
		path
	}));
	return (await Promise.all([own, ...further].map(async ({ file, path }) => suppressionsIn(await readFile(path, "utf8"), file)))).flat();
}

// src/system/work-dir.ts
/**
* Characters allowed in the path. `make` and the shell split or interpret blanks, quotes, `$`, `\` and the like in flags that name the folder,
* valgrind expands `%` in file names, library lists end at `:`, and Makefiles at `#`.
*/
const PLAIN_PATH = /^[\p{L}\p{M}\p{N}/._\-+@,=~]*$/u;
/** Creates the work folder. @throws UserError if it can't be created, or CPython can't be built or checked in a folder with that name. */
async function openWorkDir(path) {
	requirePlain(path, path);
	await writingTo("The folder `work-dir`,", path, () => mkdir(path, { recursive: true }));
	requirePlain(path, await realpath(path));
}
function requirePlain(path, real) {
	if (PLAIN_PATH.test(real)) return;
	const wrong = [...new Set([...real].filter((character) => !PLAIN_PATH.test(character)))].map((character) => JSON.stringify(character));
	const link = real === path ? "" : `, which leads to ${JSON.stringify(real)}`;
	throw new UserError(`\`work-dir\` is ${JSON.stringify(path)}${link}: CPython cannot be built and checked in a path with ${wrong.join(" ")}.`, { hint: "Allowed are letters, digits and `/ . _ - + @ , = ~`. Give another folder as `work-dir`." });
}

// src/start-check.ts
/** Reads the repository's settings, finds the baseline and prepares the build. @throws ProblemError if the plan was made for something else. */
async function startCheck(request) {
	const { settings, ports, processes, plan } = request;
	await openWorkDir(settings.workDir);
	const today = plan?.today ?? (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
	const own = await readRepositorySettings(repositoryOf(settings), today);
	const lookup = await findBaseline(request);
	const builds = ports.builds === null ? null : new NamedBuilds(ports.builds, [...plan?.builds ?? [], ...buildsNamedBy(lookup)]);
	const prepared = await prepareBuild(settings, {
		...ports,
		processes,
		builds
	});
	try {
		const inputs = {
			settings,
			own,
			prepared,
			lookup,
			processes,
			today,
			execution: request.execution,
			plannedWidth: plan?.jobs ?? settings.jobs
		};
		const { automaticScope } = ports.baselines;
		const preparation = await prepare({
			...inputs,
			automaticScope,
			progress: ports.progress
		});
		const started = {
			relaxations: [...await readSuppressions(settings, prepared), ...own.relaxations],
			excerpted: await checkedSource(preparation.checkContext),
			request,
			today,
			own,
			lookup,
			builds,
			prepared,
			preparation,
			[Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose]()
		};
		const mismatch = plan && mismatchOf(plan.subject, subjectOf(started));
		if (mismatch !== void 0) throw new ProblemError({
			code: "plan-mismatch",
			...mismatch
		});
		return started;
	} catch (error) {
		await prepared[Symbol.asyncDispose]();
		throw error;
	}
}
/** All parts of a check compare with the baseline in its plan: a newer one may have been recorded since. */
async function findBaseline({ ports: { baselines }, plan }) {
	if (plan === void 0) return await baselines.load();
	baselines.resume(plan.lookup);
	return plan.lookup;
}
/** The values that must be equal in all parts of a check. */
function subjectOf({ request, prepared: { source, recipe }, preparation, relaxations }) {
	return {
		commit: preparation.sha,
		content: source.contentHash,
		build: buildKey(recipe, source),
		identity: preparation.identity,
		settings: plannedSettings(request.settings),
		hiding: hash("sha256", relaxations.map((one) => one.hash).join("\n"))
	};
}

// src/spread.ts
/** Determines the test files of a check without running them, and distributes them over shards. */
async function planCheck(count, given) {
	const { settings, ports } = given;
	await openWorkDir(settings.workDir);
	await ports.shards.drop(PLAN_NAME);
	const execution = Execution.planning();
	await using started = await startCheck({
		...given,
		execution
	});
	const { lookup, preparation } = started;
	await look(preparation.checkContext);
	const { past } = preparation.checkContext.context;
	const slice = settings.tortureSlice && sliceName(settings.tortureSlice);
	const secondsFor = expectSeconds(past.kind === "comparable" ? past.baseline.tests : [], slice);
	const tests = execution.planned.map((test) => ({
		...test,
		seconds: secondsFor(test)
	}));
	const shards = count.kind === "number" ? planShards(tests, count.shards, settings.jobs) : planWithin(tests, count.seconds, settings.jobs);
	const plan = {
		planVersion: 1,
		id: randomUUID(),
		subject: subjectOf(started),
		today: started.today,
		lookup,
		jobs: settings.jobs
	};
	const packed = encodeStored({
		...plan,
		builds: started.builds?.used ?? [],
		suite: execution.suite,
		shards
	});
	await ports.shards.keep(PLAN_NAME, packed);
	return readPlan({
		kind: "found",
		where: PLAN_NAME,
		packed
	});
}
/** @throws ProblemError if there is no usable plan. */
function readPlan(lookup) {
	const decoded = lookup.kind === "none" ? lookup.why : decodeStored(ShardPlanSchema, lookup.packed);
	if ("code" in decoded) throw new ProblemError({
		code: "plan-unusable",
		where: lookup.where,
		why: decoded
	});
	return decoded.value;
}
/** Runs one shard of a plan, and stores its results for the report. @returns 2 if the shard did not finish and must run again. */
async function runShard(shard, given) {
	const { ports, processes } = given;
	const name = shardName(shard);
	const opened = await attempt$1(openShard(shard, given), ports, processes);
	if ("problem" in opened) return finish(problemLines(opened.problem), 2, ports);
	const result = await resultOf$1(name, {
		...given,
		...opened.value
	});
	const kept = await attempt$1(ports.shards.keep(nameOfShard(name), encodeStored(result)), ports, processes);
	if ("problem" in kept) return finish(problemLines(kept.problem), 2, ports);
	return finish(shardLines(result), result.failures.length === 0 && result.stopped === null ? 0 : 2, ports);
}
/** If the shard fails or is stopped, the result has the test files that ran until then. */
async function resultOf$1(shard, request) {
	const { ports, processes, execution, plan } = request;
	const looked = await attempt$1(lookAtShard(request), ports, processes);
	const failures = "value" in looked ? looked.value.failures : [looked.problem].filter(({ code }) => code !== "stopped");
	return {
		planVersion: 1,
		plan: plan.id,
		shard,
		subject: "value" in looked ? looked.value.subject : null,
		found: execution.found,
		failures,
		stopped: processes.stopped ?? null,
		notes: [...processes.notes]
	};
}
/** Deletes the result of an earlier attempt, which must not count even if this attempt fails. */
async function openShard({ part, of }, { settings, ports: { shards: store } }) {
	await openWorkDir(settings.workDir);
	const plan = readPlan(await store.load(PLAN_NAME));
	const shard = shardName({
		part,
		of
	});
	const own = of === plan.shards.length ? plan.shards[part - 1] : void 0;
	if (own === void 0) throw new ProblemError({
		code: "shard-not-planned",
		shard,
		shards: plan.shards.length
	});
	await store.drop(nameOfShard(shard));
	return {
		plan,
		execution: Execution.ofPart({
			own: own.tests,
			shardResults: [],
			suite: plan.suite,
			failures: []
		})
	};
}
async function lookAtShard(request) {
	await using started = await startCheck(request);
	const { judgement } = await look(started.preparation.checkContext);
	return {
		subject: subjectOf(started),
		failures: judgement.problems.filter(({ code }) => code === "engine-failed")
	};
}
/** Prints lines and returns the exit code. */
function finish(lines, code, { progress }) {
	for (const line of lines) progress.note(line);
	return code;
}
/** The report of all shards, equal to that of an unsharded check. */
async function reportShards(given) {
	const { shards: store } = given.ports;
	const plan = readPlan(await store.load(PLAN_NAME));
	const names = shardNames(plan).map(nameOfShard);
	const lookups = /* @__PURE__ */ new Map();
	for (const name of names) lookups.set(name, await store.load(name));
	const gathered = gatherShards(plan, lookups);
	const shardResults = gathered.results.map(({ found }) => found);
	const execution = Execution.ofPart({
		own: [],
		shardResults,
		suite: plan.suite,
		failures: gathered.failures
	});
	await using started = await startCheck({
		...given,
		plan,
		execution
	});
	const looked = await look(started.preparation.checkContext);
	return await conclude(started, withShards(looked, plan, gathered, execution, given.processes.notes));
}
/** Missing runs make the verdict inconclusive, and prevent the recording of a baseline. */
function withShards(looked, plan, { problems, results, excused, isWhole }, execution, own) {
	const known = new Set(excused.map(testKey));
	const unexcused = (tests) => tests.filter((test) => !known.has(testKey(test))).map(({ engine, name: test }) => ({
		engine,
		test
	}));
	const lost = [{
		code: "tests-not-run",
		tests: unexcused(execution.missing)
	}, {
		code: "tests-not-compared",
		tests: unexcused(notChosenByReport(plan, execution.planned))
	}].filter(({ tests }) => tests.length > 0);
	return {
		...looked,
		isWhole: looked.isWhole && isWhole && lost.length === 0,
		judgement: {
			...looked.judgement,
			problems: [
				...problems,
				...lost,
				...looked.judgement.problems
			]
		},
		notes: [...looked.notes, ...results.flatMap(({ notes }) => notes).filter(isNew(own))]
	};
}
/** A filter that drops these notes and repeated ones. */
function isNew(notes) {
	const seen = new Set(notes.map((note) => JSON.stringify(note)));
	return (note) => {
		const key = JSON.stringify(note);
		const isFirst = !seen.has(key);
		seen.add(key);
		return isFirst;
	};
}

// src/check.ts
/** Runs a check, or the part of one that the settings ask for, publishes the outcome and returns the exit code. No process is left behind. */
async function checkAndPublish(settings, ports, processes) {
	using _limit = limitTime(settings.timeout, processes);
	const { part } = settings;
	const given = {
		settings,
		ports,
		processes
	};
	switch (part.kind) {
		case "check": return await publish(await attempt$1(check({
			...given,
			execution: Execution.whole()
		}), ports, processes), given);
		case "report": return await publish(await attempt$1(reportShards(given), ports, processes), given);
		case "shard": return await runShard(part.shard, given);
		case "plan": {
			const planned = await attempt$1(planCheck(part.count, given), ports, processes);
			if ("problem" in planned) return await publish(planned, given);
			await ports.publishPlan(planned.value);
			return 0;
		}
	}
}
/** The whole check: build, run, record, report. */
async function check(request) {
	await using started = await startCheck(request);
	return await conclude(started, await look(started.preparation.checkContext));
}
/** A problem that prevented a report or plan is published as a report, too. */
async function publish(made, { settings, ports }) {
	const report = "value" in made ? made.value : failedReport(made.problem);
	await ports.publish(report);
	return exitCode(report, settings.failOn);
}

// src/engines/default-jobs.ts
/**
* One test file per core at once, as far as memory allows: a worker under memcheck may grow to `MAX_WORKER_KB` before it is replaced.
* @param memory bytes; undefined if unknown
*/
function defaultJobs(cores, memory) {
	const affordable = memory === void 0 ? cores : Math.floor(memory / (MAX_WORKER_KB * 1024));
	const jobs = Math.max(1, Math.min(cores, affordable));
	if (jobs >= cores || memory === void 0) return {
		jobs,
		note: void 0
	};
	const [available, each] = [(memory / 2 ** 30).toFixed(1), (MAX_WORKER_KB * 1024 / 2 ** 30).toFixed(1)];
	return {
		jobs,
		note: `Running ${jobs} test files at once on ${cores} cores: each may take ${each} GiB of the ${available} GiB of memory. \`jobs\` overrides this.`
	};
}

// src/report/status-titles.ts
/** In the order of reports. */
const STATUS_ORDER = [
	"new",
	"grown",
	"warning",
	"changed",
	"flaky",
	"recorded",
	"fixed",
	"accepted",
	"known",
	"unrecorded"
];
/** The heading of findings with each status, and an explanation. */
const STATUS_TITLES = {
	new: {
		title: "New",
		remark: ""
	},
	grown: {
		title: "Grown",
		remark: "Known leaks that lose more blocks than in the baseline."
	},
	warning: {
		title: "Warnings",
		remark: "New, and of kinds that fail no check."
	},
	changed: {
		title: "Changed, please verify",
		remark: "They resemble known errors."
	},
	flaky: {
		title: "Flaky",
		remark: "They did not come back in a second run, and do not fail the check."
	},
	recorded: {
		title: "Recorded by this run",
		remark: "They are known from now on."
	},
	fixed: {
		title: "Fixed",
		remark: "The baseline has them, and their test files ran to the end without them."
	},
	accepted: {
		title: "Accepted",
		remark: "For now, by .memcheck.toml."
	},
	known: {
		title: "Known",
		remark: "The baseline has them, too."
	},
	unrecorded: {
		title: "Not compared",
		remark: "The baseline lacks their test files."
	}
};

// src/report/escape.ts
/** Control characters, and characters that change the text direction or are invisible. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Removes everything but visible text; line breaks stay. */
function printable(text) {
	return text.replace(UNPRINTABLE, (character) => {
		if (character === "\n") return character;
		return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
	});
}
/** Text for the log of a GitHub job, where a line that starts with `::`, or contains `##[`, would be a command to the runner. */
function logText(text) {
	return printable(text).replace(/^(\s*):(?=:)/gm, "$1:​").replaceAll("##[", "#​#[");
}
function entities(text) {
	return text.replace(/[&<>]/g, (character) => ({
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;"
	})[character] ?? character);
}
/** Text for report.html, including quoted attribute values. */
function pageText(text) {
	return entities(printable(text)).replaceAll("\"", "&quot;").replaceAll("'", "&#39;");
}

// src/report/html/markup.ts
/** Finished markup. Only `html` and `trusted` make it. */
var Markup = class {
	text;
	constructor(text) {
		this.text = text;
	}
};
/** A template with markup around escaped values: html`<b>${name}</b>`. */
function html(words, ...pieces) {
	const parts = words.map((word, index) => word + (index < pieces.length ? textOf(pieces[index] ?? "") : ""));
	return new Markup(parts.join(""));
}
/** For our own constants, such as the style sheet. Never pass text of a report. */
function trusted(text) {
	return new Markup(text);
}
const NOTHING = trusted("");
/** Markup if the condition is true, otherwise nothing. */
function when(condition, make) {
	return condition ? make() : NOTHING;
}
/** One of our own messages, with code between backticks. */
function prose(message) {
	return html`${message.split(/`([^`]+)`/).map((part, index) => index % 2 === 0 ? part : html`<code>${part}</code>`)}`;
}
function textOf(piece) {
	if (piece instanceof Markup) return piece.text;
	if (typeof piece === "string") return pageText(piece);
	return typeof piece === "number" ? `${piece}` : piece.map(textOf).join("");
}

// src/report/html/coverage-section.ts
function coverageSection(report) {
	const ran = Object.entries(Object.groupBy(report.tests, ({ engine }) => engine)).map(([, tests = []]) => engineView(tests));
	const nothing = when(ran.length === 0, () => html`<p class="remark">No test file ran.</p>`);
	return html`<section id="coverage"><h2>What ran</h2>${nothing}<div class="tree">${ran}${buildView(report)}</div>
${leftOutView(report)}${affectedView(report)}</section>`;
}
const ENGINES = {
	memcheck: "Memcheck",
	scan: "Leak scan",
	torture: "Torture",
	lifecycle: "Start and shutdown"
};
/** Worst first. */
const OUTCOMES = [
	"incomplete",
	"crashed",
	"timeout",
	"stopped",
	"failed",
	"skipped",
	"passed"
];
function outcomeOf({ incomplete, status }) {
	return incomplete === null ? status : "incomplete";
}
function engineView(tests) {
	const [first] = tests;
	if (first === void 0) return NOTHING;
	const groups = OUTCOMES.map((outcome) => [outcome, tests.filter((test) => outcomeOf(test) === outcome)]).filter(([, own]) => own.length > 0);
	const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
	const results = groups.map(([outcome, own]) => html` <span class="outcome ${outcome}">${own.length.toLocaleString("en-US")} ${outcome}</span>`);
	return html`<details class="engine"><summary><b>${ENGINES[first.engine]}</b> <span class="count">${count$4(tests.length, "run")}, ${secondsInWords(seconds)}</span>${proportions(groups)}${results}</summary>
${groups.map(([outcome, own]) => outcomeView(outcome, own))}<p class="remark">${costsInWords(tests)}</p></details>`;
}
/** In pixels. */
const BAR_WIDTH = 120;
function proportions(groups) {
	const all = groups.reduce((sum, [, own]) => sum + own.length, 0);
	const widths = groups.map(([, own]) => Math.max(2, own.length / all * BAR_WIDTH));
	const scale = BAR_WIDTH / widths.reduce((sum, width) => sum + width, 0);
	const rects = groups.map(([outcome], index) => {
		const x = widths.slice(0, index).reduce((sum, width) => sum + width, 0) * scale;
		return html`<rect class="${outcome}" x="${x.toFixed(1)}" width="${((widths[index] ?? 0) * scale).toFixed(1)}" height="6"/>`;
	});
	return html`<svg class="share" width="${BAR_WIDTH}" height="6" aria-hidden="true">${rects}</svg>`;
}
/** Passed and skipped test files as a list of names, all others with the reason. */
function outcomeView(outcome, tests) {
	const sorted = tests.toSorted((a, b) => b.seconds - a.seconds);
	const isBrief = outcome === "passed" || outcome === "skipped";
	const items = sorted.map((test) => isBrief ? briefItem(test) : detailedItem(test));
	return html`<details${isBrief ? NOTHING : html` open`}><summary><span class="outcome ${outcome}">${outcome}</span> <span class="count">${tests.length.toLocaleString("en-US")}</span></summary><ul class="${isBrief ? "names" : "reasons"}">${items}</ul></details>`;
}
function briefItem({ name, seconds }) {
	return html`<li><code>${shortName(name)}</code> ${secondsInWords(seconds)}</li>`;
}
function detailedItem(test) {
	const { name, seconds, incomplete, log, lastWords, children } = test;
	const why = incomplete === null ? "" : shorten(incomplete.message, 1e3);
	const followed = children === null ? NOTHING : html`<p class="remark">${childCountsInWords(children)}</p>`;
	const file = log === null ? NOTHING : html`<p class="remark">Full log: <code>${log}</code></p>`;
	const end = when(lastWords.length > 0, () => html`<details><summary>End of its log</summary><pre tabindex="0">${lastWords.join("\n")}</pre>${file}</details>`);
	return html`<li><code>${shortName(name)}</code> ${secondsInWords(seconds)} <span class="why">${why}</span>${followed}${end}</li>`;
}
function costsInWords(tests) {
	const sum = (of) => secondsInWords(tests.reduce((total, test) => total + of(test), 0));
	return `Total time, including parallel runs: ${[
		`start ${sum(({ costs }) => costs.start)}`,
		`tests ${sum(({ seconds, costs }) => Math.max(0, seconds - costs.leakChecks))}`,
		`leak checks ${sum(({ costs }) => costs.leakChecks)}`,
		`reading reports ${sum(({ costs }) => costs.reading)}`
	].join(", ")}.`;
}
function buildView({ build }) {
	if (build === null) return NOTHING;
	return html`<p class="engine"><b>Build</b> <span class="count">${build.kind}, ${secondsInWords(build.seconds)}</span></p>`;
}
/** Everything that was selected and did not run. */
function leftOutView({ skipped, notes, problems }) {
	const groups = [
		["Missing", problems.flatMap((problem) => problem.code === "test-missing" ? [problem.message] : [])],
		["Skipped by .memcheck.toml", skipped.map(skipInWords)],
		["Unsuitable", notes.flatMap((note) => note.code === "left-out" ? [note.message] : [])],
		["No time left", notes.flatMap((note) => note.code === "memcheck-budget" ? note.leftOut : [])]
	].filter(([, lines]) => lines.length > 0);
	if (groups.length === 0) return NOTHING;
	const views = groups.map(([title, lines]) => html`<details><summary>${title} <span class="count">${lines.length.toLocaleString("en-US")}</span></summary><ul class="reasons">${lines.map((line) => html`<li>${shorten(line, 1e3)}</li>`)}</ul></details>`);
	return html`<h3>Did not run</h3><div class="tree">${views}</div>`;
}
function affectedView({ affected, notes }) {
	if (affected === null) return NOTHING;
	const remarks = notes.flatMap((note) => note.code === "tests-chosen" ? [html`<p class="remark">${note.message}</p>`] : []);
	const items = affected.map(({ test }) => {
		const [, ...causes] = explainTest(test, affected);
		return html`<li><code>${shortName(test)}</code> <span class="why">${causes.map((cause) => shorten(cause.trim(), 300)).join("; ")}</span></li>`;
	});
	return html`<h3>Chosen for this change</h3>${remarks}<details><summary>Why each test file ran <span class="count">${affected.length}</span></summary><ul class="reasons">${items}</ul></details>`;
}

// src/report/explanation.ts
/** Why a frame is not in the signature. */
const ROLES = {
	inlined: "inlined from a header, which depends on the compiler",
	allocator: "allocates on behalf of its caller",
	library: "part of a language's library, which is on everyone's stacks",
	call: "only forwards the call",
	repeated: "occurs further in already",
	caller: "called the Python code that made this call, which depends on the test",
	beyond: "beyond the length of a signature"
};
/** How a finding was matched with the baseline. */
const PASSES = {
	exact: "the same signature",
	renamed: "the same except for functions that only one of the two builds has",
	moved: "the same except for moved files",
	similar: "similar, please verify"
};
/** How a finding got its signature and its status: each frame, which frames were left out and why, and its match in the baseline. */
function explainFinding(finding, style) {
	return [
		style.bold(printable(`${finding.signature}: ${kindInWords(finding.kind)} in ${finding.site.function}, ${finding.status}`)),
		`  ${finding.engine}, ${printable(finding.test.id ?? finding.test.file)}`,
		"",
		style.bold("Frames, innermost first; + is part of the signature"),
		...finding.stack.map((frame) => frameLine$1(frame, style)),
		"",
		style.bold("Compared with the baseline"),
		...matchLines(finding)
	].join("\n");
}
function frameLine$1(frame, style) {
	const where = frame.file === null ? frame.object ?? "?" : placeInWords(frame);
	const head = `${frame.role === "key" ? "+" : " "} ${printable(`${frame.function} (${where})`)}`;
	return frame.role === "key" || frame.role === null ? `  ${head}` : style.dim(`  ${head}: ${ROLES[frame.role]}`);
}
function matchLines({ match, status, blocks, blocksBefore, acceptance }) {
	const accepted = acceptance === null ? [] : [printable(`  accepted until ${acceptance.expires}: ${acceptance.reason}`)];
	if (match === null) return [`  ${WITHOUT_MATCH[status] ?? "no unmatched entry of the test file's baseline is similar enough"}`, ...accepted];
	const amount = blocks === 0 ? [] : [`  ${blocks} blocks now, ${blocksBefore ?? 0} in the baseline`];
	const score = match.pass === "similar" ? ` (${Math.round(match.similarity * 100)} %)` : "";
	return [
		`  matched with ${match.signature}: ${PASSES[match.pass]}${score}`,
		printable(`  its frames: ${match.segment.join(" < ")}`),
		...amount,
		...accepted
	];
}
const WITHOUT_MATCH = {
	fixed: "the baseline has it, and its test file ran to its end without it",
	known: "recorded by this check",
	unrecorded: "there was nothing to compare with"
};

// src/report/markdown-finding.ts
/** Characters. */
const MAX_LINE$1 = 1e3;
const SHOWN_ROOTS$1 = 5;
/** Memcheck's message, the lost objects and the stacks, as lines of text. */
function findingStory(finding) {
	const objects = objectsInWords(finding).flatMap(([object, python]) => [object, ...python.map((line) => `    ${line}`)]);
	const others = occurrencesInWords(finding).slice(0, SHOWN_ROOTS$1).map((line) => `also: ${line}`);
	const further = finding.further.flatMap(({ what, frames }) => [what, ...frames.map(frameLine)]);
	const roots = finding.roots.slice(0, SHOWN_ROOTS$1).map(({ site, blocks, bytes }) => `root: ${shortName(site.function)} (${placeInWords(site)}), ${count$4(blocks, "block")}, ${count$4(bytes, "byte")}`);
	return [
		...finding.what === "" ? [] : [finding.what],
		...roots,
		...others,
		...objects,
		...shownFrames(finding).map(frameLine),
		...further
	].map((line) => shorten(line, MAX_LINE$1)).join("\n");
}
function frameLine(frame) {
	const place = frame.file === null ? frame.object : placeInWords(frame);
	return `    ${shortName(frame.function)}${place === null ? "" : ` (${place})`}`;
}

// src/report/html/finding-card.ts
/** In characters: limit of a line that tests may have produced. */
const MAX_LINE = 1e3;
/** Maximum number of other test files with the same bug, and of leaks in a burst. */
const MAX_OTHERS = 20;
function findingCard(finding, { keys, id, isOpen, isPlain, since }) {
	const { status, engine } = finding;
	const anchor = id === "" ? NOTHING : html` id="f-${id}"`;
	const open = isOpen ? html` open` : NOTHING;
	return html`<details class="finding ${status}"${anchor} data-s="${status}" data-e="${engine}" data-k="${keys.kind}" data-t=" ${keys.tests.join(" ")} "${open}>${headline(finding)}<div class="body">${isPlain ? plainBody(finding, since) : richBody(finding, since)}</div></details>
`;
}
function headline(finding) {
	const { kind, site, test, engine } = finding;
	const where = site.file === null ? NOTHING : html`<span class="place">${shortName(placeInWords(site))}</span>`;
	return html`<summary><span class="what">${shortName(kindInWords(kind))} in <code>${shortName(site.function)}</code></span>${where}<span class="amount">${amountInWords(finding)}</span><span class="where">${shortName(test.id ?? test.file)} · ${engine}</span></summary>`;
}
function richBody(finding, since) {
	return html`${remarks(finding, since)}
<div class="columns"><div>${excerptView(finding)}${objectsView(finding)}${rootsView(finding)}</div><div>${stackView(mainTitle(finding), shownFrames(finding))}${finding.further.map(({ what, frames }) => stackView(what, frames))}</div></div>
${occurrencesView(finding)}${commandView("Reproduce", finding.reproduce)}${suppressionView(finding)}`;
}
function plainBody(finding, since) {
	const { signature, reproduce, suppression } = finding;
	const parts = [
		[
			`signature ${signature}`,
			since === "" ? "" : `known since ${since}`,
			spreadInWords(finding),
			confidenceInWords(finding),
			ownerInWords(finding)
		].filter((part) => part !== "").join(", "),
		findingStory(finding),
		reproduce,
		suppression ?? ""
	];
	return html`<pre tabindex="0">${parts.filter((part) => part !== "").join("\n\n")}</pre>`;
}
function mainTitle({ what, kind, status }) {
	if (what !== "") return shorten(what, MAX_LINE);
	if (status === "fixed") return "Was allocated here";
	return isLeak(kind) ? "Allocated here, and never released" : "Here";
}
/** One line for each fact: test, confidence, owner, match in the baseline, signature. */
function remarks(finding, since) {
	const { match, acceptance, signature, test } = finding;
	const matched = match === null || match.pass === "exact" ? "" : matchInWords(match);
	const rows = [
		["test", test.id === null ? test.file : `${test.id} (${test.file})`],
		["seen", [spreadInWords(finding), confidenceInWords(finding)].filter((part) => part !== "").join(", ")],
		["owner", ownerInWords(finding)],
		["matched with", matched],
		["known since", since],
		["accepted", acceptance === null ? "" : `until ${acceptance.expires}: ${acceptance.reason}`],
		["signature", signature]
	].filter(([, value]) => value !== "").map(([name, value]) => html`<div><dt>${name}</dt><dd>${shorten(value, MAX_LINE)}</dd></div>`);
	return html`<dl class="facts">${rows}</dl>`;
}
function matchInWords({ signature, pass, similarity }) {
	return `${signature} of the baseline: ${PASSES[pass]}${pass === "similar" ? ` (${Math.round(similarity * 100)} %)` : ""}`;
}
function excerptView({ excerpt, site, place }) {
	if (excerpt === null) return NOTHING;
	const changed = place !== null && place.file === site.file ? place.line : null;
	const lines = excerpt.lines.map((text, index) => {
		const number = excerpt.first + index;
		const mark = number === site.line ? "hit" : number === changed ? "changed" : "";
		return html`<span class="${mark}"><i>${number}</i>${text.replaceAll("	", "    ")}
</span>`;
	});
	return html`<figure class="source"><figcaption>${shortName(placeInWords(site))}</figcaption><pre tabindex="0">${lines}</pre></figure>`;
}
function objectsView(finding) {
	const items = objectsInWords(finding).map(([object, python]) => {
		const lines = python.length === 0 ? NOTHING : html`<pre>${shorten(python.join("\n"), MAX_LINE)}</pre>`;
		return html`<li>${shorten(object, MAX_LINE)}${lines}</li>`;
	});
	return when(items.length > 0, () => html`<h4>Objects</h4><ul class="objects">${items}</ul>`);
}
function rootsView({ roots }) {
	if (roots.length === 0) return NOTHING;
	const items = roots.slice(0, MAX_OTHERS).map(({ site, blocks, bytes }) => html`<li><code>${shortName(site.function)}</code> ${placeInWords(site)}, ${count$4(blocks, "block")}, ${count$4(bytes, "byte")}</li>`);
	return html`<h4>${count$4(roots.length, "leak")} from one test, reported as one</h4><ol>${items}</ol>${moreOf(roots.length, MAX_OTHERS)}`;
}
function stackView(title, frames) {
	if (frames.length === 0) return NOTHING;
	const items = frames.map((frame) => {
		const where = frame.file === null ? frame.object?.split("/").at(-1) ?? "" : placeInWords(frame);
		const role = frame.role === "key" ? "key" : frame.role === null ? "" : "aside";
		return html`<li class="${role}"><code>${shortName(frame.function)}</code> <span class="place">${shorten(where, MAX_LINE)}</span></li>`;
	});
	return html`<h4>${shorten(title, MAX_LINE)}</h4><ol class="stack">${items}</ol>`;
}
function occurrencesView(finding) {
	const others = occurrencesInWords(finding);
	if (others.length === 0) return NOTHING;
	const items = others.slice(0, MAX_OTHERS).map((line) => html`<li>${shorten(line, MAX_LINE)}</li>`);
	return html`<h4>Also seen in</h4><ul class="others">${items}</ul>${moreOf(others.length, MAX_OTHERS)}`;
}
function moreOf(all, shown) {
	return when(all > shown, () => html`<p class="remark">${all - shown} more in report.json.</p>`);
}
function commandView(title, text) {
	return html`<h4>${title}</h4><div class="command"><pre tabindex="0">${text}</pre></div>`;
}
function suppressionView({ suppression }) {
	if (suppression === null) return NOTHING;
	return html`<details class="suppression"><summary>Suppression</summary><div class="command"><pre tabindex="0">${suppression}</pre></div></details>`;
}

// src/report/html/charts.ts
/** In pixels. */
const HEIGHT = 168;
const [TOP, BOTTOM] = [22, 20];
const PLOT = HEIGHT - TOP - BOTTOM;
/** Minimum number of slots, so that a few bars do not fill the whole width. */
const MIN_SLOTS = 14;
/** A stacked bar chart. @param chart its bars, oldest first; the newest is at the right edge */
function barChart({ id, title, description, bars, onScale }) {
	const most = Math.max(1, ...bars.map(({ values }) => sum(values)));
	const slot = 89 / Math.max(MIN_SLOTS, bars.length);
	const shown = bars.map((bar, index) => stackedBar(bar, 100 - (bars.length - index) * slot, slot, most));
	return html`<svg class="chart" role="img" aria-labelledby="${id}-t ${id}-d" width="100%" height="${HEIGHT}">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${[
		0,
		.5,
		1
	].map((part) => gridLine(part, onScale(most * part)))}
${shown}
${labels(bars, slot)}</svg>`;
}
function gridLine(part, words) {
	const y = TOP + PLOT * (1 - part);
	return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="0" y="${y - 4}">${words}</text>`;
}
function stackedBar({ words, values }, x, slot, most) {
	const heights = values.map((value) => value / most * PLOT);
	const rects = heights.map((height, series) => {
		const y = TOP + PLOT - sum(heights.slice(0, series + 1));
		return when(height > 0, () => html`<rect class="c${series % 7}" x="${percent(x + slot * .14)}" width="${percent(slot * .72)}" y="${y.toFixed(1)}" height="${height.toFixed(1)}"/>`);
	});
	return html`<g><title>${words}</title>${rects}<rect class="hover" x="${percent(x)}" width="${percent(slot)}" y="${TOP}" height="${PLOT}"/></g>`;
}
/** Number of series with different colors. */
const COLORS = 7;
/** With fewer bars, the labels of the first and the last one would overlap. */
const MIN_LABELED = 6;
function labels(bars, slot) {
	const [first, last] = [bars[0], bars.at(-1)];
	if (first === void 0 || last === void 0) return NOTHING;
	const x = percent(100 - (bars.length - .5) * slot);
	const oldest = html`<text x="${x}" y="${164}" text-anchor="middle">${first.label}</text>`;
	return html`${when(bars.length >= MIN_LABELED, () => oldest)}<text x="100%" y="${164}" text-anchor="end">${last.label}</text>`;
}
/** A line chart of the height of text; undefined values are gaps. */
function sparkline(values, title) {
	const known = values.filter((value) => value !== void 0);
	const [least, most] = [Math.min(0, ...known), Math.max(1, ...known)];
	const x = (index) => 2 + index / Math.max(1, values.length - 1) * (SPARK.width - 4);
	const y = (value) => 2 + (1 - (value - least) / (most - least)) * (SPARK.height - 4);
	const points = values.flatMap((value, index) => value === void 0 ? [] : [{
		index,
		at: `${x(index).toFixed(1)} ${y(value).toFixed(1)}`
	}]);
	const path = points.map(({ index, at }) => `${values[index - 1] === void 0 ? "M" : "L"}${at}`).join("");
	const [end] = points.slice(-1);
	const [cx = 0, cy = 0] = end?.at.split(" ") ?? [];
	return html`<svg class="spark" role="img" aria-label="${title}" width="${SPARK.width}" height="${SPARK.height}"><title>${title}</title><path d="${path}"/>${when(end !== void 0, () => html`<circle cx="${cx}" cy="${cy}" r="2"/>`)}</svg>`;
}
/** In pixels. */
const SPARK = {
	width: 120,
	height: 22
};
/** The names of a chart's series with their colors. */
function legend(series) {
	return html`<ul class="legend">${series.map((name, index) => html`<li><svg width="10" height="10" aria-hidden="true"><rect class="c${index % 7}" width="10" height="10" rx="2"/></svg>${name}</li>`)}</ul>`;
}
/** `memory leak 3, invalid read 1`; zeros are left out. */
function valuesInWords(series, values, inWords) {
	const parts = series.flatMap((name, index) => (values[index] ?? 0) === 0 ? [] : [`${name} ${inWords(values[index] ?? 0)}`]);
	return parts.length === 0 ? "none" : parts.join(", ");
}
function wholeNumber(value) {
	return Number.isInteger(value) ? value.toLocaleString("en-US") : "";
}
function percent(value) {
	return `${value.toFixed(2)}%`;
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}

// src/report/html/trend-section.ts
/** Charts and tables of the timeline; nothing if it is empty. */
function trendSection({ timeline }) {
	const last = timeline.at(-1);
	if (last === void 0) return NOTHING;
	const [first] = timeline;
	const span = first === last ? `Recorded ${dayOf(last)}` : `${count$4(timeline.length, "recording")} of the branch, ${dayOf(first ?? last)} to ${dayOf(last)}`;
	return html`<section id="trend"><h2>Trend</h2><p class="remark">${span}.</p>
<div class="charts">${kindsChart(timeline)}${secondsChart(timeline)}</div>
${leaksTable(timeline)}${numbersTable(timeline)}</section>`;
}
/** `2026-01-02` */
function dayOf({ recordedAt }) {
	return recordedAt.slice(0, 10);
}
/** `2026-01-02 03:04, commit 0123456789` */
function pointInWords({ recordedAt, sha }) {
	const time = recordedAt.slice(0, 16).replace("T", " ");
	return sha === null ? time : `${time}, commit ${sha.slice(0, 10)}`;
}
function kindsChart(timeline) {
	const { series, valuesOf } = seriesOf(timeline, ({ kinds }) => kinds.map(({ kind, errors }) => [kindInWords(kind), errors]));
	const chart = barChart({
		id: "kinds",
		title: "Known errors of each kind, by recording",
		description: describeEnds(timeline, (point) => valuesInWords(series, valuesOf(point), wholeNumber)),
		bars: timeline.map((point) => ({
			label: dayOf(point),
			words: wordsOf(point, series, valuesOf(point), wholeNumber),
			values: valuesOf(point)
		})),
		onScale: wholeNumber
	});
	return html`<figure><figcaption>Known errors</figcaption>${chart}${legend(series)}</figure>`;
}
function secondsChart(timeline) {
	const { series, valuesOf } = seriesOf(timeline, ({ stages }) => stages.map(({ engine, seconds }) => [engine, seconds]));
	const chart = barChart({
		id: "seconds",
		title: "Time of each stage, by recording",
		description: describeEnds(timeline, (point) => valuesInWords(series, valuesOf(point), secondsInWords)),
		bars: timeline.map((point) => ({
			label: dayOf(point),
			words: wordsOf(point, series, valuesOf(point), secondsInWords),
			values: valuesOf(point)
		})),
		onScale: roughSeconds
	});
	return html`<figure><figcaption>Total time of all test files</figcaption>${chart}${legend(series)}</figure>`;
}
/** `40 s`, `12 min`, `1.5 h` */
function roughSeconds(seconds) {
	if (seconds < 60) return `${Math.round(seconds)} s`;
	return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
function wordsOf(point, series, values, inWords) {
	return `${pointInWords(point)}: ${valuesInWords(series, values, inWords)}`;
}
/** Describes the first and the last bar for screen readers. */
function describeEnds(timeline, inWords) {
	const [first, last] = [timeline[0], timeline.at(-1)];
	if (first === void 0 || last === void 0) return "";
	return first === last ? `${dayOf(last)}: ${inWords(last)}.` : `From ${dayOf(first)}: ${inWords(first)}. To ${dayOf(last)}: ${inWords(last)}.`;
}
/** The names with the highest values. If there are more names than colors, the rest becomes one series. */
function seriesOf(timeline, pairsOf) {
	const most = /* @__PURE__ */ new Map();
	for (const [name, value] of timeline.flatMap(pairsOf)) most.set(name, Math.max(value, most.get(name) ?? 0));
	const names = [...most].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
	const own = names.length > 7 ? names.slice(0, 7 - 1) : names;
	const valueIn = (point, isMeant) => pairsOf(point).reduce((sum, [name, value]) => sum + (isMeant(name) ? value : 0), 0);
	const hasOthers = names.length > own.length;
	return {
		series: [...own.map(shortName), ...hasOthers ? ["others"] : []],
		valuesOf: (point) => [...own.map((name) => valueIn(point, (other) => other === name)), ...hasOthers ? [valueIn(point, (other) => !own.includes(other))] : []]
	};
}
/** Rows that are visible initially. */
const MAX_ROWS = 12;
function leaksTable(timeline) {
	const last = timeline.at(-1);
	if (last === void 0 || last.leaks.length === 0) return NOTHING;
	const rows = last.leaks.map((leak) => leakRow(leak, timeline));
	const more = last.moreLeaks === 0 ? NOTHING : html`<p class="remark">${count$4(last.moreLeaks, "smaller leak")} not shown.</p>`;
	const rest = when(rows.length > MAX_ROWS, () => html`<details><summary>${count$4(rows.length - MAX_ROWS, "more known leak")}</summary>${table(rows.slice(MAX_ROWS))}</details>`);
	return html`<h3>Blocks of known leaks</h3>${table(rows.slice(0, MAX_ROWS))}${rest}${more}`;
}
function table(rows) {
	return html`<div class="scroll"><table><thead><tr><th>leak</th><th>blocks</th><th>trend</th><th>known since</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
function leakRow({ signature, function: name, blocks }, timeline) {
	const values = timeline.map((point) => blocksIn(point, signature));
	const [first = blocks] = values.filter((value) => value !== void 0 && value > 0);
	const change = blocks > first ? html` <span class="up">+${(blocks - first).toLocaleString("en-US")}</span>` : NOTHING;
	const title = `${name}: ${count$4(first, "block")} at first, ${count$4(blocks, "block")} now`;
	return html`<tr><td><code>${name}</code> <a class="sig" href="#f-${signature}">${signature}</a></td><td class="num">${blocks.toLocaleString("en-US")}${change}</td><td>${sparkline(values, title)}</td><td class="num">${knownSince(timeline, signature)}</td></tr>`;
}
/** Undefined if the leak may be among those that were dropped. */
function blocksIn({ leaks, moreLeaks }, signature) {
	return leaks.find((leak) => leak.signature === signature)?.blocks ?? (moreLeaks === 0 ? 0 : void 0);
}
/** The day since which all recordings have the leak: `2026-01-02`, or `2026-01-02 or earlier` at the start of the timeline. */
function knownSince(timeline, signature) {
	const values = timeline.map((point) => blocksIn(point, signature));
	const before = values.findLastIndex((value) => value === void 0 || value === 0);
	const first = timeline[before + 1];
	if (first === void 0) return "";
	return before === -1 || values[before] === void 0 ? `${dayOf(first)} or earlier` : dayOf(first);
}
/** The numbers of the charts as a table. */
function numbersTable(timeline) {
	const rows = timeline.toReversed().map((point) => {
		const kinds = point.kinds.map(({ kind, errors }) => `${shortName(kindInWords(kind))} ${errors}`).join(", ");
		const stages = point.stages.map(({ engine, tests, seconds }) => `${engine} ${secondsInWords(seconds)} (${count$4(tests, "test file")})`).join(", ");
		return html`<tr><td>${point.recordedAt.slice(0, 16).replace("T", " ")}</td><td><code>${point.sha?.slice(0, 10) ?? ""}</code></td><td>${kinds || "none"}</td><td>${stages}</td></tr>`;
	});
	return html`<details><summary>All numbers</summary><div class="scroll"><table><thead><tr><th>recorded</th><th>commit</th><th>known errors</th><th>time</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

// src/report/html/findings-section.ts
/** Findings in one chunk. A browser lays out only visible chunks. */
const CHUNK = 50;
/** Groups that are open initially: those that need attention. */
const IS_OPEN = /* @__PURE__ */ new Set([
	"new",
	"grown",
	"warning",
	"changed",
	"flaky",
	"recorded"
]);
/** Maximum number of findings with full layout, equal to that of excerpts. A thousand more would take a browser seconds. */
const MAX_RICH = 300;
/** Larger groups are closed initially, because they would hide everything below them. */
const MAX_OPEN = 200;
function findingsSection(report) {
	const { findings } = report;
	if (findings.length === 0) return html`<section id="findings"><h2>Findings</h2><p class="remark">None.</p></section>`;
	const choices = choicesOf(findings);
	const draw = cardMaker(report, choices);
	const groups = STATUS_ORDER.map((status) => groupView(status, withStatus(report, status), draw));
	return html`<section id="findings"><h2>Findings</h2>${filters(findings, choices)}${groups}
<p id="none" class="remark" hidden>No finding matches these filters.</p></section>`;
}
function choicesOf(findings) {
	return {
		kinds: positions(findings.map(({ kind }) => kind)),
		tests: positions(findings.flatMap(testsOf))
	};
}
function positions(names) {
	return new Map([...new Set(names)].sort().map((name, index) => [name, index]));
}
function testsOf({ test, occurrences }) {
	return [.../* @__PURE__ */ new Set([test.file, ...occurrences.map((one) => one.test.file)])];
}
function cardMaker({ timeline }, { kinds, tests }) {
	const anchors = /* @__PURE__ */ new Set();
	let drawn = 0;
	const inTrend = new Set(timeline.at(-1)?.leaks.map(({ signature }) => signature));
	return (finding, isOpen) => {
		const { signature, kind } = finding;
		const isFirst = /^[0-9a-f]{16}$/.test(signature) && !anchors.has(signature);
		anchors.add(signature);
		return findingCard(finding, {
			keys: {
				kind: kinds.get(kind) ?? 0,
				tests: testsOf(finding).map((name) => tests.get(name) ?? 0)
			},
			id: isFirst ? signature : "",
			isOpen,
			isPlain: drawn++ >= MAX_RICH,
			since: inTrend.has(signature) ? knownSince(timeline, signature) : ""
		});
	};
}
function groupView(status, findings, draw) {
	if (findings.length === 0) return NOTHING;
	const { title, remark } = STATUS_TITLES[status];
	const isOpen = IS_OPEN.has(status) && findings.length <= MAX_OPEN;
	const starts = Array.from({ length: Math.ceil(findings.length / CHUNK) }, (_, index) => index * CHUNK);
	const isFirst = status === "new" || status === "grown";
	const chunks = starts.map((start) => html`<div class="chunk">${findings.slice(start, start + CHUNK).map((finding, index) => draw(finding, isFirst && start + index === 0))}</div>`);
	const number = findings.length.toLocaleString("en-US");
	return html`<details class="group" id="${status}" data-count="${findings.length}"${isOpen ? html` open` : NOTHING}><summary><h3 class="${status}">${title} <span class="count">${number}</span></h3><span class="remark">${remark}</span></summary>${chunks}</details>`;
}
function filters(findings, { kinds, tests }) {
	const statuses = [...new Set(findings.map(({ status }) => status))].map((status) => [status, STATUS_TITLES[status].title]);
	const engines = [...new Set(findings.map(({ engine }) => engine))].sort().map((engine) => [engine, engine]);
	return html`<form id="filters" hidden aria-label="Filters"><input type="search" name="q" aria-label="Find in findings" placeholder="Function, file, test, type …" autocomplete="off"><kbd>/</kbd>
${choice("s", "Status", statuses)}${choice("k", "Kind", optionsOf(kinds, kindInWords))}${choice("e", "Engine", engines)}${choice("t", "Test file", optionsOf(tests, (name) => name))}
<output aria-live="polite">${count$4(findings.length, "finding")}</output></form>`;
}
function optionsOf(names, inWords) {
	return [...names].map(([name, index]) => [`${index}`, shortName(inWords(name))]);
}
function choice(name, label, options) {
	const items = options.map(([value, text]) => html`<option value="${value}">${text}</option>`);
	return html`<select name="${name}" aria-label="${label}"><option value="">${label}</option>${items}</select>`;
}

// src/report/html/page-script.ts
/**
* The script of report.html: filters, keyboard shortcuts and copy buttons. It only hides and shows existing elements, and writes no markup. It is
* text because the page's policy contains its hash.
*/
const PAGE_SCRIPT = `"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = one("#filters");
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  for (const pre of all(".command > pre")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    pre.after(button);
  }
  document.addEventListener("click", async (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const text = event.target.previousElementSibling?.textContent ?? "";
    const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    event.target.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    if (!isCopied) getSelection().selectAllChildren(event.target.previousElementSibling);
    setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
  });

  addEventListener("beforeprint", () => {
    for (const group of all("details.group")) if (group.id !== "known") group.open = true;
  });
  if (!form) return;
  form.hidden = false;
  const findings = all(".finding");
  const groups = all("details.group");
  const wasOpen = new Map(groups.map((group) => [group, group.open]));
  const texts = new Map();
  const textOf = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };
  const isShown = (finding, wanted, words) =>
    (wanted.s === "" || finding.dataset.s === wanted.s) &&
    (wanted.e === "" || finding.dataset.e === wanted.e) &&
    (wanted.k === "" || finding.dataset.k === wanted.k) &&
    (wanted.t === "" || finding.dataset.t.includes(" " + wanted.t + " ")) &&
    words.every((word) => textOf(finding).includes(word));
  const inWords = (number, of) => number.toLocaleString("en-US") + (number === of ? "" : " of " + of.toLocaleString("en-US"));
  const apply = () => {
    const wanted = Object.fromEntries(["q", "s", "k", "e", "t"].map((name) => [name, form.elements[name].value]));
    const words = wanted.q.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    const isFiltered = Object.values(wanted).some((value) => value !== "");
    let total = 0;
    for (const group of groups) {
      let shown = 0;
      for (const chunk of all(".chunk", group)) {
        let inChunk = 0;
        for (const finding of chunk.children) {
          const isIn = isShown(finding, wanted, words);
          if (finding.hidden === isIn) finding.hidden = !isIn;
          if (isIn) inChunk++;
        }
        chunk.hidden = inChunk === 0;
        shown += inChunk;
      }
      group.hidden = shown === 0;
      group.open = isFiltered ? shown > 0 : wasOpen.get(group);
      one(".count", group).textContent = inWords(shown, Number(group.dataset.count));
      total += shown;
    }
    one("#none").hidden = total > 0;
    one("output", form).textContent = inWords(total, findings.length) + (findings.length === 1 ? " finding" : " findings");
    form.dataset.applied = String(Number(form.dataset.applied ?? 0) + 1);
  };
  let timer;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
  form.addEventListener("submit", (event) => event.preventDefault());
  const move = (step) => {
    const shown = findings.filter((finding) => !finding.hidden && finding.parentElement.parentElement.open);
    const at = shown.findIndex((finding) => finding.contains(document.activeElement));
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step];
    if (next) one("summary", next).focus();
  };
  const isTyping = ({ target }) => target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event)) {
      form.reset();
      apply();
      event.target.blur();
    }
    if (isTyping(event)) return;
    if (event.key === "/") { event.preventDefault(); form.elements.q.focus(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });
})();
`;

// src/report/html/page-style.ts
/** The style sheet of report.html. It is text because the page's policy contains its hash. */
const PAGE_STYLE = `
:root {
  --paper: #fbfbf9; --surface: #fff; --ink: #1b1d21; --soft: #5d636d; --line: #e3e3de; --code: #f4f4f0;
  --bad: #b42318; --warn: #8f5b00; --good: #1d7a45; --calm: #5d636d; --hit: #fdeceA; --changed: #e9f5ec; --focus: #2f6feb;
  --c0: #3f6fb5; --c1: #d08a2e; --c2: #5a9a6e; --c3: #b5574f; --c4: #8168b3; --c5: #4fa3a5; --c6: #9a9a92;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --surface: #1a1c1f; --ink: #e5e5e1; --soft: #9ba1aa; --line: #2c2f34; --code: #202327;
    --bad: #ff8f85; --warn: #e5b567; --good: #73cf98; --calm: #9ba1aa; --hit: #3d2320; --changed: #1d3526; --focus: #7aa7ff;
    --c0: #7aa5e3; --c1: #e0ad63; --c2: #84c69a; --c3: #e2857c; --c4: #ad98dc; --c5: #7fcbcd; --c6: #8d8d86;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 64px; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 28px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
code, pre, .place, .sig { font-family: var(--mono); font-size: .875em; }
pre { margin: 0; overflow-x: auto; white-space: pre; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--surface); padding: 4px 8px; }
.remark, .place, .amount, .where, .count { color: var(--soft); }
.remark { margin: 4px 0; max-width: 80ch; }

header { border-bottom: 1px solid var(--line); padding-bottom: 14px; }
.brand { margin: 0 0 18px; color: var(--soft); font-size: 13px; letter-spacing: .02em; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h1::before { content: ""; display: inline-block; width: .5em; height: .5em; border-radius: 50%; background: var(--warn); margin: 0 .5em .1em 0; }
.clean h1::before { background: var(--good); } .new-errors h1::before { background: var(--bad); }
.counts { display: flex; flex-wrap: wrap; gap: 6px 22px; list-style: none; margin: 16px 0 10px; padding: 0; }
.counts a { text-decoration: none; color: var(--soft); } .counts a:hover { text-decoration: underline; }
.counts b { font-size: 20px; font-weight: 600; color: var(--ink); font-variant-numeric: tabular-nums; margin-right: 2px; }
.counts .new b, .counts .grown b { color: var(--bad); } .counts .fixed b { color: var(--good); }
.counts .warning b, .counts .changed b, .counts .flaky b, .counts .incomplete b { color: var(--warn); }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 12px; font-size: 14px; }

h2 { font-size: 19px; font-weight: 600; letter-spacing: -.005em; margin: 44px 0 10px; }
h3 { font-size: 15px; font-weight: 600; margin: 26px 0 8px; }
h4 { font-size: 13px; font-weight: 600; margin: 18px 0 6px; color: var(--soft); overflow-wrap: anywhere; }
ul, ol { margin: 6px 0; padding-left: 20px; } li { overflow-wrap: anywhere; }
summary { cursor: pointer; list-style-position: inside; } summary::marker { color: var(--soft); font-size: .8em; }
.problems { list-style: none; padding: 0; }
.problems > li { border-left: 3px solid var(--warn); background: var(--surface); padding: 8px 14px; margin: 8px 0; }

#filters { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 10px 0; background: var(--paper); border-bottom: 1px solid var(--line); }
#filters[hidden] { display: none; }
input, select, button { font: inherit; font-size: 14px; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; min-width: 0; }
select { max-width: 180px; } #filters input { flex: 1 1 220px; } #filters kbd { margin-left: -34px; margin-right: 14px; color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; font: 12px/18px var(--mono); pointer-events: none; }
#filters input:focus + kbd { visibility: hidden; }
output { color: var(--soft); font-size: 14px; margin-left: auto; font-variant-numeric: tabular-nums; }

.group { margin: 18px 0 0; }
.group > summary h3 { display: inline; margin: 0; } .group > summary { padding: 4px 0 8px; } .group > summary .remark { margin-left: 10px; font-size: 14px; }
h3.new, h3.grown { color: var(--bad); } h3.warning, h3.changed, h3.flaky { color: var(--warn); } h3.fixed { color: var(--good); }
h3 .count { font-weight: 400; margin-left: 4px; font-variant-numeric: tabular-nums; }
.chunk { content-visibility: auto; contain-intrinsic-size: auto 2900px; }
.chunk:last-child { contain-intrinsic-size: auto 800px; }
.finding { background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--calm); margin-top: -1px; }
.finding.new, .finding.grown { border-left-color: var(--bad); } .finding.fixed { border-left-color: var(--good); }
.finding.warning, .finding.changed, .finding.flaky { border-left-color: var(--warn); }
.finding[hidden], .chunk[hidden], .group[hidden] { display: none; }
.finding > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 20px; padding: 8px 14px; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.what::before { content: "›"; display: inline-block; width: 14px; color: var(--soft); font-weight: 400; } .finding[open] > summary .what::before { transform: rotate(90deg); transform-origin: 30% 55%; } .where { padding-left: 14px; }
.finding > summary:hover { background: var(--code); }
.what { font-weight: 500; overflow-wrap: anywhere; } .what code { font-weight: 600; }
.finding .place { text-align: right; overflow-wrap: anywhere; } .amount { text-align: right; grid-row: 2; grid-column: 2; font-size: 13px; font-variant-numeric: tabular-nums; } .where { grid-row: 2; grid-column: 1; font-size: 13px; overflow-wrap: anywhere; }
.body { padding: 4px 14px 16px; border-top: 1px solid var(--line); }
.facts { display: flex; flex-wrap: wrap; gap: 2px 26px; margin: 8px 0; font-size: 13px; }
.facts div { display: flex; gap: 7px; min-width: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 28px; } .columns > div:first-child:empty { display: none; } .columns > div:first-child:empty + div { grid-column: 1 / -1; }
figure { margin: 12px 0 0; } figcaption { font-size: 13px; color: var(--soft); margin-bottom: 6px; }
.source figcaption { font-family: var(--mono); font-size: 12px; }
.source pre { background: var(--code); border-radius: 6px; padding: 8px 0; font-size: 12.5px; line-height: 1.55; }
.source span { display: block; padding-right: 12px; width: max-content; min-width: 100%; } .source i { display: inline-block; width: 52px; padding-right: 14px; text-align: right; font-style: normal; color: var(--soft); user-select: none; }
.source .hit { background: var(--hit); box-shadow: inset 3px 0 var(--bad); } .source .changed { background: var(--changed); box-shadow: inset 3px 0 var(--good); }
.stack { font-size: 13px; padding-left: 26px; margin: 4px 0; } .stack li::marker { color: var(--soft); font-size: 11px; } .stack .key code { font-weight: 600; } .stack .aside code { color: var(--soft); }
.stack .place { text-align: left; font-size: 12px; }
.objects, .others { font-size: 13px; font-family: var(--mono); list-style: none; padding: 0; } .objects pre { color: var(--soft); padding-left: 16px; }
.command { position: relative; } .command pre { background: var(--code); border-radius: 6px; padding: 10px 76px 10px 12px; font-size: 12.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
.command button { position: absolute; top: 6px; right: 6px; font-size: 12px; padding: 2px 9px; cursor: pointer; }
.suppression { margin-top: 14px; } .suppression > summary { font-size: 13px; font-weight: 600; color: var(--soft); } .suppression .command { margin-top: 6px; }

.charts { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px 36px; }
.chart { display: block; overflow: visible; } .chart text { fill: var(--soft); font: 11px var(--sans); font-variant-numeric: tabular-nums; } .grid { stroke: var(--line); } .hover { fill: transparent; } g:hover > .hover { fill: var(--ink); fill-opacity: .07; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); } .c6 { fill: var(--c6); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 8px 0 0; padding: 0; font-size: 13px; color: var(--soft); } .legend svg { margin-right: 6px; }
.spark { display: block; } .spark path { fill: none; stroke: var(--c0); stroke-width: 1.5; stroke-linejoin: round; } .spark circle { fill: var(--c0); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; white-space: nowrap; font-weight: 500; color: var(--soft); } th, td { padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
.num { font-variant-numeric: tabular-nums; white-space: nowrap; } .up { color: var(--bad); margin-left: 4px; } .sig { color: var(--soft); font-size: 12px; margin-left: 6px; }
#trend details { margin-top: 14px; } #trend details > summary { font-size: 14px; color: var(--soft); }

.tree details, .tree .engine { margin: 0 0 6px; } .tree > * { border-left: 1px solid var(--line); padding-left: 14px; } .tree details details { margin: 6px 0 0 18px; }
.tree p.engine { margin: 0; padding-left: 30px; }
.problems code, #notes code { background: var(--code); border-radius: 4px; padding: 1px 4px; }
.count { font-variant-numeric: tabular-nums; } .outcome { white-space: nowrap; font-size: 13px; margin-left: 10px; color: var(--soft); } details details > summary > .outcome { margin-left: 0; }
.outcome.incomplete, .outcome.crashed, .outcome.timeout, .outcome.stopped { color: var(--warn); } .outcome.failed { color: var(--bad); } .outcome.passed { color: var(--good); }
.share { margin: 0 2px 2px 12px; border-radius: 3px; } .share rect { fill: var(--calm); } rect.passed { fill: var(--good); } rect.failed { fill: var(--bad); } rect.incomplete, rect.crashed, rect.timeout, rect.stopped { fill: var(--warn); } rect.skipped { fill: var(--line); }
.names { columns: 240px; list-style: none; padding: 0; font-size: 13px; color: var(--soft); content-visibility: auto; contain-intrinsic-size: auto 1500px; } .names code { color: var(--ink); }
.reasons { font-size: 14px; } .why { color: var(--soft); } .reasons pre { background: var(--code); border-radius: 6px; padding: 8px 12px; font-size: 12.5px; }
#notes li { margin: 4px 0; max-width: 100ch; } footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }

@media (max-width: 760px) {
  body { padding: 18px 14px 48px; } h1 { font-size: 21px; }
  .charts, .columns { grid-template-columns: minmax(0, 1fr); }
  .finding > summary { grid-template-columns: minmax(0, 1fr); gap: 1px; padding: 8px 10px; } .finding > summary .place, .amount { text-align: left; grid-column: 1; grid-row: auto; padding-left: 14px; } .where { grid-row: auto; } .body { padding: 4px 10px 12px; }
  #filters { position: static; } #filters input { flex-basis: 100%; } #filters kbd { display: none; } select { flex: 1 1 40%; } output { margin-left: 0; }
  .group > summary .remark { display: block; margin-left: 0; } .facts { flex-direction: column; } .share { display: none; } .legend { gap: 2px 12px; } .sig { display: block; margin-left: 0; }
  html { scroll-padding-top: 10px; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; } #filters, nav, .skip, .command button { display: none; }
  .chunk { content-visibility: visible; } .finding { break-inside: avoid; } pre { white-space: pre-wrap; }
  .finding.new::details-content, .finding.grown::details-content { content-visibility: visible; block-size: auto; }
}
`;

// \0@oxc-project+runtime@0.158.0/helpers/esm/taggedTemplateLiteral.js
function _taggedTemplateLiteral(e, t) {
	return t || (t = e.slice(0)), Object.freeze(Object.defineProperties(e, { raw: { value: Object.freeze(t) } }));
}

// src/report/html/html-report.ts
var _templateObject;
/** Nothing can be loaded or sent, and no other script or style can run, whatever names a report contains. */
const POLICY = `default-src 'none'; style-src '${hashOf(PAGE_STYLE)}'; script-src '${hashOf(PAGE_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
function hashOf(text) {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
function htmlReport(report) {
	const verdict = verdictInWords(report);
	return html(_templateObject || (_templateObject = _taggedTemplateLiteral([
		"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
		"\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">\n<title>",
		" · cpython-memcheck</title>\n<style>",
		"</style></head>\n<body class=\"",
		"\"><a class=\"skip\" href=\"#main\">Skip to the report</a>\n",
		"\n<main id=\"main\">",
		"",
		"",
		"",
		"",
		"",
		"</main>\n",
		"\n<script>",
		"<\/script></body></html>\n"
	])), trusted(POLICY), verdict, trusted(PAGE_STYLE), report.verdict, header(report, verdict), problemsSection(report), relaxationsSection(report), findingsSection(report), trendSection(report), coverageSection(report), notesSection(report), footer(report), trusted(PAGE_SCRIPT)).text;
}
function header(report, verdict) {
	const { toolchain } = report;
	const python = toolchain === null ? "" : ` · CPython ${toolchain.version}`;
	return html`<header><p class="brand">cpython-memcheck${python}</p>
<h1>${verdict}</h1>
${counts(report)}<p class="remark">${baselineInWords(report)}</p>
${navigation(report)}</header>`;
}
/** The number of findings with each status, with links to them. */
function counts(report) {
	const items = STATUS_ORDER.map((status) => {
		const number = withStatus(report, status).length;
		return when(number > 0, () => html`<li><a href="#${status}" class="${status}"><b>${number.toLocaleString("en-US")}</b> ${wordOf(status, number)}</a></li>`);
	});
	const incomplete = incompleteTests(report).length;
	const rest = when(incomplete > 0, () => html`<li><a href="#coverage" class="incomplete"><b>${incomplete}</b> incomplete</a></li>`);
	return html`<ul class="counts">${items}${rest}</ul>`;
}
function wordOf(status, number) {
	return status === "warning" && number === 1 ? "warning" : STATUS_TITLES[status].title.toLowerCase();
}
function navigation({ problems, timeline }) {
	const link = (id, title) => html`<a href="#${id}">${title}</a>`;
	return html`<nav aria-label="Parts of the report">${when(problems.length > 0, () => link("problems", "Not checked"))}${link("findings", "Findings")}${when(timeline.length > 0, () => link("trend", "Trend"))}${link("coverage", "What ran")}${link("notes", "Notes")}</nav>`;
}
function problemsSection({ problems }) {
	if (problems.length === 0) return NOTHING;
	const items = problems.map((problem) => html`<li>${shorten(problem.message, 1e3)}${remedyView(problem)}</li>`);
	return html`<section id="problems"><h2>Not checked</h2><ul class="problems">${items}</ul></section>`;
}
/** Hints of these two problems may contain text from the checked code; all other remedies are our own text. */
function remedyView({ code, remedy }) {
	if (remedy === null) return NOTHING;
	return html`<p class="remark">${code !== "check-failed" && code !== "engine-failed" ? prose(remedy) : shorten(remedy, 1e3)}</p>`;
}
function relaxationsSection({ relaxations }) {
	if (relaxations.length === 0) return NOTHING;
	const items = relaxations.map((one) => html`<li>${shorten(relaxationInWords(one), 300)} <span class="place">${shorten(placeInWords(one), 300)}</span></li>`);
	return html`<section id="relaxations"><h2>Added since the baseline, and hides errors</h2><ul>${items}</ul></section>`;
}
/** Notes that the tree of test files already shows. */
const SHOWN_ELSEWHERE = /* @__PURE__ */ new Set(["left-out", "tests-chosen"]);
function notesSection({ notes, suppressed }) {
	const items = notes.filter(({ code }) => !SHOWN_ELSEWHERE.has(code)).map(({ message }) => html`<li>${shorten(message, 1e3)}</li>`);
	const hidden = suppressed.map((one) => html`<li>${shorten(suppressedInWords(one), 300)}</li>`);
	const suppressions = when(hidden.length > 0, () => html`<details><summary>Suppressions that hid errors <span class="count">${hidden.length}</span></summary><ul>${hidden}</ul></details>`);
	return html`<section id="notes"><h2>Notes</h2>${items.length === 0 ? html`<p class="remark">None.</p>` : html`<ul>${items}</ul>`}${suppressions}</section>`;
}
function footer({ toolchain }) {
	const parts = toolchain === null ? [] : [
		`CPython ${toolchain.version}`,
		`valgrind ${toolchain.valgrind}`,
		toolchain.compiler,
		toolchain.libc,
		toolchain.architecture,
		toolchain.configureArgs.join(" ")
	];
	return html`<footer>${parts.filter((part) => part !== "").join(" · ")}</footer>`;
}

// src/report/sarif-rules.ts
/** What a class of errors is, and what to look for. */
const HELP = {
	Leak: "Memory was allocated, and nothing points at it any more. The stack is that of the allocation: somewhere after it a reference is not given back (a missing Py_DECREF or Py_CLEAR, often on an error path), or a block is not freed.",
	ReferenceLeak: "Each run of the test file takes references to an object that stays, and does not give them back. Look for a missing Py_DECREF of a constant, a type or a cached object.",
	ErrorPathLeak: "An allocation was made to fail, and what the function had allocated before is lost. The stack is that of the failed allocation, from the function on that held the lost block: its error path does not give it back.",
	ErrorPathCrash: "An allocation was made to fail, and the process crashed. The stack is that of the crash; the failed allocation's is beside it.",
	LostError: "An allocation was made to fail, and a function returned NULL without an exception, or succeeded with one set. The stack is that of the failed allocation.",
	InvalidRead: "Memory outside of a live block is read: past its end, before its start, or after it was freed.",
	InvalidWrite: "Memory outside of a live block is written: past its end, before its start, or after it was freed.",
	InvalidFree: "A pointer is freed that is not a live block: freed twice, or never allocated.",
	InvalidJump: "The program jumps to an address that has no code.",
	MismatchedFree: "A block is freed by another family of functions than it was allocated by, such as PyMem_Free and malloc.",
	Overlap: "Source and destination of a copy overlap; memmove allows that, memcpy does not.",
	UninitCondition: "A conditional jump depends on a value that was never initialized.",
	UninitValue: "An address or a calculation depends on a value that was never initialized.",
	FdBadClose: "A file descriptor is closed that was closed before. In between, another thread may have opened a file with the same number, which is then closed behind its back.",
	FdBadUse: "A system call is given a file descriptor that was closed before, was never opened, or is not a valid number.",
	FdLeftOpen: "A descriptor that the test file opened is open when it ends, after a garbage collection.",
	Growth: "Each run of the test file leaves objects that something still points to: a cache or a registry that only grows. The name says what keeps them, outermost first.",
	FdNotClosed: "A file descriptor is still open when the process ends.",
	SyscallParam: "A system call is given memory that is not addressable, or that was never initialized."
};
/** One rule for each class of errors: what still points at a lost block changes with the order of tests, and makes no other rule. */
function ruleOf(kind) {
	const id = printable(classOf(kind)).replaceAll("\n", " ").slice(0, 100);
	const help = (Object.hasOwn(HELP, id) ? HELP[id] : void 0) ?? "An error of this kind, as valgrind's memcheck reports it.";
	return {
		id,
		name: id,
		shortDescription: { text: id === "Leak" ? "memory leak" : printable(kindInWords(kind)).slice(0, 100) },
		fullDescription: { text: help },
		help: { text: help },
		defaultConfiguration: { level: "error" },
		properties: { tags: ["memory", "valgrind"] }
	};
}

// src/report/sarif.ts
/** GitHub keeps this many results of a run. */
const MAX_RESULTS = 5e3;
/** The report in the Static Analysis Results Interchange Format, 2.1.0. Fixed findings have no result. */
function sarifReport(report, locate) {
	const findings = withStatus(report, "new", "grown", "warning", "changed", "flaky", "accepted", "recorded", "unrecorded", "known");
	const shown = findings.slice(0, MAX_RESULTS);
	const rules = [...new Map(shown.map(({ kind }) => [ruleOf(kind).id, ruleOf(kind)])).values()];
	const left = findings.length - shown.length;
	const remarks = [...report.problems.map((problem) => ({
		code: problem.code,
		text: problemInWords(problem)
	})), ...left === 0 ? [] : [{
		code: "cut",
		text: `${count$4(left, "more error")} in report.json.`
	}]];
	const codes = [...new Set(remarks.map(({ code }) => code))];
	return {
		$schema: "https://json.schemastore.org/sarif-2.1.0.json",
		version: "2.1.0",
		runs: [{
			tool: { driver: {
				name: "cpython-memcheck",
				rules,
				notifications: codes.map((code) => ({ id: code }))
			} },
			invocations: [{
				executionSuccessful: report.verdict !== "inconclusive",
				toolExecutionNotifications: remarks.map(({ code, text }) => ({
					descriptor: {
						id: code,
						index: codes.indexOf(code)
					},
					level: "warning",
					message: { text: plain(text) }
				}))
			}],
			columnKind: "utf16CodeUnits",
			results: shown.map((finding) => resultOf(finding, rules.findIndex(({ id }) => id === ruleOf(finding.kind).id), locate))
		}]
	};
}
const LEVELS = {
	new: "error",
	grown: "error",
	warning: "warning",
	changed: "warning"
};
const STATES = {
	new: "new",
	grown: "updated",
	warning: "new",
	changed: "updated",
	known: "unchanged",
	accepted: "unchanged"
};
function resultOf(finding, ruleIndex, locate) {
	const { status, kind, site, test, signature, acceptance, blocks } = finding;
	const state = STATES[status];
	const parts = [
		`${kindInWords(kind)} in ${site.function}`,
		amountInWords(finding),
		confidenceInWords(finding),
		`in ${test.id ?? test.file}`
	];
	return {
		ruleId: ruleOf(kind).id,
		ruleIndex,
		level: LEVELS[status] ?? "note",
		...state === void 0 ? {} : { baselineState: state },
		message: { text: plain(parts.filter((part) => part !== "").join(", ")) },
		locations: [{
			physicalLocation: placeOf(finding, locate),
			logicalLocations: [{
				name: name(site.function),
				kind: "function"
			}]
		}],
		relatedLocations: relatedOf(finding, locate),
		stacks: stacksOf(finding, locate),
		partialFingerprints: { [`cpythonMemcheckSignature/v${4}`]: signature },
		...acceptance === null ? {} : { suppressions: [{
			kind: "external",
			justification: name(acceptance.reason)
		}] },
		properties: {
			status,
			test: name(test.file),
			blocks,
			reproduce: name(finding.reproduce)
		}
	};
}
/** Where a finding is shown. If its place is unknown, its test is used: GitHub accepts no result without a location. */
function placeOf(finding, locate) {
	return [finding.place ?? finding.site, ...finding.stack].flatMap((place) => physical(place, locate) ?? [])[0] ?? { artifactLocation: { uri: uriOf(finding.test.file) } };
}
/** The first places in the project on a finding's stacks. */
function relatedOf(finding, locate) {
	return distinct([...shownFrames(finding), ...finding.further.flatMap((stack) => stack.frames)].flatMap((frame) => {
		const physicalLocation = physical(frame, locate);
		return physicalLocation === void 0 ? [] : [{
			physicalLocation,
			message: { text: plain(`${frame.function} (${placeInWords(frame)})`) }
		}];
	})).slice(0, 10);
}
function stacksOf(finding, locate) {
	return distinct([{
		what: finding.what,
		frames: shownFrames(finding)
	}, ...finding.further].map(({ what, frames }) => ({
		message: { text: plain(what) },
		frames: frames.map((frame) => frameOf(frame, locate))
	})));
}
/** As the schema requires for these lists. */
function distinct(values) {
	return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
function frameOf(frame, locate) {
	const physicalLocation = physical(frame, locate);
	return {
		location: {
			...physicalLocation === void 0 ? {} : { physicalLocation },
			logicalLocations: [{ fullyQualifiedName: name(frame.function) }]
		},
		...frame.object === null ? {} : { module: name(frame.object) }
	};
}
function physical({ file, line }, locate) {
	const path = file === null ? null : locate(file);
	if (path === null) return void 0;
	return {
		artifactLocation: {
			uri: uriOf(path),
			uriBaseId: "%SRCROOT%"
		},
		...line === null || line < 1 ? {} : { region: { startLine: line } }
	};
}
function uriOf(path) {
	return name(path).split("/").map(encodeURIComponent).join("/");
}
const MAX_CHARACTERS = 1e3;
/** Text in a message: square brackets would make a link of it (SARIF 2.1.0, 3.11.6). */
function plain(text) {
	return name(text).replace(/[\\[\]]/g, "\\$&");
}
function name(text) {
	return printable(text).slice(0, MAX_CHARACTERS).toWellFormed();
}

// src/hosts/common/report-file.ts
/** Writes the report, and SARIF beside it. Returns the path of the SARIF file. @throws UserError if they can't be written. */
async function writeReport(path, report, locate) {
	const sarif = `${path.replace(/\.json$/, "")}.sarif`;
	await makeRoomFor(path);
	await writingTo("The report", path, async () => {
		await writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
		await writeAtomically(sarif, `${JSON.stringify(sarifReport(report, locate))}\n`);
	});
	return sarif;
}
/** Writes report.html. Separate from report.json, because a full disk may have room for only one. @throws UserError if it cannot be written. */
async function writePage(path, report) {
	await makeRoomFor(path);
	await writingTo("The report", path, () => writeAtomically(path, htmlReport(report)));
}
/** Path of report.html: next to report.json by default. */
function pagePath(report, html) {
	return html ?? `${report.replace(/\.json$/, "")}.html`;
}
/** Also called before any work, to detect that the report can't be written. @throws UserError */
async function makeRoomFor(path) {
	await writingTo("The report", path, () => mkdir(dirname(path), { recursive: true }));
	if ((await stat(path).catch(() => void 0))?.isDirectory()) throw new UserError(`The report ${path} cannot be written: it is a folder.`);
}

// src/hosts/terminal/explain.ts
/**
* Explains the findings of a report with a signature, or with its first digits; or why a test file ran. @throws UserError if there is none.
*/
async function explain(signature, path, style) {
	if (isTestFile(signature)) return await explainSelection(signature, path);
	if (!/^[0-9a-f]{4,16}$/.test(signature)) throw new UserError(`\`${signature}\` is neither a signature nor a test file; allowed: the first 4 to 16 hexadecimal digits of a signature, as reports show it, or a name such as \`test_csv\` or \`tests/test_x.py\`.`);
	const { findings } = await readReport(path);
	const chosen = findings.filter((finding) => [
		finding,
		...finding.roots,
		...finding.occurrences
	].some((one) => one.signature.startsWith(signature)));
	if (chosen.length === 0) throw new UserError(`${path} has no finding ${signature}.`);
	return `${chosen.map((finding) => explainFinding(finding, style)).join("\n\n")}\n`;
}
/** Whether it is a test file of CPython, or one of a project as pytest and unittest name it. */
function isTestFile(name) {
	return isTestName(name) || /[/.]/.test(name);
}
async function explainSelection(test, path) {
	const { affected } = await readReport(path);
	if (affected === null) throw new UserError(`${path} is the report of a check that left out no test file.`);
	return `${explainTest(test, affected).join("\n")}\n`;
}
async function readReport(path) {
	const text = await readFile(path, "utf8").catch((cause) => {
		throw new UserError(`The report ${path} cannot be read: ${messageOf(cause)}.`, {
			hint: "`check` writes a report; `--report` sets its path.",
			cause
		});
	});
	const parsed = safeParse(pipe(string(), parseJson(), ReportSchema), text);
	if (parsed.success) return parsed.output;
	throw new UserError(`${path} is not a report of this version of cpython-memcheck.`);
}

// src/report/style.ts
const same = (text) => text;
const PLAIN = {
	bold: same,
	dim: same,
	red: same,
	green: same,
	yellow: same
};
const colour = (name) => (text) => styleText(name, text, { validateStream: false });
const COLOURED = {
	bold: colour("bold"),
	dim: colour("dim"),
	red: colour("red"),
	green: colour("green"),
	yellow: colour("yellow")
};

// src/report/text.ts
/** Of a first run. */
const MAX_RECORDED_IN_FULL = 10;
/** A thousand lines. */
const MAX_IN_FULL = 40;
const MAX_WARNINGS_IN_FULL = 10;
/** The report for a terminal: what matters last, where the eye is when it ends. */
function textReport(report, style) {
	const fresh = withStatus(report, "new", "grown");
	const recorded = withStatus(report, "recorded");
	return `${[
		...recorded.length === 0 ? [] : [style.bold(`Recorded by this run: ${count$4(recorded.length, "error")}`)],
		...recorded.slice(0, MAX_RECORDED_IN_FULL).map((finding) => findingText(finding, style)),
		listing("More that were recorded, all in report.json", recorded.slice(MAX_RECORDED_IN_FULL), style),
		...fresh.slice(0, MAX_IN_FULL).map((finding) => findingText(finding, style)),
		listing("More that are new, all in report.json", fresh.slice(MAX_IN_FULL), style),
		...withStatus(report, "warning").slice(0, MAX_WARNINGS_IN_FULL).map((finding) => findingText(finding, style)),
		listing("More warnings, all in report.json", withStatus(report, "warning").slice(MAX_WARNINGS_IN_FULL), style),
		listing("Changed, please verify: they resemble known errors", withStatus(report, "changed"), style),
		listing("Accepted for now by .memcheck.toml", withStatus(report, "accepted"), style),
		listing("Flaky: did not come back in a second run", withStatus(report, "flaky"), style),
		listing("Not compared", withStatus(report, "unrecorded"), style),
		listing("Fixed", withStatus(report, "fixed"), style),
		...testsWithLastWords(report).slice(0, MAX_LOGS).map((test) => logEndText(test, style)),
		skippedText(report, style),
		relaxationsText(report, style),
		suppressedText(report, style),
		notesText(report, style),
		verdictText(report, style)
	].filter((section) => section !== "").join("\n\n")}\n`;
}
function findingText(finding, style) {
	const amount = amountInWords(finding);
	const word = HEADS[finding.status] ?? "";
	const head = (finding.status === "recorded" || finding.status === "warning" ? style.yellow : style.red)(style.bold(printable(`${word}${kindInWords(finding.kind)} in ${finding.site.function}`)));
	const reproduced = [style.bold("  reproduce:"), `    ${printable(finding.reproduce)}`];
	const suppressed = finding.suppression === null ? [] : [style.bold("  suppress:"), indent(printable(finding.suppression.trimEnd()), 4)];
	return [
		`${head}  ${printable(placeInWords(finding.site))}`,
		`  ${[
			printable(finding.test.id ?? finding.test.file),
			amount,
			spreadInWords(finding),
			confidenceInWords(finding),
			ownerInWords(finding),
			finding.signature
		].filter((part) => part !== "").join(" · ")}`,
		...finding.what === "" ? [] : [style.dim(`  ${printable(finding.what)}`)],
		...occurrencesText(finding, style),
		...objectsInWords(finding).flatMap(([object, python]) => [`  ${printable(object)}`, ...python.map((line) => style.dim(`    ${printable(line)}`))]),
		...rootsText(finding, style),
		...stackText(shownFrames(finding), style),
		...finding.further.flatMap(({ what, frames }) => [style.dim(`  ${printable(what)}`), ...stackText(frames, style)]),
		...reproduced,
		...suppressed
	].join("\n");
}
const SHOWN_OCCURRENCES = 5;
/** The other tests and paths of the same bug. */
function occurrencesText(finding, style) {
	const others = occurrencesInWords(finding);
	const lines = others.slice(0, SHOWN_OCCURRENCES).map((line) => style.dim(printable(`  also: ${shorten(line, MAX_NAME)}`)));
	return others.length > SHOWN_OCCURRENCES ? [...lines, style.dim(`  … ${others.length - SHOWN_OCCURRENCES} more, in report.json`)] : lines;
}
const HEADS = {
	new: "new ",
	grown: "more of a known ",
	warning: "warning: new "
};
const SHOWN_ROOTS = 5;
/** What a burst of leaks is made of. */
function rootsText({ roots }, style) {
	if (roots.length === 0) return [];
	const lines = roots.slice(0, SHOWN_ROOTS).map((root) => printable(`    ${root.site.function} ${placeInWords(root.site)}, ${count$4(root.blocks, "block")}, ${count$4(root.bytes, "byte")}`));
	const more = roots.length > SHOWN_ROOTS ? [style.dim(`    … ${roots.length - SHOWN_ROOTS} more, in report.json`)] : [];
	return [
		style.bold(`  ${count$4(roots.length, "leak")} from one test, reported as one; the worst:`),
		...lines,
		...more
	];
}
const SHOWN_FRAMES = 12;
/** Some lines of a terminal. */
const MAX_NAME = 400;
function stackText(frames, style) {
	const lines = frames.slice(0, SHOWN_FRAMES).map((frame) => {
		const place = frame.file === null ? frame.object ?? "" : placeInWords(frame);
		return `    ${printable(shorten(frame.function, MAX_NAME))} ${style.dim(printable(place))}`;
	});
	const more = frames.length - SHOWN_FRAMES;
	return more > 0 ? [...lines, style.dim(`    … ${count$4(more, "more frame")}`)] : lines;
}
function listing(title, findings, style) {
	if (findings.length === 0) return "";
	const lines = findings.slice(0, 10).map((finding) => printable(`  ${kindInWords(finding.kind)} in ${finding.site.function} (${finding.test.file})`));
	const more = findings.length > 10 ? [`  … ${findings.length - 10} more`] : [];
	return [
		style.bold(`${title}: ${findings.length}`),
		...lines,
		...more
	].join("\n");
}
/** Of a broken build, every test file has the same to say. */
const MAX_LOGS = 5;
function logEndText({ name, log, lastWords }, style) {
	const lines = lastWords.map((line) => printable(`    ${line}`));
	return [
		style.bold(printable(`The log of ${name} ends with`)),
		...lines,
		style.dim(printable(`  all of it: ${log ?? "not kept"}`))
	].join("\n");
}
function skippedText({ skipped }, style) {
	if (skipped.length === 0) return "";
	const lines = skipped.map((one) => `  ${printable(skipInWords(one))}`);
	return [style.bold(`Skipped by .memcheck.toml: ${skipped.length}`), ...lines].join("\n");
}
function relaxationsText({ relaxations }, style) {
	if (relaxations.length === 0) return "";
	const lines = relaxations.map((one) => `  ${printable(relaxationInWords(one))}  ${printable(placeInWords(one))}`);
	return [style.yellow(style.bold(`Added since the baseline, and hides errors: ${relaxations.length}`)), ...lines].join("\n");
}
function suppressedText({ suppressed }, style) {
	if (suppressed.length === 0) return "";
	const lines = suppressed.map((one) => `  ${printable(shorten(suppressedInWords(one), MAX_NAME))}`);
	return [style.bold(`Suppressions that hid errors: ${suppressed.length}`), ...lines].join("\n");
}
function notesText(report, style) {
	const origin = originInWords(report);
	const run = report.baseline?.origin?.run ?? "";
	return [...origin === void 0 ? [] : [`${origin} ${run}`], ...report.notes.map(({ message }) => message)].map((note) => style.dim(printable(note))).join("\n");
}
function verdictText(report, style) {
	const colour = report.verdict === "clean" ? style.green : report.verdict === "new-errors" ? style.red : style.yellow;
	const incomplete = incompleteTests(report).length;
	const counts = [
		`${withStatus(report, "new").length} new`,
		`${withStatus(report, "grown").length} grown`,
		`${withStatus(report, "known").length} known`,
		...withStatus(report, "recorded").length === 0 ? [] : [`${withStatus(report, "recorded").length} recorded`],
		`${withStatus(report, "fixed").length} fixed`,
		`${withStatus(report, "flaky").length} flaky`,
		...[
			"warning",
			"changed",
			"accepted"
		].flatMap((status) => {
			const number = withStatus(report, status).length;
			return number === 0 ? [] : [`${number} ${status}`];
		}),
		...incomplete > 0 ? [`${count$4(incomplete, "test file")} incomplete`] : [],
		...report.build === null ? [] : [`build ${report.build.kind}, ${secondsInWords(report.build.seconds)}`]
	];
	const label = report.verdict === "new-errors" ? "not checked: " : "";
	const reasons = report.problems.map((problem) => `  ${label}${printable(problemInWords(problem))}`);
	return [
		colour(style.bold(verdictInWords(report))),
		...reasons,
		style.dim(counts.join(" · "))
	].join("\n");
}
function indent(text, by) {
	return text.replace(/^/gm, " ".repeat(by));
}

// src/findings/merge-baselines.ts
const NO_RECORD = {
	test: void 0,
	findings: []
};
/**
* Merges two baselines that were both made from `base`; `theirs` was written first. Test files that only one of them recorded are kept. If both
* recorded a test file, the run that got further counts, else `ours` as the later one; for the same content, findings of both are known, as in
* `recordInto`. Undefined if the two can't be compared: one of them would be lost. Pure.
*/
function mergeBaselines(base, ours, theirs) {
	if (incompatibility(theirs, ours.identity) !== void 0) return void 0;
	const before = base !== void 0 && incompatibility(base, ours.identity) === void 0 ? recordsOf(base) : /* @__PURE__ */ new Map();
	const [own, others] = [recordsOf(ours), recordsOf(theirs)];
	const isSameContent = ours.content !== null && ours.content === theirs.content;
	const merged = [.../* @__PURE__ */ new Set([...own.keys(), ...others.keys()])].map((key) => {
		const inRecords = (records) => records.get(key) ?? NO_RECORD;
		const [b, o, t] = [
			inRecords(before),
			inRecords(own),
			inRecords(others)
		];
		if (isEqual(t, b)) return o;
		if (isEqual(o, b)) return t;
		const [further, other] = o.test && t.test && reachedLess(o.test, t.test) ? [t, o] : [o, t];
		return isSameContent ? {
			test: further.test ?? other.test,
			findings: mergeEntries([...o.findings, ...t.findings], Math.max)
		} : further;
	});
	const tests = merged.flatMap(({ test }) => test ?? []);
	const next = {
		...ours,
		tests: sortTests(tests),
		findings: sortEntries(merged.flatMap(({ findings }) => findings)),
		suppressed: [...mergeSuppressed(ours.suppressed, theirs.suppressed)],
		builds: mergeBuilds(ours.builds, theirs.builds),
		footprints: isSameContent ? ours.footprints ?? theirs.footprints : null,
		functions: [.../* @__PURE__ */ new Set([...ours.functions, ...theirs.functions])].sort(compareText)
	};
	return {
		...next,
		timeline: extendTimeline(mergeTimelines(ours.timeline.slice(0, -1), theirs.timeline), pointOf(next))
	};
}
function recordsOf(baseline) {
	const { tests, findings } = upgradeSignatures(baseline);
	const found = Map.groupBy(findings, keyOfEntry);
	const records = /* @__PURE__ */ new Map();
	for (const test of tests) {
		const key = keyOfTest(test);
		records.set(key, {
			test,
			findings: sortEntries(found.get(key) ?? [])
		});
	}
	return records;
}
function isEqual(a, b) {
	return JSON.stringify(a) === JSON.stringify(b);
}

// src/hosts/common/baseline-file.ts
/** Seconds. Writing a baseline takes a fraction of one. */
const LOCK_LIMIT_S = 60;
const SILENT = {
	note: () => void 0,
	update: () => void 0
};
/** A baseline in one gzipped JSON file. */
var BaselineFile = class {
	automaticScope;
	#path;
	/** The baseline of this check's comparison, once it is loaded. */
	#loaded;
	constructor(path, automaticScope) {
		this.#path = path;
		this.automaticScope = automaticScope;
	}
	async load() {
		this.#loaded = await this.#read();
		return this.#loaded;
	}
	resume(lookup) {
		this.#loaded = lookup;
	}
	async #read() {
		const where = this.#path;
		try {
			const status = await stat(where);
			if (!status.isFile()) throw new Error("it is not a regular file");
			if (status.size > MAX_STORED) return {
				kind: "unreadable",
				where,
				detail: `it is larger than ${MAX_STORED} bytes`
			};
			return decodeBaseline(await readFile(where), where);
		} catch (error) {
			if (systemCodeOf(error) === "ENOENT") return {
				kind: "none",
				where
			};
			throw new UserError(`The baseline ${where} cannot be read: ${messageOf(error)}.`, { cause: error });
		}
	}
	/** Keeps what another check has recorded since `load`, and renames a baseline that can't be read instead of overwriting it. */
	async record(baseline) {
		const path = this.#path;
		await writingTo("The baseline", path, () => mkdir(dirname(path), { recursive: true }));
		await using _lock = await acquireLock(`${path}.lock`, SILENT, {
			subject: "baseline file",
			limit: LOCK_LIMIT_S
		});
		const current = await this.#read();
		const merged = this.#merge(baseline, current);
		if (merged === void 0) return {
			kind: "failed",
			why: { code: "other-recording" }
		};
		await writingTo("The baseline", path, async () => {
			if (current.kind === "unreadable") {
				await rm(`${path}.unreadable`, { force: true });
				await link(path, `${path}.unreadable`);
			}
			await writeAtomically(path, encodeBaseline(merged));
		});
		return {
			kind: "recorded",
			where: path
		};
	}
	#merge(baseline, current) {
		const loaded = this.#loaded;
		if (loaded === void 0 || current.kind !== "found" || isDeepStrictEqual(loaded, current)) return baseline;
		return mergeBaselines(loaded.kind === "found" ? loaded.baseline : void 0, baseline, current.baseline);
	}
};
function encodeBaseline(baseline) {
	return gzipSync(JSON.stringify(baseline));
}
/** Never throws for any content: the result says what is wrong. */
function decodeBaseline(packed, where) {
	const unreadable = (detail) => ({
		kind: "unreadable",
		where,
		detail: detail.slice(0, 500)
	});
	let value;
	try {
		value = JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_STORED }).toString("utf8"));
	} catch (error) {
		return unreadable(`it is not gzipped JSON (${messageOf(error)})`);
	}
	const parsed = safeParse(BaselineSchema, value, { abortEarly: true });
	if (parsed.success) return {
		kind: "found",
		where,
		baseline: parsed.output
	};
	const version = safeParse(object({ baselineVersion: number() }), value);
	if (version.success && version.output.baselineVersion !== 8) return unreadable(`its format has version ${version.output.baselineVersion}, and this cpython-memcheck uses version ${8}`);
	const issue = parsed.issues[0];
	return unreadable(`${getDotPath(issue) ?? "it"} is not valid in a baseline (${issue.message})`);
}
/**
* Each source has a separate baseline for each way to look for leaks and each version of the check, unless the user names one: findings of
* different ways can't be compared.
*/
function baselinePath({ baseline, source, work, directory, leakCheck, children, workDir }) {
	if (baseline !== void 0) return baseline;
	const project = isCommand(work) ? `${nameOfFolder(directory)}-` : "";
	return join(workDir, "baselines", `v${8}.${3}`, `${project}${nameOf(source)}-${leakCheck}${children ? "-children" : ""}.json.gz`);
}
function nameOf(source) {
	switch (source.kind) {
		case "release": return `release-${source.version}`;
		case "checkout": return nameOfFolder(source.path);
		case "interpreter": return "installed";
	}
}
function nameOfFolder(path) {
	return `${basename(path)}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}

// src/hosts/common/log-progress.ts
/** Progress in a log, which can't be redrawn: parts and notes only, and the current state from time to time. */
var LogProgress = class {
	#write;
	#group;
	#isOpen = false;
	#loggedAt = 0;
	constructor(write, group) {
		this.#write = write;
		this.#group = group;
	}
	begin(title) {
		this.end();
		this.#write(this.#group.open(title));
		this.#isOpen = true;
		this.#loggedAt = performance.now();
	}
	update(what, of) {
		if (performance.now() - this.#loggedAt < LOG_INTERVAL_MS) return;
		this.#loggedAt = performance.now();
		this.#write(`  ${progressLine(what, of)}`);
	}
	note(line) {
		this.#loggedAt = performance.now();
		this.#write(`  ${line}`);
	}
	end() {
		if (this.#isOpen && this.#group.close !== void 0) this.#write(this.#group.close);
		this.#isOpen = false;
	}
};
/** Milliseconds. A log that is silent for longer looks dead. */
const LOG_INTERVAL_MS = 2e4;
/** `[12/30] test_csv test_json, about 2 min 10 s left` */
function progressLine(what, of) {
	if (of === void 0) return what;
	const left = of.left === void 0 ? "" : `, about ${secondsInWords(of.left)} left`;
	return `[${of.done}/${of.total}] ${what}${left}`;
}

// src/hosts/common/repository.ts
/** Finds the checked files in their git repository, `vendor/cpython/Modules/_csv.c`: GitHub knows them by these paths. */
function locateIn({ source, directory, work }) {
	if (source.kind === "release" && !isCommand(work)) return (file) => file.includes("/") ? file : null;
	const project = source.kind === "checkout" ? source.path : directory;
	const root = ancestors(project).find((candidate) => existsSync(join(candidate, ".git"))) ?? rootWithoutGit(project, directory);
	return (file) => file.includes("/") || existsSync(join(project, file)) ? relative(root, join(project, file)) : null;
}
/** Without git, actions/checkout downloads only the files. The job's workspace is the repository's root then. */
function rootWithoutGit(project, directory) {
	return project.startsWith(join(directory, "/")) ? directory : project;
}
function ancestors(folder) {
	const parent = dirname(folder);
	return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

// src/hosts/terminal/build-directory.ts
const SUFFIX = ".build";
/** Suffix of a file that is not complete yet. */
const ASIDE = ".new";
/** Milliseconds after which an incomplete file is abandoned. */
const LEFTOVER = 864e5;
/** Packed builds as files of one directory, which several machines may share. */
var BuildDirectory = class {
	minSecondsToCache = 5;
	restoresAny = true;
	#folder;
	constructor(folder) {
		this.#folder = folder;
	}
	async restore(archive, key, prefixes) {
		try {
			const found = choose(await this.#list(), key, prefixes);
			if (found === void 0) return { kind: "none" };
			await copyFile(found.path, archive, constants$1.COPYFILE_FICLONE);
			return {
				kind: "restored",
				key: found.key
			};
		} catch (error) {
			return {
				kind: "failed",
				reason: messageOf(error)
			};
		}
	}
	async keep(archive, key) {
		const aside = join(this.#folder, `${randomUUID()}${ASIDE}`);
		try {
			await mkdir(this.#folder, { recursive: true });
			const kept = await this.#list();
			await removeLeftovers(this.#folder);
			await copyFile(archive, aside, constants$1.COPYFILE_FICLONE);
			await flush(aside);
			const time = Math.max(Date.now(), ...kept.map((build) => build.time + 1));
			await utimes(aside, time / 1e3, time / 1e3);
			if (!await linkNew(aside, this.#pathOf(key))) return { kind: "exists" };
			for (const { path } of kept.slice(9)) await rm(path, { force: true });
			return { kind: "kept" };
		} catch (error) {
			return {
				kind: "failed",
				reason: messageOf(error)
			};
		} finally {
			await rm(aside, { force: true }).catch(() => void 0);
		}
	}
	/** Keys are names that a file can have. */
	#pathOf(key) {
		return join(this.#folder, `${key}${SUFFIX}`);
	}
	/** Newest first. */
	async #list() {
		const names = await readdir(this.#folder).catch((error) => {
			if (systemCodeOf(error) === "ENOENT") return [];
			throw error;
		});
		const builds = [];
		for (const name of names.filter((candidate) => candidate.endsWith(SUFFIX))) {
			const path = join(this.#folder, name);
			const status = await lstat(path).catch(() => void 0);
			if (status?.isFile()) builds.push({
				key: name.slice(0, -6),
				path,
				time: status.mtimeMs
			});
		}
		return builds.sort((a, b) => b.time - a.time);
	}
};
/** Saved builds are never replaced: the content must be on the disk before its name appears. */
async function flush(path) {
	await using file = await open(path, "r+");
	await file.sync();
}
/** Files of runs that were killed. */
async function removeLeftovers(folder) {
	for (const name of (await readdir(folder)).filter((candidate) => candidate.endsWith(ASIDE))) {
		const path = join(folder, name);
		const time = (await lstat(path).catch(() => void 0))?.mtimeMs ?? Date.now();
		if (Date.now() - time > LEFTOVER) await rm(path, {
			recursive: true,
			force: true
		});
	}
}
function choose(builds, key, prefixes) {
	const exact = builds.find((build) => build.key === key);
	const prefix = prefixes.find((candidate) => builds.some((build) => build.key.startsWith(candidate)));
	return exact ?? (prefix === void 0 ? void 0 : builds.find((build) => build.key.startsWith(prefix)));
}
/** Unlike a rename, it does not replace a file that another process has put there meanwhile: false then. */
async function linkNew(from, to) {
	try {
		await link(from, to);
		return true;
	} catch (error) {
		if (systemCodeOf(error) === "EEXIST") return false;
		throw error;
	}
}

// src/hosts/terminal/plan-folder.ts
/** Stores a plan and its shards' results as files in a directory, which can be copied between machines. */
var PlanFolder = class {
	#folder;
	constructor(folder) {
		this.#folder = folder;
	}
	async load(name) {
		const where = this.#pathOf(name);
		try {
			const status = await stat(where);
			if (!status.isFile()) return {
				kind: "none",
				where,
				why: {
					code: "damaged",
					detail: "it is not a regular file"
				}
			};
			if (status.size > MAX_STORED) return {
				kind: "none",
				where,
				why: {
					code: "damaged",
					detail: `it is larger than ${MAX_STORED} bytes`
				}
			};
			return {
				kind: "found",
				where,
				packed: await readFile(where)
			};
		} catch (error) {
			if (systemCodeOf(error) === "ENOENT") return {
				kind: "none",
				where,
				why: { code: "missing" }
			};
			return {
				kind: "none",
				where,
				why: {
					code: "damaged",
					detail: messageOf(error)
				}
			};
		}
	}
	async keep(name, packed) {
		const path = this.#pathOf(name);
		await writingTo("The plan or a shard's result", path, async () => {
			await mkdir(this.#folder, { recursive: true });
			await writeAtomically(path, packed);
		});
	}
	async drop(name) {
		const path = this.#pathOf(name);
		await writingTo("The earlier result", path, () => rm(path, { force: true }));
	}
	#pathOf(name) {
		return join(this.#folder, `${name}.json.gz`);
	}
};

// src/hosts/terminal/terminal-progress.ts
/** On a terminal: one line that is redrawn, below the permanent lines. */
var TerminalProgress = class {
	#screen;
	#style;
	constructor(screen, style) {
		this.#screen = screen;
		this.#style = style;
	}
	begin(title) {
		this.#keep(this.#style.bold(title));
	}
	update(what, of) {
		const line = `  ${progressLine(what, of)}`;
		const width = (this.#screen.columns || 80) - 1;
		this.#screen.write(`\r\x1b[2K${this.#style.dim(line.slice(0, width))}`);
	}
	note(line) {
		this.#keep(`  ${line}`);
	}
	end() {
		this.#screen.write("\r\x1B[2K");
	}
	#keep(line) {
		this.#screen.write(`\r\x1b[2K${line}\n`);
	}
};

// src/hosts/terminal/terminal.ts
/**
* The check as a terminal command: baselines in files, progress on standard error, the report on standard output. If neither is a terminal, it
* may run in a job, where the runner would obey commands that tests printed.
*/
function terminalPorts(settings, output, errors) {
	const planFolder = settings.planFolder ?? join(settings.workDir, "plan");
	return {
		progress: errors.isTTY ? new TerminalProgress(errors, COLOURED) : new LogProgress((line) => errors.write(`${logText(line)}\n`), {
			open: (title) => title,
			close: void 0
		}),
		baselines: new BaselineFile(baselinePath(settings), "what-is-missing"),
		builds: settings.buildCache === void 0 ? null : new BuildDirectory(settings.buildCache),
		shards: new PlanFolder(planFolder),
		isLocal: true,
		publishPlan: async (plan) => {
			output.write(`${logText(planLines(plan).join("\n"))}\nplan: ${planFolder}\n`);
		},
		publish: async (report) => {
			const path = settings.report ?? join(settings.workDir, "report.json");
			const page = pagePath(path, settings.html);
			output.write(`\n${output.isTTY ? textReport(report, COLOURED) : logText(textReport(report, PLAIN))}`);
			await writeReport(path, report, locateIn(settings));
			output.write(`report: ${path}\n`);
			await writePage(page, report);
			output.write(`page: ${page}\n`);
		}
	};
}

// src/settings/help.ts
/** The text of `--help`. Its rows are the settings table. */
function helpText() {
	return `cpython-memcheck check [flags]

Builds CPython for Valgrind, runs its tests, and reports the memory errors that are new since the baseline.

${SETTINGS.filter(({ only }) => only !== "action").map(({ name, default: value, meaning }) => `  --${name.padEnd(16)} ${meaning.replaceAll("`", "")}${value === "" ? "" : ` [${value}]`}`).join("\n")}

cpython-memcheck plan (--shards N | --shard-time TIME) [--plan DIR] [flags]
cpython-memcheck check --shard 1/N [--plan DIR] [flags]
cpython-memcheck report [--plan DIR] [flags]

Runs the same check in parts. They can run on several machines, each with a copy of DIR. All parts need the same flags.

cpython-memcheck explain SIGNATURE [--report FILE]

Explains a finding of the last report: its signature, and what it was matched with.

cpython-memcheck --version

Exit codes: 0 clean, 1 new errors, 2 inconclusive (something was not checked).
`;
}

// src/settings/forbidden-arguments.ts
/** Arguments that the check does not support, each with the reason to show. */
const FORBIDDEN_CONFIGURE_ARGS = [
	[/^--with-pymalloc(?!=no)/, "pymalloc hides single objects from memcheck"],
	[/^--with-freelists(?!=no)/, "an object from a free list carries the stack of the block's first owner"],
	[/^--with-trace-refs(?!=no)/, "it keeps every object in a list, so nothing is ever lost"],
	[/^--(without-valgrind$|with-valgrind=no$)/, "the check needs a build `--with-valgrind`"],
	[/^--with-\w+(-\w+)*-sanitizer(?!=no)|-fsanitize\b/, "a sanitizer and valgrind cannot watch the same process"],
	[/^--enable-experimental-jit(?!=no)/, "references in the JIT's machine code are invisible to both engines, so living objects would be reported"],
	[/^--enable-optimizations(?!=no)/, "a profile decides what is inlined, so stacks would differ from build to build"],
	[/^--with-lto(?!=no)|-flto\b/, "link-time optimization inlines and renames functions across files, so stacks would differ after any change"],
	[/-fprofile-|(^|[= ])-pg\b/, "profiling changes what is compiled, so stacks would differ from build to build"],
	[/-fomit-frame-pointer\b/, "stacks are found by frame pointers"],
	[/(^|[= ])(-g0|-s)\b/, "stacks are named by debug information"],
	[/^--enable-shared(?!=no)/, "the interpreter runs from its build folder, where a shared library is not found"],
	[/^--host\b/, "the build runs on this machine"],
	[/^(CC|CXX|CPP)=/, "the compiler is named by the environment variable CC"],
	[/^OPT=/, "it would replace `-g -O2`; `CFLAGS` adds to the flags instead"],
	[/^--(prefix|exec-prefix|srcdir)\b/, "the build stays in the work folder"]
];
const FORBIDDEN_VALGRIND_ARGS = [
	[/^--tool\b/, "the check is made for memcheck"],
	[/^--(xml|log)\b/, "the check reads memcheck's XML from a place of its own"],
	[/^--(error-limit|undef-value-errors|command-line-only|child-silent-after-fork)\b/, "memcheck has to tell all it sees"],
	[/^--(leak-check|show-leak-kinds|show-reachable|show-possibly-lost|errors-for-leak-kinds)\b/, "`leak-check` says which leaks are looked for"],
	[/^--(suppressions|default-suppressions)\b/, "`suppressions` names further files"],
	[/^--trace-children\b/, "the programs that a test starts are not checked"],
	[/^(?!-)/, "only valgrind's options are allowed"]
];
/** Returns the words. @throws UserError that names the first forbidden one, with the reason. */
function refuseArguments(name, words, forbidden) {
	for (const word of words) {
		const reason = forbidden.find(([pattern]) => pattern.test(word))?.[1];
		if (reason !== void 0) throw new UserError(`\`${name}\` must not contain \`${word}\`: ${reason}.`);
	}
	return words;
}

// src/settings/pass-env.ts
/** Variables that no command gets, each with the reason to show. */
const FORBIDDEN = [
	[/^LD_(?!LIBRARY_PATH$)/, "the dynamic linker could load what memcheck does not see"],
	[/^(GLIBC_TUNABLES|MALLOC_\w+|PYTHONMALLOC\w*|PYTHONHASHSEED)$/, "the check sets it, or relies on its default"],
	[/^(VALGRIND_\w+|\w*SAN_OPTIONS)$/, "the check sets the options of valgrind and the sanitizer itself"],
	[/^(CPYTHON_MEMCHECK_|INPUT_)/, "it belongs to the check"],
	[/^(ACTIONS_|GITHUB_|RUNNER_)/, "it belongs to the runner; the step's `env` can give its value under another name"]
];
/**
* The names of the variables that a command gets from the environment. CPython's own tests get the same variables everywhere, so that their
* baselines can be compared. @throws UserError for an invalid name, or one that must not be passed.
*/
function parsePassEnv(names, isCommand) {
	if (names.length > 0 && !isCommand) throw new UserError("`pass-env` is given without a `command`.");
	const wrong = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
	if (wrong !== void 0) throw new UserError(`\`pass-env\` is \`${wrong}\`; allowed: names of variables, such as \`DATABASE_URL\`, without values.`);
	return refuseArguments("pass-env", [...new Set(names)], FORBIDDEN);
}

// src/settings/sharding.ts
/** @throws UserError, also for a setting that the mode does not use. */
function parsePart(given) {
	const kind = oneOf("mode", given("mode") ?? defaultOf("mode"), [
		"check",
		"plan",
		"report"
	]);
	const shard = given("shard");
	if (kind !== "check" && shard !== void 0) throw new UserError(`\`shard\` is allowed with \`check\` only, not with \`${kind}\`.`);
	const foreign = ["shards", "shard-time"].find((name) => kind !== "plan" && given(name) !== void 0);
	if (foreign !== void 0) throw new UserError(`\`${foreign}\` is allowed with \`plan\` only, not with \`${kind}\`.`);
	if (kind === "plan") return {
		kind,
		count: parseCount(given("shards"), given("shard-time"))
	};
	if (kind === "report" || shard === void 0) return { kind };
	return {
		kind: "shard",
		shard: shardOf(shard)
	};
}
function parseCount(shards, time) {
	if (shards === void 0 === (time === void 0)) throw new UserError("`plan` needs either `shards`, such as `8`, or `shard-time`, such as `30m`.");
	if (time !== void 0) return {
		kind: "time",
		seconds: parseDuration("shard-time", time)
	};
	const count = /^[1-9]\d{0,2}$/.test(shards ?? "") ? Number(shards) : 0;
	if (count < 1 || count > 256) throw bad("shards", shards ?? "", `a whole number from 1 to ${256}`);
	return {
		kind: "number",
		shards: count
	};
}
function shardOf(value) {
	const shard = parseShard(value);
	if (shard === void 0) throw bad("shard", value, "a shard of a plan, such as `3/8`");
	return shard;
}

// src/settings/source-setting.ts
function parseSource({ source, version, python }, path) {
	const given = Object.entries({
		source,
		"python-version": version,
		python
	}).flatMap(([name, value]) => value === void 0 ? [] : [name]);
	if (given.length > 1) throw new UserError(`Both \`${given[0]}\` and \`${given[1]}\` are given; give only one of them.`);
	if (python !== void 0) return {
		kind: "interpreter",
		program: /[/~]/.test(python) ? path(python) : python
	};
	if (source !== void 0) return {
		kind: "checkout",
		path: path(source)
	};
	if (version === void 0) return void 0;
	const minor = /^3\.(\d+)(\.\d+)?$/.exec(version)?.[1];
	if (minor === void 0 || Number(minor) < 11) throw bad("python-version", version, "a release from 3.11 on, such as `3.13` or `3.13.5`");
	return {
		kind: "release",
		version
	};
}
/** With a command, CPython is not under test: an installed interpreter saves a build. */
function defaultSource(takesInstalled, { interpreter, source }) {
	return takesInstalled && interpreter !== void 0 ? {
		kind: "interpreter",
		program: interpreter
	} : source;
}
function refuseForInstalled(hasCommand, configureArgs) {
	if (!hasCommand) throw new UserError("`python` names an installed interpreter for a `command`; CPython's own `tests` need its source.");
	if (configureArgs.length > 0) throw new UserError("Both `python` and `configure-args` are given; an installed interpreter is not configured.");
}

// src/settings/settings.ts
/**
* Turns raw strings, from action inputs or terminal flags, into settings. An empty string is a setting that was not given.
* @throws UserError that names the setting, its value and what is allowed.
*/
function parseSettings(raw, surroundings) {
	refuseUnknown(Object.keys(raw));
	const given = (name) => raw[name]?.trim() || void 0;
	const words = (name) => splitSetting(name, given(name) ?? "");
	const path = (value) => resolvePath(value, surroundings);
	const optionalPath = (name) => {
		const value = given(name);
		return value === void 0 ? void 0 : path(value);
	};
	const work = parseWork(words("tests"), words("command"), given("leak-check"));
	const source = parseSource({
		source: given("source"),
		version: given("python-version"),
		python: given("python")
	}, path) ?? defaultSource(isCommand(work) && words("configure-args").length === 0, surroundings);
	if (source.kind === "interpreter") refuseForInstalled(isCommand(work), words("configure-args"));
	const affected = parseAffected(given("affected"), work, source);
	const leakCheck = parseLeakCheck(given("leak-check"), work);
	const scan = parseScan(words("scan"), leakCheck, work);
	const forks = parseForks(given("fork"), work);
	const torture = parseTorture(words("torture"), work, forks, affected, scan);
	return {
		part: parsePart(given),
		planFolder: optionalPath("plan"),
		directory: surroundings.directory,
		source,
		work,
		install: parseInstall(words("install"), isCommand(work)),
		forks,
		passEnv: parsePassEnv(words("pass-env"), words("command").length > 0),
		affected,
		scan,
		children: parseChildren(given("children"), scan, source, affected),
		torture,
		tortureSlice: parseSlice(given("torture-slice"), torture),
		memcheckBudget: parseBudget(given("memcheck-budget"), work, affected),
		leakCheck,
		leakCheckPer: oneOf("leak-check-per", given("leak-check-per") ?? defaultOf("leak-check-per"), [
			"file",
			"class",
			"test"
		]),
		pythonStacks: oneOf("python-stacks", given("python-stacks") ?? defaultOf("python-stacks"), ["yes", "no"]) === "yes",
		suppressions: words("suppressions").map(path),
		configureArgs: refuseArguments("configure-args", words("configure-args"), FORBIDDEN_CONFIGURE_ARGS),
		valgrindArgs: refuseArguments("valgrind-args", words("valgrind-args"), FORBIDDEN_VALGRIND_ARGS),
		jobs: parseJobs(given("jobs")) ?? surroundings.cores,
		testTimeout: parseDuration("test-timeout", given("test-timeout") ?? defaultOf("test-timeout")),
		timeout: given("timeout") === "none" ? void 0 : parseDuration("timeout", given("timeout") ?? defaultOf("timeout")),
		...parseBaseline(given("baseline"), surroundings.hasBranches ?? false, path),
		recordBaseline: oneOf("record-baseline", given("record-baseline") ?? defaultOf("record-baseline"), [
			"auto",
			"always",
			"never"
		]),
		failOn: oneOf("fail-on", given("fail-on") ?? defaultOf("fail-on"), [
			"new",
			"memcheck",
			"none"
		]),
		checkRun: parseTitle("check-run", given("check-run")),
		comment: parseTitle("comment", given("comment")),
		workDir: optionalPath("work-dir") ?? defaultWorkDir(surroundings),
		buildCache: optionalPath("build-cache"),
		report: optionalPath("report"),
		html: optionalPath("html")
	};
}
function resolvePath(value, { directory, home }) {
	const inHome = /^~(?=\/|$)/;
	if (!inHome.test(value)) return resolve(directory, value);
	return resolve(directory, value.replace(inHome, () => home ?? refuseWithoutHome(`\`${value}\` has no meaning here`)));
}
function defaultWorkDir({ workDir }) {
	return workDir ?? refuseWithoutHome("`work-dir` has no default here");
}
function refuseWithoutHome(what) {
	throw new UserError(`${what}: there is no home folder, since HOME is not set and this user is not in the passwd file.`, { hint: "Give an absolute path as `work-dir`, or set HOME." });
}
function refuseUnknown(names) {
	const known = SETTINGS.map((setting) => setting.name);
	for (const name of names) if (!known.includes(name)) throw new UserError(`Unknown setting \`${name}\`.`, { hint: `Settings: ${known.join(", ")}.` });
}
/** A branch can be called `baselines/3.13`, so a path is recognized by how it begins. */
function parseBaseline(value, hasBranches, path) {
	if (value === void 0) return {
		baseline: void 0,
		baselineBranch: void 0
	};
	if (!hasBranches || /^(\/|\.{1,2}\/|~\/)/.test(value)) return {
		baseline: path(value),
		baselineBranch: void 0
	};
	const branch = value.replace(/^refs\/heads\//, "");
	if (/^(?![-/]|refs\/)[^\s~^:?*[\\]{1,250}$/.test(branch)) return {
		baseline: void 0,
		baselineBranch: branch
	};
	throw bad("baseline", value, "the name of a branch, or a path that begins with `./` or `/`");
}

// src/system/machine.ts
/** Undefined if there is none: HOME is not set and the user has no passwd entry, as in containers that run with an arbitrary user id. */
function homeFolder() {
	try {
		return homedir() || void 0;
	} catch {
		return;
	}
}
/** Reads a file of /proc or /sys; undefined if it does not exist. */
function readSystemFile(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return;
	}
}
/**
* Bytes of memory that our processes may use: the machine's (proc(5), meminfo) or the lowest limit of our control group and those above it
* (cgroups(7)). Undefined if unknown.
*/
function memoryLimit(read) {
	const total = /^MemTotal:\s+(\d+) kB$/m.exec(read("/proc/meminfo") ?? "")?.[1];
	const known = [...[...(read("/proc/self/cgroup") ?? "").matchAll(/^\d+:([^:]*):(\/.*)$/gm)].flatMap(([, controllers = "", path = "/"]) => limitFiles(controllers.split(","), path)).map((file) => Number(/^\d+$/.exec(read(file)?.trim() ?? "")?.[0] ?? NaN)), total === void 0 ? NaN : Number(total) * 1024].filter((bytes) => bytes > 0);
	return known.length === 0 ? void 0 : Math.min(...known);
}
/** Version 2, which names no controllers, at both of its mount points; version 1 for the memory controller. */
function limitFiles(controllers, path) {
	if (controllers[0] === "") return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].flatMap((root) => inAncestors(root, path, ["memory.max", "memory.high"]));
	return controllers.includes("memory") ? inAncestors("/sys/fs/cgroup/memory", path, ["memory.limit_in_bytes"]) : [];
}
/** A container may see only the end of its path: then the root is its own group. */
function inAncestors(root, path, names) {
	const own = names.map((name) => join(root, path, name));
	return path === "/" ? own : [...own, ...inAncestors(root, dirname(path), names)];
}

// src/system/orphan-processes.ts
/** Limit of rounds: processes may start others faster than they are killed. */
const MAX_ROUNDS = 20;
/**
* Kills the processes that have the mark in their environment, in any group or session. A process that was started without it (`env -i`) is not
* found.
*/
function killByMark({ name, value }) {
	const entry = `${name}=${value}`;
	for (let round = 0; round < MAX_ROUNDS; round++) {
		const marked = processIds().filter((pid) => environmentOf(pid).split("\0").includes(entry));
		if (marked.length === 0) return;
		for (const pid of marked) kill(pid);
	}
}
/** Empty if the process is gone, a zombie, or another user's. */
function environmentOf(pid) {
	try {
		return readFileSync(`/proc/${pid}/environ`, "latin1");
	} catch {
		return "";
	}
}
function kill(pid) {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (systemCodeOf(error) !== "ESRCH") throw error;
	}
}

// src/system/output.ts
/** Reads a program's output and passes it on; the returned function gives its end. */
function readOutput(stream, { onLine, onBytes } = {}) {
	const decoder = new StringDecoder("utf8");
	let kept = "";
	let line = "";
	stream?.on("data", (bytes) => {
		onBytes?.(bytes);
		const text = decoder.write(bytes);
		kept = (kept + text).slice(-65536);
		if (onLine === void 0) return;
		const lines = (line + text).split("\n");
		line = (lines.pop() ?? "").slice(-65536);
		lines.forEach(onLine);
	});
	return () => kept;
}

// src/system/programs.ts
/** Part of util-linux, which Debian and Ubuntu always have. */
const SETPRIV = "/usr/bin/setpriv";
/**
* The programs in the folders of PATH at one moment. Code that runs later may write to such a folder (`~/.local/bin`), but programs that it adds
* are not used.
*/
var Programs = class {
	#paths = /* @__PURE__ */ new Map();
	/** The program that starts others without privileges of sudo or set-user-id; undefined if it is not installed. */
	setpriv;
	constructor(path, setpriv = SETPRIV) {
		for (const folder of path.split(delimiter).filter(isAbsolute)) for (const name of namesIn(folder)) if (!this.#paths.has(name) && isProgram(join(folder, name))) this.#paths.set(name, join(folder, name));
		this.setpriv = isProgram(setpriv) ? setpriv : void 0;
	}
	/**
	* The program to start: for a bare name its path at that moment; a path as it is, relative to `folder`, since programs look at how they were
	* called. Undefined if there is none.
	*/
	find(name, folder) {
		if (!name.includes("/")) return this.#paths.get(name);
		return isProgram(resolve(folder, name)) ? name : void 0;
	}
};
function namesIn(folder) {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
function isProgram(path) {
	return isAllowed(path, constants$1.X_OK) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}
function isAllowed(path, mode) {
	try {
		accessSync(path, mode);
		return true;
	} catch {
		return false;
	}
}

// src/system/processes.ts
/** Seconds. Programs without an explicit limit take less than a tenth of it. */
const LIMIT = 600;
/** Seconds. After a stop, programs are only started to help with the report. */
const LIMIT_WHEN_STOPPED = 3;
/** Milliseconds from a program's end until its pipes are closed. */
const PIPE_CLOSE_DELAY_MS = 2e3;
/**
* Starts programs in separate process groups, so that none outlives the check: on a timeout, and when the check ends, the whole group is killed.
* Processes that left their group have a mark in their environment, and are killed by it when the check ends. None can gain privileges by sudo
* or a set-user-id program. A name means the program that had it when the check began: the checked code may have replaced any file since.
*/
var Processes = class {
	#running = /* @__PURE__ */ new Set();
	#mark = {
		name: "CPYTHON_MEMCHECK_CHECK",
		value: randomUUID()
	};
	#stop = new AbortController();
	#stopped;
	/** The check's own environment. The only copy: variables that the action removes, such as tokens, reach no program. */
	env;
	#limit;
	#programs;
	/** @param limit seconds for programs without an explicit limit. */
	constructor(env, limit = LIMIT, programs = new Programs(env.PATH ?? "")) {
		this.env = env;
		this.#limit = limit;
		this.#programs = programs;
	}
	/** A note for the report on how programs are started. */
	get notes() {
		return this.#programs.setpriv === void 0 ? [{ code: "unconfined" }] : [];
	}
	/** The path of a program when the check began; undefined if there was none. */
	pathOf(name) {
		return this.#programs.find(name, "/");
	}
	/** Aborted when the check must end early. */
	get stopping() {
		return this.#stop.signal;
	}
	/** Why the check must end; undefined while it may go on. */
	get stopped() {
		return this.#stopped;
	}
	/** Kills everything that runs. Programs started from now on get a few seconds. */
	stop(why) {
		this.#stopped ??= why;
		this.#stop.abort();
		this.killAll();
	}
	/** @throws UserError if the program can't be started. */
	async run(program, args, options = {}) {
		if (options.logFile === void 0) return await this.start(program, args, {
			...options,
			stdio: [
				"ignore",
				"pipe",
				"pipe"
			]
		}).ended;
		const log = openSync(options.logFile, "a");
		try {
			return await this.start(program, args, {
				...options,
				stdio: [
					"ignore",
					log,
					log
				]
			}).ended;
		} finally {
			closeSync(log);
		}
	}
	/** Runs a program that must succeed and returns its standard output. @throws UserError with its last output otherwise. */
	async output(program, args, options = {}) {
		const ended = await this.run(program, args, options);
		if (ended.code === 0) return ended.stdout;
		const lastWords = ended.stderr.trim().split("\n").slice(-5).join("\n");
		const how = ended.timedOut ? `took longer than ${options.timeout ?? this.#limit} s` : `failed (${ended.signal ?? `exit code ${ended.code}`})`;
		throw new UserError(`\`${[program, ...args].join(" ")}\` ${how}.`, { hint: lastWords });
	}
	/** Starts a program to communicate with, over the descriptors of `stdio`. @throws UserError if it is missing. */
	start(program, args, options) {
		const began = performance.now();
		const child = this.#spawn(program, args, options);
		return {
			child,
			ended: this.#watch(child, program, options, began)
		};
	}
	/** Adopts a process group that one of our programs made, to be killed with all others; `leave` releases it. */
	adopt(leader) {
		this.#running.add(leader);
	}
	leave(leader) {
		this.#running.delete(leader);
	}
	kill(leader) {
		killGroup(leader);
	}
	/** Kills every group that still runs, and all other processes with our mark. */
	killAll() {
		for (const pid of this.#running) killGroup(pid);
		killByMark(this.#mark);
	}
	#spawn(program, args, options) {
		const { cwd, stdio, env = this.env } = options;
		const path = this.#programs.find(program, cwd ?? process.cwd());
		if (path === void 0) throw new UserError(`\`${program}\` cannot be started: it was not found.`);
		const { setpriv } = this.#programs;
		const own = {
			cwd,
			env: {
				...env,
				[this.#mark.name]: this.#mark.value
			},
			detached: true,
			stdio
		};
		if (setpriv === void 0) return spawn(path, args, own);
		return spawn(setpriv, [
			"--no-new-privs",
			"--pdeathsig",
			"KILL",
			"--",
			path,
			...args
		], own);
	}
	#watch(child, program, options, began) {
		const stdout = readOutput(child.stdout, options);
		const stderr = readOutput(child.stderr);
		const pid = child.pid;
		if (pid !== void 0) this.#running.add(pid);
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			if (pid !== void 0) killGroup(pid);
		}, Math.min(options.timeout ?? this.#limit, this.stopped === void 0 ? Number.POSITIVE_INFINITY : LIMIT_WHEN_STOPPED) * 1e3);
		return new Promise((resolve, reject) => {
			child.once("error", (cause) => reject(new UserError(`\`${program}\` cannot be started: ${cause.message}.`, { cause })));
			child.once("exit", () => {
				if (pid !== void 0) killGroup(pid);
				setTimeout(() => closePipes(child), PIPE_CLOSE_DELAY_MS).unref();
			});
			child.once("close", (code, signal) => {
				const seconds = (performance.now() - began) / 1e3;
				resolve({
					code,
					signal,
					timedOut,
					pid: pid ?? 0,
					seconds,
					stdout: stdout(),
					stderr: stderr()
				});
			});
		}).finally(() => {
			clearTimeout(timer);
			if (pid !== void 0) this.#running.delete(pid);
		});
	}
};
function closePipes(child) {
	for (const pipe of child.stdio) pipe?.destroy();
}
function killGroup(leader) {
	try {
		process.kill(-leader, "SIGKILL");
	} catch (error) {
		if (systemCodeOf(error) !== "ESRCH") throw error;
	}
}

// src/cli.ts
/** The default source if the folder is not a CPython source. */
const DEFAULT_RELEASE = "3.13";
async function main(args, processes) {
	const [command, ...rest] = args;
	if (command === void 0 || command === "--help" || command === "help" || rest.includes("--help")) {
		process.stdout.write(helpText());
		return command === void 0 ? 2 : 0;
	}
	if (command === "--version") {
		process.stdout.write(`${await packageVersion()}\n`);
		return 0;
	}
	if (command === "explain") return await runExplain(rest);
	if (![
		"check",
		"plan",
		"report"
	].includes(command)) throw new UserError(`Unknown command \`${command}\`.`, { hint: "Commands: check, plan, report, explain." });
	const flags = readFlags(rest);
	const { jobs: cores, note } = defaultJobs(availableParallelism(), memoryLimit(readSystemFile));
	const settings = parseSettings({
		...flags,
		mode: command
	}, {
		...await surroundings(),
		cores
	});
	for (const path of [settings.report, settings.html]) if (path !== void 0) await makeRoomFor(path);
	const ports = terminalPorts(settings, process.stdout, process.stderr);
	if (note !== void 0 && !flags.jobs) ports.progress.note(note);
	return await checkAndPublish(settings, ports, processes);
}
/** The same file is beside `src` and beside `dist`. */
async function packageVersion() {
	const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
	return parse$3(pipe(string(), parseJson(), object({ version: string() })), text).version;
}
async function runExplain([signature = "", ...args]) {
	const { report, workDir } = parseSettings(readFlags(args), await surroundings());
	const path = report ?? join(workDir, "report.json");
	process.stdout.write(process.stdout.isTTY ? await explain(signature, path, COLOURED) : logText(await explain(signature, path, PLAIN)));
	return 0;
}
/** Every flag has a value, which may begin with a dash: `--command "-m pytest"`. */
function readFlags(args) {
	const flags = {};
	for (let index = 0; index < args.length; index++) {
		const arg = args[index] ?? "";
		const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
		if (match === null) throw new UserError(`Unknown argument \`${arg}\`.`, { hint: FLAGS_HINT });
		const [, name = "", value = args[++index]] = match;
		if (value === void 0) throw new UserError(`\`--${name}\` has no value.`, { hint: FLAGS_HINT });
		if (settings.some((setting) => setting.name === name && setting.only === "action")) throw new UserError(`\`${name}\` is an input of the action, not a flag.`, { hint: FLAGS_HINT });
		flags[name] = value;
	}
	return flags;
}
const settings = SETTINGS;
const FLAGS_HINT = `Flags: ${settings.flatMap(({ name, only }) => only === "action" ? [] : [`--${name}`]).join(" ")}`;
/** npm runs a script in the package's folder and passes the user's folder in a variable. */
async function surroundings() {
	const directory = process.env.INIT_CWD ?? process.cwd();
	const here = {
		kind: "checkout",
		path: resolve(directory)
	};
	const isCpython = await readVersion(here.path).then(() => true, (error) => {
		if (error instanceof UserError) return false;
		throw error;
	});
	const source = isCpython ? here : {
		kind: "release",
		version: DEFAULT_RELEASE
	};
	const home = homeFolder();
	const workDir = home && join(home, ".cache", "cpython-memcheck");
	const interpreter = isCpython ? void 0 : await findInstalled(new Processes(process.env));
	return {
		directory,
		home,
		cores: availableParallelism(),
		workDir,
		source,
		interpreter
	};
}
/** Node's default exit code is 1, which would mean new errors. */
function fail(thrown) {
	process.stderr.write(`\n${logText(describeFailure(thrown))}\n`);
	processes.killAll();
	process.exit(2);
}
const processes = new Processes(process.env);
process.on("uncaughtException", fail);
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void 0);
stopBySignals(processes);
main(process.argv.slice(2), processes).then((code) => {
	process.exitCode = code;
	if (processes.stopped !== void 0) process.exit();
}, fail);

export {  };
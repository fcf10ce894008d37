import * as v from "valibot";

export const EngineNameSchema = v.picklist(["memcheck", "scan", "torture"]);

export type EngineName = v.InferOutput<typeof EngineNameSchema>;

import * as v from "valibot";

export const EngineNameSchema = v.picklist(["memcheck", "scan"]);

export type EngineName = v.InferOutput<typeof EngineNameSchema>;

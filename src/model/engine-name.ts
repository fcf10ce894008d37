import * as v from "valibot";

/** The engines that check the code. `lifecycle` starts and ends interpreters; the others run test files. */
export const EngineNameSchema = v.picklist(["memcheck", "scan", "torture", "lifecycle"]);

export type EngineName = v.InferOutput<typeof EngineNameSchema>;

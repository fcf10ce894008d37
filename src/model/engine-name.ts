export type EngineName = "memcheck" | "scan";

// Installs with the script at a path, as the action does.
import { installDependencies } from "../../../../src/hosts/github/action.ts";

await installDependencies(process.argv[2]);

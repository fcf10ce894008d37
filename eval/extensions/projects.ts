import type { Project } from "./project.ts";

const PYTEST = "pytest==9.2.0";
const HYPOTHESIS = "hypothesis==6.170.15";
const COVERAGE = ["pytest-cov==7.1.0", "pytest-xdist==3.8.0"];
const CODSPEED = "pytest-codspeed==5.0.4";

/** Versions and test requirements are pinned, so that two runs check the same. */
export const PROJECTS: readonly Project[] = [
  {
    name: "multidict",
    version: "6.6.4",
    language: "C",
    needs: [PYTEST, ...COVERAGE, CODSPEED, HYPOTHESIS, "objgraph==3.7.0", "psutil==7.2.2"],
    command: "pytest tests",
    plain: ["--no-cov"],
  },
  { name: "markupsafe", version: "3.0.4", language: "C", needs: [PYTEST], command: "pytest tests" },
  { name: "msgpack", version: "1.2.4", language: "Cython", needs: [PYTEST], command: "pytest test" },
  { name: "ujson", version: "6.1.0", language: "C, C++", needs: [PYTEST], command: "pytest tests" },
  { name: "frozenlist", version: "1.8.0", language: "Cython", needs: [PYTEST, ...COVERAGE], command: "pytest tests", plain: ["--no-cov"] },
  { name: "kiwisolver", version: "1.5.1", language: "C++, cppy", needs: [PYTEST], command: "pytest py/tests" },
  {
    name: "numpy",
    version: "2.5.5",
    language: "C, C++",
    needs: [PYTEST, HYPOTHESIS],
    command: "pytest --pyargs numpy._core.tests.test_dtype numpy._core.tests.test_multiarray",
    isWheel: true,
  },
  {
    name: "yarl",
    version: "1.25.1",
    language: "Cython",
    needs: [PYTEST, ...COVERAGE, CODSPEED, HYPOTHESIS],
    command: "pytest tests",
    plain: ["--no-cov"],
  },
  { name: "regex", version: "2026.11.15", language: "C", needs: [PYTEST], command: "pytest --pyargs regex" },
  {
    name: "psutil",
    version: "7.2.2",
    language: "C",
    needs: [PYTEST, "pytest-instafail==0.5.0"],
    command: "pytest tests/test_system.py tests/test_misc.py",
  },
  { name: "contourpy", version: "1.4.0", language: "C++, pybind11", needs: [PYTEST], command: "pytest tests" },
  // Its tests import each other as parts of the package, whose source folder has nothing compiled.
  {
    name: "lxml",
    version: "6.1.3",
    language: "Cython, libxml2",
    needs: [PYTEST],
    command: "pytest --import-mode=importlib src/lxml/tests",
  },
  { name: "bcrypt", version: "5.0.0", language: "Rust, PyO3", needs: [PYTEST], command: "pytest tests" },
  { name: "rpds-py", version: "2026.9.1", language: "Rust, PyO3", needs: [PYTEST, "iniconfig"], command: "pytest tests" },
];

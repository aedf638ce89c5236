import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../toolchain";

const labTests = join("tests", "lab");

/** Test files that need no machines, cheap ones all of them. */
export function unitTestFiles(): string[] {
  return testFiles().filter((path) => !isLabTest(path));
}

/** Test files that start a lab each. */
export function labTestFiles(): string[] {
  return testFiles().filter(isLabTest);
}

const isLabTest = (path: string) => path.startsWith(join(labTests, "/"));

function testFiles(): string[] {
  return readdirSync(join(projectDirectory, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join("tests", path))
    .sort();
}

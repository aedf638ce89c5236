import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { projectDirectory } from "../toolchain";

/** Where the tests are that start programs of their own and wait for them: right, and not quick. */
const slowFolders = ["lab", "long", "process", "validate"];

/** Test files that run in one process and wait for nothing: the quick check runs these. */
export function unitTestFiles(): string[] {
  return testFiles().filter((path) => !slowFolders.some((folder) => isIn(path, folder)));
}

/** Test files that start programs, but no machines. */
export function processTestFiles(): string[] {
  return testFiles().filter(
    (path) =>
      slowFolders.some((folder) => isIn(path, folder)) && !isLabTest(path) && !isLongTest(path),
  );
}

/** Test files that start a lab each. */
export function labTestFiles(): string[] {
  return testFiles().filter(isLabTest);
}

/** Test files that start a lab each and take long: `npm run test:long` runs them, CI does not. */
export function longTestFiles(): string[] {
  return testFiles().filter(isLongTest);
}

const isLongTest = (path: string) => path.startsWith(join("tests", "long", sep));
const isLabTest = (path: string) => path.startsWith(join("tests", "lab", sep));
const isIn = (path: string, folder: string) => path.split(sep).slice(0, -1).includes(folder);

function testFiles(): string[] {
  return readdirSync(join(projectDirectory, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join("tests", path))
    .sort();
}

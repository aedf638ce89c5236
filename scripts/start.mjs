// Runs a command of this project on a clone where nothing is installed yet: `node scripts/start.mjs <command> [arguments]`
// runs scripts/commands/<command>.ts. Plain JavaScript without dependencies, since they are what it installs.
import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockfile = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".talos-cluster-installed");
const lock = join(root, ".tools", "npm-ci.lock");

function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    fail(
      `node: ${process.version} is too old. Install Node 20 or newer, then run the command again.`,
    );
}

const lockfileHash = () => createHash("sha256").update(readFileSync(lockfile)).digest("hex");

function isInstalled(hash) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return true;
  if (!installedByNpm()) return false;
  writeFileSync(stamp, hash);
  return true;
}

/** Whether someone's own `npm ci` or `npm install` put in place what package-lock.json wants. */
function installedByNpm() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(lockfile, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.optional) return true;
    const found = installed[path];
    return found !== undefined && found.version === entry.version && existsSync(join(root, path));
  });
}

/** Runs `npm ci`, one at a time: two at once would delete each other's files. */
function install() {
  withLock(() => {
    const hash = lockfileHash();
    if (isInstalled(hash)) return;
    console.error("installing the npm packages of package-lock.json ...");
    const started = Date.now();
    const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (result.error !== undefined)
      fail(`npm: ${result.error.message}. Install npm, then run again.`);
    if (result.status !== 0)
      fail("npm ci failed: its own message is above. Mend that, then run the command again.");
    writeFileSync(stamp, hash);
    console.error(`npm packages installed (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  });
}

function withLock(work) {
  mkdirSync(dirname(lock), { recursive: true });
  let waited = false;
  while (!tryLock()) {
    if (!waited)
      console.error(`waiting for process ${lockOwner()}, which installs the npm packages ...`);
    waited = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock() {
  const mine = `${lock}.${randomUUID()}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch {
    const owner = lockOwner();
    // Renamed before it is removed, so that of two who find the owner dead only one removes it.
    if (owner !== undefined && !isAlive(owner)) removeByRename(`${lock}.dead.${randomUUID()}`);
    return false;
  } finally {
    unlinkSync(mine);
  }
}

function removeByRename(aside) {
  try {
    renameSync(lock, aside);
    unlinkSync(aside);
  } catch {
    // Another waiter was faster.
  }
}

function lockOwner() {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

checkNode();
const [command, ...commandArguments] = process.argv.slice(2);
const script = join(root, "scripts", "commands", `${command}.ts`);
if (command === undefined || !existsSync(script))
  fail(
    `scripts/start.mjs: there is no command "${command ?? ""}". Use one of the npm scripts of package.json.`,
  );
if (!isInstalled(lockfileHash())) install();

// npm runs scripts in the project's directory; a direct call may come from anywhere.
process.chdir(root);
process.argv = [process.argv[0], script, ...commandArguments];
const load = createRequire(import.meta.url);
load("tsx/cjs/api").register();
load(script);

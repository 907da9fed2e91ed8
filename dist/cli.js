#!/usr/bin/env node

// src/run/restart/heap.ts
import { url as inspectorUrl } from "node:inspector";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

// src/run/restart/execve.ts
var execve = process.platform === "win32" ? void 0 : Reflect.get(process, "execve");
function startOver(options, env) {
  if (typeof execve !== "function") return;
  const args = [process.execPath, ...options, ...process.argv.slice(1)];
  Reflect.apply(execve, process, [process.execPath, args, env]);
}

// src/run/restart/heap.ts
var HALF_MB = 4;
var OLD_GROWTH = "--heap-growing-percent=20";
var OPTIONS = [`--max-semi-space-size=${HALF_MB}`, OLD_GROWTH, "--no-concurrent-recompilation"];
var LOOK_MS = 100;
function startSmall(env) {
  if (OPTIONS.every((option) => process.execArgv.includes(option))) return;
  try {
    if (inspectorUrl() === void 0) startOver([...OPTIONS, ...process.execArgv], env);
  } catch {
  }
  staySmall();
}
function staySmall() {
  setFlagsFromString(OLD_GROWTH);
  const look = setInterval(() => {
    if (youngBytes() < 2 * HALF_MB * 1024 * 1024) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    clearInterval(look);
  }, LOOK_MS).unref();
}
function youngBytes() {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}

// src/cli/entry.ts
var [command] = process.argv.slice(2);
if (command === "run" || command === "demo") startSmall(process.env);
await import("./command-line.js");

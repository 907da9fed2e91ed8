import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);

// src/meter/counter-worker.ts
import { parentPort, workerData } from "node:worker_threads";

// src/meter/bpe.ts
function readRanks(source) {
  const ranks = /* @__PURE__ */ new Map();
  let longest = 0;
  for (const line of source.bpe_ranks.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    tokens.forEach((token, index) => {
      const bytes = Buffer.from(token, "base64").toString("latin1");
      ranks.set(bytes, Number(first) + index);
      longest = Math.max(longest, bytes.length);
    });
  }
  return { pattern: new RegExp(source.pat_str, "gu"), ranks, longest };
}
function countTokens(encoding, text) {
  let total = 0;
  for (const [word] of text.matchAll(encoding.pattern)) total += countWord(encoding, bytesOf(word));
  return total;
}
function bytesOf(word) {
  return /^[\0-\x7f]*$/.test(word) ? word : Buffer.from(word, "utf8").toString("latin1");
}
var POSITIONS = 2 ** 32;
function countWord(encoding, bytes) {
  if (bytes.length === 1 || encoding.ranks.has(bytes)) return 1;
  const parts = partsOf(bytes);
  for (let at = 0; at < bytes.length; at++) rankPair(encoding, parts, at);
  let count = bytes.length;
  for (let pair = pop(parts.heap); pair !== void 0; pair = pop(parts.heap)) {
    const at = pair % POSITIONS;
    if (parts.rank[at] !== Math.floor(pair / POSITIONS)) continue;
    join(parts, at);
    count -= 1;
    rankPair(encoding, parts, at);
    rankPair(encoding, parts, parts.previous[at] ?? -1);
  }
  return count;
}
function partsOf(bytes) {
  const length = bytes.length;
  return {
    bytes,
    next: Uint32Array.from({ length }, (_, at) => at + 1),
    previous: Int32Array.from({ length }, (_, at) => at - 1),
    rank: new Int32Array(length).fill(-1),
    heap: []
  };
}
function rankPair({ ranks, longest }, { bytes, next, rank, heap }, at) {
  if (at < 0) return;
  const end = next[next[at] ?? bytes.length];
  const found = end === void 0 || end - at > longest ? void 0 : ranks.get(bytes.slice(at, end));
  rank[at] = found ?? -1;
  if (found !== void 0) push(heap, found * POSITIONS + at);
}
function join({ bytes, next, previous, rank }, at) {
  const middle = next[at] ?? bytes.length;
  const end = next[middle] ?? bytes.length;
  next[at] = end;
  rank[middle] = -1;
  if (end < bytes.length) previous[end] = at;
}
function push(heap, value) {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = at - 1 >> 1;
    const above = heap[parent] ?? 0;
    if (above <= value) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = value;
}
function pop(heap) {
  const top = heap[0];
  const last = heap.pop();
  if (last === void 0 || heap.length === 0) return top;
  let at = 0;
  for (; ; ) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child += 1;
    const below = heap[child] ?? 0;
    if (below >= last) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
  return top;
}

// src/meter/counter-worker.ts
var loaded;
parentPort?.on("message", ({ id, text }) => {
  void answerOf(id, text).then((answer) => parentPort?.postMessage(answer));
});
async function answerOf(id, text) {
  try {
    return { id, count: countTokens(await (loaded ??= load(String(workerData))), text) };
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}
async function load(name) {
  return readRanks(await ranksOf(name));
}
async function ranksOf(name) {
  if (name === "o200k_base") return (await import("./o200k_base.js")).default;
  if (name === "cl100k_base") return (await import("./cl100k_base.js")).default;
  throw new Error(`there is no encoding ${name}`);
}

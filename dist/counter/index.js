import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({});
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:worker_threads"
const external_node_worker_threads_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");
;// CONCATENATED MODULE: ./build/meter/bpe.js
/**
 * Byte-pair encoding that only counts: exact, and in O(n log n) of a word's length, where the usual O(n²) loop takes
 * minutes on one long unbroken run ('a' × 100,000, Chinese without spaces, base64) and would have to cut it. A cut
 * can change a count in either direction, so none is made.
 */
/** Takes about 0.2 s for 200,000 tokens. */
function readRanks(source) {
    const ranks = new Map();
    let longest = 0;
    for (const line of source.bpe_ranks.split('\n')) {
        const [, first, ...tokens] = line.split(' ');
        tokens.forEach((token, index) => {
            const bytes = Buffer.from(token, 'base64').toString('latin1');
            ranks.set(bytes, Number(first) + index);
            longest = Math.max(longest, bytes.length);
        });
    }
    return { pattern: new RegExp(source.pat_str, 'gu'), ranks, longest };
}
/** Tokens of a text in which nothing is special: `<|endoftext|>` counts as the characters it is written with. */
function countTokens(encoding, text) {
    let total = 0;
    for (const [word] of text.matchAll(encoding.pattern))
        total += countWord(encoding, bytesOf(word));
    return total;
}
function bytesOf(word) {
    return /^[\0-\x7f]*$/.test(word) ? word : Buffer.from(word, 'utf8').toString('latin1');
}
const POSITIONS = 2 ** 32;
/** Merges the pair of the lowest rank, leftmost first, until no pair of neighbours is a token. */
function countWord(encoding, bytes) {
    if (bytes.length === 1 || encoding.ranks.has(bytes))
        return 1;
    const parts = partsOf(bytes);
    for (let at = 0; at < bytes.length; at++)
        rankPair(encoding, parts, at);
    let count = bytes.length;
    for (let pair = pop(parts.heap); pair !== undefined; pair = pop(parts.heap)) {
        const at = pair % POSITIONS;
        if (parts.rank[at] !== Math.floor(pair / POSITIONS))
            continue;
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
        heap: [],
    };
}
function rankPair({ ranks, longest }, { bytes, next, rank, heap }, at) {
    if (at < 0)
        return;
    const end = next[next[at] ?? bytes.length];
    const found = end === undefined || end - at > longest ? undefined : ranks.get(bytes.slice(at, end));
    rank[at] = found ?? -1;
    if (found !== undefined)
        push(heap, found * POSITIONS + at);
}
function join({ bytes, next, previous, rank }, at) {
    const middle = next[at] ?? bytes.length;
    const end = next[middle] ?? bytes.length;
    next[at] = end;
    rank[middle] = -1;
    if (end < bytes.length)
        previous[end] = at;
}
function push(heap, value) {
    let at = heap.push(value) - 1;
    while (at > 0) {
        const parent = (at - 1) >> 1;
        const above = heap[parent] ?? 0;
        if (above <= value)
            break;
        heap[at] = above;
        at = parent;
    }
    heap[at] = value;
}
function pop(heap) {
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0)
        return top;
    let at = 0;
    for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length)
            break;
        if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0))
            child += 1;
        const below = heap[child] ?? 0;
        if (below >= last)
            break;
        heap[at] = below;
        at = child;
    }
    heap[at] = last;
    return top;
}

;// CONCATENATED MODULE: ./build/meter/counter-worker.js
/** The worker behind counter.ts, bundled by itself. Its workerData names the encoding. */


let loaded;
external_node_worker_threads_namespaceObject.parentPort?.on('message', ({ id, text }) => {
    void answerOf(id, text).then((answer) => external_node_worker_threads_namespaceObject.parentPort?.postMessage(answer));
});
async function answerOf(id, text) {
    try {
        return { id, count: countTokens(await (loaded ??= load(String(external_node_worker_threads_namespaceObject.workerData))), text) };
    }
    catch (error) {
        return { id, problem: error instanceof Error ? error.message : String(error) };
    }
}
async function load(name) {
    return readRanks(await ranksOf(name));
}
/** Imported by literal names, so that a bundler sees them. */
async function ranksOf(name) {
    if (name === 'o200k_base')
        return (await __nccwpck_require__.e(/* import() */ 913).then(__nccwpck_require__.bind(__nccwpck_require__, 913))).default;
    if (name === 'cl100k_base')
        return (await __nccwpck_require__.e(/* import() */ 718).then(__nccwpck_require__.bind(__nccwpck_require__, 718))).default;
    throw new Error(`there is no encoding ${name}`);
}


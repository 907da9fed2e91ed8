"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/hook/node/preload.ts
var import_node_fs = require("node:fs");
var import_node_module = require("node:module");

// src/hook/node/children.ts
var import_node_child_process = __toESM(require("node:child_process"), 1);
var import_node_worker_threads = __toESM(require("node:worker_threads"), 1);

// src/hook/node/coverage.ts
var import_node_path = require("node:path");

// src/hook/node/config.ts
var HOOK_VARIABLE = "TOKEN_BUDGET_HOOK";
var ROUTE_WORD = "TB1";
function parseHookConfig(text2) {
  const value = parseJson(text2);
  if (typeof value !== "object" || value === null) return void 0;
  const { port, secret, tls, plain } = { port: 0, secret: "", tls: null, plain: null, ...value };
  const watch = "watch" in value ? value.watch : [];
  if (!isPort(port) || !isSecret(secret)) return void 0;
  if (!isPatternList(tls) || !isPatternList(plain) || !isPatternList(watch)) return void 0;
  return { port, secret, tls, plain, ...watch.length > 0 && { watch } };
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function isPort(value) {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}
function isSecret(value) {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
function isPatternList(value) {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string" && /^\S+$/.test(entry));
}

// src/hook/node/coverage.ts
function coverageFrom(env, hook, preload) {
  const [python] = (env.PYTHONPATH ?? "").split(import_node_path.delimiter);
  return { hook, preload, python: python === "" ? void 0 : python };
}
function repairs(read, coverage) {
  const wanted = [
    [HOOK_VARIABLE, read(HOOK_VARIABLE) === "" ? coverage.hook : read(HOOK_VARIABLE) ?? coverage.hook],
    ["NODE_OPTIONS", nodeOptions(read("NODE_OPTIONS") ?? "", coverage.preload)],
    ["PYTHONPATH", pythonPath(read("PYTHONPATH") ?? "", coverage.python)]
  ];
  return new Map(wanted.flatMap(([name, value]) => value === (read(name) ?? "") ? [] : [[name, value]]));
}
function coveredEnvironment(env, coverage) {
  const changes = repairs((name) => env[keyOf(Object.keys(env), name)], coverage);
  if (changes.size === 0) return env;
  const copy = {};
  for (const key in env) copy[key] = env[key];
  for (const [name, value] of changes) copy[keyOf(Object.keys(copy), name)] = value;
  return copy;
}
function coveredPairs(pairs, coverage) {
  const names = pairs.map((pair) => pair.slice(0, pair.indexOf("=", 1)));
  const read = (name) => {
    const key = keyOf(names, name);
    return pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1);
  };
  const changes = repairs(read, coverage);
  if (changes.size === 0) return pairs;
  const replaced = new Set([...changes.keys()].map((name) => keyOf(names, name)));
  const kept = pairs.filter((_pair, index) => !replaced.has(names[index] ?? ""));
  return [...kept, ...Array.from(changes, ([name, value]) => `${name}=${value}`)];
}
function keyOf(names, name) {
  if (process.platform !== "win32") return name;
  return names.find((candidate) => candidate.toUpperCase() === name) ?? name;
}
function nodeOptions(present, preload) {
  const quoted = JSON.stringify(preload);
  if (present.includes(quoted) || present.includes(preload)) return present;
  return `--require ${quoted} ${present}`.trimEnd();
}
function pythonPath(present, ours) {
  const entries = present === "" ? [] : present.split(import_node_path.delimiter);
  if (ours === void 0 || entries[0] === ours) return present;
  return [ours, ...entries.filter((entry) => entry !== ours)].join(import_node_path.delimiter);
}

// src/hook/node/patch.ts
function originalOf(owner, name) {
  const value = Reflect.get(owner, name);
  if (typeof value !== "function") throw new TypeError(`this Node has no function ${name}`);
  return (self, args) => Reflect.apply(value, self, args);
}
function replace(owner, name, value) {
  Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value });
}

// src/hook/node/children.ts
function coverChildren(coverage) {
  wrap(import_node_child_process.default.ChildProcess.prototype, "spawn", (args) => [coveredSpawn(args[0], coverage), ...args.slice(1)]);
  for (const name of ["spawnSync", "execFileSync"])
    wrap(import_node_child_process.default, name, (args) => coverAt(args, optionsAt(args), coverage));
  wrap(import_node_child_process.default, "execSync", (args) => coverAt(args, 1, coverage));
  wrap(process, "execve", ([file, args, env]) => [file, args, environmentOf(env ?? process.env, coverage)]);
  coverWorkers(coverage);
}
function wrap(owner, name, rewrite) {
  const original = Reflect.get(owner, name);
  if (typeof original !== "function") return;
  const apply = (target, self, args) => Reflect.apply(target, self, rewrite(args));
  replace(owner, name, new Proxy(original, { apply }));
}
function coveredSpawn(options, coverage) {
  if (!isObject(options) || !isTextList(options.envPairs)) return options;
  return { ...options, envPairs: coveredPairs(options.envPairs, coverage) };
}
function optionsAt(args) {
  return isObject(args[1]) && !Array.isArray(args[1]) ? 1 : 2;
}
function coverAt(args, at, coverage) {
  const options = args[at];
  if (options != null && !isObject(options)) return [...args];
  const env = options?.env ?? process.env;
  const covered = environmentOf(env, coverage);
  if (covered === env) return [...args];
  return [...[...args, void 0, void 0].slice(0, at), { ...options, env: covered }];
}
function coverWorkers(coverage) {
  const construct = (target, args, newTarget) => {
    const made = Reflect.construct(target, [args[0], coveredWorker(args[1], coverage)], newTarget);
    if (made instanceof import_node_worker_threads.Worker) return made;
    throw new TypeError("Worker made something else");
  };
  replace(import_node_worker_threads.default, "Worker", new Proxy(import_node_worker_threads.Worker, { construct }));
}
function coveredWorker(options, coverage) {
  const env = isObject(options) ? options.env ?? import_node_worker_threads.SHARE_ENV : import_node_worker_threads.SHARE_ENV;
  if (env !== import_node_worker_threads.SHARE_ENV) return { ...isObject(options) ? options : {}, env: environmentOf(env, coverage) };
  const covered = coveredEnvironment(process.env, coverage);
  if (covered !== process.env) Object.assign(process.env, covered);
  return options;
}
function environmentOf(env, coverage) {
  return isEnvironment(env) ? coveredEnvironment(env, coverage) : env;
}
function isEnvironment(value) {
  return isObject(value);
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}
function isTextList(value) {
  return Array.isArray(value);
}

// src/hook/node/connect.ts
var import_node_events = require("node:events");
var import_node_net4 = __toESM(require("node:net"), 1);

// src/hook/node/call.ts
function readConnectCall(args) {
  const [first] = args;
  if (Array.isArray(first)) return readConnectCall(first);
  return { options: isOptions(first) ? first : placeOf(first, args[1]), callback: lastFunction(args) };
}
function portOf(value) {
  const port = typeof value === "string" ? Number(value) : value;
  return typeof port === "number" && port > 0 ? port : void 0;
}
function isLocalPath(options) {
  return typeof options.path === "string" && options.path !== "";
}
function placeOf(first, second) {
  if (typeof first === "string" && !(Number(first) >= 0)) return { path: first };
  return typeof second === "string" ? { port: first, host: second } : { port: first };
}
function isOptions(value) {
  return typeof value === "object" && value !== null;
}
function lastFunction(args) {
  const last = args.at(-1);
  return isFunction(last) ? last : void 0;
}
function isFunction(value) {
  return typeof value === "function";
}

// src/hook/node/disguise.ts
var import_node_net = require("node:net");
function disguise(socket, previous, options, target) {
  const handle = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return;
  const state = {
    done: false,
    protocol: chooseProtocol(options.ALPNProtocols),
    servername: typeof options.servername === "string" ? options.servername : target.host
  };
  for (const name in previous) if (!(name in handle)) Object.assign(handle, { [name]: nothing });
  Object.assign(handle, answersFor(state, target));
  Object.assign(socket, { ssl: handle, renegotiate });
  socket.once("connect", () => {
    completeHandshake(socket, state);
  });
  socket.prependOnceListener("secureConnect", () => {
    state.done = true;
  });
}
function completeHandshake(socket, state) {
  socket.alpnProtocol = state.protocol;
  Object.assign(socket, { servername: (0, import_node_net.isIP)(state.servername) ? false : state.servername });
  process.nextTick(() => {
    if (!socket.destroyed) socket.emit("secure");
  });
}
function chooseProtocol(offered) {
  const names = offered instanceof Uint8Array ? [String.fromCharCode(...offered.subarray(1))] : offered;
  return Array.isArray(names) && names.length === 1 && String(names[0]) === "h2" ? "h2" : "http/1.1";
}
function answersFor(state, target) {
  return {
    verifyError: () => null,
    // A resumed session is one whose certificate needs no second look, which keeps pinned certificates from failing.
    isSessionReused: () => !state.done,
    getProtocol: () => CIPHER.version,
    getCipher: () => ({ ...CIPHER }),
    getEphemeralKeyInfo: () => ({}),
    getSharedSigalgs: () => [],
    getCertificate: () => ({}),
    getPeerCertificate: () => certificateFor(target.host),
    getALPNNegotiatedProtocol: () => state.protocol,
    getServername: () => state.servername,
    setServername: (name) => {
      state.servername = name;
    },
    setMaxSendFragment: () => 1
  };
}
var CIPHER = {
  name: "TLS_AES_256_GCM_SHA384",
  standardName: "TLS_AES_256_GCM_SHA384",
  version: "TLSv1.3"
};
function certificateFor(host) {
  return {
    subject: { CN: host },
    issuer: { CN: "token-budget gateway" },
    subjectaltname: `${(0, import_node_net.isIP)(host) ? "IP Address" : "DNS"}:${host}`,
    valid_from: "Jan  1 00:00:00 2000 GMT",
    valid_to: "Dec 31 23:59:59 2099 GMT"
  };
}
function renegotiate(_options, callback) {
  if (callback) process.nextTick(callback, null);
  return true;
}
function nothing() {
  return void 0;
}

// src/hook/node/handshake.ts
var import_node_net2 = require("node:net");
function watchHandshakes(sample, loadTls, takeOver2) {
  const socket = sample ?? makeSample(loadTls());
  const handle = Reflect.get(socket, "_handle");
  const prototype = ownerOfStart(handle);
  const start2 = originalOf(prototype, "start");
  if (bySymbol(handle, "owner_symbol") !== socket) throw new TypeError("this Node hides the owner of a handle");
  replace(prototype, "start", function(...args) {
    const starting = bySymbol(this, "owner_symbol");
    const options = layeredOptions(starting, this);
    return isOptions(starting) && options && takeOver2(starting, options) ? 0 : start2(this, args);
  });
  if (!sample) socket.destroy();
}
function makeSample(tls) {
  if (!isOptions(tls) || typeof tls.TLSSocket !== "function") throw new TypeError("this Node has no TLS sockets");
  const secureContext = originalOf(tls, "createSecureContext")(tls, [{ ca: [] }]);
  const made = Reflect.construct(tls.TLSSocket, [void 0, { secureContext }]);
  if (made instanceof import_node_net2.Socket) return made;
  throw new TypeError("this Node makes TLS sockets in another way");
}
function ownerOfStart(handle) {
  let owner = handle;
  while (isOptions(owner)) {
    if (Object.hasOwn(owner, "start")) return owner;
    owner = Object.getPrototypeOf(owner);
  }
  throw new TypeError("this Node starts TLS handshakes in another way");
}
function layeredOptions(socket, handle) {
  const own = isOptions(socket) ? socket._tlsOptions : void 0;
  const stream = Reflect.get(handle, "_parentWrap");
  if (!stream || isOptions(own) && own.isServer === true) return void 0;
  const asked = bySymbol(socket, "connect-options");
  const servername = originalOf(handle, "getServername")(handle, []);
  return { servername, ...isOptions(asked) ? asked : void 0, socket: stream };
}
function bySymbol(holder, description) {
  if (!isOptions(holder)) return void 0;
  const symbol = Object.getOwnPropertySymbols(holder).find((candidate) => candidate.description === description);
  return symbol && holder[symbol];
}

// src/hook/node/match.ts
function compileMatch(patterns, defaultPort) {
  const compiled = patterns.map((pattern) => compilePattern(pattern, defaultPort));
  return (name, port) => {
    const host = bareHost(name);
    const found = compiled.find((pattern) => pattern.host.test(host) && admits(pattern.port, port));
    return found && { host, port: port ?? found.port ?? defaultPort };
  };
}
function authority({ host, port }) {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
function compilePattern(pattern, defaultPort) {
  const parts = /^(\[[^\]]*\]|[^:]*):(\d+|\*)$/.exec(pattern);
  const source = bareHost(parts?.[1] ?? pattern).split(/\*+/).map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  const port = parts?.[2] ?? String(defaultPort);
  return { host: new RegExp(`^${source}$`), port: port === "*" ? void 0 : Number(port) };
}
function admits(wanted, port) {
  return wanted === void 0 || port === void 0 || wanted === port;
}
function bareHost(host) {
  return host.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

// src/hook/node/link.ts
var STEERING = {
  path: void 0,
  lookup: void 0,
  family: void 0,
  localAddress: void 0,
  localPort: void 0,
  socket: void 0
};
function dial(link, socket, scheme, target, call) {
  socket.cork();
  socket.write(`${ROUTE_WORD} ${link.config.secret} ${scheme} ${authority(target)}\r
`);
  socket.once("connect", () => {
    socket.uncork();
  });
  const place = { ...call.options, ...STEERING, host: "127.0.0.1", port: link.config.port };
  link.connect(socket, call.callback ? [place, call.callback] : [place]);
}
function isGateway(link, target) {
  return target.port === link.config.port && (target.host === "127.0.0.1" || target.host === "localhost");
}

// src/hook/node/watch.ts
var import_node_net3 = __toESM(require("node:net"), 1);
function sightings({ config, connect }) {
  const told = /* @__PURE__ */ new Set();
  return (target) => {
    const name = authority(target);
    if (told.has(name)) return;
    told.add(name);
    const socket = new import_node_net3.default.Socket();
    socket.on("error", () => socket.destroy());
    connect(socket, [{ host: "127.0.0.1", port: config.port }]);
    socket.end(`${ROUTE_WORD} ${config.secret} seen ${name}\r
`);
    socket.resume().unref();
  };
}

// src/hook/node/connect.ts
function redirectConnections(config, loadTls) {
  const link = { config, connect: originalOf(import_node_net4.default.Socket.prototype, "connect") };
  const redirection = {
    link,
    tls: compileMatch(config.tls, 443),
    plain: compileMatch(config.plain, 80),
    watch: compileMatch(config.watch ?? [], 443),
    tell: sightings(link)
  };
  let watching = false;
  replace(import_node_net4.default.Socket.prototype, "connect", function connect(...args) {
    if (!(this instanceof import_node_net4.default.Socket)) return redirection.link.connect(this, args);
    if (!watching) {
      watching = true;
      watchHandshakes(
        isTls(this) ? this : void 0,
        loadTls,
        (socket, options) => takeOverLayered(redirection, socket, options)
      );
    }
    const taken = !isMocked(this) && takeOver(redirection, this, readConnectCall(args));
    return taken ? this : redirection.link.connect(this, args);
  });
}
function takeOver(redirection, socket, call) {
  if (isTls(socket)) return redirectTls(redirection, socket, call);
  const target = plainTarget(redirection.plain, call.options);
  if (!target || isGateway(redirection.link, target)) return false;
  dial(redirection.link, socket, "http", target, call);
  return true;
}
function takeOverLayered(redirection, socket, options) {
  return socket instanceof import_node_net4.default.Socket && isTls(socket) && redirectTls(redirection, socket, { options, callback: void 0 });
}
function redirectTls(redirection, socket, call) {
  const { options } = call;
  const target = tlsTarget(redirection.tls, options);
  if (!target) {
    const watched = tlsTarget(redirection.watch, options);
    if (watched) redirection.tell(watched);
    return false;
  }
  const previous = takeHandle(socket);
  if (isTunnel(options.socket)) retire(options.socket, socket, previous);
  else originalOf(previous, "close")(previous, []);
  socket.setNoDelay(true);
  dial(redirection.link, socket, "https", target, call);
  disguise(socket, previous, options, target);
  return true;
}
function takeHandle(socket) {
  const handle = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) throw new TypeError("this Node gives a TLS socket no handle");
  Object.assign(socket, { _handle: null, _parent: null });
  return handle;
}
function retire(tunnel, successor, handle) {
  const stream = Reflect.get(handle, "_parentWrap");
  const wrapped = isTunnel(stream) ? stream : tunnel;
  for (const listener of wrapped.listeners("close")) {
    if (String(listener) === "() => this.destroy()") originalOf(wrapped, "off")(wrapped, ["close", listener]);
  }
  Object.assign(successor, { _emitTLSError: ignore });
  tunnel.on("error", ignore);
  if (tunnel instanceof import_node_net4.default.Socket) tunnel.unref();
  successor.once("close", () => tunnel.destroy());
}
function isTls(socket) {
  return Reflect.get(socket, "encrypted") === true && typeof Reflect.get(socket, "_start") === "function";
}
function isMocked(socket) {
  return Object.hasOwn(socket, "connect");
}
function tlsTarget(match, options) {
  const layered = isTunnel(options.socket);
  if (isLocalPath(options) && !layered) return void 0;
  const port = portOf(options.port) ?? (layered ? void 0 : 443);
  const named = (name) => typeof name === "string" ? match(name, port) : void 0;
  return named(options.host) ?? named(options.servername);
}
function plainTarget(match, options) {
  if (isLocalPath(options)) return void 0;
  return match(typeof options.host === "string" ? options.host : "localhost", portOf(options.port) ?? 0);
}
function isTunnel(value) {
  return value instanceof import_node_events.EventEmitter && "destroy" in value && typeof value.destroy === "function";
}
function ignore() {
}

// src/hook/node/preload.ts
var NOT_ENFORCED = 4;
function start(text2) {
  const config = parseHookConfig(text2);
  if (!config) throw new Error(`${HOOK_VARIABLE} is not a valid configuration`);
  redirectConnections(config, () => (0, import_node_module.createRequire)(__filename)("node:tls"));
  coverChildren(coverageFrom(process.env, text2, __filename));
  (0, import_node_module.syncBuiltinESMExports)();
}
var text = process.env[HOOK_VARIABLE];
if (text !== void 0) {
  try {
    start(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    (0, import_node_fs.writeSync)(2, `token-budget: the budget cannot be enforced in this process: ${cause}. Nothing was run.
`);
    process.exit(NOT_ENFORCED);
  }
}

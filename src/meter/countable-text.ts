/**
 * The text that a request or a complete response carries, for counting where the provider reports no usage. It errs
 * upwards: what a model may see is in, and only what it cannot see as text (media, identifiers) is left out. Nothing
 * here recurses, so that no nesting of a body can overflow the stack.
 */
import { isObject, type JsonObject } from '../lib/json.js';

interface Node {
  readonly value: unknown;
  /** The key it stands under; an element of a list has its list's. */
  readonly key: string;
  /** Within a schema or arguments, which a model sees with their keys, numbers and all. */
  readonly verbatim: boolean;
}

/** What is not put before a model as text. An embedding may be a base64 string. */
const UNSEEN = new Set([
  'id',
  'object',
  'model',
  'system_fingerprint',
  'service_tier',
  'finish_reason',
  'stop_reason',
  'status',
  'signature',
  'previous_response_id',
  'prompt_cache_key',
  'safety_identifier',
  'embedding',
  'thoughtSignature',
  'taskType',
]);
const VERBATIM = new Set([
  'tools',
  'functions',
  'response_format',
  'format',
  'output_format',
  'input_schema',
  'schema',
  'responseSchema',
  'responseJsonSchema',
  'functionCall',
  'functionResponse',
]);
const CALL_WITH_INPUT = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);
/** Inputs that may be lists of token ids in place of text. */
const TOKEN_LISTS = new Set(['input', 'prompt']);

const MEDIA_OBJECTS = new Set(['input_audio', 'audio', 'inlineData', 'inline_data']);
const MEDIA_URLS = new Set(['url', 'image_url', 'file_url', 'video_url', 'image']);
const DATA_URL = /^data:[^,]{0,256};base64,/;
const MEDIA_TYPES = new Set([
  'image_url',
  'input_image',
  'image',
  'document',
  'file',
  'input_file',
  'input_audio',
  'audio',
  'video_url',
  'input_video',
  'video',
  'container_upload',
]);
/** In the words of any provider: what is looked at or heard, by an address, an id or as vectors. */
const MEDIA_TYPE =
  /^(input_)?(image|audio|video|file|document|pdf)(_(url|file|id|embeds))?$|^(computer_screenshot|container_upload|image_generation_call)$/;
const MEDIA_KEYS = [
  ...['image_url', 'input_audio', 'inlineData', 'inline_data', 'fileData', 'file_data'],
  ...['bytesBase64Encoded', 'gcsUri'],
];
const BASE64_MEMBERS = new Set(['file_data', 'b64_json', 'bytesBase64Encoded']);
const TEXT_SOURCES = new Set<unknown>(['text', 'content']);

/**
 * All strings of a parsed body in their order, one a line, with the keys of schemas and of tool arguments; without
 * base64 media and identifiers. A list of token ids becomes as many words.
 */
export function estimateText(body: unknown): string {
  const leaves: string[] = [];
  for (const node of nodesOf(body)) {
    if (typeof node.value === 'string') leaves.push(node.value);
    else if (isTokenList(node)) leaves.push(' a'.repeat(node.value.length));
    else if (node.verbatim) leaves.push(...verbatimText(node.value));
  }
  return leaves.join('\n');
}

/**
 * Strings of a parsed body that a provider puts before its model as they are, of so many characters or more. What it may
 * write anew is left out: tools, schemas, arguments.
 */
export function plainTexts(body: unknown, characters: number): string[] {
  const texts: string[] = [];
  for (const { value, key, verbatim } of nodesOf(body)) {
    if (typeof value === 'string' && value.length >= characters && !verbatim && key !== 'arguments') texts.push(value);
  }
  return texts;
}

/** Whether a body carries an image, audio, video or file, inline or by reference: its tokens cannot be told from text. */
export function hasMedia(body: unknown): boolean {
  for (const { value, verbatim } of nodesOf(body)) if (!verbatim && isObject(value) && isMedia(value)) return true;
  return false;
}

/** Every value of a body, an object or a list before what it holds. */
function* nodesOf(body: unknown): Generator<Node> {
  const stack: Node[] = [{ value: body, key: '', verbatim: false }];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (isTokenList(node)) continue;
    for (const child of childrenOf(node).reverse()) stack.push(child);
  }
}

function childrenOf({ value, key, verbatim }: Node): Node[] {
  if (Array.isArray(value)) return value.map((element: unknown) => ({ value: element, key, verbatim }));
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([name, child]) => verbatim || !(typeof child === 'string' && isLeftOut(value, key, name, child)))
    .map(([name, child]) => ({ value: child, key: name, verbatim: verbatim || startsVerbatim(value, name, child) }));
}

function startsVerbatim(owner: JsonObject, name: string, value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return VERBATIM.has(name) || (name === 'input' && CALL_WITH_INPUT.has(String(owner.type)));
}

function verbatimText(value: unknown): string[] {
  if (isObject(value)) return Object.keys(value);
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

function isTokenList(node: Node): node is Node & { readonly value: readonly number[] } {
  const { value, key, verbatim } = node;
  if (verbatim || !TOKEN_LISTS.has(key) || !Array.isArray(value) || value.length === 0) return false;
  return value.every((element) => typeof element === 'number');
}

function isLeftOut(owner: JsonObject, ownerKey: string, name: string, text: string): boolean {
  if (UNSEEN.has(name) || BASE64_MEMBERS.has(name)) return true;
  if (name === 'data') return isMediaData(owner) || MEDIA_OBJECTS.has(ownerKey);
  if (name === 'result') return owner.type === 'image_generation_call';
  return MEDIA_URLS.has(name) && DATA_URL.test(text);
}

function isMediaData({ type }: JsonObject): boolean {
  return type === 'base64' || MEDIA_TYPES.has(String(type));
}

/** A document whose source is text is text. */
function isMedia(part: JsonObject): boolean {
  if (MEDIA_KEYS.some((key) => key in part)) return true;
  const { type, source } = part;
  if (typeof type !== 'string' || !MEDIA_TYPE.test(type)) return false;
  return !(isObject(source) && TEXT_SOURCES.has(source.type));
}

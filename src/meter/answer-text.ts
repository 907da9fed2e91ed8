import { isObject, parseObject } from '../lib/json.js';

/** Members under which the known formats put what a model generated, whole or as the next piece of a stream. */
const GENERATED = new Set([
  // Of text-generation-inference.
  'generated_text',
  'content',
  'text',
  'delta',
  'name',
  'arguments',
  'partial_json',
  'reasoning_content',
  'reasoning',
  'thinking',
  'refusal',
  'transcript',
]);

/** What a model puts into a call of a tool, where that is not text. */
const CALL_ARGUMENTS = new Set(['input', 'args', 'arguments']);

/** Members that hold bytes, not text. */
const BYTES = new Set(['inlineData', 'thoughtSignature']);

/**
 * The generated text in an answer's JSON texts (one for a whole answer, one an event for a stream), for counting where
 * the provider reported no usage. A stream that ends with the whole answer (Responses) is that answer alone.
 */
export function answerText(texts: readonly string[]): string {
  const values = texts.map(parseObject);
  const whole = values.findLast((value) => isObject(value?.response) && Array.isArray(value.response.output));
  return (whole ? [whole] : values).flatMap((value) => generatedIn(value)).join('');
}

interface Node {
  readonly value: unknown;
  /** Whether its strings were generated. */
  readonly generated: boolean;
  /** Within a tool's input: keys and numbers were generated too. */
  readonly verbatim: boolean;
}

/** All generated text of a value in its order; without recursion, since the nesting is the sender's choice. */
function generatedIn(root: unknown): string[] {
  const found: string[] = [];
  // A name beside everything else is that of a job or a file; a tool's stands within its call.
  const members = Object.entries(isObject(root) ? root : {}).filter(([key]) => key !== 'name');
  const stack: Node[] = [{ value: Object.fromEntries(members), generated: false, verbatim: false }];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (typeof node.value === 'string' && node.generated) found.push(node.value);
    else if (node.verbatim) found.push(...verbatimText(node.value));
    for (const child of childrenOf(node).reverse()) stack.push(child);
  }
  return found;
}

function childrenOf({ value, generated, verbatim }: Node): Node[] {
  if (Array.isArray(value)) return value.map((item: unknown) => ({ value: item, generated, verbatim }));
  if (!isObject(value)) return [];
  const members = Object.entries(value).filter(([key]) => !BYTES.has(key));
  return members.map(([key, member]) => {
    const inside = verbatim || CALL_ARGUMENTS.has(key);
    // Ollama's word for its text is OpenAI's for the whole answer.
    const named = GENERATED.has(key) || (key === 'response' && typeof member === 'string');
    return { value: member, generated: inside || named, verbatim: inside };
  });
}

function verbatimText(value: unknown): readonly string[] {
  if (isObject(value)) return [Object.keys(value).join(' ')];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

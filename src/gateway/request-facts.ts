/** What a request says of itself, and the most that it can have as input. */
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { bytesRuleOf, mostInput } from '../meter/bytes-rule.js';
import { dearestReading } from '../meter/repeated-members.js';
import { bringsTools } from '../meter/tools-in.js';
import type { Provider } from '../providers/provider.js';
import type { ArrivedCall } from './call-phases.js';

/** What a request says, read as the dearest reader would. */
export function factsOf({ target, dialect, body, request, path }: ArrivedCall): RequestFacts {
  const parsed = dialect.longTexts ? body.whole : body.json;
  const reading = dearestReading(dialect.longTexts ? body.text : body.outline, parsed);
  const facts = dialect.read(reading.body, path, request.headers);
  const unclear = reading.unclear ? 'a member that is stated twice' : unknownName(target.provider, facts);
  const repeated = Object.keys(parsed).filter((name) => reading.body[name] !== parsed[name]);
  return {
    ...facts,
    ...(repeated.length > 0 && { repeated: new Set(repeated) }),
    ...(unclear !== undefined && { unbounded: facts.unbounded ?? unclear }),
  };
}

/**
 * Ollama and LM Studio do not know OpenAI's newer name for the bound, llama.cpp does since 2026-02 and what others made of it
 * later or never (ollama/ollama#14464, ggml-org/llama.cpp#19831, abetlen/llama-cpp-python#1907,
 * ikawrakow/ik_llama.cpp#2321, read 2026-11-28): they write on without any bound.
 */
function unknownName({ knowsCompletionTokens }: Provider, { newerName }: RequestFacts): string | undefined {
  return newerName && !knowsCompletionTokens ? 'an output bound by a name that some servers ignore' : undefined;
}

/** Most tokens of a call's input, by the bytes of its request. */
export function inputBound({ target, dialect, body }: ArrivedCall, { model }: RequestFacts): number {
  const rule = bytesRuleOf(target.provider, target.models?.get(model.toLowerCase()) ?? model, dialect);
  return mostInput(rule, body.decoded, bringsTools(body.json));
}

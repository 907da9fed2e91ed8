/** The spellings under which a model may stand in a price table, by the name that a request or an answer gives it. */

/** What an ARN names that has a price of its own; other kinds are names that their owner made up. */
const ARN = /^arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile)\/(.+)$/;

/** Google's names are paths, or begin with their publisher. */
const MODEL_PATH = /^(?:.*\/)?models\/|^google\//;

/** Bedrock's profiles that send a call to another region, by the part of the world that it stays in. */
const PROFILE = /^(?:global|us-gov|us|eu|apac|jp|au|ca|in|sa|me|af)\./;

/** OpenRouter's words for how a model is to be served, which do not change what its maker takes. */
const SERVED = /(?::(?:nitro|floor|exacto|online|thinking|beta))+$/;

/**
 * Spellings of a name in lower case, the likeliest first and none twice: as it stands; with a date as OpenAI writes it;
 * without one, for a snapshot that is newer than the table, or without Gemini's number of one; and all of these without
 * what Bedrock, Google and OpenRouter put before or after it.
 */
export function spellingsOf(name: string): readonly string[] {
  const inner = ARN.exec(name)?.[1] ?? name.replace(MODEL_PATH, '');
  const bare = inner.replace(PROFILE, '');
  const served = bare.replace(/^~/, '').replace(SERVED, '');
  return [...new Set([name, inner, bare, served].flatMap(datings))];
}

function datings(name: string): readonly string[] {
  const dashed = name.replace(/-(20\d\d)(\d\d)(\d\d)(?=[-:]|$)/g, '-$1-$2-$3');
  return [
    ...[name, dashed, dashed.replace(/-20\d\d-\d\d-\d\d$/, ''), name.replace(/^(gemini-.+)-\d{3}$/, '$1')],
    // Vertex writes versions behind an @; an alias of the newest snapshot is priced as the name without a date.
    ...[name.replace(/@[\w-]+$/, ''), name.replace(/-latest$/, '')],
  ];
}

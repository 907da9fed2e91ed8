import { sumOfUsages, usageOf } from '../../domain/usage.js';
import { countOf, isObject, textOf, type JsonObject } from '../../lib/json.js';
import type { Dialect, Reported } from './dialect.js';
import { LARGE_PICTURE, PICTURE as PICTURE_TOOL } from '../../providers/pictures.js';
import { modelOf } from './model-of.js';
import { openaiRefusal, openaiInterruption, openaiReported, openaiUsage } from './openai-usage.js';
import { TypedStream } from './typed-stream.js';

/** Models that bill pictures by tokens, and the most that one takes (published: up to 6,240), with room for larger ones. */
const BY_TOKENS = /^(gpt-image|chatgpt-image)/;
const PICTURE = 10_000;
/** Tokens that each partial picture of a stream adds (published). */
const PARTIAL = 100;

/** `POST …/images/generations`, `…/edits` and `…/variations`: pictures, from text or from a form with pictures. */
export const openaiImages: Dialect = {
  name: 'openai-images',
  by: 'openai',
  suffixes: ['/images/generations', '/images/edits', '/images/variations'],
  forms: true,

  read(body, path) {
    const model = modelOf(body, path);
    const answers = Math.max(1, numberOf(body.n) ?? 1);
    return {
      model,
      stream: body.stream === true || body.stream === 'true',
      outputBound: BY_TOKENS.test(model) ? PICTURE + PARTIAL * (numberOf(body.partial_images) ?? 0) : 0,
      answers,
      overhead: PICTURE * filesIn(body),
      meters: { images: answers },
      ...(BY_TOKENS.test(model) ? {} : { tools: [{ name: pictureOf(body), most: answers }] }),
      // A picture's tokens depend on its size, and its size may be left to the model.
      unbounded: 'media',
    };
  },

  bound: () => undefined,
  askForUsage: () => undefined,
  reported: (answer) => reportedIn(answer, Array.isArray(answer.data) ? answer.data.length : 0),
  isFinal: (answer) => !isObject(answer.error),
  stream: () => new TypedStream(LAST_EVENTS, addPicture),
  refusal: openaiRefusal,
  interruption: openaiInterruption,
};

/** Pixels of a side from which on a picture is a large one. */
const LARGE = 3_000;

/** A picture as what is billed each, by its size: as a tool is. */
function pictureOf({ size, image_size, imageSize, quality }: JsonObject): string {
  const words = [size, image_size, imageSize].map((each) => textOf(each) ?? '').join(' ');
  const sides = words.match(/\d+/g)?.map(Number) ?? [];
  const isLarge = /\b4k\b/i.test(words) || sides.some((side) => side >= LARGE) || quality === 'hd';
  return isLarge ? LARGE_PICTURE : PICTURE_TOOL;
}

/** A form's fields are text. */
function numberOf(value: unknown): number | undefined {
  return countOf(typeof value === 'string' ? Number(value) : value);
}

function filesIn(body: JsonObject): number {
  const values = Object.values(body).flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]));
  return values.filter((value) => isObject(value)).length;
}

/** Older models state no usage: their pictures are billed each. What is not said to be text is a picture. */
function reportedIn(answer: JsonObject, images: number): Reported | undefined {
  const meters = { images };
  const usage = openaiUsage(answer.usage);
  if (!usage) return images > 0 && answer.usage == null ? openaiReported(answer, usageOf({ meters })) : undefined;
  const told = isObject(answer.usage) && isObject(answer.usage.output_tokens_details);
  return openaiReported(answer, usageOf({ ...usage, meters, ...(told ? {} : { imageOut: usage.output }) }));
}

const LAST_EVENTS = new Set(['image_generation.completed', 'image_edit.completed']);

function addPicture(event: JsonObject, before: Reported | undefined): Reported | undefined {
  const now = reportedIn(event, 1);
  if (!now || !before) return now;
  const model = textOf(event.model);
  return { usage: sumOfUsages(before.usage, [now.usage]), ...(model === undefined ? {} : { model }) };
}

import { usageOf } from '../../domain/usage.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { Dialect, Reported } from './dialect.js';
import { modelOf } from './model-of.js';
import { openaiInterruption, openaiRefusal, openaiReported, openaiUsage } from './openai-usage.js';
import { TypedStream } from './typed-stream.js';

/** Bytes of a second of sound at a rate that is low even for speech; tokens that a second is heard and written as. */
const SECOND_BYTES = 2_000;
const HEARD = 12;
const WRITTEN = 8;

/** `POST …/audio/transcriptions` and `…/translations`: forms with a recording, whose length only the answer tells. */
export const openaiAudio: Dialect = {
  name: 'openai-audio',
  by: 'openai',
  suffixes: ['/audio/transcriptions', '/audio/translations'],
  forms: true,

  read(body, path) {
    const seconds = Math.max(1, Math.ceil((reportedCount(objectAt(body, 'file').size) ?? 0) / SECOND_BYTES));
    return {
      model: modelOf(body, path),
      stream: body.stream === true || body.stream === 'true',
      outputBound: seconds * WRITTEN,
      answers: 1,
      overhead: seconds * HEARD,
      meters: { seconds },
      unbounded: 'media',
    };
  },

  bound: () => undefined,
  askForUsage: () => undefined,
  reported: transcriptionReported,
  isFinal: (answer) => !isObject(answer.error),
  stream: () => new TypedStream(LAST_EVENTS, eventReported),
  refusal: openaiRefusal,
  interruption: openaiInterruption,
};

/** Models that speech is billed by characters for; the others bill the tokens of text and of sound. */
const BY_CHARACTERS = 'tts-1';
/** Tokens of sound that a character may be spoken as. */
const SPOKEN = 4;

/** `POST …/audio/speech`, which answers with sound; only its stream of events states usage. */
export const openaiSpeech: Dialect = {
  ...openaiAudio,
  suffixes: ['/audio/speech'],
  longTexts: true,

  read(body, path) {
    const model = modelOf(body, path);
    const characters = Array.from(textOf(body.input) ?? '').length;
    const facts = { model, stream: body.stream_format === 'sse', answers: 1, meters: { characters } };
    if (model.startsWith(BY_CHARACTERS)) return { ...facts, outputBound: 0, used: usageOf({ meters: { characters } }) };
    return { ...facts, outputBound: characters * SPOKEN, unbounded: 'media' };
  },
};

const LAST_EVENTS = new Set(['transcript.text.done', 'speech.audio.done', 'transcription.done']);

/** Billed by tokens, or by seconds: of older models the answer may tell its recording's length alone. */
function transcriptionReported(answer: JsonObject): Reported | undefined {
  const { usage } = answer;
  const seconds = reportedCount(objectAt(answer, 'usage').seconds ?? (usage == null ? answer.duration : undefined));
  if (seconds !== undefined) return openaiReported(answer, usageOf({ meters: { seconds } }));
  return openaiReported(answer, openaiUsage(usage));
}

function eventReported(event: JsonObject): Reported | undefined {
  const reported = transcriptionReported(event);
  if (!reported || event.type !== 'speech.audio.done') return reported;
  const { usage } = reported;
  return { ...reported, usage: usageOf({ ...usage, audioOut: usage.output }) };
}

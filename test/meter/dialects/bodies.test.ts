import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../../src/domain/call.js';
import type { Usage } from '../../../src/domain/usage.js';
import { jsonAnswer } from '../../../src/meter/json-answer.js';
import { DIALECTS } from '../../../src/meter/dialects/index.js';
import type { JsonObject } from '../../../src/lib/json.js';

interface Body {
  readonly name: string;
  readonly body: JsonObject;
  /** Of the answer, where they say something of its use. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly expect: Usage | null;
  /** Whether nothing about the call's use can come after it. */
  readonly final: boolean;
}

function bodiesOf(dialect: DialectName): Body[] {
  return JSON.parse(readFileSync(`test/fixtures/bodies/${dialect}.json`, 'utf8')) as Body[];
}

describe.each(Object.keys(DIALECTS) as DialectName[])('what a whole answer consumed: %s', (name) => {
  const dialect = DIALECTS[name];

  it.each(bodiesOf(name))('$name', async ({ body, headers, expect: usage, final }) => {
    const meter = jsonAnswer(dialect, '', headers);
    await meter.push(Buffer.from(JSON.stringify(body)));
    await meter.end();
    expect(meter.reported?.usage ?? null).toEqual(usage);
    expect(meter.done).toBe(final || usage !== null);
    expect(meter.texts() !== undefined).toBe(final);
    // Bedrock's path names the model with its region, the body without, and so without its price.
    if (usage !== null && 'model' in body && name !== 'bedrock-invoke') expect(meter.reported?.model).toBe(body.model);
  });
});

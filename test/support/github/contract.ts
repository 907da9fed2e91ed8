/** GitHub's own description of its API, as judge over what is asked of the stand-in and over what it answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenAPIBackend, type Document, type Request } from 'openapi-backend';

export type Json = Readonly<Record<string, unknown>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation that a request matched. */
export interface Matched {
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface Contract {
  /** The operation for a method and path; undefined where the description (or our slice of it) has none. */
  match(request: Request): Matched | undefined;
  /** What is wrong with a request, in words; empty where nothing is. */
  requestProblems(request: Request, operation: string): string[];
  responseProblems(operation: string, status: number, body: unknown): string[];
}

const TEXT = readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8');
const SCHEMAS = (JSON.parse(TEXT) as Description).components.schemas;

/** Compiles the description: about 0.3 s. */
export async function openContract(): Promise<Contract> {
  const api = new OpenAPIBackend({
    definition: JSON.parse(TEXT) as Document,
    quick: true,
    coerceTypes: true,
    ajvOpts: {
      strict: false,
      logger: false,
      formats: { 'date-time': true, uri: true, int64: true, repo: true, timestamp: true },
    },
  });
  await api.init();
  const operationOf = (id: string) => {
    const operation = api.router.getOperation(id);
    if (!operation) throw new Error(`${id} is not in the slice`);
    return operation;
  };
  return {
    match: (request) => {
      const operation = api.matchOperation(request);
      if (!operation?.operationId) return undefined;
      const params = api.router.parseRequest(request, operation).params as Matched['params'];
      return { operation: operation.operationId, params };
    },
    requestProblems: (request, id) => wordsOf(api.validateRequest(request, operationOf(id)).errors),
    responseProblems: (id, status, body) => {
      const responses = operationOf(id).responses ?? {};
      if (!(status in responses)) return status >= 400 ? basicErrorProblems(body) : [`${id} never answers ${status}`];
      if (body === undefined) return [];
      return wordsOf(api.validateResponse(body, operationOf(id), status).errors);
    },
  };
}

function wordsOf(errors: readonly { instancePath: string; message?: string }[] | null | undefined): string[] {
  return (errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** The shape of errors that the description does not list one by one. */
function basicErrorProblems(body: unknown): string[] {
  const known = Object.keys(SCHEMAS['basic-error']?.properties ?? {});
  if (typeof body !== 'object' || body === null) return ['an error without a body'];
  const { message } = body as Json;
  const wrong = Object.keys(body).filter((key) => !known.includes(key) && key !== 'errors');
  return [...wrong.map((key) => `errors have no ${key}`), ...(typeof message === 'string' ? [] : ['no message'])];
}

/** A value of a schema of the description: the fields given, and the required others as plain as they may be. */
export function sample(name: string, fields: Json = {}): Json {
  const schema = SCHEMAS[name];
  if (!schema) throw new Error(`there is no schema ${name} in the slice`);
  return { ...(plain(schema) as Json), ...fields };
}

function plain(schema: Schema): unknown {
  if (schema.$ref !== undefined) return plain(SCHEMAS[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.nullable === true) return null;
  if (schema.enum) return schema.enum[0];
  const part = schema.allOf?.[0] ?? schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (part) return plain(part);
  if (schema.type === 'object' || schema.properties) return plainObject(schema);
  if (schema.type === 'array') return [];
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  if (schema.format === 'date-time') return '2026-11-01T08:00:00Z';
  return schema.format === 'uri' ? 'https://api.github.com/x' : '';
}

function plainObject({ required = [], properties = {} }: Schema): Json {
  return Object.fromEntries(required.map((key) => [key, plain(properties[key] ?? {})]));
}

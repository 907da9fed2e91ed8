// The reference parts of docs/: the policy's fields from its schema, the action's inputs and outputs from action.yml.
// Each stands in its page between two marks; what is around them is written by hand.
import { stringify } from 'yaml';

/** `text` with what stands between the marks of `name` replaced by `body`. Throws where the marks are missing. */
export function withPart(text, name, body) {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`there are no marks for "${name}"`);
  return `${text.slice(0, from + begin.length)}\n\n${body.trim()}\n\n${text.slice(to)}`;
}

/** Every field of a policy: a section each for the fields at the top and for each kind of map below them. */
export function policyReference(schema) {
  const maps = mapsIn(schema);
  return Object.entries(schema.properties)
    .flatMap(([name, field]) => [
      ...sectionOf('###', [name], resolved(schema, field), schema, maps),
      ...[...maps.values()]
        .filter(({ paths }) => paths[0].startsWith(`${name}.`))
        .flatMap(({ paths, field: map }) => sectionOf('####', paths, map, schema, maps)),
    ])
    .join('\n');
}

/** Maps below the top, by the title of their definition, with all the places that they stand in. */
function mapsIn(schema, at = schema, path = '', found = new Map()) {
  for (const [place, field] of placesIn(schema, at)) {
    const whole = path === '' ? place : `${path}.${place}`;
    const paths = found.get(field.title)?.paths;
    if (field.title !== undefined && path !== '') {
      if (paths === undefined) found.set(field.title, { field, paths: [whole] });
      else paths.push(whole);
    }
    mapsIn(schema, field, whole, found);
  }
  return found;
}

/** The fields of a map: by name, or by what their names stand for. */
function placesIn(schema, map) {
  const named = Object.entries(map.properties ?? {}).map(([name, field]) => [name, resolved(schema, field)]);
  const { additionalProperties: any, propertyNames: names } = map;
  return typeof any === 'object' ? [...named, [placeholder(names), resolved(schema, any)]] : named;
}

/** `MODEL` for names that are patterns of models. */
function placeholder(names) {
  return names.$ref.replace('#/definitions/', '').split('_')[0].toUpperCase();
}

/** A field with what it refers to; its own words go first. */
function resolved(schema, { $ref, ...own }) {
  return $ref === undefined ? own : { ...schema.definitions[$ref.replace('#/definitions/', '')], ...own };
}

function sectionOf(level, paths, field, schema, maps) {
  const examples = field.examples.map((example) => exampleOf(paths[0].split('.').at(-1), example));
  const line = `${examples.length === 1 ? 'Example' : 'Examples'}: ${examples.join(' · ')}`;
  return [headingOf(level, paths), '', meaningOf(field), '', line, '', ...tableOf(field, schema, maps)];
}

function headingOf(level, paths) {
  return `${level} ${paths.map((path) => `\`${path}\``).join(', ')}`;
}

function tableOf(field, schema, maps) {
  if (field.properties === undefined) return [];
  const rows = Object.entries(field.properties).map(([name, child]) => {
    const whole = resolved(schema, child);
    const map = maps.get(whole.title);
    const meaning = map === undefined ? meaningOf(whole) : `See [below](#${anchorOf(headingOf('', map.paths))}).`;
    return `| \`${name}\` | ${meaning} | ${whole.examples.map((example) => exampleOf(name, example)).join('<br>')} |`;
  });
  return ['| Field | Meaning | Example |', '| --- | --- | --- |', ...rows, ''];
}

/** The description, with the words that a field takes where it does not name them itself. */
function meaningOf({ description, enum: words = [] }) {
  const unnamed = words.some((word) => !description.includes(`\`${word}\``));
  return unnamed ? `${description} One of ${words.map((word) => `\`${word}\``).join(', ')}.` : description;
}

/** A field as a policy has it, on one line of code; only its value where its name is the policy's own. */
function exampleOf(name, value) {
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();
  return /^[A-Z]+$/.test(name) ? `\`${text}\`` : `\`${name}: ${text}\``;
}

/** How GitHub makes a heading an anchor. */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** The action's inputs with what action.yml says of them. */
export function inputsTable({ inputs }) {
  return namesTable('Input', inputs);
}

/** The action's outputs with what action.yml says of them. */
export function outputsTable({ outputs }) {
  return namesTable('Output', outputs);
}

function namesTable(head, named) {
  const rows = Object.entries(named).map(([name, { description }]) => `| \`${name}\` | ${description} |`);
  return [`| ${head} | Meaning |`, '| --- | --- |', ...rows].join('\n');
}

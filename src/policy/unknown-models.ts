/** Model names in a policy that no price table lists: likely misspelt, so that a limit or a rate matches no call. */
import type { PolicyProblem } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { nearest } from './suggest.js';
import { keyOf } from './tree.js';

interface NamedModel {
  readonly name: string;
  readonly at: string;
  readonly key: string;
}

/**
 * A warning for each name of a model, patterns left out, that is not known.
 * @param knows whether some provider has a price for the name
 * @param names what a misspelt one may have meant
 */
export function unknownModels(
  policy: Policy,
  knows: (name: string) => boolean,
  names: readonly string[],
): readonly PolicyProblem[] {
  const unknown = namedModels(policy).filter(({ name }) => !name.includes('*') && !knows(name));
  return unknown.map(({ name, at, key }) => {
    const near = nearest(name.toLowerCase(), names);
    const remedy = near === undefined ? 'Check how the provider spells it.' : `Did you mean ${near}?`;
    return { at, key, message: 'no price table lists a model with this name', remedy };
  });
}

function namedModels({ limits, rates, upstreams, file }: Policy): readonly NamedModel[] {
  const limited = limits.flatMap(({ scope, at }) =>
    scope.kind === 'model' ? [{ name: scope.pattern, at, key: keyOf(['limits', 'models', scope.pattern]) }] : [],
  );
  const rated = rates
    .filter(({ listed }) => !listed)
    .map(({ pattern, at = '' }) => ({ name: pattern, at, key: keyOf(['rates', pattern]) }));
  const own = new Set(rated.map(({ name }) => name.toLowerCase()));
  const hosted = upstreams.flatMap(({ host, models }) =>
    [...(models ?? [])].map(([name, model]) => ({
      name: model,
      at: `${file}:1:1`,
      key: keyOf(['upstreams', host, 'models', name]),
    })),
  );
  // A limit on, or a deployment of, a model that the policy itself prices is not a mistake of spelling.
  return [...rated, ...[...limited, ...hosted].filter(({ name }) => !own.has(name.toLowerCase()))];
}

/** Why the schema refused the name of a model, a provider or a host. */

interface Complaint {
  readonly message: string;
  readonly remedy: string;
}

/** Why a model's name or pattern was refused. */
export function patternProblem(name: string): Complaint {
  const remedy = 'Write a model name such as gpt-4o, or a pattern such as "gpt-4o*".';
  if (name === '') return { message: 'the model name is empty', remedy };
  if (stars(name) > 4) return { message: 'a model pattern can have at most 4 stars', remedy: 'Use fewer stars.' };
  if (name.length > 200) return { message: 'the model name is longer than 200 characters', remedy };
  return { message: 'a model name cannot contain spaces', remedy };
}

/** Why a provider's name or pattern was refused. */
export function providerProblem(name: string): Complaint {
  const remedy = 'Use a name from the price table, such as openai or anthropic, or a pattern such as "azure*".';
  if (stars(name) > 4) return { message: 'a provider pattern can have at most 4 stars', remedy: 'Use fewer stars.' };
  if (/[A-Z]/.test(name)) return { message: 'provider names are lower case', remedy };
  return { message: 'this is not a valid provider name', remedy };
}

/** Why a host was refused. */
export function hostProblem(name: string): Complaint {
  const remedy = 'Write host or host:port, such as api.openai.com or "127.0.0.1:11434".';
  if (name.includes('://')) return { message: 'the host must not include a scheme', remedy };
  if (name.includes('@')) return { message: 'the host must not include a user name', remedy };
  if (/[/?#]/.test(name)) return { message: 'the host must not include a path', remedy };
  if (stars(name) > 4) return { message: 'a host pattern can have at most 4 stars', remedy: 'Use fewer stars.' };
  if (/^[*.:-]*(:\d*)?$/.test(name)) return { message: 'this pattern matches every host', remedy };
  return { message: 'this is not a valid host', remedy };
}

function stars(name: string): number {
  return name.split('*').length - 1;
}

/** What is wrong with the pattern of a model or a provider, or with a host, where the schema refuses one. */

interface Complaint {
  readonly message: string;
  readonly remedy: string;
}

export function patternProblem(name: string): Complaint {
  const remedy = 'Write a model name such as gpt-4o, or a pattern such as "gpt-4o*".';
  if (name === '') return { message: 'the model name is empty', remedy };
  if (stars(name) > 4) return { message: 'a model pattern may hold at most 4 stars', remedy: 'Use fewer stars.' };
  if (name.length > 200) return { message: 'the model name is longer than 200 characters', remedy };
  return { message: 'a model name holds no spaces', remedy };
}

export function providerProblem(name: string): Complaint {
  const remedy = 'Write it as the price table does: openai or anthropic, or a pattern such as "azure*".';
  if (stars(name) > 4) return { message: 'a provider may hold at most 4 stars', remedy: 'Use fewer stars.' };
  if (/[A-Z]/.test(name)) return { message: 'a provider is written in lower case', remedy };
  return { message: 'this is no name of a provider', remedy };
}

export function hostProblem(name: string): Complaint {
  const remedy = 'Write host or host:port, such as api.openai.com or "127.0.0.1:11434".';
  if (name.includes('://')) return { message: 'a host is written without its scheme', remedy };
  if (name.includes('@')) return { message: 'a host is written without a user', remedy };
  if (/[/?#]/.test(name)) return { message: 'a host is written without a path', remedy };
  if (stars(name) > 4) return { message: 'a host may hold at most 4 stars', remedy: 'Use fewer stars.' };
  if (/^[*.:-]*(:\d*)?$/.test(name)) return { message: 'this matches every host', remedy };
  return { message: 'this is no host', remedy };
}

function stars(name: string): number {
  return name.split('*').length - 1;
}

/** Answers of the stand-in, and those that tell of a failure in GitHub's own words. */

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const DOCUMENTATION = 'https://docs.github.com/rest';

export function failed(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: { message, documentation_url: DOCUMENTATION, status: String(status) }, headers };
}

/** What a token gets that may not do what it asks, on a fork's pull request above all. */
export function notAccessible(accepted: string): Answer {
  return failed(403, 'Resource not accessible by integration', { 'x-accepted-github-permissions': accepted });
}

export function notFound(): Answer {
  return failed(404, 'Not Found');
}

export function gone(): Answer {
  return failed(410, 'This issue was deleted');
}

export function locked(): Answer {
  return failed(403, 'Unable to create comment because issue is locked.');
}

export function tooLong(): Answer {
  const message = 'Body is too long (maximum is 65536 characters)';
  const errors = [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }];
  return { status: 422, body: { message: 'Validation Failed', errors, documentation_url: DOCUMENTATION } };
}

/** One page of a list, and the Link header to those beside it. */
export function page(url: URL, all: readonly unknown[], wrap: (items: readonly unknown[]) => unknown): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? '30'));
  const number = Number(url.searchParams.get('page') ?? '1');
  const last = Math.max(1, Math.ceil(all.length / size));
  const to = (rel: string, target: number) => {
    const address = new URL(url);
    address.searchParams.set('page', String(target));
    return `<${address.href}>; rel="${rel}"`;
  };
  const back = number > 1 ? [to('prev', number - 1), to('first', 1)] : [];
  const on = number < last ? [to('next', number + 1), to('last', last)] : [];
  const links = [...back, ...on].join(', ');
  const body = wrap(all.slice((number - 1) * size, number * size));
  return { status: 200, body, headers: links === '' ? {} : { link: links } };
}

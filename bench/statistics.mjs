// What is made of samples. Medians rather than means: one pause of a shared machine must not decide a figure.

/** The value below which a part of the samples lies, 0 to 1; NaN where there are none. */
export function quantile(samples, part) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}

export const median = (samples) => quantile(samples, 0.5);

/** Medians over rounds of what `read` takes from each. */
export const medianOf = (rounds, read) => median(rounds.map(read));

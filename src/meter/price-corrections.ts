/**
 * Prices that the compiled table lacks or has wrong, each with the public page it was taken from and that page's day.
 * They go before the table, so an entry is to be dropped once the table has caught up.
 */
import type { PriceRow } from './price-table.js';

export interface PriceCorrection {
  /** The provider's id in the table. */
  readonly provider: string;
  /** Page or project and day. */
  readonly source: string;
  readonly row: PriceRow;
}

/** $10 for 1,000 searches of the web, as for each model of these two: 10^10 pico-USD each. */
const SEARCHES = { searches: 10_000_000_000 };

export const PRICE_CORRECTIONS: readonly PriceCorrection[] = [
  {
    // The table's rule for claude-sonnet-5 is a prefix, so that without this it would price 5.5 as 5.
    provider: 'anthropic',
    source: 'claudit v1.9.2, 2026-10-24; synaps 0.10.2',
    row: [
      [{ starts: 'claude-sonnet-5-5' }, { starts: 'claude-sonnet-5.5' }],
      { card: [[2_000_000, 10_000_000, 200_000, 2_500_000, 4_000_000]], fees: SEARCHES },
      { from: '2026-10-07', card: [[2_000_000, 10_000_000, 100_000, 2_500_000, 4_000_000]], fees: SEARCHES },
    ],
  },
  {
    provider: 'anthropic',
    source: 'claudit v1.9.2, 2026-10-24; PromptFuel v1.0.23',
    row: [
      [{ starts: 'claude-haiku-5-5' }, { starts: 'claude-haiku-5.5' }],
      {
        card: [
          [100_000, 500_000, 10_000, 125_000, 200_000],
          [100_000, [500_000, 2_500_000, 50_000, 625_000, 1_000_000]],
        ],
        fees: SEARCHES,
      },
    ],
  },
  // Bedrock takes Anthropic's own prices worldwide, and a tenth more within one region, as for each Claude since 4.5.
  {
    provider: 'aws',
    source: 'as Anthropic’s own, claudit v1.9.2, 2026-10-24; the table’s rows for Claude on Bedrock',
    row: [
      { has: 'global.anthropic.claude-sonnet-5-5' },
      { card: [[2_000_000, 10_000_000, 200_000, 2_500_000, 4_000_000]] },
      { from: '2026-10-07', card: [[2_000_000, 10_000_000, 100_000, 2_500_000, 4_000_000]] },
    ],
  },
  {
    provider: 'aws',
    source: 'as Anthropic’s own and a tenth, claudit v1.9.2, 2026-10-24; the table’s rows for Claude on Bedrock',
    row: [
      { has: 'claude-sonnet-5-5' },
      { card: [[2_200_000, 11_000_000, 220_000, 2_750_000, 4_400_000]] },
      { from: '2026-10-07', card: [[2_200_000, 11_000_000, 110_000, 2_750_000, 4_400_000]] },
    ],
  },
  {
    // Its page states no price for cache writes: 1.25 times input, as for each OpenAI model since 5.6.
    provider: 'openai',
    source: 'amine123max/Codex-Manager 0.4.7, 2026-09-30',
    row: [
      ['gpt-6.1-sol', 'gpt-6-1-sol'],
      {
        card: [
          [2_000_000, 10_000_000, 100_000, 2_500_000, 2_500_000],
          [272_000, [4_000_000, 15_000_000, 200_000, 5_000_000, 5_000_000]],
        ],
        fees: { ...SEARCHES, fileSearches: 2_500_000_000 },
      },
    ],
  },
  {
    // Writes to its cache are not billed apart from the input they are part of. The dear tier starts at 200k itself.
    provider: 'x-ai',
    source: 'apidog, 2026-09-29',
    row: [
      [{ starts: 'grok-4.7' }, { starts: 'grok-4-7' }],
      {
        card: [
          [2_000_000, 6_000_000, 500_000, 2_000_000, 2_000_000],
          [199_999, [4_000_000, 12_000_000, 1_000_000, 4_000_000, 4_000_000]],
        ],
      },
    ],
  },
];

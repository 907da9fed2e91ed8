/**
 * How a provider served a call, where that changes the price. `other` is a tier that the provider names and whose
 * price is not known.
 */
export type ServiceTier = 'flex' | 'batch' | 'priority' | 'fast' | 'ultrafast' | 'other';

/**
 * Words for the standard price in the answers and requests of the providers: also for capacity that was paid for in
 * advance (OpenAI's scale, Bedrock's reserved, Vertex's provisioned throughput), which a list of prices has no rate for.
 */
const STANDARD = new Set([
  '',
  'default',
  'standard',
  'standard_only',
  'on_demand',
  'on_demand_offpeak',
  'auto',
  'unspecified',
  'traffic_type_unspecified',
  'scale',
  'reserved',
  'provisioned_throughput',
]);

const KNOWN: ReadonlyMap<string, ServiceTier> = new Map([
  ['flex', 'flex'],
  ['on_demand_flex', 'flex'],
  ['batch', 'batch'],
  ['priority', 'priority'],
  ['on_demand_priority', 'priority'],
  ['fast', 'fast'],
  ['ultrafast', 'ultrafast'],
]);

/** Whether a tier may cost more than the standard. */
export function isDear(tier: ServiceTier | undefined): boolean {
  return tier !== undefined && tier !== 'flex' && tier !== 'batch';
}

/** The tier that a provider's word stands for; undefined for the standard one and for what is no word. */
export function serviceTierOf(word: unknown): ServiceTier | undefined {
  if (typeof word !== 'string') return undefined;
  const folded = word
    .trim()
    .toLowerCase()
    .replace(/^service_tier_/, '');
  return STANDARD.has(folded) ? undefined : (KNOWN.get(folded) ?? 'other');
}

/**
 * The two scripts that Redis runs. Its own clock counts, so that it does not matter what the processes of the zone think
 * the time is. Keys are bounded: a bucket ends when it would be full, which is the same as not being there; a slot of a
 * table ends with the longest window, and keeps the greatest only. The keys of slots depend on the time and are not
 * declared, so a zone has one Redis and not a cluster.
 */
import { KEPT_MAX, SLOT_MS, SLOTS } from './contributor-table.ts';

const CLOCK = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local slot = math.floor(now / ${SLOT_MS})
`;

/**
 * KEYS: buckets. ARGV: for each of them tokens a ms, burst, taken; then table, contributor, amount for each count.
 * Returns what is left in each bucket, as text (Redis cuts numbers to integers).
 */
export const SETTLE = `${CLOCK}
local left = {}
for i, key in ipairs(KEYS) do
  local rate, burst, taken = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local known = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(known[1]) or burst, tonumber(known[2]) or now
  tokens = math.min(burst, tokens + math.max(0, now - at) * rate) - taken
  tokens = math.max(-burst, tokens)
  redis.call('HSET', key, 'tokens', string.format('%.9f', tokens), 'at', string.format('%.3f', math.max(at, now)))
  redis.call('PEXPIRE', key, math.ceil((burst - tokens) / rate) + 1000)
  left[i] = string.format('%.9f', tokens)
end
local tables = {}
for i = 3 * #KEYS + 1, #ARGV, 3 do
  local key = 'stormglass:top:' .. ARGV[i] .. ':' .. slot
  redis.call('ZINCRBY', key, ARGV[i + 2], ARGV[i + 1])
  tables[key] = true
end
for key in pairs(tables) do
  redis.call('ZREMRANGEBYRANK', key, 0, -${2 * KEPT_MAX + 1})
  redis.call('PEXPIRE', key, ${(SLOTS + 1) * SLOT_MS})
end
return left
`;

/** ARGV: table, number of slots. Returns contributors and amounts by turns. */
export const TOP = `${CLOCK}
local keys = {}
for i = 0, ARGV[2] - 1 do keys[#keys + 1] = 'stormglass:top:' .. ARGV[1] .. ':' .. (slot - i) end
keys[#keys + 1] = 'WITHSCORES'
return redis.call('ZUNION', ARGV[2], unpack(keys))
`;

export const bucketKey = (bucket: string): string => `stormglass:bucket:${bucket}`;

import { isIP } from "node:net";
import * as v from "valibot";
import { batchingStrategies } from "./batching-configuration.js";
import { didYouMean } from "./near-key.js";
import { isSection, type Section } from "./section.js";

/** A setting; null, like nothing at all, asks for the default. The message of a check says what is allowed. */
type Setting = v.GenericSchema;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** Everything that may stand in a configuration, and what each setting may be. Made when it is first needed, not at import. */
export function configurationSchema(): Setting {
  const runner = runnerSettings();
  const runners = v.pipe(mapping("a mapping"), v.objectWithRest(runner, section({ ...runner, options: adapterOptions() })));
  return section({ version: v.nullish(v.literal(1, "1")), api_server: apiServer(), runners: v.nullish(runners), tracing: section({ enabled: flag() }) });
}

function runnerSettings(): Record<string, Setting> {
  return {
    resources: v.nullish(v.union([v.literal("system"), mapping("")], 'a mapping of kinds of resources to amounts, such as { cpu: 2 }, or "system"')),
    workers_per_resource: positive("a number above 0"),
    traffic: traffic(),
    batching: section({
      enabled: flag(),
      max_batch_size: whole(1),
      max_latency_ms: positive("a number of milliseconds above 0"),
      strategy: strategy(),
      max_queue_delay_ms: delay(),
      max_queue_size: whole(1),
      max_queue_bytes: whole(1),
    }),
    logging: logging(),
    metrics: section({ enabled: flag() }),
  };
}

/** Checked by the adapter, when the runner is made. */
function adapterOptions(): Setting {
  return v.nullish(mapping("a mapping of options of the model's adapter, as toRunner takes them, such as { padTo: 8 }"));
}

/** YAML reads a plain `off` as false. */
function strategy(): Setting {
  return v.nullish(v.union([v.picklist(batchingStrategies), v.literal(false)], "adaptive, fixed or off"));
}

function delay(): Setting {
  const allowed = "a number of milliseconds, 0 or more";
  return v.nullish(v.pipe(v.number(allowed), v.finite(allowed), v.minValue(0, allowed)));
}

function apiServer(): Setting {
  return section({
    workers: whole(1),
    max_runner_connections: whole(1),
    traffic: traffic(),
    metrics: section({ enabled: flag(), duration: duration() }),
    page: section({ enabled: flag() }),
    logging: logging(),
    http: section({ host: host(), port: whole(0, 65_535), cors: cors() }),
    ssl: ssl(),
    runner_probe: section({ enabled: flag(), timeout: seconds() }),
  });
}

function ssl(): Setting {
  const file = v.nullish(v.pipe(v.string("the path of a file"), v.minLength(1, "the path of a file")));
  return section({ enabled: flag(), certfile: file, keyfile: file, keyfile_password: v.nullish(v.string("a text")), ca_certs: file });
}

function traffic(): Setting {
  return section({ timeout: seconds(), max_concurrency: whole(1) });
}

function logging(): Setting {
  return section({
    access: section({
      enabled: flag(),
      request_content_length: flag(),
      request_content_type: flag(),
      response_content_length: flag(),
      response_content_type: flag(),
    }),
  });
}

function duration(): Setting {
  const list = "a list of one or more seconds above 0, each above the one before";
  const buckets = v.pipe(v.array(v.number(list), list), v.minLength(1, list), v.check((numbers: number[]) => isAscending(numbers), list));
  const growing = { min: seconds(), max: seconds(), factor: v.nullish(v.pipe(v.number("a number above 1"), v.gtValue(1, "a number above 1"))) };
  return v.pipe(section({ buckets: v.nullish(buckets), ...growing }), v.check(isOneKindOfBuckets, "either buckets, or min, max and factor with min below max"));
}

function cors(): Setting {
  const list = v.union([v.string(), v.array(v.string())], "a text or a list of texts");
  return section({
    enabled: flag(),
    allow_origins: v.nullish(list),
    allow_origin_regex: v.nullish(v.pipe(v.string("a regular expression"), v.check(isRegularExpression, "a regular expression"))),
    allow_credentials: flag(),
    allow_headers: v.nullish(list),
    allow_methods: v.nullish(list),
    expose_headers: v.nullish(list),
    max_age: v.nullish(v.pipe(v.number("a number of seconds, 0 or more"), v.minValue(0, "a number of seconds, 0 or more"))),
  });
}

function section(entries: Record<string, Setting>): Setting {
  const allowed = Object.keys(entries);
  const known = v.strictObject(entries, ({ path }) => {
    const suggestion = didYouMean(String(path?.at(-1)?.key), allowed);
    return `unknown key${suggestion || "."} Allowed here: ${allowed.join(", ")}`;
  });
  return v.nullish(v.pipe(mapping(`a mapping with ${allowed.join(", ")}`), known));
}

/** The library takes lists for objects. */
function mapping(allowed: string): v.GenericSchema<Section> {
  return v.custom<Section>(isSection, allowed);
}

function flag(): Setting {
  return v.nullish(v.boolean("true or false"));
}

function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Setting {
  const allowed = most === Number.MAX_SAFE_INTEGER ? `a whole number of ${least} or more` : `a whole number from ${least} to ${most}`;
  return v.nullish(v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(least, allowed), v.maxValue(most, allowed)));
}

function positive(allowed: string): Setting {
  return v.nullish(v.pipe(v.number(allowed), v.finite(allowed), v.gtValue(0, allowed)));
}

function seconds(): Setting {
  return positive("a number of seconds above 0");
}

function host(): Setting {
  const allowed = "an IP address or the name of a host, without a port";
  return v.nullish(v.pipe(v.string(allowed), v.check((text) => isIP(text) !== 0 || HOST_NAME.test(text), allowed)));
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number > (index === 0 ? 0 : (numbers[index - 1] as number)));
}

function isOneKindOfBuckets(given: unknown): boolean {
  const { buckets, min, max, factor } = (given ?? {}) as Record<string, unknown>;
  const growing = [min, max, factor].map((value) => value ?? undefined);
  if ((buckets ?? undefined) !== undefined) return growing.every((value) => value === undefined);
  return growing.every((value) => value === undefined) || (growing.every((value) => value !== undefined) && (min as number) < (max as number));
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

import type { Section } from "./section.js";
import { flagAt } from "./setting-values.js";

/** Whether there is an access log, and what a line of it says. */
export interface AccessLogConfiguration {
  /** Default false, unlike the original's: a line for each request costs the serving thread a third of what a small request does. */
  readonly enabled: boolean;
  /** Whether a line says how many bytes the request had. */
  readonly requestContentLength: boolean;
  /** Whether a line says the request's media type. */
  readonly requestContentType: boolean;
  /** Whether a line says how many bytes the answer had. */
  readonly responseContentLength: boolean;
  /** Whether a line says the answer's media type. */
  readonly responseContentType: boolean;
}

export function accessLog(settings: Section): AccessLogConfiguration {
  const isOn = (key: string, byDefault = true): boolean => flagAt(settings, ["logging", "access", key], byDefault);
  return {
    enabled: isOn("enabled", false),
    requestContentLength: isOn("request_content_length"),
    requestContentType: isOn("request_content_type"),
    responseContentLength: isOn("response_content_length"),
    responseContentType: isOn("response_content_type"),
  };
}

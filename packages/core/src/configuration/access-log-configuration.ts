import type { Section } from "./section.js";
import { flagAt } from "./setting-values.js";

/** What a line of the access log says. All default true. */
export interface AccessLogConfiguration {
  readonly enabled: boolean;
  readonly requestContentLength: boolean;
  readonly requestContentType: boolean;
  readonly responseContentLength: boolean;
  readonly responseContentType: boolean;
}

export function accessLog(settings: Section): AccessLogConfiguration {
  const isOn = (key: string): boolean => flagAt(settings, ["logging", "access", key], true);
  return {
    enabled: isOn("enabled"),
    requestContentLength: isOn("request_content_length"),
    requestContentType: isOn("request_content_type"),
    responseContentLength: isOn("response_content_length"),
    responseContentType: isOn("response_content_type"),
  };
}

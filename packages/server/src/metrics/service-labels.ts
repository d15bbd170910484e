/** Labels that stand on every metric of a server. */
export interface ServiceLabels {
  readonly service_name: string;
  readonly service_version: string;
}

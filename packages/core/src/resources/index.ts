/**
 * What a machine has for workers: kinds of resources (CPU, NVIDIA GPUs, those of users), how a wish for one is written, and how
 * much of it there is. The runner room plans its workers with it; it uses `errors` and the errors of `configuration`.
 */
export type { Resource, ResourceRequest } from "./resource.js";
export { CPU, NVIDIA_GPU } from "./resource-names.js";
export { cpuResource } from "./cpu-resource.js";
export { nvidiaGpuResource } from "./nvidia-gpu-resource.js";
export { ResourceRegistry, defaultResources, registerResource, systemResources } from "./resource-registry.js";

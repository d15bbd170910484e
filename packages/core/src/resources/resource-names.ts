/** Cores, as a number that may have a fraction. */
export const CPU = "cpu";
/** NVIDIA GPUs, as a list of their indices. */
export const NVIDIA_GPU = "nvidia.com/gpu";

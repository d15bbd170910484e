/**
 * A simulator of batching on virtual time, for tests and for `npm run simulate`: the very code of `batching` behind simulated
 * threads, models, callers and networks, next to the Python original's algorithm. Not part of the package; no other room uses it.
 *
 * Costs of the threads and the network are those of a Node.js server with its load generator beside it, as measured when the policy
 * was designed: 14 µs to read a request, 2 µs for an answer, 3 + 3 µs for a batch, 6 + 6 µs on the way to a worker and back, 8 µs in
 * the load generator, 15 µs and 10 µs of jitter in the network, models with 7 % of lognormal noise and stalls of three times their
 * time in 0.1 % of the batches.
 */
export {};

/** Serves the service from a program of one's own, instead of `bentoml serve`. */
import { ModelServer } from "bentoml-server";
import { svc } from "./service.mjs";

const server = new ModelServer({ service: svc, ownsRunners: true });
const { url } = await server.listen({ port: Number(process.argv[2] ?? 3000) });
console.log(url);

process.once("SIGTERM", () => server.close());

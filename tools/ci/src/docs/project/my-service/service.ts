import { Service, io } from "bentoml-server";

export const svc = new Service("echo");

svc.api("say", { input: io.text(), output: io.text() }, async (text) => text);

/** Two services in one file. */
import { Service, io } from "bentoml-server";
import { svc } from "./service.js";

export const digits = svc;

export const echo = new Service("echo");
echo.api("say", { input: io.text(), output: io.text() }, async (text) => text);

import { answerAtOnce, type AnswerSetting } from "./answer-at-once.js";
import { isPreflight, type CrossOrigin } from "./cross-origin.js";
import type { FastRoute } from "./front-server.js";
import type { Endpoint } from "./request-pipeline.js";

/** Marks every answer for browsers, and answers what they ask before a call. */
export function createCrossOriginFront(crossOrigin: CrossOrigin, preflights: Endpoint, setting: AnswerSetting): FastRoute {
  return (request, response) => {
    crossOrigin.mark(request, response);
    if (!isPreflight(request)) return false;
    answerAtOnce(setting, preflights, request, response, () => crossOrigin.preflight(request, response));
    return true;
  };
}

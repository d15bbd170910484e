/**
 * Asks a server for two answers of the model that the example of a generated adapter saves: its weights are 0.5 and 0.25.
 *
 * @param {string} url The server's.
 * @throws When the answers are others.
 */
export async function checkScores(url) {
  const inputs = [{ name: "rows", datatype: "FP32", shape: [2, 2], data: [1, 2, 3, 4] }];
  const response = await fetch(`${url}/v2/models/scores/infer`, { method: "POST", body: JSON.stringify({ inputs }) });
  const text = await response.text();
  const [output] = response.status === 200 ? JSON.parse(text).outputs : [];
  if (JSON.stringify(output?.data) !== "[1,2.5]") throw new Error(`The infer request was answered with ${response.status}: ${text}`);
}

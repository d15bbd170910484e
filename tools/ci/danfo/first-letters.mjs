import { Runnable } from "bentoml-core";
import { DataFrame } from "bentoml-danfo-dataframes";

/** A user's own Runnable, which takes a frame and gives a series, or the frame again. */
export class FirstLetters extends Runnable {
  static module = import.meta.url;
  static methods = { letters: { batchable: true }, same: { batchable: true } };

  letters(frame) {
    const names = DataFrame.from(frame).column("name");
    const letters = names.values.map((name) => name?.[0] ?? null);
    return DataFrame.from(frame).withColumns({ letter: letters }).column("letter").inCallersClass();
  }

  same(frame) {
    return frame;
  }
}

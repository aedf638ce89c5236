import { registerModule } from "../modules";
import { Schematic } from "./schematic";

export * from "./get-urls";
export * from "./schematic";

registerModule({
  [Schematic.__pulumiType]: (name, options) => new Schematic(name, undefined, options),
});

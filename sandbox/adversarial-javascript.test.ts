import { runsInOneBox } from "./testing/attack-suite.ts";

runsInOneBox("attacks", "attacks.js.txt", "javascript");
runsInOneBox("honest controls", "honest.js.txt", "javascript");

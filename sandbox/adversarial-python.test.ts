import { runsInOneBox } from "./testing/attack-suite.ts";

runsInOneBox("attacks", "attacks.py.txt", "python");
runsInOneBox("honest controls", "honest.py.txt", "python");

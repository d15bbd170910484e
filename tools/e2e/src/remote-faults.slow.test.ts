import { testRemoteFaults } from "./remote-fault-suite.js";

testRemoteFaults(50);

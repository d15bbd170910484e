import { testRemoteFaults } from "./remote-fault-suite.js";

// The slow tests make each 50 times.
testRemoteFaults(2);

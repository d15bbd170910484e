import { leaveWhileRunning, testLeaving } from "./leaving-times.js";

testLeaving(leaveWhileRunning(), 50);

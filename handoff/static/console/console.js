// The console's page: live parts, alarms, ticking times, and on a talk's page the reply box.
import { watchAlarms } from "./alarm.js";
import { keepLive } from "./live.js";
import { openTalk } from "./talk.js";
import { tick } from "./times.js";

const live = keepLive(document.body.dataset.stream);
watchAlarms();
tick();
if (document.getElementById("messages")) openTalk(live);

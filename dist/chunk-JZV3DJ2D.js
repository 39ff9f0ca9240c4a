import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);
var PLAN_FILE="plan.json";function writePlan(session,plan){session.write(PLAN_FILE,JSON.stringify(plan))}function readPlan(session){return JSON.parse(session.read(PLAN_FILE))}export{writePlan,readPlan};

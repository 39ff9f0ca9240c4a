import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);
import{makeDispatcher}from"./chunk-IKEGPUWR.js";import"./chunk-EP2YBFHC.js";import"./chunk-N5IOGGF5.js";import"./chunk-22A66JKC.js";export{makeDispatcher};

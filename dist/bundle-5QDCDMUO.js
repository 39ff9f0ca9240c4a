import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);
import{SIGNATURE_CLAIMS,isSignatureClaim,isSignedBy,keyHint,parseBundle}from"./chunk-W77JAYHU.js";import"./chunk-XI6CF3YU.js";import"./chunk-22A66JKC.js";export{SIGNATURE_CLAIMS,isSignatureClaim,isSignedBy,keyHint,parseBundle};

import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);
function hostOfKey(key){let name=key.replace(/^https?:\/\//,"").replace(/\/.*$/,"").replace(/:443$/,"");return name==="index.docker.io"||name==="registry-1.docker.io"?"docker.io":name}export{hostOfKey};

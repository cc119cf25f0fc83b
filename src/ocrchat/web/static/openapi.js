// Shows /openapi.json and lets each operation be tried. Everything that is shown is set as text, never as HTML.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "className") node.className = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// What stands between backticks is code.
function prose(text) {
  return (text || "").split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

function resolve(api, schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.split("/").slice(1).reduce((value, key) => value[key], api);
}

function kindOf(api, schema) {
  const found = resolve(api, schema);
  if (found.anyOf) return found.anyOf.map((one) => kindOf(api, one)).join(" or ");
  if (found.enum) return found.enum.map((one) => JSON.stringify(one)).join(", ");
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.type === "array") return `list of ${kindOf(api, found.items)}`;
  return found.title && found.type === "object" ? found.title : found.type || "any";
}

function rows(api, entries) {
  const table = element("table");
  for (const [name, kind, about] of entries) {
    table.append(element("tr", {},
      element("td", {}, element("code", {}, name)), element("td", {}, kind), element("td", {}, ...prose(about))));
  }
  return table;
}

function fieldsOf(api, schema) {
  const found = resolve(api, schema);
  return Object.entries(found.properties || {}).map(([name, one]) => [name, kindOf(api, one), one.description]);
}

function input(id, name, about, required, initial) {
  const field = element("input", { id, name });
  if (initial !== undefined && initial !== null) field.value = String(initial);
  return [element("label", { for: id }, required ? `${name} *` : name), field,
    element("span", { className: "hint" }, ...prose(about))];
}

function fileInput(id, name) {
  const field = element("input", { id, name, type: "file" });
  const zone = element("div", { className: "drop" }, field, element("div", { className: "hint" }, "or drop a file here"));
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    field.files = event.dataTransfer.files;
  });
  return [element("label", { for: id }, `${name} *`), zone];
}

function bodyOf(operation) {
  const content = (operation.requestBody || {}).content || {};
  const [kind] = Object.keys(content);
  return kind ? { kind, schema: content[kind].schema } : null;
}

function tryForm(api, path, method, operation, prefix) {
  const form = element("form", { autocomplete: "off" });
  const parameters = operation.parameters || [];
  for (const one of parameters) {
    form.append(...input(`${prefix}-${one.name}`, one.name, one.description, one.required, (one.schema || {}).default));
  }
  const body = bodyOf(operation);
  if (body && body.kind === "multipart/form-data") {
    for (const [name, one] of Object.entries(resolve(api, body.schema).properties)) {
      const isFile = one.format === "binary";
      form.append(...(isFile ? fileInput(`${prefix}-${name}`, name) : input(`${prefix}-${name}`, name, one.description)));
    }
  } else if (body) {
    const example = {};
    for (const name of Object.keys(resolve(api, body.schema).properties || {})) example[name] = "";
    const area = element("textarea", { id: `${prefix}-body`, name: "body", rows: "3" });
    area.value = JSON.stringify(example);
    form.append(element("label", { for: area.id }, "body"), area);
  }
  const button = element("button", { type: "submit" }, "Try it");
  const answer = element("div", { "aria-live": "polite" });
  form.append(element("div", {}, button), answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await send(api, path, method, parameters, body, form, answer);
    } catch (error) {
      answer.replaceChildren(element("pre", {}, String(error)));
    }
    button.disabled = false;
  });
  return form;
}

async function send(api, path, method, parameters, body, form, answer) {
  const headers = {};
  const query = new URLSearchParams();
  let address = path;
  for (const one of parameters) {
    const value = form.elements[one.name].value;
    if (one.in === "path") address = address.replace(`{${one.name}}`, encodeURIComponent(value));
    else if (value === "") continue;
    else if (one.in === "query") query.set(one.name, value);
    else if (one.in === "header") headers[one.name] = value;
  }
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  const options = { method: method.toUpperCase(), headers, credentials: "omit" };
  if (body && body.kind === "multipart/form-data") {
    options.body = new FormData();
    for (const [name, one] of Object.entries(resolve(api, body.schema).properties)) {
      const field = form.elements[name];
      if (one.format === "binary") { if (field.files[0]) options.body.append(name, field.files[0]); }
      else if (field.value !== "") options.body.append(name, field.value);
    }
  } else if (body) {
    headers["Content-Type"] = body.kind;
    options.body = form.elements.body.value;
  }
  const search = query.toString();
  answer.replaceChildren(element("p", {}, "Waiting …"));
  const start = performance.now();
  const response = await fetch(search ? `${address}?${search}` : address, options);
  const took = Math.round(performance.now() - start);
  const shown = await shownAnswer(response);
  answer.replaceChildren(element("p", {}, `${response.status} in ${took} ms`), shown);
}

async function shownAnswer(response) {
  const kind = response.headers.get("content-type") || "";
  const disposition = response.headers.get("content-disposition") || "";
  if (disposition.startsWith("attachment")) {
    const name = /filename="([^"]*)"/.exec(disposition);
    const link = element("a", { href: URL.createObjectURL(await response.blob()), download: name ? name[1] : "result" });
    link.append("Save the file");
    return link;
  }
  const text = await response.text();
  if (!kind.startsWith("application/json")) return element("pre", {}, text);
  return element("pre", {}, JSON.stringify(JSON.parse(text), null, 2));
}

function shownOperation(api, path, method, operation, number) {
  const inside = element("div");
  if (operation.description) inside.append(element("p", {}, ...prose(operation.description)));
  const body = bodyOf(operation);
  if (body) inside.append(element("h4", {}, `Body: ${body.kind}`), rows(api, fieldsOf(api, body.schema)));
  if (operation.parameters) {
    inside.append(element("h4", {}, "Parameters"), rows(api,
      operation.parameters.map((one) => [one.name, `${one.in}, ${kindOf(api, one.schema)}`, one.description])));
  }
  inside.append(element("h4", {}, "Answers"));
  for (const [status, one] of Object.entries(operation.responses)) {
    const [kind] = Object.keys(one.content || {});
    const fields = kind ? fieldsOf(api, one.content[kind].schema) : [];
    inside.append(element("details", {}, element("summary", {}, element("code", {}, status), " ", ...prose(one.description)),
      element("div", {}, rows(api, fields))));
  }
  inside.append(element("h4", {}, "Try it"), tryForm(api, path, method, operation, `o${number}`));
  return element("details", {}, element("summary", {}, element("span", { className: "method" }, method.toUpperCase()),
    element("span", { className: "path" }, path), ` ${operation.summary || ""}`), inside);
}

async function main() {
  const api = await (await fetch("/openapi.json")).json();
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").replaceChildren(...prose(api.info.description));
  const groups = new Map();
  let number = 0;
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS) {
      if (!item[method]) continue;
      const [group] = item[method].tags || ["Other"];
      if (!groups.has(group)) groups.set(group, element("section", {}, element("h2", {}, group)));
      groups.get(group).append(shownOperation(api, path, method, item[method], number++));
    }
  }
  document.getElementById("operations").replaceChildren(...groups.values());
}

document.getElementById("token-form").addEventListener("submit", (event) => event.preventDefault());
main().catch((error) => document.getElementById("operations").replaceChildren(element("pre", {}, String(error))));

#!/usr/bin/env bash
# simple-oauth2's revoke() throws although the server has revoked the token.
#
# What one would guess: RFC 7009, section 2.2: the server answers 200 "and the content of the response body is ignored
# by the client, as all necessary information is conveyed in the response code". So an empty 200 is success.
# What happens: simple-oauth2 5.1.0 insists on parsing the answer as JSON. An empty 200 with Content-Type text/html (what
# most frameworks send by default), or with none, makes revoke() reject with "The content-type is not JSON compatible",
# after the server has revoked. An empty 200 with application/json is taken.
# revokeAll() stops there: the access token is gone, the refresh token was never sent and stays good.
# Who is bitten: who calls revokeAll() at log-out against a server that sends a plain 200: the refresh token survives.
# Seen 29 November 2026, Node.js 18 or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund simple-oauth2@5.1.0 >/dev/null
cat >check.js <<'JAVASCRIPT'
const assert = require("node:assert");
const http = require("node:http");
const { ClientCredentials, AuthorizationCode } = require("simple-oauth2");

async function tried(headers) {
  const revoked = [];
  const server = http.createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", () => {
      revoked.push(new URLSearchParams(body).get("token_type_hint"));
      answer.writeHead(200, headers);
      answer.end();
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const client = new AuthorizationCode({
    client: { id: "shop", secret: "secret" },
    auth: { tokenHost: `http://127.0.0.1:${server.address().port}`, revokePath: "/revoke" },
  });
  const token = client.createToken({ access_token: "a", refresh_token: "r", expires_in: 60 });
  const outcome = await token.revokeAll().then(() => "taken", (error) => error.message);
  server.close();
  return { outcome, revoked };
}

(async () => {
  console.log("simple-oauth2", require("simple-oauth2/package.json").version);
  const html = await tried({ "Content-Type": "text/html; charset=utf-8" });
  console.log("empty 200, text/html:", html);
  const json = await tried({ "Content-Type": "application/json" });
  console.log("empty 200, application/json:", json);
  const none = await tried({});
  console.log("empty 200, no content type:", none);
  assert.match(html.outcome, /not JSON compatible/);
  assert.deepStrictEqual(html.revoked, ["access_token"]);
  assert.match(none.outcome, /not JSON compatible/);
  assert.strictEqual(json.outcome, "taken");
  assert.deepStrictEqual(json.revoked, ["access_token", "refresh_token"]);
})();
JAVASCRIPT
node check.js

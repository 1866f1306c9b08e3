"""The API explained on one page that needs nothing from elsewhere."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trackside event ingress</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
  code, pre { font: 14px/1.5 ui-monospace, monospace; }
  pre { padding: 1rem; border: 1px solid #8886; border-radius: 8px; overflow-x: auto; }
  td, th { text-align: left; padding: .3rem 1rem .3rem 0; vertical-align: top; }
</style>
<h1>Trackside event ingress</h1>
<p>Commands from outside, as CloudEvents 1.0 over HTTP. For programs: <a href="openapi.json">openapi.json</a>.</p>
<table>
  <tr><th>Route<th>Answer<th>Scope of the token
  <tr><td><code>GET /health</code><td>do events go on?<td>no token
  <tr><td><code>POST /events</code><td>a command is sent on<td><code>send:NAME</code>, or <code>send</code>
  <tr><td><code>GET /events/{id}/answer</code><td>the fact that answers it<td>the same
  <tr><td><code>GET /facts/{key}</code><td>all that was stated about a key<td><code>hear</code>
  <tr><td><code>POST /uploads</code><td>a file is stored<td><code>upload</code>
  <tr><td><code>/lfs/{repository}</code><td>a Git LFS server<td><code>hear</code>; to push <code>upload</code> too
</table>
<h2>A file becomes a dataset</h2>
<pre>TOKEN=$(trackside token --scope upload --scope send:RegisterDataset)
URL=http://127.0.0.1:PORT
curl -H "Authorization: Bearer $TOKEN" --data-binary @penguins.csv $URL/uploads
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
     -H "ce-specversion: 1.0" -H "ce-id: 1" -H "ce-source: me" -H "ce-type: RegisterDataset" \\
     -d '{"ingestion_id": "ing-1", "name": "penguins", "upload": "UPLOAD", "filename": "penguins.csv"}' $URL/events
curl -H "Authorization: Bearer $TOKEN" "$URL/events/1/answer?type=RegisterDataset&amp;key=ing-1&amp;wait=30"</pre>
<p>The binary mode has its attributes in <code>ce-</code> headers and the command in the body; the structured mode
(<code>application/cloudevents+json</code>) has both in one JSON object. <code>ce-type</code> is the command's name or
its subject. An event that is sent again under the same id is obeyed once. <code>202</code> says that the command is
stored for its owner, and where to hear the answer: a fact, or a refusal with <code>reason</code>, <code>cause</code>
and <code>cure</code>. <code>wait</code> is how many seconds to wait for it, at most 60; without an answer in that time
it is <code>202</code> again.</p>
<p>Every error says its reason, its cause and its cure; <code>403</code> names the scope that is missing,
<code>413</code> and <code>429</code> the limit and its setting.</p>
</html>
"""

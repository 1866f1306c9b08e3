"""The API explained on one page that needs nothing from elsewhere."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trackside serving</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
  code, pre { font: 14px/1.5 ui-monospace, monospace; }
  pre { padding: 1rem; border: 1px solid #8886; border-radius: 8px; overflow-x: auto; }
  td, th { text-align: left; padding: .3rem 1rem .3rem 0; vertical-align: top; }
</style>
<h1>Trackside serving</h1>
<p>Predictions from deployed model versions. For programs: <a href="openapi.json">openapi.json</a>.</p>
<table>
  <tr><th>Route<th>Answer<th>Token
  <tr><td><code>GET /health</code><td>does everything that was deployed answer?<td>no
  <tr><td><code>GET /deployments</code><td>what answers<td>yes
  <tr><td><code>GET /deployments/{name}/schema</code><td>what a deployment takes and gives, with an example row<td>yes
  <tr><td><code>POST /deployments/{name}/predict</code><td>one prediction per row<td>yes
</table>
<h2>A prediction</h2>
<pre>TOKEN=$(trackside token)
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
     -d '{"rows": [{"column": 1.5, "another": null}]}' \\
     http://127.0.0.1:PORT/deployments/NAME/predict</pre>
<p>One row may also be sent as <code>{"row": {...}}</code>. Every column of the schema must be named;
<code>null</code> says that a value is missing. An answer names the model version that gave it:</p>
<pre>{"prediction_id": "...", "model_version_id": "...",
 "predictions": [{"prediction": "Adelie", "probabilities": {"Adelie": 0.98, "Gentoo": 0.02}}]}</pre>
<p>Every error says its reason, its cause and its cure; rows that are refused are listed with the column at fault.</p>
</html>
"""

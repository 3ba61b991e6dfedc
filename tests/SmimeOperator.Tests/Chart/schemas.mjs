// Holds manifests against the schemas that Kubernetes publishes:  node schemas.mjs <folder with node_modules> < manifests.json
// The package carries a validator for each kind, compiled from Kubernetes' own OpenAPI document.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const group = { "apps/v1": "AppsV1", "v1": "CoreV1", "policy/v1": "PolicyV1", "networking.k8s.io/v1": "NetworkingV1" };
let bad = 0;
for (const manifest of JSON.parse(readFileSync(0, "utf8"))) {
  const file = `IoK8sApi${group[manifest.apiVersion]}${manifest.kind}.js`;
  const { validate } = await import(pathToFileURL(join(process.argv[2], "node_modules", "kubernetes-models", "_schemas", file)));
  if (!validate(manifest)) {
    bad++;
    console.error(`${manifest.kind} ${manifest.metadata.name}: ${validate.errors.map((e) => `${e.instancePath} ${e.message ?? e.keyword} ${JSON.stringify(e.params)}`).join("; ")}`);
  }
}
process.exit(bad === 0 ? 0 : 1);

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SmimeOperator.Benchmarks.Cluster;

/// <summary>The objects of the measured cluster.</summary>
internal static class Manifests
{
    /// <summary>The namespace that everything lives in.</summary>
    public const string Space = "bench";

    private const string Group = "/apis/smime-operator.io/v1alpha1/namespaces/" + Space;

    /// <summary>A user's principal name.</summary>
    public static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"user-{number:D5}@contoso.com");

    /// <summary>A group's name.</summary>
    public static string GroupName(int number) => string.Create(CultureInfo.InvariantCulture, $"group-{number:D4}");

    /// <summary>The namespace and what the Tenant refers to.</summary>
    public static IEnumerable<(string Path, JsonObject Body)> Basics(Material material)
    {
        yield return ("/api/v1/namespaces", Object("v1", "Namespace", Space, null));
        yield return ($"/api/v1/namespaces/{Space}/configmaps", Object("v1", "ConfigMap", "intune-connector-key", new() { ["data"] = new JsonObject { ["public.pem"] = material.ConnectorKey } }));
        yield return ($"/api/v1/namespaces/{Space}/configmaps", Object("v1", "ConfigMap", "pki", new() { ["data"] = new JsonObject { ["root.pem"] = material.Root() } }));
    }

    /// <summary>A Tenant of the simulator.</summary>
    public static JsonObject Tenant(Uri endpoint, string interval, int writes, int requests, JsonObject? credentials = null) => Resource("Tenant", "contoso", new JsonObject
    {
        ["tenantId"] = "11111111-2222-3333-4444-555555555555",
        ["endpoint"] = endpoint.GetLeftPart(UriPartial.Authority),
        ["credentials"] = credentials ?? new JsonObject { ["type"] = "None" },
        ["interval"] = interval,
        ["budget"] = new JsonObject { ["writesPer20s"] = writes, ["requestsPer20s"] = requests },
        ["connectorKey"] = JsonNode.Parse("""{"keyName": "PFXEncryptionKey", "publicKeyRef": {"kind": "ConfigMap", "name": "intune-connector-key", "key": "public.pem"}}"""),
    });

    /// <summary>A Secret as cert-manager writes it.</summary>
    public static (string Path, JsonObject Body) TlsSecret(Material material, int number, int users)
    {
        var (certificate, key) = material.Pair(number, User(number % users));
        var secret = Object("v1", "Secret", NameOf(number), new()
        {
            ["type"] = "kubernetes.io/tls",
            ["data"] = new JsonObject { ["tls.crt"] = Base64(certificate), ["tls.key"] = Base64(key) },
        });
        secret["metadata"]!["annotations"] = JsonNode.Parse("""
            {"cert-manager.io/issuer-name": "smime-ca", "cert-manager.io/issuer-kind": "ClusterIssuer", "cert-manager.io/common-name": "user", "cert-manager.io/alt-names": ""}
            """);
        return ($"/api/v1/namespaces/{Space}/secrets", secret);
    }

    /// <summary>A Secret that is none of our business, as every cluster is full of them.</summary>
    public static (string Path, JsonObject Body) OtherSecret(int number)
    {
        var secret = Object("v1", "Secret", string.Create(CultureInfo.InvariantCulture, $"other-{number:D6}"), new()
        {
            ["data"] = new JsonObject { ["value"] = Base64(new string('x', 600)) },
        });
        secret["metadata"]!["namespace"] = "default";
        secret["metadata"]!["labels"] = JsonNode.Parse($$"""
            {"app.kubernetes.io/name": "app-{{number % 500}}", "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "release-{{number % 2000}}"}
            """);
        secret["metadata"]!["annotations"] = JsonNode.Parse($$"""
            {"meta.helm.sh/release-name": "release-{{number % 2000}}", "meta.helm.sh/release-namespace": "default"}
            """);
        return ("/api/v1/namespaces/default/secrets", secret);
    }

    /// <summary>The import of one certificate.</summary>
    public static (string Path, JsonObject Body) Import(int number, int users) => ($"{Group}/certificateimports", Resource("CertificateImport", NameOf(number), new JsonObject
    {
        ["tenantRef"] = new JsonObject { ["name"] = "contoso" },
        ["userPrincipalName"] = User(number % users),
        ["purpose"] = "SmimeEncryption",
        ["sources"] = new JsonArray(new JsonObject { ["name"] = "current", ["tls"] = new JsonObject { ["secretName"] = NameOf(number) } }),
    }));

    /// <summary>A policy; every fifth with a root and a SCEP profile.</summary>
    public static JsonObject Policy(int number, string ldapHost = "ldap.contoso.com")
    {
        var spec = new JsonObject
        {
            ["tenantRef"] = new JsonObject { ["name"] = "contoso" },
            ["displayName"] = $"Outlook {number}",
            ["outlook"] = new JsonObject { ["ldapUrl"] = $"ldaps://{ldapHost}" },
            ["encryption"] = new JsonObject { ["source"] = "ImportedPkcs" },
        };
        if (number % 5 == 0)
        {
            spec["trustedCertificates"] = JsonNode.Parse("""[{"name": "root", "certificateRef": {"kind": "ConfigMap", "name": "pki", "key": "root.pem"}}]""");
            spec["signing"] = JsonNode.Parse("""
                {"source": "Scep", "scep": {
                  "subjectName": "CN={{UserName}},E={{EmailAddress}}", "subjectAlternativeNames": [{"type": "EmailAddress", "value": "{{EmailAddress}}"}],
                  "validityPeriod": {"value": 1, "scale": "Years"}, "serverUrls": ["https://ndes.contoso.com/certsrv/mscep/mscep.dll"],
                  "rootCertificate": "root", "keySize": 2048, "keyUsage": ["DigitalSignature"], "extendedKeyUsages": ["1.3.6.1.5.5.7.3.4"]}}
                """);
        }
        else
        {
            spec["signing"] = new JsonObject { ["source"] = "ImportedPkcs" };
        }

        return Resource("SmimePolicy", PolicyName(number), spec);
    }

    /// <summary>The path that policies are created at.</summary>
    public static (string Path, JsonObject Body) PolicyAt(int number) => ($"{Group}/smimepolicies", Policy(number));

    /// <summary>The assignment of a policy to one group.</summary>
    public static (string Path, JsonObject Body) Assignment(int number, int policies) => ($"{Group}/assignments", Resource(
        "Assignment", string.Create(CultureInfo.InvariantCulture, $"assignment-{number:D4}"), new JsonObject
        {
            ["policyRef"] = new JsonObject { ["name"] = PolicyName(number % policies) },
            ["include"] = new JsonArray(new JsonObject { ["group"] = new JsonObject { ["displayName"] = GroupName(number) } }),
            ["app"] = new JsonObject { ["intent"] = "None" },
        }));

    /// <summary>The name of an import and its Secret.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"import-{number:D6}");

    private static string PolicyName(int number) => string.Create(CultureInfo.InvariantCulture, $"policy-{number:D3}");

    private static JsonObject Resource(string kind, string name, JsonObject spec) => Object("smime-operator.io/v1alpha1", kind, name, new() { ["spec"] = spec });

    private static JsonObject Object(string version, string kind, string name, JsonObject? more)
    {
        var result = new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = kind == "Namespace" ? new JsonObject { ["name"] = name } : new JsonObject { ["name"] = name, ["namespace"] = Space },
        };
        foreach (var (key, value) in more ?? [])
        {
            result[key] = value!.DeepClone();
        }

        return result;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}

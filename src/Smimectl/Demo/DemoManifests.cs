using System.Text;

namespace Smimectl;

/// <summary>Writes the generated manifests, in the form that kubectl applies too.</summary>
internal static class DemoManifests
{
    public static string ConfigMap(string name, string key, string text)
    {
        var yaml = Head("ConfigMap", name, null);
        yaml.Append("data:\n");
        Block(yaml, key, text);
        return yaml.ToString();
    }

    public static string Pkcs12Secret(string name, byte[] file, string password, string? user) => Head("Secret", name, user)
        .Append("type: Opaque\n")
        .Append("data:\n")
        .Append("  keystore.p12: ").Append(Convert.ToBase64String(file)).Append('\n')
        .Append("stringData:\n")
        .Append("  password: \"").Append(password).Append("\"\n")
        .ToString();

    public static string TlsSecret(string name, string certificates, string key)
    {
        var yaml = Head("Secret", name, null).Append("type: kubernetes.io/tls\n").Append("stringData:\n");
        Block(yaml, "tls.crt", certificates);
        Block(yaml, "tls.key", key);
        return yaml.ToString();
    }

    private static StringBuilder Head(string kind, string name, string? user)
    {
        var yaml = new StringBuilder("# Made by smimectl demo. For trying only; keep it out of git.\n")
            .Append("apiVersion: v1\nkind: ").Append(kind).Append("\nmetadata:\n  name: ").Append(name).Append('\n');
        if (user is not null)
        {
            yaml.Append("  labels:\n    smime-operator.io/user: ").Append(user).Append('\n');
        }

        return yaml;
    }

    private static void Block(StringBuilder yaml, string key, string text)
    {
        yaml.Append("  ").Append(key).Append(": |\n");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            yaml.Append("    ").Append(line).Append('\n');
        }
    }
}

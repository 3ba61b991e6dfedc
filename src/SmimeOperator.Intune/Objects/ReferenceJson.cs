using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmimeOperator.Intune;

/// <summary>References between objects: a plain read does not show them, and a creation sends them beside the properties. Pure.</summary>
internal static class ReferenceJson
{
    private const string Binding = "@odata.bind";
    private const string DerivedCredential = "derivedCredentialSettings";

    private static readonly Dictionary<string, string[]> Navigations = new(StringComparer.Ordinal)
    {
        ["iosScepCertificateProfile"] = ["rootCertificate"],
        ["iosDerivedCredentialAuthenticationConfiguration"] = [DerivedCredential],
        ["iosEasEmailProfileConfiguration"] = ["smimeSigningCertificate", "smimeEncryptionCertificate", DerivedCredential],
    };

    /// <summary>The references of a type that are read and compared.</summary>
    public static IReadOnlyList<string> Of(string type) => Navigations.GetValueOrDefault(type, []);

    /// <summary>Whether nobody documents that the reference can be read: a tenant that refuses leaves it unknown, and nothing else.</summary>
    public static bool MayBeRefused(string navigation) => navigation == DerivedCredential;

    /// <summary>The references after a creation: what was sent, and nothing for the others.</summary>
    public static Dictionary<string, string?> Sent(string type, JsonElement body) =>
        Of(type).ToDictionary(n => n, n => IdOf(GraphJson.Text(body, n + Binding)), StringComparer.Ordinal);

    /// <summary>Completes references that are written from the version's root on: only the connection knows its cloud's address.</summary>
    public static byte[] Absolute(byte[] json, string versionRoot)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        var relative = body.Where(p => p.Key.EndsWith(Binding, StringComparison.Ordinal)).Select(p => (p.Key, Path: (string?)p.Value)).ToList();
        foreach (var (name, path) in relative)
        {
            body[name] = versionRoot + path;
        }

        return relative.Count == 0 ? json : JsonSerializer.SerializeToUtf8Bytes(body);
    }

    /// <summary>The body that makes a reference lead elsewhere.</summary>
    public static byte[] Link(string versionRoot, string path) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["@odata.id"] = versionRoot + path });

    /// <summary>The id in a link such as /deviceManagement/deviceConfigurations('id').</summary>
    public static string? IdOf(string? link) => link?.Split('\'') is [_, var id, _] ? id : null;
}

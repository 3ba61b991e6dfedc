using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>One file of an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it says.</param>
internal sealed record ExportFile(string Name, string Text);

/// <summary>Writes drafts as manifests.</summary>
internal static class ExportManifests
{
    private static readonly IReadOnlyDictionary<string, string> NoComments = new Dictionary<string, string>();

    /// <summary>A policy with the ConfigMap of its trusted certificates.</summary>
    /// <param name="draft">The policy.</param>
    /// <param name="spec">What it states.</param>
    /// <param name="notes">What could not be stated.</param>
    /// <param name="namespace">Where it is to live.</param>
    public static string Policy(PolicyDraft draft, SmimePolicySpec spec, IEnumerable<string> notes, string @namespace)
    {
        var comments = spec.Adoption.Objects!.Select((o, i) => (Path: $"/adoption/objects/{i}", Object: draft.Objects[o.Role])).ToDictionary(o => o.Path, o => o.Object.DisplayName ?? "");
        comments["/adoption"] = "taken over as they are: names and descriptions stay, only the operator's mark is added";
        comments["/displayName"] = "new objects of this policy would be named after it";
        var yaml = new ManifestText().Comment($"Exported from the tenant: '{draft.AppPolicy.DisplayName}' and what belongs to it.");
        Notes(yaml, notes);
        yaml.Head(ApiGroup.ApiVersion, SmimePolicy.KubeKind, draft.Name, @namespace).Value("spec", Spec(spec, "suspend", "onExternalDelete", "drift/allowDisruptive", "adoption/mode"), 0, comments);
        return yaml.ToString();
    }

    /// <summary>The trusted certificates of a policy.</summary>
    public static string Roots(PolicyDraft draft, string @namespace)
    {
        var text = new ManifestText().Comment("Root and intermediate certificates that devices trust. Public: no Secret is needed.");
        text.Head("v1", "ConfigMap", draft.RootsName, @namespace);
        var data = new ManifestText();
        foreach (var (entry, certificate) in draft.Roots)
        {
            data.Comment($"{certificate.Subject}, until {certificate.NotAfter:yyyy-MM-dd}", 2);
            data.Block(entry + ".pem", PemEncoding.WriteString("CERTIFICATE", certificate.Der), 2);
        }

        return $"{text}data:\n{data}";
    }

    /// <summary>One Assignment.</summary>
    public static string Assignment(string name, AssignmentSpec spec, IReadOnlyDictionary<string, string> comments, IEnumerable<string> notes, string @namespace)
    {
        var yaml = new ManifestText().Comment("Who gets the policy: app policy, profiles, roots and the app together.");
        Notes(yaml, notes);
        return yaml.Head(ApiGroup.ApiVersion, SmimeOperator.Api.Assignment.KubeKind, name, @namespace).Value("spec", Spec(spec, "suspend", "drift"), 0, comments).ToString();
    }

    /// <summary>One CertificateImport.</summary>
    public static string Import(string name, CertificateImportSpec spec, IEnumerable<string> notes, string @namespace)
    {
        var yaml = new ManifestText();
        Notes(yaml, notes);
        return yaml.Head(ApiGroup.ApiVersion, CertificateImport.KubeKind, name, @namespace).Value("spec", Spec(spec, "suspend", "encoding", "drift"), 0, NoComments).ToString();
    }

    private static void Notes(ManifestText yaml, IEnumerable<string> notes)
    {
        foreach (var note in notes)
        {
            yaml.Comment(note);
        }
    }

    // What has the API's default and says nothing of the tenant would only hide what matters.
    private static JsonObject Spec(object spec, params ReadOnlySpan<string> without)
    {
        var json = JsonObject.Create(KindModel.ToJson(spec))!;
        foreach (var path in without)
        {
            var parts = path.Split('/');
            var owner = parts.Length == 1 ? json : json[parts[0]] as JsonObject;
            owner?.Remove(parts[^1]);
        }

        return json;
    }
}

using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Whether private keys lie in files in clear text. A stream is not judged: it may have been decrypted on its way here.</summary>
internal static class ClearTextCheck
{
    public static void Run(Checks checks)
    {
        foreach (var set in checks.Sets.Where(s => s.IsStored))
        {
            foreach (var manifest in set.Contents.Resources.Values.OfType<DataManifest>())
            {
                foreach (var (key, form) in manifest.Keys.Where(k => k.Value != PrivateKeyForm.None))
                {
                    Report(checks, set, manifest, key, form == PrivateKeyForm.Pkcs12 ? "a PKCS#12 file" : "a private key");
                }
            }
        }
    }

    /// <summary>Warns of one value.</summary>
    public static void Report(Checks checks, ManifestSet set, DataManifest manifest, string key, string what)
    {
        string[] sections = manifest.DataKind == DataKind.Secret ? ["stringData", "data"] : ["data", "binaryData"];
        var field = sections.Select(s => $"{s}.{key}").FirstOrDefault(f => set.Writes(manifest, f)) ?? $"data.{key}";
        checks.Report(Severity.Warning, FindingRule.ClearText, set, manifest, field, manifest.DataKind == DataKind.Secret
            ? $"holds {what} in clear text; encrypt the file with SOPS, or let External Secrets bring the Secret, and renew what was readable"
            : $"holds {what}, and whoever may read the namespace reads ConfigMaps; put it into a Secret, and renew what was readable");
    }
}

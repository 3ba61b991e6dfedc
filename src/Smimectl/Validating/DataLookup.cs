using SmimeOperator.Api;

namespace Smimectl;

/// <summary>A Secret or ConfigMap that a resource names, as far as the manifests tell.</summary>
internal sealed class DataLookup
{
    private readonly Checks _checks;
    private readonly ManifestSet _set;
    private readonly CustomManifest _user;
    private readonly ResourceKey _key;
    private readonly IReadOnlyList<(ManifestSet Set, DataManifest Manifest)> _found;

    /// <summary>Looks it up, and reports that it is absent.</summary>
    /// <param name="checks">Where it is looked up.</param>
    /// <param name="set">The set of the resource that names it.</param>
    /// <param name="user">The resource that names it.</param>
    /// <param name="kind">Secret or ConfigMap.</param>
    /// <param name="name">Its name.</param>
    /// <param name="field">The field that names it.</param>
    public DataLookup(Checks checks, ManifestSet set, CustomManifest user, DataKind kind, string name, string field)
    {
        (_checks, _set, _user, _key) = (checks, set, user, new ResourceKey(kind.ToString(), user.Key.Namespace, name));
        _found = [.. checks.Find(set, _key).Where(f => f.Manifest is DataManifest).Select(f => (f.Set, (DataManifest)f.Manifest))];
        if (!checks.IsAbsent(_key))
        {
            return;
        }

        if (kind == DataKind.Secret)
        {
            checks.Report(Severity.Note, FindingRule.Reference, set, user, field, $"names {_key}, which is not stated here; it must be in the cluster");
        }
        else
        {
            checks.Report(Severity.Warning, FindingRule.Reference, set, user, field,
                $"names {_key}, which is not stated here; write it, correct the name, or make sure that something else brings it");
        }
    }

    /// <summary>Reports that a key is missing where that is sure. A * stands for any text.</summary>
    public void Need(string key, string field, Severity severity = Severity.Error, string consequence = "")
    {
        if (_found.Count > 0 && _found.All(f => !f.Manifest.IsEncrypted && !f.Manifest.Keys.Keys.Any(k => Fits(k, key))))
        {
            var keys = _found[0].Manifest.Keys.Keys;
            // Whoever slipped in a Secret may have written a value where a key belongs.
            var known = _found[0].Manifest.DataKind == DataKind.ConfigMap && keys.Any() ? $": it has {string.Join(", ", keys)}" : "";
            _checks.Report(severity, FindingRule.Reference, _set, _user, field, $"names the key {key}, which {_key} lacks{consequence}{known}; correct one of the two");
        }
    }

    /// <summary>Warns of a value that is a secret by its use, where its file is not encrypted.</summary>
    public void WarnOfClearText(string key, string what)
    {
        foreach (var (set, manifest) in _found.Where(f => f.Set.IsStored && f.Manifest.Keys.ContainsKey(key)))
        {
            ClearTextCheck.Report(_checks, set, manifest, key, $"{what} of {_user.Key}");
        }
    }

    private static bool Fits(string key, string pattern) => pattern.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star
        ? key.Length >= pattern.Length - 1 && key.StartsWith(pattern[..star], StringComparison.Ordinal) && key.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal)
        : key == pattern;
}
